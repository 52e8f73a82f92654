//! Arguments in parentheses, as predicates and sample expressions take them: a second level of
//! quotes and escapes within a word (manual section 2.2, "second level of quoting").

/// Reads one argument from the start of `text`, up to an unprotected comma, closing parenthesis or
/// the end. Returns it with quotes and escapes resolved, and the byte where it ends.
///
/// A backslash protects blanks, quotes and itself and makes `\n`, `\r` and `\t`; before anything
/// else, commas and parentheses too, it stays.
///
/// # Errors
///
/// The byte of a quote that is never closed.
pub fn argument(text: &str) -> Result<(String, usize), usize> {
    let mut argument = String::new();
    let mut quote: Option<(usize, char)> = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (character, quote) {
            (',' | ')', None) => return Ok((argument, at)),
            ('"' | '\'', None) => quote = Some((at, character)),
            (_, Some((_, open))) if character == open => quote = None,
            ('\\', None | Some((_, '"'))) => {
                match characters.clone().next().and_then(|(_, next)| escaped(next)) {
                    Some(character) => {
                        characters.next();
                        argument.push(character);
                    }
                    None => argument.push('\\'),
                }
            }
            _ => argument.push(character),
        }
    }
    match quote {
        Some((at, _)) => Err(at),
        None => Ok((argument, text.len())),
    }
}

fn escaped(character: char) -> Option<char> {
    match character {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        ' ' | '\\' | '\'' | '"' => Some(character),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::argument;

    #[track_caller]
    fn takes(text: &str, expected: &str, rest: &str) {
        let (taken, end) = argument(text).unwrap_or_else(|at| panic!("{text}: quote at {at}"));
        assert_eq!((taken.as_str(), &text[end..]), (expected, rest), "{text}");
    }

    #[test]
    fn commas_and_parentheses_end_an_argument() {
        takes("foo,blah,g)", "foo", ",blah,g)");
        takes("(foo|bar),blah,g)", "(foo|bar", "),blah,g)");
        takes(" a ", " a ", "");
        takes(",b", "", ",b");
    }

    #[test]
    fn quotes_protect_them() {
        takes(r#""(foo|bar)",blah,g)"#, "(foo|bar)", ",blah,g)");
        takes(r#""^/(here)(/|$)","my/\1",g)"#, "^/(here)(/|$)", r#","my/\1",g)"#);
        takes("'a,b'c)", "a,bc", ")");
        takes(r"'\n')", r"\n", ")");
        assert_eq!(argument("a\"b,c)"), Err(1));
    }

    #[test]
    fn backslashes_protect_little() {
        takes(r"\'foo\'", "'foo'", "");
        takes(r#"a\ b\\\""#, r#"a b\""#, "");
        takes(r"a\nb\tc", "a\nb\tc", "");
        takes(r#""a\nb""#, "a\nb", "");
        for kept in [r"\#", r"\$", r"\x41", r"\q", r"my/\1", r"\(a", r"a\"] {
            takes(kept, kept, "");
            takes(&format!("\"{kept}-\""), &format!("{kept}-"), "");
        }
        takes(r"a\,b", r"a\", ",b");
        takes(r"a\)b", r"a\", ")b");
    }
}
