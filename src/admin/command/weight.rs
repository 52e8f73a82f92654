//! `get weight`, `set weight`.

use super::{Keyword, split_number};
use crate::admin::change::Target;
use crate::proxy::{Algorithm, Backend, HashMethod, Level};

pub(super) const GET: &[Keyword] = &[Keyword {
    words: &["get", "weight"],
    level: Level::User,
    usage: "get weight <bk>/<srv>",
    documentation: "report a server's current weight",
    run: |call| {
        let server = Target::find(call.context, call.words.get(2))?.server();
        let text = format!("{} (initial {})\n", server.live.weight(), server.weight);
        call.out.push_str(&text);
        Ok(())
    },
}];

pub(super) const SET: &[Keyword] = &[Keyword {
    words: &["set", "weight"],
    level: Level::Admin,
    usage: "set weight <bk>/<srv>  (DEPRECATED)",
    documentation: "change a server's weight (use 'set server' instead)",
    run: |call| change(&Target::find(call.context, call.words.get(2))?, call.word(3)),
}];

/// Sets an absolute weight, or one in percent of the configured one.
pub(super) fn change(target: &Target<'_>, text: Option<&str>) -> Result<(), String> {
    let text = text.ok_or("Require <weight> or <weight%>.")?;
    let initial = target.server().weight;
    let weight = match split_number(text) {
        (None, _) => return Err("Empty weight string empty or preceded by garbage".to_owned()),
        (Some(percent), "%") => {
            let percent =
                u64::try_from(percent).map_err(|_| "Relative weight must be positive.")?;
            let weight = u64::from(initial).saturating_mul(percent) / 100;
            weight.min(HEAVIEST) as u32
        }
        (Some(weight), "") => u32::try_from(weight)
            .ok()
            .filter(|weight| u64::from(*weight) <= HEAVIEST)
            .ok_or("Absolute weight can only be between 0 and 256 inclusive.")?,
        _ => return Err("Trailing garbage in weight string".to_owned()),
    };
    if is_static(target.backend) && weight != 0 && weight != initial {
        return Err("Backend is using a static LB algorithm and only accepts weights '0%' and \
                    '100%'."
            .to_owned());
    }
    target.set_weight(weight);
    Ok(())
}

/// Algorithms that HAProxy prepares once: their maps hold each server at its configured weight.
fn is_static(backend: &Backend) -> bool {
    match backend.algorithm {
        Algorithm::StaticRoundRobin => true,
        Algorithm::Source
        | Algorithm::Uri
        | Algorithm::UrlParam
        | Algorithm::Header
        | Algorithm::Hash => backend.hash_type.method == HashMethod::MapBased,
        Algorithm::RoundRobin | Algorithm::LeastConn | Algorithm::First | Algorithm::Random(_) => {
            false
        }
    }
}

const HEAVIEST: u64 = 256;
