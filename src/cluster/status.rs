//! What the cluster module knows about itself: state, history with reasons, counters. Kept by the
//! supervisor, and written to a file so that other processes can show it.

use std::{
    collections::VecDeque,
    fs, io,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;

use super::{
    receive::{Discard, Received},
    state::{Role, Transition},
};

/// One instance. Times are milliseconds since 1970.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) instance: String,
    pub(crate) interface: String,
    pub(crate) virtual_router_id: u8,
    pub(crate) priority: u8,
    #[serde(serialize_with = "as_text")]
    pub(crate) state: Role,
    pub(crate) since: u64,
    pub(crate) sent: u64,
    pub(crate) send_errors: u64,
    #[serde(serialize_with = "by_name")]
    pub(crate) received: Received,
    /// Newest last, at most 64.
    pub(crate) history: VecDeque<Past>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Past {
    pub(crate) at: u64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) reason: String,
}

impl Status {
    pub(crate) fn new(settings: &super::settings::Instance) -> Self {
        Self {
            instance: settings.name.clone(),
            interface: settings.interface.clone(),
            virtual_router_id: settings.virtual_router_id,
            priority: settings.priority,
            state: Role::Initialize,
            since: wall_clock(),
            sent: 0,
            send_errors: 0,
            received: Received::default(),
            history: VecDeque::with_capacity(LONGEST_HISTORY),
        }
    }

    pub(crate) fn note(&mut self, moved: &Transition) {
        if self.history.len() == LONGEST_HISTORY {
            self.history.pop_front();
        }
        self.state = moved.to;
        self.since = wall_clock();
        self.history.push_back(Past {
            at: self.since,
            from: moved.from.to_string(),
            to: moved.to.to_string(),
            reason: moved.reason.to_string(),
        });
    }
}

/// Replaces the file at once, so that no reader sees half of it.
pub(crate) fn write(path: &Path, node: &str, instances: &[&Status]) -> io::Result<()> {
    #[derive(Serialize)]
    struct File<'a> {
        node: &'a str,
        pid: u32,
        instances: &'a [&'a Status],
    }
    let file = File { node, pid: std::process::id(), instances };
    let text = serde_yaml::to_string(&file).map_err(io::Error::other)?;
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".new");
    fs::write(&unfinished, text)?;
    fs::rename(&unfinished, path)
}

fn wall_clock() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn as_text<S: serde::Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(role)
}

fn by_name<S: serde::Serializer>(received: &Received, serializer: S) -> Result<S::Ok, S::Error> {
    let discarded = Discard::ALL.iter().map(|why| (why.name(), received.discarded(*why)));
    serializer.collect_map([("accepted", received.accepted())].into_iter().chain(discarded))
}

const LONGEST_HISTORY: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{
        settings::Settings,
        state::{Cause, Reason},
    };

    #[test]
    fn the_history_is_bounded_and_the_file_is_complete() {
        let text = "instances: [{interface: eth0, virtual_router_id: 7, addresses: [10.0.0.1]}]";
        let settings = Settings::parse(text).unwrap();
        let mut status = Status::new(&settings.instances[0]);
        let reason = Reason::Shutdown(Cause::ProxyDied);
        for _ in 0..100 {
            status.note(&Transition { from: Role::Active, to: Role::Initialize, reason });
        }
        status.received.count(&Err(Discard::Checksum));
        let path = std::env::temp_dir().join(format!("evenkeel-status-{}", std::process::id()));
        write(&path, "lb1", &[&status]).unwrap();
        let read: serde_yaml::Value =
            serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        fs::remove_file(&path).unwrap();
        let one = &read["instances"][0];
        assert_eq!(one["state"], "INIT");
        assert_eq!(one["received"]["wrong_checksum"], 1);
        assert_eq!(one["history"].as_sequence().unwrap().len(), 64);
        assert_eq!(one["history"][0]["reason"], "the proxy process died");
    }
}
