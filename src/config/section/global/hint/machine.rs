//! Processors, threads and system calls: workers are pinned here, one for each core.

use super::Hint;
use super::shape::Shape::{Anything, Nothing, Number, Own};
use super::shape::said;
use crate::proxy::keyword::Statement;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

pub(super) const HINTS: &[Hint] = &[
    Hint::silent("busy-polling", Nothing),
    Hint::silent(
        "cpu-affinity",
        Own("{ per-core | per-group [auto | loose] | per-thread | per-ccx | auto }", affinity),
    ),
    Hint::silent("cpu-map", Own("[auto:]<group>[/<threads>] <cpus> …", map)),
    Hint::silent("cpu-policy", Own("<policy> [threads-per-core …]", policy)),
    Hint::silent("cpu-set", Own("<directive> [<cpus>] …", set)),
    Hint::silent(
        "max-threads-per-group",
        Number {
            missing: Some("'@' value must be an integer between 1 and 64,  got '{}'"),
            range: (1, 64),
            outside: "'@' value must be an integer between 1 and 64,  got '{}'",
        },
    ),
    Hint::silent("numa-cpu-mapping", Anything),
    Hint::silent("thread-group", Own("<group> [<threads> …]", group)),
    Hint::silent("thread-groups", Own("<1..32>", groups)),
    Hint::silent("noepoll", Nothing),
    Hint::silent("noevports", Nothing),
    Hint::silent("nokqueue", Nothing),
    Hint::silent("nopoll", Nothing),
    Hint::silent("nogetaddrinfo", Nothing),
    Hint::silent("no-memory-trimming", Nothing),
    Hint::silent("noktls", Anything),
    Hint::warned("noreuseport", Nothing),
    Hint::warned("nosplice", Nothing),
    Hint::silent(
        "maxpipes",
        Number {
            missing: Some("'@' expects an integer argument."),
            range: (i64::MIN, i64::MAX),
            outside: "",
        },
    ),
    Hint::silent("prealloc-fd", Nothing),
];

type Checked = Result<(), Diagnostic>;

fn affinity(line: &mut Statement<'_>) -> Checked {
    let first = line.arguments.first().map_or("", |word| word.text.as_str());
    let options: &[&str] = match first {
        "per-group" => &["auto", "loose"],
        "per-core" | "per-thread" | "per-ccx" | "auto" => &[],
        _ => {
            return Err(said(
                line,
                "'@' parsed an unknown directive '{}'. Known values are : per-core per-group \
                 per-thread per-ccx auto",
            ));
        }
    };
    match line.arguments.get(1) {
        Some(word) if !options.contains(&word.text.as_str()) => {
            let message = format!("'{first}' provided with unknown optional argument '{word}'. ");
            Err(Diagnostic::alert(word.span, message))
        }
        _ => Ok(()),
    }
}

fn map(line: &mut Statement<'_>) -> Checked {
    let [threads, cpus @ ..] = line.arguments else { return Err(line.error(MAP)) };
    if cpus.is_empty() {
        return Err(line.error(MAP));
    }
    let (automatic, groups) = match threads.text.strip_prefix("auto:") {
        Some(groups) => (true, groups),
        None => (false, threads.text.as_str()),
    };
    let mut size = 0;
    for part in groups.splitn(2, '/') {
        size = range(part, 1, 64).map_err(|error| {
            let mut message = format!("cpu-map : '{part}' is not a valid number/range.");
            if error == Wrong::Outside {
                message.push_str(" It supports numbers from 1 to 64.");
            }
            Diagnostic::alert(threads.span, message)
        })?;
    }
    let mut count = 0;
    for word in cpus {
        count += cpu_list(word, "cpu-map : ")?;
    }
    if automatic && count != size {
        let message = "cpu-map : TGROUP/THREAD range and CPU sets must have the same size to be \
                       automatically bound";
        return Err(Diagnostic::alert(threads.span, message));
    }
    Ok(())
}

fn policy(line: &mut Statement<'_>) -> Checked {
    let name = line.arguments.first().map_or("", |word| word.text.as_str());
    if !POLICIES.contains(&name) {
        let names: Vec<String> = POLICIES.iter().map(|policy| format!("'{policy}'")).collect();
        let sentence = format!(
            "'@' passed an unknown CPU policy '{{}}'. Supported values are: {}.",
            names.join(", ")
        );
        return Err(said(line, &sentence));
    }
    match line.arguments.get(1) {
        Some(word) if word.text != "threads-per-core" => Err(Diagnostic::alert(
            word.span,
            format!(
                "'cpu-policy' passed an unknown keyword '{word}', the only known values are \
                 threads-per-core"
            ),
        )),
        _ => Ok(()),
    }
}

