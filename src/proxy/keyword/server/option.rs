//! The options of `server` and `default-server` (manual, section 5.2).

use super::super::{ServerOptions, Statement, address};
use crate::proxy::keyword::address::resolve;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::suggest;
use crate::syntax::value::address::{Address, Target};
use crate::syntax::value::duration::{Unit, duration_ms};
use crate::syntax::word::Word;

/// One option.
#[derive(Debug)]
pub struct ServerOption {
    pub name: &'static str,
    /// The shape of its value; empty for none.
    pub value: &'static str,
    pub documentation: &'static str,
    set: Set,
}

/// How an option changes the settings.
#[derive(Debug)]
enum Set {
    Flag(fn(&mut ServerOptions)),
    /// The value is a time; given in milliseconds.
    Time(fn(&mut ServerOptions, u64)),
    Value(fn(&mut ServerOptions, &Word) -> Result<(), Diagnostic>),
}

/// The options that are carried out.
pub const OPTIONS: &[ServerOption] = &[
    flag("check", "The server's health is checked.", |o| o.check = true),
    flag("no-check", "The server's health is not checked.", |o| o.check = false),
    time("inter", "Time between checks.", |o, t| o.inter = Some(t)),
    time("fastinter", "Time between checks while going up or down.", |o, t| o.fastinter = Some(t)),
    time("downinter", "Time between checks while down.", |o, t| o.downinter = Some(t)),
    ServerOption {
        name: "rise",
        value: "<count>",
        documentation: "Successful checks that bring the server up.",
        set: Set::Value(|o, value| {
            o.rise = Some(at_least_one("rise", value)?);
            Ok(())
        }),
    },
    ServerOption {
        name: "fall",
        value: "<count>",
        documentation: "Failed checks that take the server down.",
        set: Set::Value(|o, value| {
            o.fall = Some(at_least_one("fall", value)?);
            Ok(())
        }),
    },
    ServerOption {
        name: "addr",
        value: "<ip>",
        documentation: "The address to check.",
        set: Set::Value(|o, value| {
            let fail = |error: String| Diagnostic::alert(value.span, format!("'addr' : {error}"));
            match Address::parse(&value.text).map_err(fail)?.target {
                Target::Inet { family, host, .. } => {
                    o.check_address = Some(resolve(&host, family).map_err(fail)?);
                    Ok(())
                }
                _ => Err(fail(format!("'{}' is not an internet address", value.text))),
            }
        }),
    },
    ServerOption {
        name: "port",
        value: "<port>",
        documentation: "The port to check.",
        set: Set::Value(|o, value| {
            let port = number(value)?;
            o.check_port =
                Some(u16::try_from(port).map_err(|_| {
                    Diagnostic::alert(value.span, format!("invalid port '{value}'"))
                })?)
                .filter(|port| *port > 0);
            Ok(())
        }),
    },
    flag("check-send-proxy", "Checks send a PROXY protocol header.", |o| {
        o.check_send_proxy = true;
    }),
    flag("no-check-send-proxy", "Checks send none.", |o| o.check_send_proxy = false),
    ServerOption {
        name: "weight",
        value: "<0-256>",
        documentation: "The server's share of the load.",
        set: Set::Value(|o, value| {
            let weight = number(value)?;
            if weight > 256 {
                return Err(Diagnostic::alert(
                    value.span,
                    format!("weight of server is not within 0 and 256 ({weight})."),
                ));
            }
            o.weight = Some(weight);
            Ok(())
        }),
    },
    flag("backup", "Used only when no other server is usable.", |o| o.backup = true),
    flag("no-backup", "An ordinary server.", |o| o.backup = false),
    ServerOption {
        name: "maxconn",
        value: "<number>",
        documentation: "Most connections at once; more wait in the queue.",
        set: Set::Value(|o, value| {
            o.maxconn = Some(number(value)?);
            Ok(())
        }),
    },
    ServerOption {
        name: "maxqueue",
        value: "<number>",
        documentation: "Most requests that wait for this server.",
        set: Set::Value(|o, value| {
            o.maxqueue = Some(number(value)?);
            Ok(())
        }),
    },
    ServerOption {
        name: "cookie",
        value: "<value>",
        documentation: "The value of the persistence cookie for this server.",
        set: Set::Value(|o, value| {
            o.cookie = Some(value.text.clone());
            Ok(())
        }),
    },
    flag("disabled", "The server begins in maintenance.", |o| o.disabled = true),
    flag("enabled", "The server begins in use.", |o| o.disabled = false),
    flag("send-proxy", "Connections begin with a PROXY protocol header.", |o| o.send_proxy = 1),
    flag("no-send-proxy", "They do not.", |o| o.send_proxy = 0),
    flag("send-proxy-v2", "As send-proxy, in the binary form.", |o| o.send_proxy = 2),
    flag("no-send-proxy-v2", "They do not.", |o| o.send_proxy = 0),
    ServerOption {
        name: "id",
        value: "<number>",
        documentation: "The number of the server in the statistics.",
        set: Set::Value(|o, value| {
            o.id = Some(number(value)?);
            if o.id == Some(0) {
                return Err(Diagnostic::alert(value.span, "'id' : custom id has to be > 0."));
            }
            Ok(())
        }),
    },
    ServerOption {
        name: "pool-max-conn",
        value: "<number>",
        documentation: "Most idle connections kept for this server; -1 is no limit.",
        set: Set::Value(|o, value| {
            o.pool_max_conn = match value.text.as_str() {
                "-1" => None,
                _ => Some(number(value)? as usize),
            };
            Ok(())
        }),
    },
    time("pool-purge-delay", "How long an idle connection is kept.", |o, t| {
        o.pool_purge_delay = Some(t);
    }),
    ServerOption {
        name: "source",
        value: "<ip>[:<port>]",
        documentation: "The address to connect from.",
        set: Set::Value(|o, value| {
            let fail = |error: String| Diagnostic::alert(value.span, format!("'source' : {error}"));
            o.source = Some(address::source(&value.text).map_err(fail)?);
            Ok(())
        }),
    },
];

