//! `userlist` (manual, section 12.2).

use std::sync::Arc;

use super::{Keyword, Kind, described, lines, name};
use crate::config::document::Section as Written;
use crate::config::section::Said;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::{Diagnostic, Report};
use crate::syntax::span::Span;
use crate::syntax::word::Word;
use crate::userlist::{Password, User, Userlist};

pub(super) const KIND: Kind = Kind {
    name: "userlist",
    arguments: "<name>",
    documentation: "Users with their passwords and groups, for http_auth and http_auth_group.",
    example: "userlist people\n    group admins users anna\n    user anna insecure-password x\n",
    lines: || described(KEYWORDS),
    read,
};

/// A list while it is read: names not yet numbers.
#[derive(Debug, Default)]
struct List {
    name: String,
    users: Vec<WrittenUser>,
    groups: Vec<WrittenGroup>,
}

#[derive(Debug)]
struct WrittenUser {
    name: String,
    span: Span,
    password: Option<Password>,
    groups: Vec<String>,
}

#[derive(Debug)]
struct WrittenGroup {
    name: String,
    span: Span,
    users: Option<Vec<String>>,
}

fn read(written: &Written, said: &mut Said, report: &mut Report) {
    let Some(name) = name(written, "'userlist' expects <name> as arguments.", report) else {
        return;
    };
    let mut list = List { name: name.text.clone(), ..List::default() };
    if said.userlists.iter().any(|other| other.name == name.text) {
        let message = format!("ignoring duplicated userlist '{name}'.");
        report.push(Diagnostic::warning(name.span, message));
        lines(written, KEYWORDS, &mut list, &said.loading, report);
        return;
    }
    lines(written, KEYWORDS, &mut list, &said.loading, report);
    let list = list.resolve(report);
    said.userlists.push(Arc::new(list));
}

const KEYWORDS: &[Keyword<List>] = &[
    Keyword {
        name: "group",
        arguments: "<name> [users <user>[,<user>]*]",
        documentation: "A group of users.",
        parse: group,
    },
    Keyword {
        name: "user",
        arguments: "<name> [password|insecure-password <password>] [groups <group>[,<group>]*]",
        documentation: "A user; 'password' is hashed as crypt(3) does, $1$, $2y$, $5$, $6$ or DES.",
        parse: user,
    },
];

fn group(line: &mut Statement<'_>, list: &mut List) -> Result<(), Diagnostic> {
    let name = line.first("<name> as arguments.")?;
    if list.groups.iter().any(|group| group.name == name.text) {
        return duplicate(line, "group", name, list);
    }
    let mut users = None;
    for pair in line.arguments[1..].chunks(2) {
        if pair[0].text != "users" {
            return Err(Diagnostic::alert(pair[0].span, "'group' only supports 'users' option."));
        }
        if users.is_some() {
            let message = format!("'users' option already defined in 'group' name '{name}'.");
            return Err(Diagnostic::alert(pair[0].span, message));
        }
        users = Some(names(pair.get(1)));
    }
    list.groups.push(WrittenGroup { name: name.text.clone(), span: line.span(), users });
    Ok(())
}

fn user(line: &mut Statement<'_>, list: &mut List) -> Result<(), Diagnostic> {
    let name = line.first("<name> as arguments.")?;
    if list.users.iter().any(|user| user.name == name.text) {
        return duplicate(line, "user", name, list);
    }
    let mut user = WrittenUser {
        name: name.text.clone(),
        span: line.span(),
        password: None,
        groups: Vec::new(),
    };
    for pair in line.arguments[1..].chunks(2) {
        let value = pair.get(1);
        match pair[0].text.as_str() {
            "password" => user.password = value.map(|value| hashed(line, value)).transpose()?,
            "insecure-password" => {
                user.password = value.map(|value| Password::plain(&value.text));
            }
            "groups" => user.groups = names(value),
            _ => {
                let message =
                    "'user' only supports 'password', 'insecure-password' and 'groups' options.";
                return Err(Diagnostic::alert(pair[0].span, message));
            }
        }
    }
    list.users.push(user);
    Ok(())
}

fn hashed(line: &mut Statement<'_>, value: &Word) -> Result<Password, Diagnostic> {
    let password = Password::hashed(&value.text).map_err(|method| {
        let message =
            format!("the password hash method '{method}' is not supported by evenkeel yet");
        Diagnostic::alert(value.span, message)
    })?;
    if password.is_slow() {
        line.report.push(Diagnostic::warning(
            value.span,
            "the hash algorithm used for this password may take long to verify: a user's first \
             request waits for it, and so does every one with a wrong password",
        ));
    }
    Ok(password)
}

fn duplicate(
    line: &mut Statement<'_>,
    what: &str,
    name: &Word,
    list: &List,
) -> Result<(), Diagnostic> {
    let message = format!("ignoring duplicated {what} '{name}' in userlist '{}'.", list.name);
    line.report.push(Diagnostic::warning(name.span, message));
    Ok(())
}

fn names(word: Option<&Word>) -> Vec<String> {
    let names = word.map_or("", |word| word.text.as_str()).split(',');
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl List {
    /// Membership from both sides, as numbers.
    fn resolve(self, report: &mut Report) -> Userlist {
        let number = |name: &str| self.groups.iter().position(|group| group.name == name);
        let mut users = Vec::new();
        for user in self.users {
            let mut groups = Vec::new();
            for name in &user.groups {
                match number(name) {
                    Some(group) => groups.push(group),
                    None => report.push(Diagnostic::alert(
                        user.span,
                        format!(
                            "userlist '{}': no such group '{name}' specified in user '{}'",
                            self.name, user.name
                        ),
                    )),
                }
            }
            users.push(User { name: user.name, password: user.password, groups });
        }
        for (number, group) in self.groups.iter().enumerate() {
            for name in group.users.iter().flatten() {
                match users.iter_mut().find(|user| user.name == *name) {
                    Some(user) => user.groups.push(number),
                    None => report.push(Diagnostic::alert(
                        group.span,
                        format!(
                            "userlist '{}': no such user '{name}' specified in group '{}'",
                            self.name, group.name
                        ),
                    )),
                }
            }
        }
        let groups = self.groups.into_iter().map(|group| group.name).collect();
        Userlist { name: self.name, users, groups }
    }
}
