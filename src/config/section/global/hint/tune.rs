//! `tune.*`: buffers, queues and caches that are made otherwise here (manual, section 3.2).

use super::shape::Shape::{Anything, Nothing, Number, OneOf, Own, Size, Time};
use super::shape::{ANY, POSITIVE, SWITCH, Shape, said};
use super::{Effect, Hint};

pub(super) const HINTS: &[Hint] = &[
    Hint::silent("tune.applet.zero-copy-forwarding", FORWARDING),
    Hint::silent("tune.buffers.limit", buffers()),
    Hint::silent("tune.buffers.reserve", buffers()),
    Hint::silent("tune.bufsize", buffer_size("'@' expects an integer argument")),
    Hint::silent("tune.bufsize.large", buffer_size("'@' expects an integer argument.")),
    Hint::silent("tune.bufsize.small", buffer_size("'@' expects an integer argument.")),
    Hint::refused(
        "tune.chksize",
        Own("", |line| {
            Err(said(line, "option '@' is not supported any more (tune.bufsize is used instead)."))
        }),
    ),
    Hint::silent(
        "tune.cli.max-payload-size",
        Size { missing: "'@' expects a size argument.", zero: None },
    ),
    Hint::silent("tune.comp.maxlevel", ranged(1, 9, "'@' expects a numeric value between 1 and 9")),
    Hint::silent("tune.defaults.purge", ranged_any()),
    Hint::silent("tune.disable-fast-forward", Nothing),
    Hint::silent("tune.disable-zero-copy-forwarding", Nothing),
    Hint::silent(
        "tune.epoll.mask-events",
        Own("<event>[,<event>]*", |line| {
            line.at_most(1)?;
            let words = line.arguments.first().map_or("", |word| word.text.as_str());
            let known = |event: &str| matches!(event, "err" | "hup" | "rdhup" | "");
            words.split(',').all(known).then_some(()).ok_or_else(|| {
                said(
                    line,
                    "'@' expects a comma-delimited list of 'err', 'hup' and 'rdhup' but got '{}'.",
                )
            })
        }),
    ),
    Hint::silent(
        "tune.events.max-events-at-once",
        ranged(1, 10_000, "'@' expects an integer argument between 1 and 10000."),
    ),
    Hint::silent(
        "tune.fail-alloc",
        ranged(0, 100, "'@' expects a numeric value between 0 and 100."),
    ),
    Hint { name: "tune.fd.edge-triggered", shape: FORWARDING, effect: Effect::Experimental },
    Hint::silent(
        "tune.glitches.kill.cpu-usage",
        Number {
            missing: Some("'@' expects a numeric value between 0 and 100"),
            range: (0, 100),
            outside: "'@' expects a numeric value between 0 and 100",
        },
    ),
    Hint::silent("tune.h1.zero-copy-fwd-recv", FORWARDING),
    Hint::silent("tune.h1.zero-copy-fwd-send", FORWARDING),
    Hint::silent("tune.http.cookielen", integer(ANY)),
    Hint::silent("tune.http.logurilen", integer(ANY)),
    Hint::silent(
        "tune.http.maxhdr",
        Number {
            missing: Some(INTEGER),
            range: (1, 32_767),
            outside: "'@' expects a numeric value between 1 and 32767",
        },
    ),
    Hint::silent(
        "tune.idle-pool.shared",
        OneOf(&["full", "on", "off"], "'@' expects 'full', 'on' or 'off' but got '{}'."),
    ),
    Hint::silent(
        "tune.idletimer",
        Time {
            missing: "'@' expects a timer value between 0 and 65535 ms.",
            range: (0, 65_535),
            outside: "'@' expects a timer value between 0 and 65535 ms.",
        },
    ),
    Hint::silent(
        "tune.listener.default-shards",
        OneOf(
            &["by-process", "by-group", "by-thread"],
            "'@' expects either 'by-process', 'by-group', or 'by-thread' but got '{}'.",
        ),
    ),
    Hint::silent(
        "tune.listener.multi-queue",
        OneOf(&["on", "fair", "off"], "'@' expects either 'on', 'fair', or 'off' but got '{}'."),
    ),
    Hint::silent(
        "tune.lua.bool-sample-conversion",
        OneOf(
            &["normal", "pre-3.1-bug"],
            "'@' expects either 'normal' or 'pre-3.1-bug' but got '{}'.",
        ),
    ),
    Hint::silent("tune.lua.burst-timeout", LUA_TIME),
    Hint::silent(
        "tune.lua.forced-yield",
        Own("<number>", |line| {
            let digits = line.arguments.first().is_none_or(|word| word.text.parse::<i64>().is_ok());
            digits.then_some(()).ok_or_else(|| said(line, "@: invalid number"))
        }),
    ),
    Hint::silent(
        "tune.lua.log.loggers",
        OneOf(SWITCH, "'@' expects either 'on' or 'off' but got '{}'."),
    ),
    Hint::silent(
        "tune.lua.log.stderr",
        OneOf(&["on", "auto", "off"], "'@' expects either 'on', 'auto', or 'off' but got '{}'."),
    ),
    Hint::silent(
        "tune.lua.maxmem",
        Own("<megabytes>", |line| {
            let word = line.arguments.first();
            let word = word.ok_or_else(|| {
                said(line, "'@' expects an integer argument (Lua memory size in MB).")
            })?;
            let rest = word.text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
            match rest.chars().next() {
                None => Ok(()),
                Some(c) => Err(said(line, &format!("@: invalid number {{}} (error at '{c}')"))),
            }
        }),
    ),
    Hint::silent(
        "tune.lua.openlibs",
        Own("{ all | none | <library>[,<library>]* }", |line| {
            line.at_most(1)?;
            let word = line.arguments.first().ok_or_else(|| {
            said(line, "'@' expects 'all', 'none', or a comma-separated list of libraries: table,io,os,string,math,utf8,package,debug")
        })?;
            let known =
                ["all", "none", "table", "io", "os", "string", "math", "utf8", "package", "debug"];
            word.text.split(',').all(|name| known.contains(&name)).then_some(()).ok_or_else(|| {
            said(line, "'@': unknown library '{}', expected one of: all,none,table,io,os,string,math,utf8,package,debug")
        })
        }),
    ),
    Hint::silent("tune.lua.service-timeout", LUA_TIME),
    Hint::silent("tune.lua.session-timeout", LUA_TIME),
    Hint::silent("tune.lua.task-timeout", LUA_TIME),
    Hint::silent("tune.max-checks-per-thread", ranged_any()),
    Hint::silent(
        "tune.max-rules-at-once",
        Number {
            missing: Some("'@' expects a positive numeric value"),
            range: POSITIVE,
            outside: "'@' expects a positive numeric value",
        },
    ),
    Hint::silent(
        "tune.maxaccept",
        Number {
            missing: Some("'@' expects an integer argument"),
            range: (i64::MIN, i32::MAX as i64),
            outside: "'@' expects -1 or an integer from 0 to INT_MAX.",
        },
    ),
    Hint::silent(
        "tune.maxpollevents",
        Number {
            missing: Some(INTEGER),
            range: (i64::MIN, 1_000_000),
            outside: "'@' expects an integer value lower than or equal to 1000000.",
        },
    ),
    Hint::silent(
        "tune.maxrewrite",
        Number {
            missing: Some(INTEGER),
            range: POSITIVE,
            outside: "'@' expects a positive integer argument.",
        },
    ),
    Hint::silent(
        "tune.memory.hot-size",
        ranged(1, i64::MAX, "'@' expects a strictly positive value."),
    ),
    Hint::silent("tune.notsent-lowat.client", SIZE),
    Hint::silent("tune.notsent-lowat.server", SIZE),
    Hint::silent(
        "tune.pattern.cache-size",
        Number {
            missing: Some("'@' expects a positive numeric value"),
            range: POSITIVE,
            outside: "'@' expects a positive numeric value",
        },
    ),
    Hint::silent(
        "tune.peers.max-updates-at-once",
        ranged(1, i64::MAX, "'@' expects an integer argument greater than 0."),
    ),
    Hint::silent("tune.pipesize", SIZE),
    Hint::silent("tune.pool-high-fd-ratio", ratio()),
    Hint::silent("tune.pool-low-fd-ratio", ratio()),
    Hint::silent("tune.pt.zero-copy-forwarding", FORWARDING),
    Hint::silent("tune.rcvbuf.backend", SOCKET_BUFFER),
    Hint::silent("tune.rcvbuf.client", SIZE),
    Hint::silent("tune.rcvbuf.frontend", SOCKET_BUFFER),
    Hint::silent("tune.rcvbuf.server", SIZE),
    Hint::silent("tune.recv_enough", SIZE),
    Hint::silent("tune.renice.runtime", NICE),
    Hint::silent("tune.renice.startup", NICE),
    Hint::silent(
        "tune.ring.queues",
        ranged(0, 16, "'@' expects a number between 0 and 16 but got '{}'."),
    ),
    Hint::silent("tune.runqueue-depth", integer(ANY)),
    Hint::silent(
        "tune.sched.low-latency",
        OneOf(SWITCH, "'@' expects either 'on' or 'off' but got '{}'."),
    ),
    Hint::silent("tune.sndbuf.backend", SOCKET_BUFFER),
    Hint::silent("tune.sndbuf.client", SIZE),
    Hint::silent("tune.sndbuf.frontend", SOCKET_BUFFER),
    Hint::silent("tune.sndbuf.server", SIZE),
    Hint::silent(
        "tune.streams-elasticity",
        Own("{ 0 | <percent> }", |line| {
            line.at_most(1)?;
            let good = line.arguments.first().is_some_and(|word| {
                word.text.parse::<i64>().is_ok_and(|value| value == 0 || value >= 100)
            });
            good.then_some(()).ok_or_else(|| {
                said(line, "'@' expects 0 or a positive percentage value of 100 or above")
            })
        }),
    ),
    Hint::silent(
        "tune.takeover-other-tg-connections",
        OneOf(
            &["none", "restricted", "full"],
            "'@' expects 'none', 'restricted', or 'full', got '{}'",
        ),
    ),
    Hint::silent("tune.vars.check-max-size", VARIABLES),
    Hint::silent("tune.vars.global-max-size", VARIABLES),
    Hint::silent("tune.vars.proc-max-size", VARIABLES),
    Hint::silent("tune.vars.reqres-max-size", VARIABLES),
    Hint::silent("tune.vars.sess-max-size", VARIABLES),
    Hint::silent("tune.vars.txn-max-size", VARIABLES),
    Hint::silent("tune.zlib.memlevel", Anything),
    Hint::silent("tune.zlib.windowsize", Anything),
];

