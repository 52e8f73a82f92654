//! `show version`.

use super::{Call, Keyword};
use crate::proxy::Level;
use crate::stats;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "version"],
    level: Level::User,
    usage: "show version",
    documentation: "show version of the current process",
    run: |call: &mut Call<'_>| {
        call.out.push_str(stats::VERSION);
        call.out.push('\n');
        Ok(())
    },
}];
