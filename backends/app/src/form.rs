//! What visitors write, and what is wrong with it. A form parses into a value that may be stored,
//! or into one sentence per field to show beside what was written.

use serde::{Deserialize, Serialize};

/// A new message as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MessageForm {
    pub(crate) csrf: String,
    pub(crate) title: String,
    pub(crate) body: String,
}

/// A message that may be stored.
pub(crate) struct NewMessage {
    pub(crate) title: String,
    pub(crate) body: String,
}

/// A sentence for each field that is wrong.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct MessageErrors {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
}

/// Sign-in or registration as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AccountForm {
    pub(crate) csrf: String,
    pub(crate) name: String,
    pub(crate) password: String,
    /// `new` to go on to the form for a message.
    pub(crate) next: String,
}

/// An account that may be made.
pub(crate) struct NewAccount {
    pub(crate) name: String,
    pub(crate) password: String,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct AccountErrors {
    pub(crate) name: Option<String>,
    pub(crate) password: Option<String>,
}

impl MessageForm {
    pub(crate) fn parse(&self) -> Result<NewMessage, MessageErrors> {
        let title = text(&self.title, "title", 120, false);
        let body = text(&self.body, "message", 4000, true);
        match (title, body) {
            (Ok(title), Ok(body)) => Ok(NewMessage { title, body }),
            (title, body) => Err(MessageErrors { title: title.err(), body: body.err() }),
        }
    }
}

impl AccountForm {
    pub(crate) fn parse(&self) -> Result<NewAccount, AccountErrors> {
        let name = user_name(&self.name).ok_or_else(|| NAME_RULE.to_owned());
        match (name, password(&self.password)) {
            (Ok(name), Ok(password)) => Ok(NewAccount { name, password }),
            (name, password) => Err(AccountErrors { name: name.err(), password: password.err() }),
        }
    }
}

/// The name as it is stored, in lower case, or `None` when no user can have it.
pub(crate) fn user_name(written: &str) -> Option<String> {
    let name = written.trim().to_ascii_lowercase();
    let fits = (3..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    fits.then_some(name)
}

/// Longer passwords are refused before any work is done for them.
pub(crate) const LONGEST_PASSWORD: usize = 256;

fn password(written: &str) -> Result<String, String> {
    if written.chars().count() < 10 {
        return Err("Use at least 10 characters.".to_owned());
    }
    if written.len() > LONGEST_PASSWORD {
        return Err(format!("Use at most {LONGEST_PASSWORD} bytes."));
    }
    Ok(written.to_owned())
}

/// Text of 1 to `most` characters; browsers send line ends as CR LF (WHATWG HTML, 4.10.22.4).
fn text(written: &str, field: &str, most: usize, multiline: bool) -> Result<String, String> {
    let text = written.replace("\r\n", "\n").trim().to_owned();
    let length = text.chars().count();
    if length == 0 {
        return Err(format!("Write a {field}."));
    }
    if length > most {
        return Err(format!("The {field} has {length} characters; at most {most} fit."));
    }
    let allowed = |c: char| !c.is_control() || multiline && matches!(c, '\n' | '\t');
    if !text.chars().all(allowed) {
        return Err(format!("The {field} contains characters that cannot be shown."));
    }
    Ok(text)
}

const NAME_RULE: &str =
    "Use 3 to 32 letters a to z, digits, hyphens or underscores, beginning with a letter or digit.";

#[cfg(test)]
mod tests {
    use super::*;

    fn message(title: &str, body: &str) -> Result<NewMessage, MessageErrors> {
        let (title, body) = (title.to_owned(), body.to_owned());
        MessageForm { title, body, ..Default::default() }.parse()
    }

    #[test]
    fn a_message_is_trimmed_and_its_line_ends_made_plain() {
        let message = message("  Hello ", "one\r\ntwo\t3\r\n").ok().unwrap();
        assert_eq!((message.title.as_str(), message.body.as_str()), ("Hello", "one\ntwo\t3"));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(message(&"ü".repeat(120), &"語".repeat(4000)).is_ok());
        let errors = message(&"ü".repeat(121), &"語".repeat(4001)).err().unwrap();
        assert!(errors.title.is_some() && errors.body.is_some());
    }

    #[test]
    fn each_wrong_field_has_its_own_sentence() {
        let errors = message(" ", "fine").err().unwrap();
        assert_eq!((errors.title.as_deref(), errors.body), (Some("Write a title."), None));
        assert!(message("two\nlines", "fine").err().unwrap().title.is_some());
        assert!(message("fine", "bell \u{7}").err().unwrap().body.is_some());
    }

    #[test]
    fn names_are_lower_case_words() {
        assert_eq!(user_name(" Ada_L-1 ").as_deref(), Some("ada_l-1"));
        for wrong in ["", "ab", "-abc", "a b c", "über", "a'--", &"x".repeat(33)] {
            assert_eq!(user_name(wrong), None, "{wrong}");
        }
    }
}
