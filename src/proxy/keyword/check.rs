//! How the servers of a backend are checked.

use super::{Keyword, Sections};
use crate::health;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "option httpchk",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "[[<method>] <uri> [<version>]]",
        documentation: "Checks send an HTTP request.",
        example: "option httpchk GET /healthz",
        parse: |line, settings| {
            health::parse_option_httpchk(line.arguments)?;
            settings.check.http = true;
            settings.check.request = line.arguments.to_vec();
            Ok(())
        },
    },
    Keyword {
        name: "option tcp-check",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "",
        documentation: "Checks connect, and that is all.",
        example: "option tcp-check",
        parse: |line, settings| {
            line.at_most(0)?;
            settings.check.http = false;
            Ok(())
        },
    },
    Keyword {
        name: "http-check",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "{ send | expect } …",
        documentation: "What an HTTP check sends, and what must come back.",
        example: "http-check expect status 200",
        parse: |line, settings| {
            if std::mem::take(&mut settings.check.inherited) {
                settings.check.rules.clear();
            }
            let mut check = settings.check.http_check()?;
            health::parse_http_check(line.arguments, &mut check)?;
            settings.check.rules.push(line.arguments.to_vec());
            Ok(())
        },
    },
];
