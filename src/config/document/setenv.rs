//! The keywords of the global section that act while the configuration is read: `setenv`,
//! `presetenv`, `unsetenv` and `resetenv` (manual section 3.1).

use super::SourceFile;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::environment::Environment;
use crate::syntax::word::Word;

/// Whether reading `file` could change the environment.
pub(super) fn occurs_in(file: &SourceFile) -> bool {
    file.lines.iter().any(|line| line.contains("setenv"))
}

/// Carries out a line of the global section if it is one of these keywords.
///
/// # Errors
///
/// The argument that is missing, wrong or one too many.
pub(super) fn apply(words: &[Word], environment: &mut Environment) -> Result<(), Diagnostic> {
    match &*words[0] {
        "setenv" | "presetenv" => set(words, environment),
        "unsetenv" => unset(words, environment),
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
    let [keyword, names @ ..] = words else { return Ok(()) };
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

/// What the C library takes for a name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('=')
}

fn invalid(name: &str) -> String {
    format!("failed on variable '{name}' : Invalid argument.")
}
