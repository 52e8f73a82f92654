//! The process and what belongs to features that do not exist here.

use super::Hint;
use super::shape::Shape::{AnyOf, Anything, Exact, Nothing, Number, OneOf, Own, Time, Word, Words};
use super::shape::{SWITCH, number, said};
use crate::proxy::keyword::Statement;
use crate::proxy::keyword::bind::{group, user};
use crate::sample::{Expression, Format, Stage};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const HINTS: &[Hint] = &[
    Hint::silent(
        "anonkey",
        Own("<number>", |line| {
            let Some(word) = line.arguments.first() else {
                return Err(line.error("a key is expected after 'anonkey'."));
            };
            (0..=i64::from(u32::MAX)).contains(&number(&word.text)).then_some(()).ok_or_else(|| {
                said(line, "'anonkey' value must be within range 0-4294967295 (was '{}').")
            })
        }),
    ),
    Hint::warned(
        "close-spread-time",
        Time { missing: "'@' expects <time> as argument.", range: (0, u64::MAX), outside: "" },
    ),
    Hint::silent("cluster-secret", Word("expects an ASCII string argument.")),
    Hint::warned(
        "dns-accept-family",
        Own("{ ipv4 | ipv6 | auto }[,…]", |line| {
            let known = |name: &str| matches!(name, "ipv4" | "ipv6" | "auto");
            line.arguments
                .first()
                .is_some_and(|word| word.text.split(',').all(known))
                .then_some(())
                .ok_or_else(|| {
                    said(
                        line,
                        "'@' expects a comma-delimited list of 'ipv4' and 'ipv6' but got '{}'.",
                    )
                })
        }),
    ),
    Hint::silent("expose-deprecated-directives", Nothing),
    Hint::silent(
        "external-check",
        Own("[preserve-env]", |line| {
            line.arguments
                .first()
                .is_none_or(|word| word.text == "preserve-env")
                .then_some(())
                .ok_or_else(|| {
                    said(line, "'@' only supports 'preserve-env' as an argument, found '{}'.")
                })
        }),
    ),
    Hint::warned(
        "fd-hard-limit",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::refused("force-cfg-parser-pause", Anything),
    Hint::warned(
        "grace",
        Time { missing: "'@' expects <time> as argument.", range: (0, u64::MAX), outside: "" },
    ),
    Hint::refused(
        "default-path",
        Own("{ current | config | parent | origin <directory> }", |line| {
            match line.arguments.first().map_or("", |word| word.text.as_str()) {
                "" => Err(said(
                    line,
                    "missing default-path mode '' for '@', supported modes include 'current', 'config', 'parent', and 'origin'.",
                )),
                "origin" if line.arguments.len() < 2 => {
                    Err(said(line, "'@ {}' expects a directory as an argument."))
                }
                "current" | "config" | "parent" | "origin" => Ok(()),
                _ => Err(said(
                    line,
                    "unsupported default-path mode '{}' for '@', supported modes include 'current', 'config', 'parent', and 'origin'.",
                )),
            }
        }),
    ),
    Hint::refused("h1-accept-payload-with-any-method", Nothing),
    Hint::silent(
        "h1-case-adjust",
        Own("<from> <to>", |line| {
            let [from, to, ..] = line.arguments else {
                return Err(line.error("'h1-case-adjust' expects <from> and <to> as argument."));
            };
            from.text
                .eq_ignore_ascii_case(&to.text)
                .then_some(())
                .ok_or_else(|| said(line, "<from> and <to> must not differ except the case"))
        }),
    ),
    Hint::silent(
        "h1-case-adjust-file",
        Own("<file>", |line| {
            let Some(file) = line.arguments.first() else {
                return Err(said(line, "'@' expects <file> as argument."));
            };
            std::fs::metadata(&file.text)
                .map(|_| ())
                .map_err(|_| said(line, "h1-headers-case-adjust-file '{}': failed to open file."))
        }),
    ),
    Hint::refused("h1-do-not-close-on-insecure-transfer-encoding", Nothing),
    Hint::silent("h2-workaround-bogus-websocket-clients", Nothing),
    Hint::warned(
        "harden.reject-privileged-ports.quic",
        OneOf(SWITCH, "'@' expects either 'on' or 'off'."),
    ),
    Hint::warned(
        "harden.reject-privileged-ports.tcp",
        OneOf(SWITCH, "'@' expects either 'on' or 'off'."),
    ),
    Hint::refused("http-err-codes", Own("<codes> …", codes)),
    Hint::refused("http-fail-codes", Own("<codes> …", codes)),
    Hint::silent(
        "httpclient.resolvers.disabled",
        OneOf(SWITCH, "'@' expects either 'on' or 'off' but got '{}'."),
    ),
    Hint::silent("httpclient.resolvers.id", Anything),
    Hint::silent(
        "httpclient.resolvers.prefer",
        OneOf(&["ipv4", "ipv6"], "'@' expects 'ipv4' or 'ipv6' as argument."),
    ),
    Hint::silent(
        "httpclient.retries",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::silent("httpclient.ssl.ca-file", Word("'@' expects a file")),
    Hint::silent(
        "httpclient.ssl.verify",
        OneOf(&["none", "required"], "'@' expects 'none' or 'required' as argument."),
    ),
    Hint::silent(
        "httpclient.timeout.connect",
        Time { missing: "'@' expects an integer argument.", range: (0, u64::MAX), outside: "" },
    ),
    Hint::silent("insecure-fork-wanted", Nothing),
    Hint::silent("insecure-setuid-wanted", Nothing),
    Hint::silent("jwt.decrypt_alg_list", Anything),
    Hint::silent("jwt.decrypt_enc_list", Anything),
    Hint::silent("limited-quic", Nothing),
    Hint::silent("localpeer", Word("'@' expects a name as an argument.")),
    Hint::refused("lua-load", Words("'@' expects a file name as parameter.")),
    Hint::refused("lua-load-per-thread", Words("'@' expects a file as parameter.")),
    Hint::silent(
        "lua-prepend-path",
        Own("<path> [path | cpath]", |line| {
            let [_, kind @ ..] = line.arguments else {
                return Err(said(line, "'@' expects to receive a <path> as argument"));
            };
            kind.first()
                .is_none_or(|kind| matches!(kind.text.as_str(), "path" | "cpath"))
                .then_some(())
                .ok_or_else(|| said(line, "'@' expects <type> to either be 'path' or 'cpath'"))
        }),
    ),
    Hint::warned(
        "max-spread-checks",
        Time {
            missing: "'@' expects an integer argument (0..50).",
            range: (0, u64::MAX),
            outside: "",
        },
    ),
    Hint::silent(
        "maxcompcpuusage",
        Number {
            missing: Some("'@' expects an integer argument between 0 and 100."),
            range: (0, 100),
            outside: "'@' expects an integer argument between 0 and 100.",
        },
    ),
    Hint::silent(
        "maxcomprate",
        Number {
            missing: Some("'@' expects an integer argument in kb/s."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::refused(
        "maxconnrate",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::refused(
        "maxsessrate",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::silent(
        "maxzlibmem",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::warned("pp2-never-send-local", Nothing),
    Hint::silent("profiling.memory", Anything),
    Hint::silent(
        "profiling.tasks",
        AnyOf(
            &["on", "auto", "off", "lock", "no-lock", "memory", "no-memory"],
            "'@' expects a combination of either 'on', 'auto', 'off', 'lock', 'no-lock', 'memory', or 'no-memory', but got '{}'.",
        ),
    ),
    Hint::silent("server-state-base", Words("'@' expects one argument: a directory path.")),
    Hint::silent("server-state-file", Words("'@' expect one argument: a file path.")),
    Hint::warned(
        "set-dumpable",
        Own("[on | off]", |line| {
            line.arguments
                .first()
                .is_none_or(|word| SWITCH.contains(&word.text.as_str()))
                .then_some(())
                .ok_or_else(|| {
                    said(line, "'@' only supports 'on' and 'off' as an argument, found '{}'.")
                })
        }),
    ),
    Hint::refused(
        "set-var",
        Own("proc.<name> <expression>", |line| variable(line, "sample expression")),
    ),
    Hint::refused(
        "set-var-fmt",
        Own("proc.<name> <format>", |line| variable(line, "format string")),
    ),
    Hint::refused("setcap", Own("<name>[,<name>]*", capabilities)),
    Hint::refused("shm-stats-file", Words("'@' expect one argument: a file path.")),
    Hint::silent(
        "shm-stats-file-max-objects",
        Words("'@' expect one argument: max objects number."),
    ),
    Hint::refused("stats-file", Words("'@' expect one argument: a file path.")),
    Hint::silent(
        "stress-level",
        Exact {
            range: (0, 9),
            unreadable: "'@' level must be between 0 and 9 inclusive.",
            outside: "'@' level must be between 0 and 9 inclusive.",
        },
    ),
    Hint::warned("strict-limits", Nothing),
    Hint::refused(
        "unix-bind",
        Own(
            "[prefix <prefix>] [mode <mode>] [user <user>] [uid <uid>] [group <group>] [gid <gid>]",
            unix_bind,
        ),
    ),
    Hint::silent(
        "warn-blocked-traffic-after",
        Time {
            missing: "'@' expects <time> as argument between 1 and 1000 ms.",
            range: (1, 1000),
            outside: "timer out of range in argument '{}' to '@' (value must be between 1 and 1000 ms)",
        },
    ),
    Hint::refused("51degrees-allow-unmatched", Anything),
    Hint::refused("51degrees-cache-size", Anything),
    Hint::refused("51degrees-data-file", Anything),
    Hint::refused("51degrees-difference", Anything),
    Hint::refused("51degrees-drift", Anything),
    Hint::refused("51degrees-property-name-list", Anything),
    Hint::refused("51degrees-property-separator", Anything),
    Hint::refused("51degrees-use-performance-graph", Anything),
    Hint::refused("51degrees-use-predictive-graph", Anything),
    Hint::refused("deviceatlas-json-file", Anything),
    Hint::refused("deviceatlas-log-level", Anything),
    Hint::refused("deviceatlas-properties-cookie", Anything),
    Hint::refused("deviceatlas-separator", Anything),
    Hint::refused("wurfl-cache-size", Anything),
    Hint::refused("wurfl-data-file", Anything),
    Hint::refused("wurfl-information-list", Anything),
    Hint::refused("wurfl-information-list-separator", Anything),
];

/// `400-404,+500,-450`.
fn codes(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    let name = line.name();
    if line.arguments.is_empty() {
        return Err(line.error(format!("Missing status codes range for '{name}'.")));
    }
    for word in line.arguments {
        for part in word.text.split(',') {
            let bare = part.trim_start_matches(['+', '-']);
            let (low, high) = bare.split_once('-').unwrap_or((bare, bare));
            let message = match (low.parse::<u16>(), high.parse::<u16>()) {
                (Ok(low), Ok(high)) if low <= high && low >= 100 && high <= 599 => continue,
                (Ok(_), Ok(_)) => format!("Invalid status codes range '{word}' in '{name}'."),
                _ => format!(
                    "Invalid status codes range '{word}' in '{name}' at position {}. Ranges must \
                     be in the form [+-]{{low[-{{high}}]}}[,...].",
                    part.len() - bare.len()
                ),
            };
            return Err(Diagnostic::alert(word.span, message));
        }
    }
    Ok(())
}

fn variable(line: &mut Statement<'_>, what: &str) -> Result<(), Diagnostic> {
    let keyword = line.name();
    let [name, value, ..] = line.arguments else {
        return Err(line.error(format!(
            "'{keyword}' requires a process-wide variable name ('proc.<name>') and a {what}."
        )));
    };
    if !name.text.starts_with("proc.") {
        let message = format!(
            "'{keyword}': cannot set variable '{name}', only scope 'proc' is permitted in the \
             global section."
        );
        return Err(Diagnostic::alert(name.span, message));
    }
    let context = line.context(Stage::Configuration);
    let parsed = match keyword.as_str() {
        "set-var" => Expression::parse(&value.text, &context).map(|_| ()),
        _ => Format::parse(&value.text, &context).map(|_| ()),
    };
    parsed.map_err(|error| Diagnostic::alert(value.span, error))
}

fn capabilities(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    let known = "Supported ones are: cap_net_raw, cap_net_admin, cap_net_bind_service and \
                 cap_sys_admin.";
    let Some(word) = line.arguments.first() else {
        return Err(line.error(format!("'setcap' : missing capability name(s).  {known}")));
    };
    let names = ["cap_net_raw", "cap_net_admin", "cap_net_bind_service", "cap_sys_admin"];
    match word.text.split(',').find(|name| !names.contains(name)) {
        None => Ok(()),
        Some(name) => Err(Diagnostic::alert(
            word.span,
            format!("'setcap' : unsupported capability '{name}'.  {known}"),
        )),
    }
}

fn unix_bind(line: &mut Statement<'_>) -> Result<(), Diagnostic> {
    for pair in line.arguments.chunks(2) {
        let (name, value) = (&pair[0], pair.get(1));
        let message = match (name.text.as_str(), value) {
            ("prefix", None) => "unix_bind 'prefix' expects a path as an argument.".to_owned(),
            ("user", Some(value)) if user(value).is_err() => {
                format!("'unix-bind' : '{value}' unknown user.")
            }
            ("group", Some(value)) if group(value).is_err() => {
                format!("'unix-bind' : '{value}' unknown group.")
            }
            ("prefix" | "mode" | "uid" | "gid" | "user" | "group", _) => continue,
            _ => {
                "'unix-bind' only supports the 'prefix', 'mode', 'uid', 'gid', 'user' and 'group' \
                  options."
                    .to_owned()
            }
        };
        return Err(Diagnostic::alert(name.span, message));
    }
    Ok(())
}
