//! `quit`.

use super::Keyword;
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["quit"],
    level: Level::User,
    usage: "quit",
    documentation: "disconnect",
    run: |call| {
        call.settings.quit = true;
        Ok(())
    },
}];