/// Options that only tune, accepted with a warning, and the number of their values.
const NO_EFFECT: &[(&str, usize)] = &[
    ("init-addr", 1),
    ("init-state", 1),
    ("log-bufsize", 1),
    ("pool-low-conn", 1),
    ("resolve-opts", 1),
    ("resolve-prefer", 1),
    ("slowstart", 1),
    ("tfo", 0),
    ("no-tfo", 0),
];

/// Options that ask for what is the case anyway.
const REDUNDANT: &[&str] = &[
    "no-ssl",
    "no-check-ssl",
    "no-verifyhost",
    "no-sslv3",
    "no-tlsv10",
    "no-tlsv11",
    "no-tlsv12",
    "no-tlsv13",
    "no-send-proxy-v2-ssl",
    "no-send-proxy-v2-ssl-cn",
    "no-agent-check",
    "stick",
];

/// Options of HAProxy that would change what happens.
const UNSUPPORTED: &[&str] = &[
    "agent-addr",
    "agent-check",
    "agent-inter",
    "agent-port",
    "agent-send",
    "allow-0rtt",
    "alpn",
    "ca-file",
    "cc",
    "check-alpn",
    "check-pool-conn-name",
    "check-proto",
    "check-reuse-pool",
    "check-sni",
    "check-sni-auto",
    "check-ssl",
    "check-via-socks4",
    "ciphers",
    "ciphersuites",
    "client-sigalgs",
    "crl-file",
    "crt",
    "curves",
    "error-limit",
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "guid",
    "hash-key",
    "healthcheck",
    "idle-ping",
    "ktls",
    "log-proto",
    "max-reuse",
    "minconn",
    "namespace",
    "no-check-reuse-pool",
    "no-check-sni-auto",
    "no-ktls",
    "no-renegotiate",
    "no-sni-auto",
    "no-ssl-reuse",
    "no-stick",
    "no-tls-tickets",
    "non-stick",
    "npn",
    "observe",
    "on-error",
    "on-marked-down",
    "on-marked-up",
    "pool-conn-name",
    "proto",
    "proxy-v2-options",
    "redir",
    "renegotiate",
    "resolve-net",
    "resolvers",
    "send-proxy-v2-ssl",
    "send-proxy-v2-ssl-cn",
    "set-proxy-v2-tlv-fmt",
    "shard",
    "sigalgs",
    "sni",
    "sni-auto",
    "socks4",
    "ssl",
    "ssl-max-ver",
    "ssl-min-ver",
    "ssl-reuse",
    "strict-maxconn",
    "tcp-md5sig",
    "tcp-ut",
    "tls-tickets",
    "track",
    "usesrc",
    "verify",
    "verifyhost",
    "ws",
];

