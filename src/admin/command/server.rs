//! `disable server`, `enable server`, `set server`.

use super::{Call, Keyword, server_address, weight};
use crate::admin::change::Target;
use crate::proxy::Level;

pub(super) const DISABLE: &[Keyword] = &[Keyword {
    words: &["disable", "server"],
    level: Level::Admin,
    usage: "disable server (DEPRECATED)",
    documentation: "disable a server for maintenance (use 'set server' instead)",
    run: |call| {
        Target::find(call.context, call.words.get(2))?.maintain();
        Ok(())
    },
}];

pub(super) const ENABLE: &[Keyword] = &[Keyword {
    words: &["enable", "server"],
    level: Level::Admin,
    usage: "enable server  (DEPRECATED)",
    documentation: "enable a disabled server (use 'set server' instead)",
    run: |call| {
        Target::find(call.context, call.words.get(2))?.ready();
        Ok(())
    },
}];

pub(super) const SET: &[Keyword] = &[Keyword {
    words: &["set", "server"],
    level: Level::Admin,
    usage: "set server <bk>/<srv> [opts]",
    documentation: "change a server's state, weight, address or ssl",
    run: set,
}];

fn set(call: &mut Call<'_>) -> Result<(), String> {
    let target = Target::find(call.context, call.words.get(2))?;
    match call.word(3) {
        Some("state") => set_state(&target, call.word(4)),
        Some("health") => set_health(&target, call.word(4)),
        Some("weight") => weight::change(&target, call.word(4)),
        Some("addr") => {
            let answer = server_address::change(&target, &call.words[4..])?;
            call.out.push_str(&answer);
            Ok(())
        }
        Some(other) if OTHERS.contains(&other) => {
            Err(format!("'set server <srv> {other}' is not supported by evenkeel yet."))
        }
        _ => Err(USAGE.to_owned()),
    }
}

fn set_state(target: &Target<'_>, state: Option<&str>) -> Result<(), String> {
    match state {
        Some("ready") => target.ready(),
        Some("drain") => target.drain(),
        Some("maint") => target.maintain(),
        _ => {
            let text = "'set server <srv> state' expects 'ready', 'drain' and 'maint'.";
            return Err(text.to_owned());
        }
    }
    Ok(())
}

fn set_health(target: &Target<'_>, health: Option<&str>) -> Result<(), String> {
    match health {
        Some("up") => target.up(),
        Some("stopping") => target.stop(),
        Some("down") => target.down(),
        _ => {
            let text = "'set server <srv> health' expects 'up', 'stopping', or 'down'.";
            return Err(text.to_owned());
        }
    }
    Ok(())
}

/// What HAProxy has besides.
const OTHERS: &[&str] =
    &["agent", "agent-addr", "agent-port", "agent-send", "check-addr", "check-port", "fqdn", "ssl"];

const USAGE: &str = "usage: set server <backend>/<server> addr | agent | agent-addr | agent-port \
                     | agent-send | check-addr | check-port | fqdn | health | ssl | state | weight";
