//! Defaults of TLS: a listener or server that would use them is refused by its own option.

use super::Hint;
use super::shape::Shape::{Anything, Exact, Nothing, Number, OneOf, Own, Time, Word};
use super::shape::{SWITCH, number, said};
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;

pub(super) const HINTS: &[Hint] = &[
    Hint::silent(
        "acme.scheduler",
        Own("{ auto | off }", |line| match line.arguments.first().map(|word| word.text.as_str()) {
            None => Err(said(line, "keyword '@' in 'global' section requires an argument")),
            Some("auto" | "off") => Ok(()),
            _ => Err(said(
                line,
                "keyword '@' in 'global' section requires either 'auto' or 'off' argument",
            )),
        }),
    ),
    Hint::silent("ca-base", Word("global statement '@' expects a directory path as an argument.")),
    Hint::silent("crt-base", Word("global statement '@' expects a directory path as an argument.")),
    Hint::silent("key-base", Word("global statement '@' expects a directory path as an argument.")),
    Hint::silent(
        "issuers-chain-path",
        Own("<directory>", |line| {
            line.arguments
                .first()
                .is_some_and(|word| std::path::Path::new(&word.text).is_dir())
                .then_some(())
                .ok_or_else(|| {
                    said(line, "global statement '@' expects a directory path as an argument.")
                })
        }),
    ),
    Hint::silent(
        "maxsslconn",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::silent(
        "maxsslrate",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::silent("ocsp-update.disable", Own("[on | off]", switch)),
    Hint::silent("ocsp-update.mode", Own("[on | off]", switch)),
    Hint::silent(
        "ocsp-update.httpproxy",
        Word(
            "ocsp-update: Failed to parse destination address in '' resolves to an empty address (environment variable missing?)",
        ),
    ),
    Hint::silent(
        "ocsp-update.maxdelay",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (300, i64::MAX),
            outside: "'@' can not be lower than tune.ssl.ocsp-update.mindelay.",
        },
    ),
    Hint::silent(
        "ocsp-update.mindelay",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, 3600),
            outside: "'@' can not be higher than tune.ssl.ocsp-update.maxdelay.",
        },
    ),
    Hint::silent(
        "ssl-default-bind-ciphers",
        Word("global statement '@' expects a cipher suite as an argument."),
    ),
    Hint::silent(
        "ssl-default-bind-ciphersuites",
        Word("global statement '@' expects a cipher suite as an argument."),
    ),
    Hint::silent(
        "ssl-default-bind-client-sigalgs",
        Word("global statement '@' expects signature algorithms as an arguments."),
    ),
    Hint::silent(
        "ssl-default-bind-curves",
        Word("global statement '@' expects a curves suite as an arguments."),
    ),
    Hint::silent(
        "ssl-default-bind-sigalgs",
        Word("global statement '@' expects a curves suite as an arguments."),
    ),
    Hint::silent(
        "ssl-default-server-ciphers",
        Word("global statement '@' expects a cipher suite as an argument."),
    ),
    Hint::silent(
        "ssl-default-server-ciphersuites",
        Word("global statement '@' expects a cipher suite as an argument."),
    ),
    Hint::silent(
        "ssl-default-server-client-sigalgs",
        Word("global statement '@' expects signature algorithms as an arguments."),
    ),
    Hint::silent(
        "ssl-default-server-curves",
        Word("global statement '@' expects a curves suite as an arguments."),
    ),
    Hint::silent(
        "ssl-default-server-sigalgs",
        Word("global statement '@' expects a curves suite as an arguments."),
    ),
    Hint::silent("ssl-default-bind-options", Own("<option> …", options)),
    Hint::silent("ssl-default-server-options", Own("<option> …", options)),
    Hint::silent(
        "ssl-dh-param-file",
        Own("<file>", |line| {
            let Some(file) = line.arguments.first() else {
                return Err(said(line, "'@' expects a file path as an argument."));
            };
            std::fs::metadata(&file.text)
                .map(|_| ())
                .map_err(|_| said(line, "'@': unable to load DH parameters from file <{}>."))
        }),
    ),
    Hint::refused("ssl-engine", Anything),
    Hint::silent("ssl-load-extra-del-ext", Anything),
    Hint::silent(
        "ssl-load-extra-files",
        Own("{ none | all | bundle | sctl | ocsp | issuer } …", extra),
    ),
    Hint::silent("ssl-mode-async", Anything),
    Hint::silent("ssl-passphrase-cmd", Anything),
    Hint::silent(
        "ssl-propquery",
        Word("global statement '@' expects a property string as an argument."),
    ),
    Hint::silent(
        "ssl-provider",
        Word("global statement '@' expects a valid engine provider name as an argument."),
    ),
    Hint::silent(
        "ssl-provider-path",
        Word("global statement '@' expects a directory path as an argument."),
    ),
    Hint::silent(
        "ssl-security-level",
        Exact {
            range: (0, 5),
            unreadable: "'@' : expects an integer argument, found '{}'",
            outside: "'@' : expects a value between 0 and 5",
        },
    ),
    Hint::silent(
        "ssl-server-verify",
        Own("{ none | required }", |line| {
            match line.arguments.first().map(|word| word.text.as_str()) {
                None => Err(said(line, "'@' expects an integer argument.")),
                Some("none" | "required") => Ok(()),
                _ => Err(said(line, "'@' expects 'none' or 'required' as argument.")),
            }
        }),
    ),
    Hint::silent("ssl-skip-self-issued-ca", Anything),
    Hint::silent(
        "tune.ssl.cachesize",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent(
        "tune.ssl.capture-buffer-size",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent(
        "tune.ssl.capture-cipherlist-size",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent("tune.ssl.certificate-compression", Own("{ auto | off }", |_| Ok(()))),
    Hint::silent(
        "tune.ssl.default-dh-param",
        Own("<number>", |line| {
            line.at_most(1)?;
            let Some(word) = line.arguments.first() else {
                return Err(said(line, "'@' expects an integer argument."));
            };
            (!(0..1024).contains(&number(&word.text)))
                .then_some(())
                .ok_or_else(|| said(line, "'@' expects a value >= 1024."))
        }),
    ),
    Hint::silent("tune.ssl.force-private-cache", Nothing),
    Hint::silent(
        "tune.ssl.hard-maxrecord",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent(
        "tune.ssl.maxrecord",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent(
        "tune.ssl.ssl-ctx-cache-size",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (0, i64::MAX),
            outside: "'@' expects a positive numeric value.",
        },
    ),
    Hint::silent(
        "tune.ssl.keylog",
        OneOf(SWITCH, "'@' expects either 'on' or 'off' but got '{}'."),
    ),
    Hint::silent(
        "tune.ssl.lifetime",
        Time {
            missing: "'@' expects ssl sessions <lifetime> in seconds as argument.",
            range: (0, u64::MAX),
            outside: "",
        },
    ),
    Hint::silent(
        "tune.ssl.ocsp-update.maxdelay",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (300, i64::MAX),
            outside: "'@' can not be lower than tune.ssl.ocsp-update.mindelay.",
        },
    ),
    Hint::silent(
        "tune.ssl.ocsp-update.mindelay",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, 3600),
            outside: "'@' can not be higher than tune.ssl.ocsp-update.maxdelay.",
        },
    ),
];