/// What HAProxy says where a value is none of those that there are.
const CHOICES: &[(&str, &[&str], &str)] = &[
    (
        "hash-key",
        &["id", "id32", "guid", "addr", "addr-port"],
        "'hash-key' has to be 'id', 'id32', 'guid', 'addr', or 'addr-port'.",
    ),
    (
        "log-proto",
        &["legacy", "octet-count"],
        "'log-proto' expects one of 'legacy' or 'octet-count' but got '{}'.",
    ),
    (
        "on-error",
        &["fastinter", "fail-check", "sudden-death", "mark-down"],
        "'on-error' expects one of 'fastinter', 'fail-check', 'sudden-death' or 'mark-down' but \
         got '{}'.",
    ),
    (
        "on-marked-down",
        &["shutdown-sessions"],
        "'on-marked-down' expects 'shutdown-sessions' but got '{}'.",
    ),
    (
        "on-marked-up",
        &["shutdown-backup-sessions"],
        "'on-marked-up' expects 'shutdown-backup-sessions' but got '{}'.",
    ),
    ("ws", &["auto", "h1", "h2"], "'ws' has to be 'auto', 'h1' or 'h2'."),
];

/// What HAProxy says where the value is missing.
const MISSING: &[(&str, &str)] = &[
    ("agent-addr", "'agent-addr' expects an address as argument.."),
    ("agent-inter", "'agent-inter' expects a delay as argument.."),
    ("agent-port", "'agent-port' expects a port number as argument.."),
    ("agent-send", "'agent-send' expects a string as argument.."),
    ("alpn", "'alpn' : missing the comma-delimited ALPN protocol suite."),
    ("ca-file", "'ca-file' : missing CAfile path."),
    ("cc", "'cc' : missing TCP congestion control algorithm."),
    ("check-alpn", "'check-alpn' : missing the comma-delimited ALPN protocol suite."),
    ("check-pool-conn-name", "'check-pool-conn-name' : missing value."),
    ("check-proto", "'check-proto' : missing value."),
    ("check-sni", "'check-sni' : missing SNI."),
    ("ciphers", "'ciphers' : missing cipher suite."),
    ("ciphersuites", "'ciphersuites' : missing cipher suite."),
    ("client-sigalgs", "'client-sigalgs' : missing signature algorithm list."),
    ("crl-file", "'crl-file' : missing CRLfile path."),
    ("crt", "'crt' : missing certificate file path."),
    ("curves", "'curves' : missing curves list."),
    ("error-limit", "'error-limit' expects an integer argument.."),
    ("guid", "'guid' : expects an argument."),
    ("healthcheck", "'healthcheck' expects a healthcheck name as argument.."),
    ("idle-ping", "'idle-ping' expects an argument.."),
    ("max-reuse", "'max-reuse' expects <value> as argument.."),
    ("namespace", "'namespace' : expects <name> as argument."),
    ("npn", "'npn' : missing the comma-delimited NPN protocol suite."),
    ("observe", "'observe' expects <mode> as argument.."),
    ("pool-conn-name", "'pool-conn-name' expects <value> as argument."),
    ("proto", "'proto' : missing value."),
    ("redir", "'redir' expects <prefix> as argument.."),
    ("resolve-net", "'resolve-net' expects a list of networks.."),
    ("sigalgs", "'sigalgs' : missing signature algorithm list."),
    ("sni", "'sni' : missing sni expression."),
    ("socks4", "'socks4' expects <addr>:<port> as argument.."),
    ("ssl-max-ver", "'ssl-max-ver' : missing the ssl/tls version."),
    ("ssl-min-ver", "'ssl-min-ver' : missing the ssl/tls version."),
    ("tcp-md5sig", "'tcp-md5sig' : missing TCP MD5 signature password."),
    ("tcp-ut", "'tcp-ut' : missing TCP User Timeout value."),
    ("track", "'track' expects [<proxy>/]<server> as argument.."),
    ("verify", "'verify' : missing verify method."),
    ("verifyhost", "'verifyhost' : missing hostname to verify against."),
];

