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
            let request = health::parse_option_httpchk(line.arguments)?;
            settings.http_checks = true;
            settings.check = Some(match settings.check.take() {
                // Lines of `http-check` may stand before.
                Some(said) => {
                    health::HttpCheck { fields: said.fields, expect: said.expect, ..request }
                }
                None => request,
            });
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
            settings.http_checks = false;
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
            let mut check = match settings.check.take() {
                Some(check) => check,
                None => health::parse_option_httpchk(&[])?,
            };
            let result = health::parse_http_check(line.arguments, &mut check);
            settings.check = Some(check);
            result
        },
    },
];