/// HAProxy only warns here.
fn switch(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    if !line.arguments.first().is_some_and(|word| SWITCH.contains(&word.text.as_str())) {
        let message = format!("'{}' : expecting <on|off>", line.name());
        line.report.push(Diagnostic::warning(line.span(), message));
    }
    Ok(())
}

fn options(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    let name = line.name();
    if line.arguments.is_empty() {
        return Err(said(line, "global statement '@' expects an option as an argument."));
    }
    let mut words = line.arguments.iter();
    while let Some(word) = words.next() {
        let at = |message: String| Err(Diagnostic::alert(word.span, message));
        match word.text.as_str() {
            "ssl-min-ver" | "ssl-max-ver" => match words.next() {
                None => {
                    return at(format!(
                        "'{word}' : missing the ssl/tls version on global statement '{name}'."
                    ));
                }
                Some(version) if !VERSIONS.contains(&version.text.as_str()) => {
                    return at(format!(
                        "'{version}' : unknown ssl/tls version on global statement '{name}'."
                    ));
                }
                Some(_) => {}
            },
            option if OPTIONS.contains(&option) => {}
            option => {
                return at(format!("unknown option '{option}' on global statement '{name}'."));
            }
        }
    }
    Ok(())
}

fn extra(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    let known = ["none", "all", "bundle", "sctl", "ocsp", "issuer", "key"];
    let words = line.arguments;
    if words.is_empty() || words.iter().any(|word| !known.contains(&word.text.as_str())) {
        return Err(said(
            line,
            "'@' expects one or multiple arguments (none, all, bundle, sctl, ocsp, issuer).",
        ));
    }
    let alone = words.iter().any(|word| matches!(word.text.as_str(), "none" | "all"));
    if alone && words.len() > 1 {
        return Err(said(line, "'@' 'none' and 'all' can be only used alone"));
    }
    Ok(())
}

const VERSIONS: &[&str] = &["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

const OPTIONS: &[&str] = &[
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "no-sslv3",
    "no-tlsv10",
    "no-tlsv11",
    "no-tlsv12",
    "no-tlsv13",
    "no-tls-tickets",
    "tls-tickets",
    "prefer-client-ciphers",
    "strict-sni",
];