/// Reads options into `options`.
pub(super) fn parse(
    line: &mut Statement<'_>,
    words: &[Word],
    options: &mut ServerOptions,
) -> Result<(), Diagnostic> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if let Some(option) = OPTIONS.iter().find(|option| option.name == word.text) {
            match option.set {
                Set::Flag(set) => set(options),
                Set::Time(set) => set(options, duration(value_of(word, words.next())?)?),
                Set::Value(set) => set(options, value_of(word, words.next())?)?,
            }
        } else if let Some((_, values)) = NO_EFFECT.iter().find(|(name, _)| *name == word.text) {
            for _ in 0..*values {
                value_of(word, words.next())?;
            }
            line.no_effect(word, "");
        } else if !REDUNDANT.contains(&word.text.as_str()) {
            wrong_value(word, words.next())?;
            return Err(unknown(word));
        }
    }
    Ok(())
}

/// The value of an option that is refused is judged first, as HAProxy does.
fn wrong_value(option: &Word, value: Option<&Word>) -> Result<(), Diagnostic> {
    let name = option.text.as_str();
    let text = value.map_or("", |value| value.text.as_str());
    let fail = |message: String| {
        Err(Diagnostic::alert(value.map_or(option.span, |value| value.span), message))
    };
    if let Some((_, choices, sentence)) = CHOICES.iter().find(|(known, ..)| *known == name)
        && !choices.contains(&text)
    {
        return fail(sentence.replace("{}", text));
    }
    match MISSING.iter().find(|(known, _)| *known == name) {
        Some((_, sentence)) if value.is_none() => fail((*sentence).to_owned()),
        _ => Ok(()),
    }
}

fn unknown(word: &Word) -> Diagnostic {
    if UNSUPPORTED.contains(&word.text.as_str()) {
        return Diagnostic::alert(
            word.span,
            format!("option '{word}' is not supported by evenkeel yet"),
        );
    }
    let error = Diagnostic::alert(word.span, format!("unknown keyword '{word}'"));
    let known = OPTIONS.iter().map(|option| option.name);
    match suggest::nearest(&word.text, known.chain(UNSUPPORTED.iter().copied())) {
        Some(near) => error.hint(format!("did you mean '{near}'?")),
        None => error,
    }
}

const fn flag(
    name: &'static str,
    documentation: &'static str,
    set: fn(&mut ServerOptions),
) -> ServerOption {
    ServerOption { name, value: "", documentation, set: Set::Flag(set) }
}

const fn time(
    name: &'static str,
    documentation: &'static str,
    set: fn(&mut ServerOptions, u64),
) -> ServerOption {
    ServerOption { name, value: "<time>", documentation, set: Set::Time(set) }
}

fn value_of<'w>(option: &Word, value: Option<&'w Word>) -> Result<&'w Word, Diagnostic> {
    value.ok_or_else(|| {
        Diagnostic::alert(option.span, format!("'{}' expects an argument.", option.text))
    })
}

fn duration(word: &Word) -> Result<u64, Diagnostic> {
    duration_ms(&word.text, Unit::Millisecond).map_err(|error| Diagnostic::alert(word.span, error))
}

fn number(word: &Word) -> Result<u32, Diagnostic> {
    word.text.parse().map_err(|_| {
        Diagnostic::alert(word.span, format!("'{}' is not a positive number", word.text))
    })
}

fn at_least_one(option: &str, word: &Word) -> Result<i32, Diagnostic> {
    word.text
        .parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| Diagnostic::alert(word.span, format!("'{option}' has to be > 0.")))
}
