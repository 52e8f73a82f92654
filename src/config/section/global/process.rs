//! The process: threads, limits, how it starts and ends.

use super::Keyword;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::value::duration::{Unit, duration_ms};

pub(super) const KEYWORDS: &[Keyword] = &[
    Keyword {
        name: "maxconn",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Most client connections at once.",
        example: "maxconn 20000",
        parse: |line, global| {
            let word = line.only("an integer argument.")?;
            global.maxconn = word.text.parse().map_err(|_| {
                Diagnostic::alert(
                    word.span,
                    format!("cannot parse 'maxconn' value '{word}', an integer is expected."),
                )
            })?;
            Ok(())
        },
    },
    Keyword {
        name: "nbthread",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Number of worker threads.",
        example: "nbthread 2",
        parse: |line, global| {
            let Some(word) = line.arguments.first() else {
                return Err(
                    line.error("'nbthread' passed a missing or unparsable integer value in ''")
                );
            };
            line.at_most(1)?;
            let threads = word.text.parse().ok().filter(|n| (1..=MAX_THREADS).contains(n));
            global.threads = threads.ok_or_else(|| {
                Diagnostic::alert(
                    word.span,
                    format!("'nbthread' value must be between 1 and {MAX_THREADS} (was {word})"),
                )
            })?;
            Ok(())
        },
    },
    Keyword {
        name: "nbproc",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Refused: processes gave way to threads.",
        example: "",
        parse: |line, _| {
            Err(line.error(
                "nbproc is not supported any more since HAProxy 2.5. Threads will automatically \
                 be used on multi-processor machines if available.",
            ))
        },
    },
    Keyword {
        name: "daemon",
        no_prefix: false,
        arguments: "",
        documentation: "Works in the background.",
        example: "daemon",
        parse: |line, global| {
            line.at_most(0)?;
            global.daemon = true;
            Ok(())
        },
    },
    Keyword {
        name: "master-worker",
        no_prefix: false,
        arguments: "[no-exit-on-failure]",
        documentation: "A master process starts and watches the working one.",
        example: "master-worker",
        parse: |line, global| {
            line.at_most(1)?;
            if let Some(word) = line.arguments.first() {
                if word.text != "no-exit-on-failure" {
                    return Err(Diagnostic::alert(
                        word.span,
                        "'master-worker' only supports 'no-exit-on-failure' option",
                    ));
                }
                global.no_exit_on_failure = true;
            }
            global.master_worker = true;
            Ok(())
        },
    },
    Keyword {
        name: "mworker-max-reloads",
        no_prefix: false,
        arguments: "<number>",
        documentation: "A former worker is terminated when it has seen more reloads than this.",
        example: "mworker-max-reloads 10",
        parse: |line, global| {
            let word = line.only("an integer argument.")?;
            let number = u32::try_from(line.integer(word)).map_err(|_| {
                let text = "'mworker-max-reloads' expects a positive value or zero.";
                Diagnostic::alert(word.span, text)
            })?;
            global.most_reloads = Some(number);
            Ok(())
        },
    },
    Keyword {
        name: "pidfile",
        no_prefix: false,
        arguments: "<file>",
        documentation: "Where the process number is written.",
        example: "pidfile /run/evenkeel.pid",
        parse: |line, global| {
            global.pid_file = Some(line.only("a file name as an argument.")?.text.clone().into());
            Ok(())
        },
    },
    Keyword {
        name: "ulimit-n",
        no_prefix: false,
        arguments: "<number>",
        documentation: "The most file descriptors of the process.",
        example: "ulimit-n 65536",
        parse: |line, global| {
            let word = line.only("an integer argument.")?;
            global.ulimit_n = u64::try_from(line.integer(word)).ok().filter(|limit| *limit > 0);
            Ok(())
        },
    },
    Keyword {
        name: "hard-stop-after",
        no_prefix: false,
        arguments: "<time>",
        documentation: "How long a soft stop may last.",
        example: "hard-stop-after 30s",
        parse: |line, global| {
            let word = line.only("<time> as argument.")?;
            let time = duration_ms(&word.text, Unit::Millisecond)
                .map_err(|error| Diagnostic::alert(word.span, error))?;
            global.hard_stop_after = Some(time);
            Ok(())
        },
    },
    Keyword {
        name: "node",
        no_prefix: false,
        arguments: "<name>",
        documentation: "The name of this node in statistics.",
        example: "node left",
        parse: |line, global| {
            let valid = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
            let name = line.arguments.first().filter(|name| name.text.chars().all(valid));
            let name = name.ok_or_else(|| {
                line.error(
                    "'node' requires valid node name - non-empty string with digits(0-9), \
                     letters(A-Z, a-z), dot(.), hyphen(-) or underscode(_).",
                )
            })?;
            global.node = Some(name.text.clone());
            Ok(())
        },
    },
    Keyword {
        name: "description",
        no_prefix: false,
        arguments: "<text>",
        documentation: "A text for the statistics page.",
        example: "description the balancer of the shop",
        parse: |line, global| {
            line.first("a string argument.")?;
            let words: Vec<&str> = line.arguments.iter().map(|word| word.text.as_str()).collect();
            global.description = Some(words.join(" "));
            Ok(())
        },
    },
    Keyword {
        name: "spread-checks",
        no_prefix: false,
        arguments: "<0..50, percent>",
        documentation: "Varies the time between checks by this much.",
        example: "spread-checks 5",
        parse: |line, global| {
            let word = line.only("an integer argument.")?;
            let percent = u32::try_from(line.integer(word)).ok().filter(|n| *n <= 50);
            global.spread_checks = percent.ok_or_else(|| {
                Diagnostic::alert(
                    word.span,
                    "'spread-checks' needs a positive value in range 0..50.",
                )
            })?;
            Ok(())
        },
    },
    Keyword {
        name: "zero-warning",
        no_prefix: false,
        arguments: "",
        documentation: "A warning keeps the process from starting.",
        example: "zero-warning",
        parse: |line, global| {
            line.at_most(0)?;
            global.zero_warning = true;
            Ok(())
        },
    },
    Keyword {
        name: "quiet",
        no_prefix: false,
        arguments: "",
        documentation: "Says nothing while starting.",
        example: "quiet",
        parse: |line, global| {
            line.at_most(0)?;
            global.quiet = true;
            Ok(())
        },
    },
    Keyword {
        name: "expose-experimental-directives",
        no_prefix: false,
        arguments: "",
        documentation: "Allows keywords that HAProxy calls experimental in the lines below.",
        example: "expose-experimental-directives",
        parse: |line, global| {
            line.at_most(0)?;
            global.experimental = true;
            line.loading.allow_experimental();
            Ok(())
        },
    },
    Keyword {
        name: "tune.stick-counters",
        no_prefix: false,
        arguments: "<number>",
        documentation: "Slots for keys that are tracked at once, for the sections below; 3 by itself.",
        example: "tune.stick-counters 6",
        parse: |line, _| {
            let Some(word) = line.arguments.first() else { return Ok(()) };
            let count: usize = word.text.parse().map_err(|_| {
                line.error(format!("tune.stick-counters: '{word}' is an invalid number"))
            })?;
            if count > 100 {
                return Err(line.error(format!(
                    "tune.stick-counters: the number of stick-counters must be between 1 and 100 \
                     (was {count})"
                )));
            }
            line.loading.set_stick_counters(count);
            Ok(())
        },
    },
    Keyword {
        name: "thread-hard-limit",
        no_prefix: false,
        arguments: "<number>",
        documentation: "The most worker threads, whatever 'nbthread' or the machine says.",
        example: "thread-hard-limit 4",
        parse: |line, global| {
            line.at_most(1)?;
            let word = line.arguments.first();
            let text = word.map_or("", |word| word.text.as_str());
            let limit: i64 = text.parse().map_err(|_| {
                line.error(format!(
                    "'thread-hard-limit' passed a missing or unparsable integer value in '{text}'"
                ))
            })?;
            let limit =
                usize::try_from(limit).ok().filter(|limit| (1..=MAX_THREADS).contains(limit));
            global.thread_limit = Some(limit.ok_or_else(|| {
                line.error(format!("'thread-hard-limit' value must be at least 1 (was {text})"))
            })?);
            Ok(())
        },
    },
    environment("setenv", "<name> <value>", "setenv STAGE test"),
    environment("presetenv", "<name> <value>", "presetenv STAGE test"),
    environment("unsetenv", "[<name> …]", "unsetenv STAGE"),
    environment("resetenv", "[<name> …]", "resetenv STAGE"),
];

/// Carried out while the document was read.
const fn environment(
    name: &'static str,
    arguments: &'static str,
    example: &'static str,
) -> Keyword {
    Keyword {
        name,
        no_prefix: false,
        arguments,
        documentation: "Changes the environment variables that the configuration sees.",
        example,
        parse: |_: &mut Statement<'_>, _| Ok(()),
    }
}

/// HAProxy's limit with its 16 groups of 64.
const MAX_THREADS: usize = 1024;
