//! `set maxconn frontend`, `set maxconn global`, `set maxconn server`.

use std::sync::atomic::Ordering::Relaxed;

use super::{Call, Keyword, frontend, leading_number, split_number};
use crate::admin::change::Target;
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        words: &["set", "maxconn", "frontend"],
        level: Level::Admin,
        usage: "set maxconn frontend <frontend> <value>",
        documentation: "change a frontend's maxconn setting",
        run: set_frontend,
    },
    Keyword {
        words: &["set", "maxconn", "global"],
        level: Level::Admin,
        usage: "set maxconn global <value>",
        documentation: "change the per-process maxconn setting",
        run: set_global,
    },
    Keyword {
        words: &["set", "maxconn", "server"],
        level: Level::Admin,
        usage: "set maxconn server <bk>/<srv>",
        documentation: "change a server's maxconn setting",
        run: set_server,
    },
];

fn set_frontend(call: &mut Call<'_>) -> Result<(), String> {
    let frontend = frontend::named(call, 3)?;
    let value = leading_number(call.word(4).ok_or("Integer value expected.")?);
    let value = u32::try_from(value).map_err(|_| "Value out of range.")?;
    frontend.live.maxconn.store(value, Relaxed);
    Ok(())
}

/// Nothing above what was configured, for which the process has its file descriptors; 0 is that.
fn set_global(call: &mut Call<'_>) -> Result<(), String> {
    let value = leading_number(call.word(3).ok_or("Expects an integer value.")?);
    let configured = call.context.plan.global.maxconn;
    let value = usize::try_from(value).unwrap_or(0);
    if configured != 0 && value > configured {
        return Err("Value out of range.".to_owned());
    }
    let maxconn = &call.context.process.maxconn;
    match (value, configured) {
        (0, 0) => {}
        (0, configured) => maxconn.store(configured, Relaxed),
        (value, _) => maxconn.store(value, Relaxed),
    }
    Ok(())
}

fn set_server(call: &mut Call<'_>) -> Result<(), String> {
    let target = Target::find(call.context, call.words.get(3))?;
    let text = call.word(4).ok_or("Require <maxconn>.")?;
    match split_number(text) {
        (None, _) => Err("maxconn string empty or preceded by garbage".to_owned()),
        (Some(_), rest) if !rest.is_empty() => Err("Trailing garbage in maxconn string".to_owned()),
        (Some(value), _) => {
            target.set_maxconn(u32::try_from(value.max(0)).unwrap_or(u32::MAX));
            Ok(())
        }
    }
}
