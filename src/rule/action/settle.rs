//! What a rule settles for the rest of the stream without touching its messages' fields: how it
//! is logged, how long it may take, whether it ends here.

use super::{Action, Keyword, Stage, exactly};
use crate::exchange::{Side, Stream};
use crate::rule::{Flow, Verdict, Wait};
use crate::sample::{Context, Expression, Value};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::text;
use crate::syntax::value::duration::{Unit, duration_ms};
use crate::syntax::word::Word;

const HTTP: &[Stage] = &[Stage::HttpRequest, Stage::HttpResponse];

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "reject",
        stages: &[
            Stage::TcpRequestConnection,
            Stage::TcpRequestSession,
            Stage::TcpRequestContent,
            Stage::TcpResponseContent,
            Stage::HttpRequest,
        ],
        documentation: "Closes the connection without an answer.",
        example: "reject",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(End(|| Verdict::Reject)))
        },
    },
    Keyword {
        name: "accept",
        stages: &[
            Stage::TcpRequestConnection,
            Stage::TcpRequestSession,
            Stage::TcpRequestContent,
            Stage::TcpResponseContent,
        ],
        documentation: "Stops the evaluation of the rules and lets the connection pass.",
        example: "accept",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(End(|| Verdict::Pass)))
        },
    },
    Keyword {
        name: "close",
        stages: &[Stage::TcpResponseContent],
        documentation: "Closes the connection to the server.",
        example: "close",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(End(|| Verdict::Reject)))
        },
    },
    Keyword {
        name: "silent-drop",
        stages: &[
            Stage::TcpRequestConnection,
            Stage::TcpRequestSession,
            Stage::TcpRequestContent,
            Stage::TcpResponseContent,
            Stage::HttpRequest,
            Stage::HttpResponse,
        ],
        documentation: "Forgets the connection without telling the client.",
        example: "silent-drop",
        parse: |name, words, _| {
            if let Some(word) = words.first()
                && word.text == "rst-ttl"
            {
                return Err(Diagnostic::alert(
                    word.span,
                    "'rst-ttl' is not supported by evenkeel yet",
                ));
            }
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(End(|| Verdict::Drop)))
        },
    },
    Keyword {
        name: "pause",
        stages: HTTP,
        documentation: "Waits before the next rule.",
        example: "pause 100ms",
        parse: |name, words, context| {
            let [time] = exactly(name, words, "a time or an expression")?;
            Ok(Box::new(Pause(Amount::parse(time, context)?)))
        },
    },
    Keyword {
        name: "set-timeout",
        stages: HTTP,
        documentation: "Replaces 'timeout client', 'timeout server' or 'timeout tunnel'.",
        example: "set-timeout server 5s",
        parse: |name, words, context| {
            let [which, time] =
                exactly(name, words, "a timeout's name, and a time or an expression")?;
            let side = match which.text.as_str() {
                "client" => Side::Client,
                "server" => Side::Server,
                "tunnel" => Side::Tunnel,
                "connect" | "queue" | "tarpit" => {
                    return Err(Diagnostic::alert(
                        which.span,
                        format!("'set-timeout {which}' is not supported by evenkeel yet"),
                    ));
                }
                _ => {
                    return Err(Diagnostic::alert(
                        which.span,
                        format!(
                            "'set-timeout' rule supports \
                             'client'/'connect'/'queue'/'server'/'tarpit'/'tunnel' (got '{which}')."
                        ),
                    ));
                }
            };
            Ok(Box::new(SetTimeout(side, Amount::parse(time, context)?)))
        },
    },
    Keyword {
        name: "set-log-level",
        stages: &[
            Stage::TcpRequestContent,
            Stage::TcpResponseContent,
            Stage::HttpRequest,
            Stage::HttpResponse,
            Stage::HttpAfterResponse,
        ],
        documentation: "Logs the stream at another level, or not at all.",
        example: "set-log-level silent",
        parse: |name, words, _| {
            let [level] = exactly(name, words, "a log level or 'silent'")?;
            let number = LEVELS.iter().position(|known| *known == level.text);
            let number = number.ok_or_else(|| {
                Diagnostic::alert(
                    level.span,
                    "expects exactly 1 argument (log level name or 'silent').",
                )
            })?;
            Ok(Box::new(SetLogLevel(number as u8)))
        },
    },
    Keyword {
        name: "set-status",
        stages: &[Stage::HttpResponse, Stage::HttpAfterResponse],
        documentation: "Replaces the status of the response, and its reason.",
        example: "set-status 503 reason \"Slow down\"",
        parse: |name, words, _| {
            let (status, reason) = match words {
                [status] => (status, None),
                [status, keyword, reason] if keyword.text == "reason" => (status, Some(reason)),
                _ => {
                    return Err(Diagnostic::alert(
                        name.span,
                        "expects 1 argument: <status>; or 3 arguments: <status> reason <fmt>.",
                    ));
                }
            };
            let code = status.text.parse().ok().filter(|code| (100..1000).contains(code));
            let code = code.ok_or_else(|| {
                Diagnostic::alert(
                    status.span,
                    "expects an integer status code between 100 and 999.",
                )
            })?;
            Ok(Box::new(SetStatus(code, reason.map(|word| word.text.clone()))))
        },
    },
    Keyword {
        name: "strict-mode",
        stages: &[Stage::HttpRequest, Stage::HttpResponse, Stage::HttpAfterResponse],
        documentation: "Whether rewriting that fails is an error; rewriting never fails here.",
        example: "strict-mode on",
        parse: |name, words, _| {
            let [mode] = exactly(name, words, "a strictness mode")?;
            match mode.text.as_str() {
                "on" | "off" => Ok(Box::new(Nothing)),
                other => Err(Diagnostic::alert(
                    mode.span,
                    format!("Unexpected value '{other}'. Only 'on' and 'off' are supported"),
                )),
            }
        },
    },
    Keyword {
        name: "wait-for-handshake",
        stages: &[Stage::HttpRequest],
        documentation: "Waits for the end of a TLS handshake; without TLS there is none.",
        example: "wait-for-handshake",
        parse: |name, words, _| {
            let [] = exactly(name, words, "no argument")?;
            Ok(Box::new(Nothing))
        },
    },
];

