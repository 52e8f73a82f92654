//! How many: connections, waiting connections, attempts.

use super::{Keyword, Sections};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "maxconn",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most connections at once.",
        example: "maxconn 2000",
        parse: |line, settings| {
            settings.maxconn = Some(line.only_number("an integer argument.")?);
            Ok(())
        },
    },
    Keyword {
        name: "fullconn",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "<number>",
        documentation: "The load at which servers are given all of their 'maxconn'.",
        example: "fullconn 1000",
        parse: |line, settings| {
            settings.fullconn = Some(line.only_number("an integer argument.")?);
            Ok(())
        },
    },
    Keyword {
        name: "backlog",
        sections: Sections::FRONT,
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most connections that wait to be accepted, a hint to the system.",
        example: "backlog 10000",
        parse: |line, settings| {
            settings.backlog =
                Some(i32::try_from(line.only_number("an integer argument.")?).unwrap_or(i32::MAX));
            Ok(())
        },
    },
    Keyword {
        name: "retries",
        sections: Sections::BACK,
        no_prefix: false,
        arguments: "<number>",
        documentation: "How often a failed connection to a server is tried again.",
        example: "retries 3",
        parse: |line, settings| {
            settings.retries = Some(line.only_number("an integer argument.")?);
            Ok(())
        },
    },
];
