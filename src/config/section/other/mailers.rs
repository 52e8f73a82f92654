//! `mailers` (manual, section 12.3). Accepted: only `email-alert` sends mails, and it is refused.

use super::{Keyword, Kind, address, described, expects, lines, name, time};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "mailers",
    arguments: "<name>",
    documentation: "Mail servers; 'email-alert', which uses them, is not supported yet.",
    example: "mailers post\n    mailer first 127.0.0.1:25\n    timeout mail 20s\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if name(written, "missing name for mailers section.", report).is_some() {
            lines(written, KEYWORDS, &mut (), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<()>] = &[
    Keyword {
        name: "mailer",
        arguments: "<name> <address>:<port>",
        documentation: "A mail server.",
        parse: |line, ()| {
            let missing = "'mailer' expects <name> and <addr>[:<port>] as arguments.";
            let (name, place) = (expects(line, 0, missing)?, expects(line, 1, missing)?);
            address(place, &format!("'mailer {name}' : "))
        },
    },
    Keyword {
        name: "timeout",
        arguments: "mail <time>",
        documentation: "How long sending a mail may take.",
        parse: |line, ()| {
            let missing = "'timeout' expects 'mail' and <time> as arguments.";
            let event = expects(line, 0, missing)?;
            if event.text != "mail" {
                let message =
                    format!("'timeout' expects 'mail' and <time> as arguments got '{event}'.");
                return Err(Diagnostic::alert(event.span, message));
            }
            expects(line, 1, "'timeout mail' expects <time> as argument.")?;
            time(line, 1, "timeout mail")
        },
    },
];
