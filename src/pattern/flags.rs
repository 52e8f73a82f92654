//! What stands behind a criterion: flags and patterns (manual, section 7.1).

use super::method::Method;

/// Flags and patterns, read but not understood.
#[derive(Debug, Default)]
pub(super) struct Flags<'w> {
    pub(super) method: Option<Method>,
    pub(super) ignore_case: bool,
    pub(super) no_resolution: bool,
    /// Files of patterns have values behind them.
    pub(super) maps: bool,
    pub(super) id: Option<u32>,
    /// Files with the position of their names.
    pub(super) files: Vec<(usize, &'w str)>,
    /// Where patterns begin.
    pub(super) patterns: usize,
}

impl<'w> Flags<'w> {
    /// # Errors
    /// The position of the word at fault, and HAProxy's sentence.
    pub(super) fn read(words: &[&'w str]) -> Result<Self, (usize, String)> {
        let mut flags = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let argument = words.get(at + 1).copied().unwrap_or_default();
            let place = (at + 1).min(words.len() - 1);
            match *word {
                "-i" => flags.ignore_case = true,
                "-n" => flags.no_resolution = true,
                "-M" => flags.maps = true,
                "--" => {
                    at += 1;
                    break;
                }
                "-m" => {
                    let method = Method::of_flag(argument).ok_or_else(|| {
                        let what = "when parsing ACL expression";
                        (place, format!("unknown matching method '{argument}' {what}."))
                    })?;
                    flags.method = Some(method);
                    at += 1;
                }
                "-f" => {
                    flags.files.push((place, argument));
                    at += 1;
                }
                "-u" => {
                    let id = if argument.is_empty() { Ok(0) } else { argument.parse() };
                    let wrong = |_| (place, "the argument of -u must be an integer.".to_owned());
                    flags.id = Some(id.map_err(wrong)?);
                    at += 1;
                }
                _ if word.len() > 1 && word.starts_with('-') => {
                    return Err((
                        at,
                        format!(
                            "'{word}' is not a valid ACL option. Please use '--' before any \
                             pattern beginning with a '-'."
                        ),
                    ));
                }
                _ => break,
            }
            at += 1;
        }
        flags.patterns = at.min(words.len());
        Ok(flags)
    }
}
