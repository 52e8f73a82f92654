//! The keywords of the global section that act while the configuration is read: `setenv`,
//! `presetenv`, `unsetenv` and `resetenv`, and `localpeer`, whose name is a variable (manual section 3.1).

use super::SourceFile;
use super::variables::LOCAL_PEER;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::environment::Environment;
use crate::syntax::word::Word;

/// Whether reading `file` could change the environment.
pub(super) fn occurs_in(file: &SourceFile) -> bool {
    file.lines.iter().any(|line| line.contains("setenv") || line.contains("localpeer"))
}

/// What [`apply`] knows.
pub(super) const KEYWORDS: &[&str] = &["setenv", "presetenv", "unsetenv", "resetenv"];

/// Carries out a line of the global section if it is one of these keywords.
///
/// # Errors
///
/// The argument that is missing, wrong or one too many.
pub(super) fn apply(words: &[Word], environment: &mut Environment) -> Result<(), Diagnostic> {
    match &*words[0] {
        "setenv" | "presetenv" => set(words, environment),
        "unsetenv" => unset(words, environment),
        "localpeer" => {
            if let Some(name) = words.get(1) {
                environment.set(LOCAL_PEER, &**name);
            }
            Ok(())
        }
        "resetenv" => {
            let kept: Vec<&str> = words[1..].iter().map(|word| &**word).collect();
            environment.keep_only(&kept);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn set(words: &[Word], environment: &mut Environment) -> Result<(), Diagnostic> {
    let keyword = &words[0];
    let words = up_to_empty(words);
    let refuse = |at: &Word, message: String| {
        Err(Diagnostic::alert(at.span, format!("'{keyword}' {message}")))
    };
    match words {
        [_] => refuse(keyword, "expects environment variable name.".to_owned()),
        [_, name] if !is_name(name) => refuse(name, invalid(name)),
        [_, name] => refuse(keyword, format!("expects environment variable value for '{name}'.")),
        [_, name, _] if !is_name(name) => refuse(name, invalid(name)),
        [_, name, value] => {
            if &**keyword == "setenv" || environment.get(name).is_none() {
                environment.set(&**name, &**value);
            }
            Ok(())
        }
        [_, _, _, extra, ..] => {
            refuse(extra, format!("cannot handle unexpected argument '{extra}'."))
        }
        [] => Ok(()),
    }
}

fn unset(words: &[Word], environment: &mut Environment) -> Result<(), Diagnostic> {
    let [keyword, names @ ..] = up_to_empty(words) else { return Ok(()) };
    if names.is_empty() {
        let message = format!("'{keyword}' expects at least one variable name.");
        return Err(Diagnostic::alert(keyword.span, message));
    }
    for name in names {
        if !is_name(name) {
            return Err(Diagnostic::alert(name.span, format!("'{keyword}' {}", invalid(name))));
        }
        environment.unset(name);
    }
    Ok(())
}

/// An empty word ends the arguments.
fn up_to_empty(words: &[Word]) -> &[Word] {
    let end = words.iter().position(|word| word.is_empty());
    &words[..end.unwrap_or(words.len())]
}

/// What the C library takes for a name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('=')
}

fn invalid(name: &str) -> String {
    format!("failed on variable '{name}' : Invalid argument.")
}
