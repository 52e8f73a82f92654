//! What HAProxy 3.4 knows in proxy sections and this proxy does not yet (manual, section 4.1). A
//! line is judged like HAProxy does, by its section, its prefix and whether its argument is there;
//! then it is refused.

use super::{Keyword, Sections, Statement};
use crate::syntax::diagnostic::Diagnostic;

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        no_prefix: false,
        arguments: "{ algo | type | direction | offload | minsize-req | minsize-res } …",
        documentation: "Compresses bodies.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some(
                    "'compression' expects 'algo', 'type', 'direction', 'offload', 'minsize-req' or 'minsize-res'.",
                ),
            ))
        },
        ..keyword("compression", Sections::ALL)
    },
    Keyword {
        no_prefix: false,
        arguments: "<address>:<port>",
        documentation: "The only address to send to.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("dispatch", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ from | to | level | mailers | myhostname } <value>",
        documentation: "Mails about servers that go up or down.",
        parse: |line, _| Err(refuse(line, Some("missing argument after 'email-alert'."))),
        ..keyword("email-alert", Sections::ALL)
    },
    Keyword {
        no_prefix: false,
        arguments: "<format>",
        documentation: "The log line of connections that fail early.",
        parse: |line, _| Err(refuse(line, Some("error-log-format expects an argument."))),
        ..keyword("error-log-format", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ command | path | preserve-env } <value>",
        documentation: "The program that `option external-check` runs.",
        parse: |line, _| Err(refuse(line, Some("missing argument after 'external-check'."))),
        ..keyword("external-check", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<name> …",
        documentation: "A filter that sees all data.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("filter", Sections::OWN)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ request | response } <filter>[,<filter>]*",
        documentation: "The order of filters.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("filter-sequence", Sections::OWN)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ if | unless } <condition>",
        documentation: "Lets requests choose a disabled backend.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some("'force-be-switch' requires either 'if' or 'unless' followed by a condition."),
            ))
        },
        ..keyword("force-be-switch", Sections::OWN_FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ if | unless } <condition>",
        documentation: "Persistence to servers that are down.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some("'force-persist' requires either 'if' or 'unless' followed by a condition."),
            ))
        },
        ..keyword("force-persist", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<percentage>",
        documentation: "How much more than the average a hashed server may get.",
        parse: |line, _| {
            Err(refuse(line, Some("'hash-balance-factor' expects an integer argument.")))
        },
        ..keyword("hash-balance-factor", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ always | maxconn | maxqueue }",
        documentation: "When a hashed server is kept though it is full.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some(
                    "'hash-preserve-affinity' needs a keyword to specify when to preserve hash affinity",
                ),
            ))
        },
        ..keyword("hash-preserve-affinity", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "[<name>]",
        documentation: "A field that tells the server's name to it.",
        parse: |line, _| {
            Err(refuse(line, Some("'http-send-name-header' requires a header string.")))
        },
        ..keyword("http-send-name-header", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ if | unless } <condition>",
        documentation: "Requests without persistence.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some("'ignore-persist' requires either 'if' or 'unless' followed by a condition."),
            ))
        },
        ..keyword("ignore-persist", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ global | local | none }",
        documentation: "Takes over the state of servers from a file.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some("'load-server-state-from-file' expects 'global', 'local' or 'none'. Got ''"),
            ))
        },
        ..keyword("load-server-state-from-file", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<format>",
        documentation: "The structured data of RFC 5424 log lines.",
        parse: |line, _| Err(refuse(line, Some("log-format-sd expects an argument."))),
        ..keyword("log-format-sd", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "<step>[,<step>]*",
        documentation: "The steps at which a line is logged.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("log-steps", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "fail { if | unless } <condition>",
        documentation: "When `monitor-uri` answers that the service is down.",
        parse: |line, _| Err(refuse(line, Some("'monitor' only supports 'fail'."))),
        ..keyword("monitor", Sections::OWN_FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "rdp-cookie[(<name>)]",
        documentation: "Persistence by the cookie of RDP.",
        parse: |line, _| Err(refuse(line, Some("missing persist method."))),
        ..keyword("persist", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<action> [{ if | unless } <condition>]",
        documentation: "Rules of QUIC connections.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("quic-initial", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "sessions <rate>",
        documentation: "The most new sessions a second.",
        parse: |line, _| Err(refuse(line, Some("'rate-limit' only supports 'sessions' (got '')"))),
        ..keyword("rate-limit", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "<event>*",
        documentation: "After which failures a request is tried again.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some("'retry-on' needs at least one keyword to specify when to retry"),
            ))
        },
        ..keyword("retry-on", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "[{ use-backend-name | <file> }]",
        documentation: "The file of `load-server-state-from-file local`.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("server-state-file-name", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<prefix> <number | range> <address>[:<port>] [<option>]*",
        documentation: "Servers that differ in their number only.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some(
                    "'server-template' expects <prefix> <nb | range> <addr>[:<port>] as arguments.",
                ),
            ))
        },
        ..keyword("server-template", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<option>*",
        documentation: "Certificates of the section's `bind` lines.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("ssl-f-use", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Connects to the address that the client asked for.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("transparent", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<format>",
        documentation: "The unique identifier of a request.",
        parse: |line, _| Err(refuse(line, Some("unique-id-format expects an argument."))),
        ..keyword("unique-id-format", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "<name>",
        documentation: "The field that tells the unique identifier to the server.",
        parse: |line, _| Err(refuse(line, Some("unique-id-header expects an argument."))),
        ..keyword("unique-id-header", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "<name>",
        documentation: "The FastCGI application of the section.",
        parse: |line, _| Err(refuse(line, Some("'use-fcgi-app' expects <name> as argument"))),
        ..keyword("use-fcgi-app", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<server> { if | unless } <condition>",
        documentation: "The server of some requests.",
        parse: |line, _| Err(refuse(line, Some("'use-server' expects a server name."))),
        ..keyword("use-server", Sections::OWN_BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "{ connect | send | expect | … } …",
        documentation: "The steps of `option tcp-check`.",
        parse: |line, _| {
            Err(refuse(
                line,
                Some(
                    "'tcp-check' only supports 'comment', 'connect', 'send', 'send-binary', 'expect', 'set-var-fmt(*)', 'set-var(*)', 'unset-var(*)'. but got ''",
                ),
            ))
        },
        ..keyword("tcp-check", Sections::BACK)
    },
];

pub(super) const OPTIONS: &[Keyword] = &[
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Lets requests through that break the rules of HTTP.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option accept-unsafe-violations-in-http-request", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Old name of 'option accept-unsafe-violations-in-http-request'.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option accept-invalid-http-request", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Old name of 'option accept-unsafe-violations-in-http-response'.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option accept-invalid-http-response", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "<key>",
        documentation: "The key of dynamic cookies.",
        parse: |line, _| Err(refuse(line, Some("'dynamic-cookie-key' expects a key as argument."))),
        ..keyword("dynamic-cookie-key", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Lets responses through that break the rules of HTTP.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option accept-unsafe-violations-in-http-response", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "How log messages on a stream are told apart.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option assume-rfc6587-ntf", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Blocks responses with cookies that may be cached.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option checkcache", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Relays log messages as they are.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option dont-parse-log", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "",
        documentation: "Servers are checked by a program.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option external-check", Sections::ALL)
    },
    Keyword {
        no_prefix: true,
        arguments: "…",
        documentation: "Adds the `Forwarded` field of RFC 7239.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option forwarded", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Adjusts the case of field names in responses.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option h1-case-adjust-bogus-client", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Adjusts the case of field names in requests.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option h1-case-adjust-bogus-server", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Waits for the body before rules are evaluated.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option http-buffer-request", Sections::ALL)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Removes the trailers of requests.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option http-drop-request-trailers", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Removes the trailers of responses.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option http-drop-response-trailers", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Looks at `Proxy-Connection` in the place of `Connection`.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option http-use-proxy-header", Sections::FRONT)
    },
    Keyword {
        no_prefix: true,
        arguments: "[clf]",
        documentation: "Log lines with facts of TLS.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option httpslog", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "",
        documentation: "Servers are checked by LDAPv3.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option ldap-check", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Logs before the end.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option logasap", Sections::FRONT)
    },
    Keyword {
        no_prefix: false,
        arguments: "[user <name> [{ pre-41 | post-41 }]]",
        documentation: "Servers are checked by the protocol of MySQL.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option mysql-check", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "[except <network>] [header <name>]",
        documentation: "Adds the address that the client asked for.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option originalto", Sections::ALL)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Sends to servers that are down where persistence asks for it.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option persist", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "user <name>",
        documentation: "Servers are checked by the protocol of PostgreSQL.",
        parse: |line, _| {
            Err(refuse(line, Some("'option pgsql-check' expects 'user <username>' as argument.")))
        },
        ..keyword("option pgsql-check", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "",
        documentation: "Servers are checked by the protocol of Redis.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option redis-check", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "[<hello> <domain>]",
        documentation: "Servers are checked by SMTP.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option smtpchk", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "",
        documentation: "Servers are checked by SPOP.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option spop-check", Sections::BACK)
    },
    Keyword {
        no_prefix: false,
        arguments: "",
        documentation: "Servers are checked by a hello of SSLv3.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option ssl-hello-chk", Sections::BACK)
    },
    Keyword {
        no_prefix: true,
        arguments: "",
        documentation: "Connects to the address that the client asked for.",
        parse: |line, _| Err(refuse(line, None)),
        ..keyword("option transparent", Sections::BACK)
    },
];

/// An entry without its text. There is no example: none would load.
const fn keyword(name: &'static str, sections: Sections) -> Keyword {
    Keyword {
        name,
        sections,
        no_prefix: false,
        arguments: "",
        documentation: "",
        example: "",
        parse: |line, _| Err(refuse(line, None)),
    }
}

/// HAProxy's sentence where the first argument is missing, or else that the keyword is not there.
fn refuse(line: &Statement<'_>, missing: Option<&str>) -> Diagnostic {
    match missing {
        Some(sentence) if line.arguments.is_empty() => line.error(sentence),
        _ => line.error(format!("'{}' is not supported by evenkeel yet", line.name())),
    }
}
