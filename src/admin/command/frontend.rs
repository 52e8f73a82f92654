//! `disable frontend`, `enable frontend`: listeners pause and resume.

use std::sync::atomic::Ordering::Relaxed;

use super::{Call, Keyword};
use crate::log;
use crate::proxy::{Frontend, Level};

pub(super) const DISABLE: &[Keyword] = &[Keyword {
    words: &["disable", "frontend"],
    level: Level::Admin,
    usage: "disable frontend <frontend>",
    documentation: "temporarily disable specific frontend",
    run: |call| set_disabled(call, true),
}];

pub(super) const ENABLE: &[Keyword] = &[Keyword {
    words: &["enable", "frontend"],
    level: Level::Admin,
    usage: "enable frontend <frontend>",
    documentation: "re-enable specific frontend",
    run: |call| set_disabled(call, false),
}];

/// The frontend that a command names.
pub(super) fn named<'a>(call: &Call<'a>, at: usize) -> Result<&'a Frontend, String> {
    let name = call.word(at).ok_or("A frontend name is expected.")?;
    let context = call.context;
    let found = context.plan.frontends.iter().find(|frontend| frontend.name == name);
    Ok(found.ok_or("No such frontend.")?)
}

fn set_disabled(call: &mut Call<'_>, disabled: bool) -> Result<(), String> {
    let frontend = named(call, 2)?;
    if frontend.live.disabled.swap(disabled, Relaxed) == disabled {
        let state = if disabled { "disabled" } else { "enabled" };
        return Err(format!("All sockets are already {state}."));
    }
    let event = if disabled { "Paused" } else { "Resumed" };
    let text = format!("{event} frontend {}.", frontend.name);
    (call.context.notify_frontend)(frontend, log::Level::Warning, text);
    Ok(())
}
