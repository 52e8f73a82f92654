//! `show stat`.

use super::{Call, Keyword, leading_number};
use crate::proxy::Level;
use crate::stats::{self, Hide, Selection};

pub(super) const KEYWORDS: &[Keyword] = &[Keyword {
    words: &["show", "stat"],
    level: Level::User,
    usage: "show stat [desc|json|no-maint|typed|up]*",
    documentation: "report counters for each proxy and server",
    run,
}];

fn run(call: &mut Call<'_>) -> Result<(), String> {
    let context = call.context.stats();
    let mut words = &call.words[2..];
    if let [domain, name, rest @ ..] = words
        && domain == "domain"
    {
        if name != "proxy" {
            return Err("Invalid statistics domain.".to_owned());
        }
        words = rest;
    }
    let mut selection = Selection {
        // Addresses are for those who could also read the configuration.
        legends: call.settings.level >= Level::Operator,
        ..Selection::default()
    };
    if let [proxy, kinds, server, ..] = words
        && !is_option(proxy)
    {
        selection.proxy = proxy_id(&context, proxy)?;
        selection.kinds = leading_number(kinds) as i32;
        selection.server = u32::try_from(leading_number(server)).ok();
    }
    let has = |option: &str| words.iter().any(|word| word == option);
    selection.hide = match () {
        () if has("up") => Hide::Down,
        () if has("no-maint") => Hide::Maintenance,
        () => Hide::Nothing,
    };
    let rows = stats::rows(&context, &selection).into_iter();
    match words.iter().rev().find(|word| *word == "json" || *word == "typed") {
        Some(form) if form == "json" => {
            stats::write_json(rows, call.out);
            call.out.push('\n');
        }
        Some(_) => stats::write_typed(rows, has("desc"), call.out),
        None => stats::write_csv(rows, call.out),
    }
    Ok(())
}

fn is_option(word: &str) -> bool {
    matches!(word, "desc" | "json" | "no-maint" | "typed" | "up")
}

/// A proxy's number, by number or name; `None` is all.
fn proxy_id(context: &stats::Context<'_>, word: &str) -> Result<Option<u32>, String> {
    if let Ok(number) = word.parse::<i64>() {
        return Ok(u32::try_from(number).ok());
    }
    let proxies = stats::proxies(context);
    let found = proxies.iter().find(|proxy| proxy.name == word);
    found.map(|proxy| Some(proxy.id)).ok_or_else(|| "No such proxy.".to_owned())
}