const INTEGER: &str = "'@' expects an integer argument.";

const SIZE: Shape = Size { missing: INTEGER, zero: None };

const SOCKET_BUFFER: Shape = Size {
    missing: "unexpected '' after size passed to '@'",
    zero: Some("'@' expects a strictly positive integer argument."),
};

const FORWARDING: Shape = OneOf(SWITCH, "'@' expects 'on' or 'off'.");

const LUA_TIME: Shape = Own("<time>", |line| {
    use crate::syntax::value::duration::{Unit, duration_ms};
    let time = line.arguments.first().map(|word| duration_ms(&word.text, Unit::Millisecond));
    matches!(time, Some(Ok(_))).then_some(()).ok_or_else(|| said(line, "@: invalid timeout"))
});

const VARIABLES: Shape = Own("<size>", |line| {
    let good = line.arguments.first().is_none_or(|word| word.text.parse::<i64>().is_ok());
    good.then_some(()).ok_or_else(|| said(line, "@: '{}' is an invalid size"))
});

const NICE: Shape = Own("<-20..19>", |line| {
    line.at_most(1)?;
    let Some(word) = line.arguments.first() else { return Ok(()) };
    let value = word.text.parse::<i64>().ok().filter(|value| (-20..=19).contains(value));
    value.map(|_| ()).ok_or_else(|| {
        said(line, "'@' only supports values between -20 and 19 inclusive (was given {})")
    })
});

const fn buffers() -> Shape {
    Number {
        missing: None,
        range: POSITIVE,
        outside: "'@' expects a non-negative number but got '{}'.",
    }
}

const fn buffer_size(missing: &'static str) -> Shape {
    Size { missing, zero: Some("'@' expects a positive integer argument.") }
}

const fn integer(range: (i64, i64)) -> Shape {
    Number { missing: Some(INTEGER), range, outside: INTEGER }
}

const fn ranged(low: i64, high: i64, outside: &'static str) -> Shape {
    Number { missing: None, range: (low, high), outside }
}

const fn ranged_any() -> Shape {
    Number { missing: None, range: ANY, outside: "" }
}

const fn ratio() -> Shape {
    let outside = "'@' expects an integer argument between 0 and 100.";
    Number { missing: Some(outside), range: (0, 100), outside }
}
