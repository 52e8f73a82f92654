//! `userlist` sections (manual, section 12.1).

use super::keyword::Keyword;
use crate::proxy::keyword::Statement;
use crate::proxy::{Password, User, Userlist};
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::word::Word;

pub const KEYWORDS: &[Keyword<Draft>] = &[
    Keyword {
        name: "group",
        arguments: "<name> [users <user>[,<user>]*]",
        documentation: "A group, and users who are in it.",
        least: (1, "'group' expects <name> as arguments."),
        parse: group,
    },
    Keyword {
        name: "user",
        arguments: "<name> [{ password | insecure-password } <password>] [groups <group>[,<group>]*]",
        documentation: "A user with a hashed or a plain password.",
        least: (1, "'user' expects <name> as arguments."),
        parse: user,
    },
];

/// What a section said, before names are found.
#[derive(Debug, Default)]
pub struct Draft {
    users: Vec<(Word, Password, Vec<String>)>,
    groups: Vec<(Word, Vec<String>)>,
}

impl Draft {
    /// The list; what names nothing is reported.
    pub(super) fn finish(self, name: &str, span: Span, report: &mut Report) -> Userlist {
        let mut list = Userlist::new(name);
        for (user, password, groups) in self.users {
            for group in &groups {
                if !self.groups.iter().any(|(known, _)| known.text == *group) {
                    report.push(Diagnostic::alert(
                        user.span,
                        format!(
                            "userlist '{name}': no such group '{group}' specified in user '{user}'"
                        ),
                    ));
                }
            }
            list.users.insert(user.text, User { password, groups });
        }
        for (group, members) in self.groups {
            for member in members {
                match list.users.get_mut(&member) {
                    Some(user) => user.groups.push(group.text.clone()),
                    None => report.push(Diagnostic::alert(
                        span,
                        format!(
                            "userlist '{name}': no such user '{member}' specified in group \
                             '{group}'"
                        ),
                    )),
                }
            }
        }
        list
    }
}

fn group(line: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Diagnostic> {
    let name = &line.arguments[0];
    if draft.groups.iter().any(|(known, _)| known.text == name.text) {
        return Err(ignored(line, "group", name));
    }
    let members = match &line.arguments[1..] {
        [] => Vec::new(),
        [keyword, members] if keyword.text == "users" => names(members),
        [other, ..] => {
            return Err(Diagnostic::alert(other.span, "'group' only supports 'users' option."));
        }
    };
    draft.groups.push((name.clone(), members));
    Ok(())
}

fn user(line: &mut Statement<'_>, draft: &mut Draft) -> Result<(), Diagnostic> {
    let name = &line.arguments[0];
    if draft.users.iter().any(|(known, ..)| known.text == name.text) {
        return Err(ignored(line, "user", name));
    }
    let (mut password, mut groups) = (Password::None, Vec::new());
    let mut words = line.arguments[1..].iter();
    while let Some(word) = words.next() {
        let value = words.next();
        match (word.text.as_str(), value) {
            ("password", Some(hash)) => {
                password = Password::hashed(&hash.text)
                    .map_err(|error| Diagnostic::alert(hash.span, error))?;
            }
            ("insecure-password", Some(plain)) => password = Password::Plain(plain.text.clone()),
            ("groups", Some(list)) => groups = names(list),
            ("password" | "insecure-password" | "groups", None) => {}
            _ => {
                return Err(Diagnostic::alert(
                    word.span,
                    "'user' only supports 'password', 'insecure-password' and 'groups' options.",
                ));
            }
        }
    }
    draft.users.push((name.clone(), password, groups));
    Ok(())
}

fn names(list: &Word) -> Vec<String> {
    list.text.split(',').filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect()
}

fn ignored(line: &Statement<'_>, what: &str, name: &Word) -> Diagnostic {
    let message = format!("ignoring duplicated {what} '{name}' in userlist '{}'.", line.proxy);
    Diagnostic::warning(name.span, message)
}
