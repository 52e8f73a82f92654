//! Rules: `http-request`, `http-response`, `http-after-response`, `redirect`.

use std::sync::Arc;

use super::use_backend::condition;
use super::{Keyword, Section, Sections, Settings, Statement, Within};
use crate::pattern::Acl;
use crate::rule::action::{self, Stage};
use crate::rule::{Condition, Rule};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "http-request",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<action> [<argument>]* [{ if | unless } <condition>]",
        documentation: "A rule for requests.",
        example: "http-request set-header X-Forwarded-Proto http if { src 127.0.0.0/8 }",
        parse: |line, settings| {
            if !settings.redirects.is_empty() {
                misplaced(line, "a 'redirect' rule");
            } else if !settings.switches.is_empty() {
                misplaced(line, "a 'use_backend' rule");
            }
            let rule = rule(line, Stage::HttpRequest)?;
            settings.http_request.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "http-response",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<action> [<argument>]* [{ if | unless } <condition>]",
        documentation: "A rule for the servers' responses.",
        example: "http-response del-header Server",
        parse: |line, settings| {
            let rule = rule(line, Stage::HttpResponse)?;
            settings.http_response.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "http-after-response",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "<action> [<argument>]* [{ if | unless } <condition>]",
        documentation: "A rule for all responses, those of the proxy itself included.",
        example: "http-after-response set-header X-Frame-Options DENY",
        parse: |line, settings| {
            let rule = rule(line, Stage::HttpAfterResponse)?;
            settings.http_after_response.push(rule);
            Ok(())
        },
    },
    Keyword {
        name: "redirect",
        sections: Sections::OWN,
        no_prefix: false,
        arguments: "{ location | prefix | scheme } <value> [<option>]* [{ if | unless } <condition>]",
        documentation: "Answers requests with a redirection, after all 'http-request' rules.",
        example: "redirect scheme https if { path_beg /private }",
        parse: redirect,
    },
];

fn redirect(line: &mut Statement<'_>, settings: &mut Settings) -> Result<(), Diagnostic> {
    if !settings.switches.is_empty() {
        misplaced(line, "a 'use_backend' rule");
    }
    let keyword = action::keywords()
        .find(|keyword| keyword.name == "redirect")
        .ok_or_else(|| line.error("'redirect' is not supported by evenkeel yet"))?;
    let (arguments, rest) = Statement::split_condition(line.arguments);
    let wrap = |error: Diagnostic| {
        error.within(&format!(
            "error detected in {} '{}' while parsing redirect rule : ",
            line.section.name(),
            line.proxy
        ))
    };
    let context = line.context(Stage::HttpRequest);
    let action = (keyword.parse)(&line.keyword[0], arguments, &context).map_err(wrap)?;
    let condition = condition(line, rest, Stage::HttpRequest)
        .map_err(|error| wrap(error.within("error in condition: ")))?;
    settings.redirects.push(Arc::new(Rule { action, condition }));
    Ok(())
}

pub(super) fn rule(line: &mut Statement<'_>, stage: Stage) -> Result<Arc<Rule>, Diagnostic> {
    if line.section == Section::Defaults && line.proxy.is_empty() {
        let keyword = stage.keyword();
        return Err(line.error(if keyword.starts_with("tcp-") {
            format!("{keyword} is not allowed in anonymous 'defaults' sections")
        } else {
            format!("'{keyword}' not allowed in anonymous 'defaults' section.")
        }));
    }
    let Some(name) = line.arguments.first() else {
        return Err(line.error(expected(stage, "(missing argument)")));
    };
    let keyword = find(name, stage)?;
    let (arguments, rest) = Statement::split_condition(&line.arguments[1..]);
    let what = format!("{} {name}", stage.keyword());
    let place = format!("{} '{}'", line.section.name(), line.proxy);
    let tcp = what.starts_with("tcp-");
    let action =
        (keyword.parse)(name, arguments, &line.context(stage)).map_err(|mut error| match error
            .message
            .strip_prefix(action::NO_CONDITION)
        {
            Some(word) if tcp => {
                let word = word.trim_start().trim_end_matches('.');
                error.message =
                    format!("'{what}' only accepts 'if' or 'unless', in {place} (got {word})");
                error
            }
            Some(_) => error.within(&format!("'{what}' ")),
            None if tcp => error.within(&format!("'{what}' : ")),
            None => {
                error.within(&format!("error detected in {place} while parsing '{what}' rule : "))
            }
        })?;
    let condition = condition(line, rest, stage).map_err(|error| {
        error.within(&if tcp {
            let word = rest.first().map_or("", |word| word.text.as_str());
            format!("'{what}' : error detected in {place} while parsing '{word}' condition : ")
        } else {
            format!("error detected while parsing an '{what}' condition : ")
        })
    })?;
    if let Some(condition) = &condition {
        warn_of_what_never_matches(line, condition, stage);
    }
    Ok(Arc::new(Rule { action, condition }))
}