/// A time that is written, or what an expression gives as milliseconds.
#[derive(Debug)]
enum Amount {
    Constant(u64),
    Expression(Expression),
}

impl Amount {
    fn parse(word: &Word, context: &Context<'_>) -> Result<Self, Diagnostic> {
        if word.text.starts_with(|c: char| c.is_ascii_digit()) {
            return duration_ms(&word.text, Unit::Millisecond)
                .map(Self::Constant)
                .map_err(|error| Diagnostic::alert(word.span, error));
        }
        Expression::parse(&word.text, context)
            .map(Self::Expression)
            .map_err(|error| Diagnostic::alert(word.span, error))
    }

    fn get(&self, stream: &Stream<'_>) -> Option<u64> {
        match self {
            Self::Constant(ms) => Some(*ms),
            Self::Expression(expression) => {
                let value = expression.evaluate(stream).as_ref().and_then(Value::as_int)?;
                u64::try_from(value).ok()
            }
        }
    }
}

#[derive(Debug)]
struct End(fn() -> Verdict);

impl Action for End {
    fn run(&self, _: &mut Stream<'_>) -> Flow {
        Flow::Stop((self.0)())
    }
}

#[derive(Debug)]
struct Pause(Amount);

impl Action for Pause {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        self.0.get(stream).map_or(Flow::Next, |ms| Flow::Wait(Wait::Pause(ms)))
    }
}

#[derive(Debug)]
struct SetTimeout(Side, Amount);

impl Action for SetTimeout {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        // HAProxy ignores what is no time, 0 included.
        if let Some(ms) = self.1.get(stream).filter(|ms| *ms > 0) {
            stream.timeouts.set(self.0, ms);
        }
        Flow::Next
    }
}

#[derive(Debug)]
struct SetLogLevel(u8);

impl Action for SetLogLevel {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        stream.outcome.log_level = Some(self.0);
        Flow::Next
    }
}

#[derive(Debug)]
struct SetStatus(u16, Option<String>);

impl Action for SetStatus {
    fn run(&self, stream: &mut Stream<'_>) -> Flow {
        let reason = self.1.as_deref().unwrap_or_else(|| crate::http::status::reason(self.0));
        stream.response.set_status(self.0, &text::bytes(reason));
        Flow::Next
    }
}

/// What has nothing to do here.
#[derive(Debug)]
struct Nothing;

impl Action for Nothing {
    fn run(&self, _: &mut Stream<'_>) -> Flow {
        Flow::Next
    }
}

/// Levels by number (RFC 5424), and what is not logged.
const LEVELS: &[&str] =
    &["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "silent"];
