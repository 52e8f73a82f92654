//! `help`.

use super::{Call, Keyword};
use crate::admin::usage;
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["help"],
    level: Level::User,
    usage: "help [<command>]",
    documentation: "list matching or all commands",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    call.out.push_str("The following commands are valid at this level:\n");
    usage::list(&call.words[1..], call.out);
    Ok(())
}