fn set(line: &mut Statement<'_>) -> Checked {
    let known = "(only 'reset', 'only-cpu', 'drop-cpu', 'only-node', 'drop-node', 'only-cluster', 'drop-cluster', 'only-core', 'drop-core', 'only-thread', 'drop-thread' supported)";
    if line.arguments.is_empty() {
        let message = format!("'cpu-set' requires a directive and an optional value {known}.");
        return Err(line.error(message));
    }
    let mut words = line.arguments.iter();
    while let Some(word) = words.next() {
        if word.text == "reset" {
            continue;
        }
        if !SETS.contains(&word.text.as_str()) {
            let message = format!("'cpu-set' passed an unknown directive '{word}' {known}.");
            return Err(Diagnostic::alert(word.span, message));
        }
        let cpus = words.next().ok_or_else(|| {
            Diagnostic::alert(word.span, format!("'cpu-set {word}': missing CPU set"))
        })?;
        cpu_list(cpus, &format!("'cpu-set {word}': "))?;
    }
    Ok(())
}

fn group(line: &mut Statement<'_>) -> Checked {
    let number = line.arguments.first().and_then(|word| word.text.parse::<u32>().ok());
    let Some(number) = number else {
        return Err(said(line, "'@' passed a missing or unparsable integer value in '{}'"));
    };
    for word in &line.arguments[1..] {
        range(&word.text, 1, 1024).map_err(|_| {
            let message = format!(
                "'thread-group {number}' passed an unparsable or invalid thread number '{word}' \
                 (valid range is 1 to 1024)"
            );
            Diagnostic::alert(word.span, message)
        })?;
    }
    Ok(())
}

fn groups(line: &mut Statement<'_>) -> Checked {
    line.at_most(1)?;
    let count = line.arguments.first().and_then(|word| word.text.parse::<i64>().ok());
    match count {
        None => Err(said(line, "'@' passed a missing or unparsable integer value in '{}'")),
        Some(1..=32) => Ok(()),
        Some(_) => Err(said(line, "'@' value must be between 1 and 32 (was {})")),
    }
}

/// What is wrong with a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Unreadable,
    Outside,
}

/// How many numbers `all`, `odd`, `even`, `3` or `1-4` stands for.
fn range(text: &str, low: u32, high: u32) -> Result<u32, Wrong> {
    if matches!(text, "all" | "odd" | "even") {
        return Ok(high);
    }
    let number = |text: &str| text.parse::<u32>().map_err(|_| Wrong::Unreadable);
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if first.min(last) < low || first.max(last) > high {
        return Err(Wrong::Outside);
    }
    Ok(first.abs_diff(last) + 1)
}

/// How many processors a list such as `0-3,6` names.
fn cpu_list(word: &Word, before: &str) -> Result<u32, Diagnostic> {
    let mut count = 0;
    for part in word.text.split(',') {
        count += range(part, 0, 1023).map_err(|error| {
            let message = match error {
                Wrong::Unreadable => format!("{before}'{part}' is not a CPU range."),
                Wrong::Outside => format!("{before}supports CPU numbers from 0 to 1023."),
            };
            Diagnostic::alert(word.span, message)
        })?;
    }
    Ok(count)
}

const MAP: &str = "cpu-map expects a thread group number  ('all', 'odd', 'even', a number from 1 to \
                   64 or a range),  followed by a list of CPU ranges with numbers from 0 to 63.";

const SETS: &[&str] = &[
    "only-cpu",
    "drop-cpu",
    "only-node",
    "drop-node",
    "only-cluster",
    "drop-cluster",
    "only-core",
    "drop-core",
    "only-thread",
    "drop-thread",
];

const POLICIES: &[&str] = &[
    "none",
    "performance",
    "group-by-ccx",
    "group-by-2-ccx",
    "group-by-3-ccx",
    "group-by-4-ccx",
    "group-by-cluster",
    "group-by-2-clusters",
    "group-by-3-clusters",
    "group-by-4-clusters",
    "efficiency",
    "resource",
    "first-usable-node",
];
