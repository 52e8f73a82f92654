//! `acme` (manual, section 12.8). Accepted: only certificates of listeners use it, and those are
//! refused by their options.

use super::{Keyword, Kind, described, expects, integer, lines, name, time};
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "acme",
    arguments: "<name>",
    documentation: "An authority for certificates; certificates are not supported yet.",
    // It needs 'expose-experimental-directives'.
    example: "",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if !said.global.experimental {
            let message = "section 'acme' is experimental, must be allowed via a global \
                           'expose-experimental-directives'";
            report.push(Diagnostic::alert(written.keyword().span, message));
            return;
        }
        if name(written, "missing name for acme section.", report).is_some() {
            lines(written, KEYWORDS, &mut (), &said.loading, report);
        }
    },
};

const KEYWORDS: &[Keyword<()>] = &[
    word("account-key", "<file>", "The key of the account."),
    word("acme-vars", "<text>", "A text for the provider."),
    Keyword {
        name: "bits",
        arguments: "<number>",
        documentation: "The size of RSA keys.",
        parse: |line, ()| integer(line, "'bits' in 'acme' section requires an argument"),
    },
    word("challenge", "<type>", "The kind of challenge."),
    word("contact", "<address>", "The address of the account."),
    word("curves", "<name>", "The curve of ECDSA keys."),
    word("directory", "<url>", "The authority's directory."),
    Keyword {
        name: "dns-delay",
        arguments: "<time>",
        documentation: "The time between two looks at the domain's record.",
        parse: |line, ()| {
            expects(line, 0, "'dns-delay' in 'acme' section requires an argument")?;
            time(line, 0, "dns-delay")
        },
    },
    Keyword {
        name: "dns-timeout",
        arguments: "<time>",
        documentation: "How long the domain's record is waited for.",
        parse: |line, ()| {
            expects(line, 0, "'dns-timeout' in 'acme' section requires an argument")?;
            time(line, 0, "dns-timeout")
        },
    },
    word("keytype", "<type>", "RSA or ECDSA."),
    Keyword {
        name: "map",
        arguments: "virt@<map>",
        documentation: "The map that holds the challenges.",
        parse: |line, ()| {
            let map = argument(line)?;
            Err(line.unsupported(&line.arguments[map]))
        },
    },
    word("profile", "<name>", "The profile of the certificates."),
    word("provider-name", "<name>", "The name of the provider of the domain."),
    word("reuse-key", "{ on | off }", "Whether a renewed certificate keeps its key."),
];

const fn word(
    name: &'static str,
    arguments: &'static str,
    documentation: &'static str,
) -> Keyword<()> {
    Keyword { name, arguments, documentation, parse: |line, ()| argument(line).map(|_| ()) }
}

/// The position of the only argument.
fn argument(line: &Statement<'_>) -> Result<usize, Diagnostic> {
    let name = line.name();
    expects(line, 0, &format!("keyword '{name}' in 'acme' section requires an argument"))?;
    Ok(0)
}
