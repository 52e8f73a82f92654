//! The arguments of `balance`.

use crate::proxy::keyword::Statement;
use crate::proxy::{Algorithm, HashInput, UriPart};
use crate::sample::{Expression, Stage};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

/// What was asked for, and what it hashes.
type Choice = (Option<Algorithm>, Option<HashInput>);

/// The algorithm of a line; without an argument it is HAProxy's default.
pub(super) fn parse(line: &Statement<'_>) -> Result<Choice, Diagnostic> {
    let Some((word, rest)) = line.arguments.split_first() else { return Ok((None, None)) };
    let plain = |algorithm| Ok((Some(algorithm), None));
    match word.text.as_str() {
        "roundrobin" => plain(Algorithm::RoundRobin),
        "static-rr" => plain(Algorithm::StaticRoundRobin),
        "leastconn" => plain(Algorithm::LeastConn),
        "first" => plain(Algorithm::First),
        "source" => plain(Algorithm::Source),
        "uri" => Ok((Some(Algorithm::Uri), Some(HashInput::Uri(uri(line, rest)?)))),
        "url_param" => Ok((Some(Algorithm::UrlParam), Some(url_param(line, rest)?))),
        "hash" => Ok((Some(Algorithm::Hash), Some(hash(line, rest)?))),
        "sticky" | "log-hash" => Err(line.unsupported(word)),
        text if text.starts_with("hdr(") => {
            Ok((Some(Algorithm::Header), Some(header(line, word, rest)?)))
        }
        text if is_call(text, "random") => plain(Algorithm::Random(draws(word)?)),
        text if is_call(text, "rdp-cookie") => Err(match inside(text) {
            Some("") => Diagnostic::alert(word.span, "balance rdp-cookie : missing cookie name."),
            _ => line.unsupported(word),
        }),
        _ => Err(Diagnostic::alert(
            word.span,
            "balance only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', \
             'url_param', 'hash', 'hdr(name)', 'rdp-cookie(name)', 'log-hash' and 'sticky' options.",
        )),
    }
}

fn uri(line: &Statement<'_>, words: &[Word]) -> Result<UriPart, Diagnostic> {
    let mut part = UriPart::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "len" => part.len = Some(positive(line, word, words.next())?),
            "depth" => part.depth = Some(positive(line, word, words.next())?),
            "whole" => part.whole = true,
            "path-only" => part.path_only = true,
            other => {
                return Err(Diagnostic::alert(
                    word.span,
                    format!(
                        "balance uri only accepts parameters 'len', 'depth', 'path-only', and \
                         'whole' (got '{other}')."
                    ),
                ));
            }
        }
    }
    Ok(part)
}

fn positive(line: &Statement<'_>, name: &Word, value: Option<&Word>) -> Result<u32, Diagnostic> {
    let text = value.map_or("", |value| value.text.as_str());
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| {
        Diagnostic::alert(
            value.map_or_else(|| line.span(), |value| value.span),
            format!("balance uri : '{name}' expects a positive integer (got '{text}')."),
        )
    })
}

fn url_param(line: &Statement<'_>, words: &[Word]) -> Result<HashInput, Diagnostic> {
    let [name, rest @ ..] = words else {
        return Err(line.error("balance url_param requires an URL parameter name."));
    };
    match rest.first() {
        Some(word) if word.text == "check_post" => Err(line.unsupported(word)),
        Some(word) => Err(Diagnostic::alert(
            word.span,
            format!("balance url_param only accepts 'check_post' modifier (got '{word}')."),
        )),
        None => Ok(HashInput::Sample(expression(line, name, &format!("url_param({name})"))?)),
    }
}

fn header(line: &Statement<'_>, word: &Word, rest: &[Word]) -> Result<HashInput, Diagnostic> {
    let name = inside(&word.text).unwrap_or_default();
    if name.is_empty() {
        return Err(Diagnostic::alert(
            word.span,
            "balance hdr requires an http header field name.",
        ));
    }
    // The first of the values, where there are more.
    let value = expression(line, word, &format!("req.hdr({name},1)"))?;
    match rest.first() {
        None => Ok(HashInput::Sample(value)),
        Some(modifier) if modifier.text == "use_domain_only" => Ok(HashInput::Domain(value)),
        Some(modifier) => Err(Diagnostic::alert(
            modifier.span,
            format!(
                "balance hdr({name}) only accepts 'use_domain_only' modifier (got '{modifier}')."
            ),
        )),
    }
}

fn hash(line: &Statement<'_>, words: &[Word]) -> Result<HashInput, Diagnostic> {
    match words {
        [] => Err(line.error("balance hash requires a sample expression.")),
        [word] => Ok(HashInput::Sample(expression(line, word, &word.text)?)),
        [_, extra, ..] => Err(Diagnostic::alert(
            extra.span,
            format!("balance hash takes no other argument (got '{extra}')."),
        )),
    }
}

fn expression(line: &Statement<'_>, word: &Word, text: &str) -> Result<Expression, Diagnostic> {
    Expression::parse(text, &line.context(Stage::Connecting))
        .map_err(|error| Diagnostic::alert(word.span, format!("balance hash: {error}")))
}

/// `random`, `random()`, `random(<draws>)`: two where nothing is said.
fn draws(word: &Word) -> Result<u32, Diagnostic> {
    let fail = |message: String| Err(Diagnostic::alert(word.span, message));
    let Some((_, arguments)) = word.text.split_once('(') else { return Ok(2) };
    let end = arguments.find(|c: char| !c.is_ascii_digit());
    let digits = &arguments[..end.unwrap_or(arguments.len())];
    match arguments[digits.len()..].chars().next() {
        Some(')') if digits.is_empty() => Ok(2),
        Some(')') => match digits.parse() {
            Ok(0) => fail("balance random : number of draws must be at least 1.".to_owned()),
            Ok(draws) => Ok(std::cmp::min(draws, MOST_DRAWS)),
            Err(_) => Ok(MOST_DRAWS),
        },
        Some(other) => {
            fail(format!("balance random : unexpected character '{other}' after argument."))
        }
        None => fail("balance random : missing closing parenthesis.".to_owned()),
    }
}

fn is_call(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// What stands between parentheses; `Some("")` if they do not end, `None` without any.
fn inside(text: &str) -> Option<&str> {
    let (_, arguments) = text.split_once('(')?;
    Some(arguments.split_once(')').map_or("", |(inside, _)| inside))
}

/// More draws than this find nothing better, but take time.
const MOST_DRAWS: u32 = 1000;
