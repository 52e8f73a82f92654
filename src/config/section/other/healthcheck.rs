//! `healthcheck` (manual, section 12.9). Accepted: a server that would use one is refused by its
//! option. Of the rules' arguments only what can be told without knowing the kind is checked.

use super::{Keyword, Kind, described, expects, lines, name};
use crate::proxy::keyword::Statement;
use crate::sample::{Expression, Format, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KIND: Kind = Kind {
    name: "healthcheck",
    arguments: "<name>",
    documentation: "A health check with a name; servers that use one are not supported yet.",
    example: "healthcheck web\n    type httpchk GET /health\n    http-check expect status 200\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing name for healthcheck section.", report).is_some() {
            lines(written, KEYWORDS, &mut (), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<()>] = &[
    Keyword {
        name: "http-check",
        arguments: "<rule> …",
        documentation: "A rule of an HTTP check.",
        parse: |line, ()| rule(line, HTTP_RULES),
    },
    Keyword {
        name: "tcp-check",
        arguments: "<rule> …",
        documentation: "A rule of a TCP check.",
        parse: |line, ()| rule(line, TCP_RULES),
    },
    Keyword {
        name: "type",
        arguments: "<type> …",
        documentation: "The kind of check.",
        parse: |line, ()| kind(line),
    },
];

fn kind(line: &Statement<'_>) -> Result<(), Diagnostic> {
    let kind = expects(line, 0, "'type' expects a healthcheck type.")?;
    if !KINDS.contains(&kind.text.as_str()) {
        let known: Vec<String> = KINDS.iter().map(|kind| format!("'{kind}'")).collect();
        let message = format!("unknown healthcheck type '{kind}' (expects {}).", known.join(", "));
        return Err(Diagnostic::alert(kind.span, message));
    }
    let words = &line.arguments[1..];
    match kind.text.as_str() {
        "pgsql-check" if words.len() < 2 || words[0].text != "user" => {
            Err(line.error("'type pgsql-check' expects 'user <username>' as argument."))
        }
        "httpchk" => match words.get(2) {
            Some(version) if version.text.contains(['\r', '\n']) => Err(Diagnostic::alert(
                version.span,
                "'type httpchk' : hiding headers or body at the end of the version string is \
                 unsupported.Use 'http-check send' directive instead..",
            )),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn rule(line: &Statement<'_>, known: &[&str]) -> Result<(), Diagnostic> {
    let keyword = line.name();
    let text = line.arguments.first().map_or("", |word| word.text.as_str());
    let (name, inside) = text.split_once('(').map_or((text, false), |(name, _)| (name, true));
    let form = if inside { format!("{name}(*)") } else { name.to_owned() };
    if !known.contains(&form.as_str()) {
        let forms: Vec<String> = known.iter().map(|form| format!("'{form}'")).collect();
        let message = format!("'{keyword}' only supports {}. but got '{text}'", forms.join(", "));
        return Err(line
            .arguments
            .first()
            .map_or_else(|| line.error(&message), |word| Diagnostic::alert(word.span, &message)));
    }
    let before = format!("'{keyword} {text}' : ");
    let context = line.context(Stage::Check);
    match name {
        "comment" => {
            expects(line, 1, &format!("{before}expects a string as argument.")).map(|_| ())
        }
        "expect" => expect(line, &before),
        "set-var" => {
            let value = expects(line, 1, &format!("{before}'set-var' : missing fetch method."))?;
            let parsed = Expression::parse(&value.text, &context).map(|_| ());
            parsed.map_err(|error| Diagnostic::alert(value.span, format!("{before}{error}")))
        }
        "set-var-fmt" => {
            let value = expects(line, 1, &format!("{before}'set-var-fmt' : missing format."))?;
            let parsed = Format::parse(&value.text, &context).map(|_| ());
            parsed.map_err(|error| Diagnostic::alert(value.span, format!("{before}{error}")))
        }
        "send-binary" => {
            let value = expects(line, 1, &format!("{before}expects a binary string."))?;
            let even = value.text.len().is_multiple_of(2)
                && value.text.bytes().all(|byte| byte.is_ascii_hexdigit());
            even.then_some(()).ok_or_else(|| {
                let message = format!(
                    "{before}'{value}' invalid binary string (an even number of hex digit is \
                     expected)."
                );
                Diagnostic::alert(value.span, message)
            })
        }
        _ => Ok(()),
    }
}

/// The options, then a pattern: its match and its value.
fn expect(line: &Statement<'_>, before: &str) -> Result<(), Diagnostic> {
    let words = &line.arguments[1..];
    if words.is_empty() {
        let message = format!("{before}expects at least a matching pattern as arguments.");
        return Err(line.error(message));
    }
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        let bare = word.text.strip_prefix('!').unwrap_or(&word.text);
        if OPTIONS.contains(&bare) {
            option(line, word, rest.next(), before)?;
            continue;
        }
        if !MATCHES.contains(&bare) {
            let message = format!("{before}unknown matching pattern '{word}'.");
            return Err(Diagnostic::alert(word.span, message));
        }
        return rest.next().map(|_| ()).ok_or_else(|| {
            let message = format!("{before}'{word}' expects a <pattern> as argument.");
            Diagnostic::alert(word.span, message)
        });
    }
    Err(line.error(format!("{before}pattern not found.")))
}

fn option(
    line: &Statement<'_>,
    word: &Word,
    value: Option<&Word>,
    before: &str,
) -> Result<(), Diagnostic> {
    let (Some(value), "status-code") = (value, word.text.as_str()) else { return Ok(()) };
    let parsed = Expression::parse(&value.text, &line.context(Stage::Check));
    parsed.map(|_| ()).map_err(|error| {
        let message =
            format!("{before}error detected while parsing status-code expression : {error}.");
        Diagnostic::alert(value.span, message)
    })
}

const KINDS: &[&str] = &[
    "tcp-check",
    "httpchk",
    "ssl-hello-chk",
    "smtpchk",
    "pgsql-check",
    "redis-check",
    "mysql-check",
    "ldap-check",
    "spop-check",
];

const HTTP_RULES: &[&str] = &[
    "disable-on-404",
    "send-state",
    "comment",
    "connect",
    "send",
    "expect",
    "set-var-fmt(*)",
    "set-var(*)",
    "unset-var(*)",
];

const TCP_RULES: &[&str] = &[
    "comment",
    "connect",
    "send",
    "send-lf",
    "send-binary",
    "send-binary-lf",
    "expect",
    "set-var-fmt(*)",
    "set-var(*)",
    "unset-var(*)",
];

const OPTIONS: &[&str] = &[
    "min-recv",
    "comment",
    "ok-status",
    "error-status",
    "tout-status",
    "on-success",
    "on-error",
    "status-code",
];

const MATCHES: &[&str] = &[
    "string",
    "rstring",
    "string-lf",
    "status",
    "rstatus",
    "hdr",
    "fhdr",
    "binary",
    "rbinary",
    "binary-lf",
];
