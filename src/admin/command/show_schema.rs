//! `show schema json`.

use super::{Call, Keyword};
use crate::proxy::Level;
use crate::stats;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "schema", "json"],
    level: Level::User,
    usage: "show schema json",
    documentation: "report schema used for stats",
    run: |call: &mut Call<'_>| {
        call.out.push_str(stats::SCHEMA);
        call.out.push('\n');
        Ok(())
    },
}];
