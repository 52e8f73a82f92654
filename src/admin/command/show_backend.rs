//! `show backend`.

use super::{Call, Keyword};
use crate::proxy::Level;
use crate::stats::proxies;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "backend"],
    level: Level::User,
    usage: "show backend",
    documentation: "list backends in the current running config",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    call.out.push_str("# name\n");
    for proxy in proxies(&call.context.stats()).iter().filter(|proxy| proxy.backend.is_some()) {
        call.out.push_str(proxy.name);
        call.out.push('\n');
    }
    Ok(())
}
