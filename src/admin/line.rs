//! A line of the runtime API: commands separated by `;`, words separated by blanks, `\` before
//! a character that shall mean itself (management guide, section 9.3).

/// What a line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) commands: Vec<Vec<String>>,
    /// The line ends with `<<` and this word: a payload follows, up to a line that is this word.
    pub(super) payload: Option<String>,
}

impl Line {
    pub(super) fn parse(text: &str) -> Self {
        let mut commands = vec![Vec::new()];
        let mut word: Option<String> = None;
        let mut characters = text.chars();
        while let Some(c) = characters.next() {
            let end_word = c == ';' || c == ' ' || c == '\t';
            if end_word && let (Some(word), Some(words)) = (word.take(), commands.last_mut()) {
                words.push(word);
            }
            match c {
                ';' => commands.push(Vec::new()),
                ' ' | '\t' => {}
                '\\' => word.get_or_insert_default().extend(characters.next()),
                c => word.get_or_insert_default().push(c),
            }
        }
        let mut payload = None;
        if let Some(words) = commands.last_mut() {
            match word {
                Some(word) if word.starts_with("<<") => payload = Some(word[2..].to_owned()),
                word => words.extend(word),
            }
        }
        Self { commands, payload }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commands(text: &str) -> Vec<Vec<String>> {
        Line::parse(text).commands
    }

    #[test]
    fn commands_end_at_semicolons_and_words_at_blanks() {
        assert_eq!(commands(" show\t info;show  stat "), [["show", "info"], ["show", "stat"]]);
        assert_eq!(commands(";a"), [vec![], vec!["a".to_owned()]]);
        assert_eq!(commands(""), [Vec::<String>::new()]);
    }

    #[test]
    fn a_backslash_takes_the_meaning_from_a_character() {
        assert_eq!(commands(r"echo a\;b c\ d \\ e\"), [["echo", "a;b", "c d", r"\", "e"]]);
    }

    #[test]
    fn a_payload_is_announced_by_the_last_word_only() {
        let line = Line::parse("add map m <<EOF");
        assert_eq!(line.payload.as_deref(), Some("EOF"));
        assert_eq!(line.commands, [["add", "map", "m"]]);
        assert_eq!(Line::parse("echo << ; echo b").payload, None);
        assert_eq!(Line::parse("echo <<").payload.as_deref(), Some(""));
    }
}
