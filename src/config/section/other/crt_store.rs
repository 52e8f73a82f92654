//! `crt-store` (manual, section 12.7). Accepted: listeners with certificates are refused.

use super::{Keyword, Kind, at_most, described, expects, lines};
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KIND: Kind = Kind {
    name: "crt-store",
    arguments: "[<name>]",
    documentation: "Certificates; listeners that use them are not supported yet.",
    example: "crt-store web\n    crt-base /etc/ssl\n",
    lines: || described(KEYWORDS),
    read: |written, said, report| {
        if let Some(extra) = written.words.get(2) {
            let message = "'crt-store' section only supports a <name> argument.";
            report.push(Diagnostic::alert(extra.span, message));
        } else if at_most(written, 1, report) {
            lines(written, KEYWORDS, &mut Store::default(), &said.loading, report);
        }
    },
};

#[derive(Debug, Default)]
struct Store {
    base: String,
}

const KEYWORDS: &[Keyword<Store>] = &[
    Keyword {
        name: "crt-base",
        arguments: "<directory>",
        documentation: "Where certificates without a directory are.",
        parse: |line, store| {
            let base = expects(line, 0, "'crt-base' requires a <path> argument.")?;
            store.base = format!("{base}/");
            Ok(())
        },
    },
    Keyword {
        name: "key-base",
        arguments: "<directory>",
        documentation: "Where keys without a directory are.",
        parse: |line, _| expects(line, 0, "'key-base' requires a <path> argument.").map(|_| ()),
    },
    Keyword {
        name: "load",
        arguments: "crt <file> [<option> <value>]*",
        documentation: "A certificate with its key and what belongs to it.",
        parse: load,
    },
];

fn load(line: &mut Statement<'_>, store: &mut Store) -> Result<(), Diagnostic> {
    let mut certificate = None;
    for pair in line.arguments.chunks(2) {
        let (name, value) = (&pair[0], pair.get(1).map_or("", |word| word.text.as_str()));
        match name.text.as_str() {
            "crt" => certificate = Some(value),
            "ocsp-update" if !matches!(value, "on" | "off") => {
                let message = format!(
                    "cannot parse 'ocsp-update' value '{value}', 'on' or 'off' is expected."
                );
                return Err(Diagnostic::alert(name.span, message));
            }
            option if OPTIONS.contains(&option) => {}
            option => {
                let message =
                    format!("'load {option}' in section 'crt-store': unknown keyword '{option}'.");
                return Err(Diagnostic::alert(name.span, message));
            }
        }
    }
    let Some(file) = certificate else {
        return Err(
            line.error("'load' in section 'crt-store': mandatory 'crt' parameter not found.")
        );
    };
    let path =
        if file.starts_with('/') { file.to_owned() } else { format!("{}{file}", store.base) };
    if std::fs::metadata(&path).is_err() {
        return Err(line.error(format!("cannot open the file '{path}'.")));
    }
    Ok(())
}

const OPTIONS: &[&str] = &[
    "acme",
    "alias",
    "domains",
    "generate-dummy",
    "issuer",
    "key",
    "keytype",
    "ocsp",
    "ocsp-update",
    "sctl",
    "bits",
    "curves",
    "jwt",
];