/// The action of this name: the part before a parenthesis counts, and of `track-sc0` the part
/// before the number.
fn find(name: &Word, stage: Stage) -> Result<&'static action::Keyword, Diagnostic> {
    let base = name.text.split('(').next().unwrap_or(&name.text);
    let family = if base.starts_with("track-sc") { "track-sc" } else { base };
    let found = action::keywords().find(|keyword| keyword.name == family);
    if let Some(keyword) = found.filter(|keyword| keyword.stages.contains(&stage)) {
        return Ok(keyword);
    }
    if found.is_none()
        && (UNSUPPORTED.contains(&base) || FAMILIES.iter().any(|it| base.starts_with(it)))
    {
        return Err(Diagnostic::alert(
            name.span,
            format!("'{} {base}' is not supported by evenkeel yet", stage.keyword()),
        ));
    }
    let got = match stage.keyword().starts_with("tcp-") {
        true => format!("(got '{name}')"),
        false => format!("but got '{name}'"),
    };
    let error = Diagnostic::alert(name.span, expected(stage, &got));
    let known = action::keywords()
        .filter(|keyword| keyword.stages.contains(&stage))
        .map(|keyword| keyword.name);
    Err(match suggest::nearest(base, known.chain(UNSUPPORTED.iter().copied())) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    })
}

fn expected(stage: Stage, got: &str) -> String {
    let names: Vec<String> = action::keywords()
        .filter(|keyword| keyword.stages.contains(&stage))
        .map(|keyword| format!("'{}'", keyword.name))
        .collect();
    format!("'{}' expects {}, {got}.", stage.keyword(), names.join(", "))
}

/// HAProxy runs rules in the order of their kinds, whatever the order of the lines.
pub(super) fn misplaced(line: &mut Statement<'_>, before: &str) {
    line.report.push(Diagnostic::warning(
        line.span(),
        format!("a '{}' rule placed after {before} will still be processed before.", line.name()),
    ));
}

/// A test of the response in a rule for requests, or the other way round.
fn warn_of_what_never_matches(line: &mut Statement<'_>, condition: &Condition, stage: Stage) {
    let place = line.context(stage);
    let never = |acl: &Acl| {
        let mut tests = acl.tests.iter();
        !acl.tests.is_empty() && tests.all(|test| !test.expression.layer().is_available(&place))
    };
    let keyword = line.name();
    let side = if line.section == Section::Backend { "backend" } else { "frontend" };
    for acl in condition.acls().filter(|acl| never(acl)) {
        let what = if acl.name.is_empty() {
            format!("anonymous acl will never match because it uses keyword '{}'", fetches(acl))
        } else {
            format!(
                "acl '{}' will never match in '{keyword}' because it only involves keywords",
                acl.name
            )
        };
        let rule = rule_name(stage);
        let message = format!("{what} that are incompatible with '{side} {rule}'");
        line.report.push(Diagnostic::warning(line.span(), message));
    }
}

/// What HAProxy calls the rules of a stage in warnings.
fn rule_name(stage: Stage) -> String {
    match stage.keyword() {
        tcp if tcp.starts_with("tcp-") => format!("{tcp} rule"),
        http => format!("{http} header rule"),
    }
}

fn fetches(acl: &Acl) -> &'static str {
    acl.tests.first().map_or("", |test| test.expression.name())
}

/// Beginnings of names that scripts give.
const FAMILIES: &[&str] = &["lua."];

/// HAProxy's other actions (manual, section 4.3).
const UNSUPPORTED: &[&str] = &[
    "attach-srv",
    "expect-netscaler-cip",
    "expect-proxy",
    "switch-mode",
    "add-acl",
    "add-headers-bin",
    "cache-store",
    "cache-use",
    "del-acl",
    "del-headers-bin",
    "del-map",
    "disable-l7-retry",
    "do-log",
    "do-resolve",
    "early-hint",
    "send-spoe-group",
    "set-bandwidth-limit",
    "set-bc-mark",
    "set-bc-tos",
    "set-dst",
    "set-dst-port",
    "set-fc-mark",
    "set-fc-tos",
    "set-headers-bin",
    "set-map",
    "set-mark",
    "set-nice",
    "set-priority-class",
    "set-priority-offset",
    "set-retries",
    "set-src",
    "set-src-port",
    "set-tos",
    "use-service",
    "wait-for-body",
];
