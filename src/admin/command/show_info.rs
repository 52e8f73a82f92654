//! `show info`.

use super::{Call, Keyword};
use crate::proxy::Level;
use crate::stats;

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "info"],
    level: Level::User,
    usage: "show info [desc|json|typed|float]*",
    documentation: "report information about the running process",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    let context = call.context.stats();
    let described = call.words.iter().any(|word| word == "desc");
    match call.words.iter().rev().find(|word| *word == "json" || *word == "typed") {
        Some(form) if form == "json" => {
            stats::write_info_json(&context, call.out);
            call.out.push('\n');
        }
        Some(_) => stats::write_info_typed(&context, described, call.out),
        None => {
            for (fact, value) in stats::facts(&context) {
                let text = format!("{}: {value}", fact.name);
                call.out.push_str(&text);
                if described {
                    call.out.push_str(&format!(":\"{}\"", fact.documentation));
                }
                call.out.push('\n');
            }
        }
    }
    Ok(())
}
