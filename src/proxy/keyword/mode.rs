//! What a proxy is: its mode, number, description, and whether it is used at all.

use super::{Keyword, Sections};
use crate::proxy::Mode;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "mode",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "{ tcp | http }",
        documentation: "Whether connections are carried as bytes or as HTTP messages.",
        example: "mode http",
        parse: |line, settings| {
            let mode = line.only("either 'tcp' or 'http'")?;
            settings.mode = match mode.text.as_str() {
                "tcp" => Mode::Tcp,
                "http" => Mode::Http,
                known @ ("log" | "spop" | "haterm" | "health") => {
                    return Err(Diagnostic::alert(
                        mode.span,
                        format!("mode '{known}' is not supported by evenkeel yet"),
                    ));
                }
                other => {
                    return Err(Diagnostic::alert(
                        mode.span,
                        format!("unknown proxy mode '{other}'."),
                    ));
                }
            };
            Ok(())
        },
    },
    Keyword {
        name: "disabled",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "The proxy is read but not started.",
        example: "disabled",
        parse: |line, settings| {
            line.at_most(0)?;
            settings.disabled = true;
            Ok(())
        },
    },
    Keyword {
        name: "enabled",
        sections: Sections::ALL,
        no_prefix: false,
        arguments: "",
        documentation: "The proxy is started, whatever its defaults say.",
        example: "enabled",
        parse: |line, settings| {
            line.at_most(0)?;
            settings.disabled = false;
            Ok(())
        },
    },
    Keyword {
        name: "id",
        sections: Sections::OWN,
        no_prefix: false,
        arguments: "<value>",
        documentation: "The number of the proxy in the statistics.",
        example: "id 100",
        parse: |line, settings| {
            let id = line.only("an integer argument.")?;
            let number =
                id.text.parse().ok().filter(|number| *number > 0 && *number <= i32::MAX as u32);
            settings.id =
                Some(number.ok_or_else(|| Diagnostic::alert(id.span, "custom id has to be > 0."))?);
            Ok(())
        },
    },
    Keyword {
        name: "description",
        sections: Sections::OWN,
        no_prefix: false,
        arguments: "<string>",
        documentation: "A text for the statistics page.",
        example: "description the shop",
        parse: |line, settings| {
            line.first("a string argument.")?;
            let words: Vec<&str> = line.arguments.iter().map(|word| word.text.as_str()).collect();
            settings.description = Some(words.join(" "));
            Ok(())
        },
    },
];
