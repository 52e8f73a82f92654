//! `echo`.

use super::{Call, Keyword};
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["echo"],
    level: Level::User,
    usage: "echo <text>",
    documentation: "print text to the output",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    call.out.push_str(&call.words[1..].join(" "));
    call.out.push('\n');
    Ok(())
}
