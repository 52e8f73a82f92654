//! What the lines of several sections have in common.

use crate::proxy::keyword::{Settings, Statement, keywords};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::address::{Address, Target};
use crate::syntax::value::duration::{Unit, duration_ms};
use crate::syntax::word::Word;

/// The argument at this position; `missing` is HAProxy's sentence when there is none.
pub(super) fn expects<'a>(
    line: &Statement<'a>,
    at: usize,
    missing: &str,
) -> Result<&'a Word, Diagnostic> {
    line.arguments.get(at).ok_or_else(|| line.error(missing))
}

/// Checks the time at this position, if there is one; `name` is what it is an argument to.
pub(super) fn time(line: &Statement<'_>, at: usize, name: &str) -> Result<(), Diagnostic> {
    let Some(word) = line.arguments.get(at) else { return Ok(()) };
    duration_ms(&word.text, Unit::Millisecond).map(|_| ()).map_err(|error| {
        let odd = word.text.chars().find(|character| !character.is_ascii_digit());
        let message = match odd {
            Some(character) => {
                format!("unexpected character '{character}' in argument to <{name}>.")
            }
            None => error,
        };
        Diagnostic::alert(word.span, message)
    })
}

/// Checks an address with a port; `before` begins the sentence.
pub(super) fn address(word: &Word, before: &str) -> Result<(), Diagnostic> {
    let fail = |message: String| Diagnostic::alert(word.span, format!("{before}{message}"));
    let text = word.text.as_str();
    let bare = ["tcp@", "udp@", "stream+", "dgram+"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    let address = Address::parse(bare).map_err(fail)?;
    match address.target {
        Target::Inet { .. } if !bare.contains(':') => {
            Err(fail(format!("missing port specification in '{word}'")))
        }
        _ => Ok(()),
    }
}

/// Gives the line to the keyword of the same name of proxies.
pub(super) fn proxy_line(
    line: &mut Statement<'_>,
    settings: &mut Settings,
) -> Result<(), Diagnostic> {
    let name = line.name();
    let keyword = keywords().find(|keyword| keyword.name == name);
    let keyword = keyword.ok_or_else(|| line.error(format!("unknown keyword '{name}'")))?;
    (keyword.parse)(line, settings)
}

/// A number from `least` on, of which what follows the digits is ignored.
pub(super) fn integer(line: &mut Statement<'_>, missing: &str) -> Result<(), Diagnostic> {
    let word = expects(line, 0, missing)?;
    line.integer(word);
    Ok(())
}
