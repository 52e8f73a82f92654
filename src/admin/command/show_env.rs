//! `show env`.

use super::{Call, Keyword};
use crate::proxy::Level;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "env"],
    level: Level::Operator,
    usage: "show env [var]",
    documentation: "dump environment variables known to the process",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    let wanted = call.word(2);
    let mut found = wanted.is_none();
    for (name, value) in std::env::vars_os() {
        if wanted.is_none_or(|wanted| name == wanted) {
            found = true;
            let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
            call.out.push_str(&format!("{name}={value}\n"));
        }
    }
    if found { Ok(()) } else { Err("Variable not found".to_owned()) }
}
