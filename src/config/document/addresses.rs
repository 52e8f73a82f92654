//! Variables in addresses: HAProxy replaces `$NAME` and `${NAME}` in them without quotes too, from
//! before there were any. Apart from the lexer because it takes to know which words are addresses.

use crate::syntax::environment::Environment;
use crate::syntax::word::Word;

/// Replaces the variables in the addresses of a statement. An address that would be empty stays as
/// it is, for the mistake to be shown.
pub(super) fn expand(words: &mut [Word], environment: &Environment) {
    if !words.iter().any(|word| word.text.contains('$')) {
        return;
    }
    let first = STATEMENTS.iter().find_map(|(keyword, position)| {
        let begins = keyword.len() <= words.len()
            && keyword.iter().zip(&*words).all(|(part, word)| *part == word.text);
        begins.then_some(*position)
    });
    let Some(first) = first else { return };
    for position in first..words.len() {
        if position > first && !OPTIONS.contains(&&*words[position - 1].text) {
            continue;
        }
        let expanded = expanded(&words[position].text, environment);
        if !expanded.is_empty() {
            words[position].text = expanded;
        }
    }
}

fn expanded(text: &str, environment: &Environment) -> String {
    let mut parts = text.split('$');
    let mut expanded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (brace, part) = part.strip_prefix('{').map_or((false, part), |part| (true, part));
        let end = part.find(|each: char| !(each.is_ascii_alphanumeric() || each == '_'));
        let (name, rest) = part.split_at(end.unwrap_or(part.len()));
        expanded.push_str(environment.get(name).unwrap_or_default());
        expanded.push_str(if brace { rest.strip_prefix('}').unwrap_or(rest) } else { rest });
    }
    expanded
}

/// The first words of statements, and where their address stands.
const STATEMENTS: &[(&[&str], usize)] = &[
    (&["bind"], 1),
    (&["dgram-bind"], 1),
    (&["dispatch"], 1),
    (&["log"], 1),
    (&["nameserver"], 2),
    (&["mailer"], 2),
    (&["peer"], 2),
    (&["server"], 2),
    (&["server-template"], 3),
    (&["default-server"], 1),
    (&["source"], 1),
    (&["stats", "socket"], 2),
];

/// Options whose argument is an address.
const OPTIONS: &[&str] = &["addr", "source", "usesrc", "socks4"];

#[cfg(test)]
mod tests {
    use super::*;

    /// As HAProxy 3.4.0 was seen to take them.
    #[test]
    fn variables_need_no_quotes_in_addresses() {
        let variables: Environment = [("IP", "127.0.0.1"), ("P", "80")].into_iter().collect();
        for (written, meant) in [
            ("$IP:$P", "127.0.0.1:80"),
            ("${IP}:${P}", "127.0.0.1:80"),
            ("x${IP}", "x127.0.0.1"),
            ("${NO-127.0.0.1}:80", "-127.0.0.1}:80"),
            ("$NO:80", ":80"),
            ("", ""),
        ] {
            assert_eq!(expanded(written, &variables), meant, "{written}");
        }
    }
}
