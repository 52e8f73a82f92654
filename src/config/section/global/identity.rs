//! What the process is once it has what it needs: user, group, root directory.

use super::Keyword;
use crate::proxy::keyword::Statement;
use crate::proxy::keyword::bind::{group, user};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "user",
        no_prefix: false,
        arguments: "<name>",
        documentation: "The user to become.",
        example: "user root",
        parse: |line, global| {
            global.uid = Some(known(line, "user", user)?);
            Ok(())
        },
    },
    Keyword {
        name: "group",
        no_prefix: false,
        arguments: "<name>",
        documentation: "The group to become.",
        example: "group root",
        parse: |line, global| {
            global.gid = Some(known(line, "group", group)?);
            Ok(())
        },
    },
    Keyword {
        name: "uid",
        no_prefix: false,
        arguments: "<number>",
        documentation: "The user to become, by number.",
        example: "uid 1000",
        parse: |line, global| {
            global.uid = Some(number(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "gid",
        no_prefix: false,
        arguments: "<number>",
        documentation: "The group to become, by number.",
        example: "gid 1000",
        parse: |line, global| {
            global.gid = Some(number(line)?);
            Ok(())
        },
    },
    Keyword {
        name: "chroot",
        no_prefix: false,
        arguments: "<directory>",
        documentation: "The root directory of the process.",
        example: "chroot /var/empty",
        parse: |line, global| {
            let directory = line.only("a directory as an argument.")?;
            if directory.text == "auto" {
                return Err(line.unsupported(directory));
            }
            global.chroot = Some(directory.text.clone().into());
            Ok(())
        },
    },
];

fn known(
    line: &Statement<'_>,
    what: &str,
    number: fn(&Word) -> Result<u32, Diagnostic>,
) -> Result<u32, Diagnostic> {
    let word = line.only(&format!("a {what} name"))?;
    number(word)
        .map_err(|_| Diagnostic::alert(word.span, format!("cannot find {what} id for '{word}'")))
}

fn number(line: &Statement<'_>) -> Result<u32, Diagnostic> {
    let word = line.only("an integer argument.")?;
    word.text.parse().map_err(|_| {
        Diagnostic::alert(word.span, format!("{}: string '{word}' is not a number.", line.name()))
    })
}
