//! `stick-table` and the `stick` rules.

use super::use_backend::condition;
use super::{Keyword, Sections, Settings, Statement, StickLine};
use crate::proxy::Purpose;
use crate::sample::{Expression, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::table::Declaration;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "stick-table",
        sections: Sections::OWN,
        no_prefix: false,
        arguments: "type <type> size <size> [expire <time>] [nopurge] [srvkey { name | addr }] \
                    [store <data>[,<data>]*]* [brates-factor <factor>]",
        documentation: "Declares the stick table of the section.",
        example: "stick-table type ip size 100k expire 10m store http_req_rate(10s)",
        parse: table,
    },
    Keyword {
        name: "stick",
        sections: Sections::OWN_BACK,
        no_prefix: false,
        arguments: "{ on | match | store-request | store-response } <expression> \
                    [table <table>] [{ if | unless } <condition>]",
        documentation: "Leads clients to the server that a key of theirs was seen with.",
        example: "stick on src table app",
        parse: stick,
    },
];

fn table(line: &mut Statement<'_>, settings: &mut Settings) -> Result<(), Diagnostic> {
    let span = line.span();
    let mut warnings = Vec::new();
    let declared = Declaration::parse(span, line.arguments, &mut |warning| warnings.push(warning));
    line.report.extend(warnings);
    let declared = declared?;
    for word in [&declared.peers, &declared.write_to].into_iter().flatten() {
        let message = "peers of a stick table are not supported by evenkeel yet";
        line.report.push(Diagnostic::alert(word.span, message));
    }
    if let Some((_, before)) = &settings.table {
        let (section, name) = (line.section.name(), line.proxy);
        return Err(line.error(format!(
            "stick-table name '{name}' conflicts with table declared in {section} '{name}' at \
             line {}.",
            before.line
        )));
    }
    settings.table = Some((declared, span));
    Ok(())
}

fn stick(line: &mut Statement<'_>, settings: &mut Settings) -> Result<(), Diagnostic> {
    let purpose = match line.arguments.first().map(|word| word.text.as_str()) {
        Some("on") => Purpose::On,
        Some("match") => Purpose::Match,
        Some("store-request") => Purpose::StoreRequest,
        Some("store-response") => Purpose::StoreResponse,
        _ => return Err(line.error("'stick' expects 'on', 'match', or 'store'.")),
    };
    let stage = match purpose {
        Purpose::StoreResponse => Stage::StickResponse,
        _ => Stage::StickRequest,
    };
    let Some(text) = line.arguments.get(1) else {
        return Err(line.error("'stick' expects a fetch method."));
    };
    let key = Expression::parse(&text.text, &line.context(stage))
        .map_err(|error| Diagnostic::alert(text.span, format!("'stick': {error}")))?;
    let mut rest = &line.arguments[2..];
    let mut table = None;
    if let [keyword, name, after @ ..] = rest
        && keyword.text == "table"
    {
        table = Some(name.clone());
        rest = after;
    }
    if let Some(word) = rest.first()
        && !matches!(word.text.as_str(), "if" | "unless")
    {
        let message = format!("'stick': unknown keyword '{word}'.");
        return Err(Diagnostic::alert(word.span, message));
    }
    let condition = condition(line, rest, stage)?;
    let span = line.span();
    settings.sticks.push(StickLine { purpose, key, table, condition, span });
    Ok(())
}
