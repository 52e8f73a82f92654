//! The command line (management guide, section 3), taken as HAProxy takes it.

#![forbid(unsafe_code)]

mod command_line;
mod flags;

use std::ffi::OsString;
use std::path::PathBuf;

use self::command_line::CommandLine;
use crate::syntax::suggest;

/// What the command line asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// `-f` and `--`, in order.
    pub files: Vec<PathBuf>,
    /// `-C`
    pub directory: Option<PathBuf>,
    /// `-c`
    pub check: bool,
    /// `-cc`
    pub condition: Option<String>,
    /// `-v…`
    pub version: Option<Version>,
    /// `-V`
    pub verbose: bool,
    /// `-q`
    pub quiet: bool,
    /// `-D`
    pub daemon: bool,
    /// `-d`
    pub debug: bool,
    /// `-db`
    pub foreground: bool,
    /// `-W` and `-Ws`
    pub master_worker: bool,
    /// `-Ws`
    pub systemd_notify: bool,
    /// `-dW`
    pub zero_warning: bool,
    /// `-dD`
    pub diagnostic_mode: bool,
    /// `-p`
    pub pid_file: Option<PathBuf>,
    /// `-L`
    pub local_peer: Option<String>,
    /// `-m`, megabytes
    pub memory_limit: Option<u64>,
    /// `-n`
    pub maxconn: Option<u64>,
    /// `-N`
    pub proxy_maxconn: Option<u64>,
    /// `-sf` and `-st`
    pub old_pids: Option<OldPids>,
    /// `-x`
    pub listeners_socket: Option<PathBuf>,
    /// `-S`: the words of a `bind` line
    pub master_socket: Option<Vec<String>>,
    /// `-4`
    pub ipv4_only: bool,
    /// `-dr`
    pub ignore_resolution_failures: bool,
    /// `--cluster`
    pub cluster: Option<PathBuf>,
    /// `-dC`: the key, empty without
    pub dump_configuration: Option<String>,
    /// `-dK`: the classes, comma-separated
    pub dump_keywords: Option<String>,
    /// `-dt`: the traces, empty for all
    pub trace: Option<String>,
    /// `-dM`: byte and options, empty without
    pub memory_debugging: Option<String>,
    /// `-dA`: the archive
    pub archive: Option<PathBuf>,
    /// Every flag that was given, as written without its value (`-f`, `-dr`, `-dM`, `--cluster`),
    /// once each, in order. `-d` and an
    /// unknown letter is HAProxy's debug mode; it stands here as written (`-dQ`).
    pub given: Vec<String>,
}

/// Which version text `-v` and its variants ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `-v`
    Full,
    /// `-vv`
    Build,
    /// `-vq`: the version number
    Number,
    /// `-vqs`: the short version
    Short,
    /// `-vqb`: the branch
    Branch,
}

/// Processes to replace, with the signal they get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldPids {
    pub signal: OldPidSignal,
    pub pids: Vec<i32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OldPidSignal {
    #[default]
    /// `-sf`: SIGUSR1
    Finish,
    /// `-st`: SIGTERM
    Terminate,
}

/// Why the command line cannot be used: a sentence, if there is one to say. The exit status is 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage(Option<String>);

/// Takes the arguments without the program's name.
///
/// As HAProxy does, letters behind a flag that takes none are ignored (`-cV` is `-c`), `-v` and its
/// variants end the reading at once, and without anything to load or answer there is only the
/// usage to show.
///
/// # Errors
///
/// One sentence, if there is something to say, and the usage text.
pub fn parse(args: impl Iterator<Item = OsString>) -> Result<Args, Usage> {
    let mut line = CommandLine { words: args.collect::<Vec<_>>().into_iter().peekable() };
    let mut parsed = Args::default();
    while let Some(word) = line.words.next() {
        let written = word.to_string_lossy().into_owned();
        let (flag, attached) = flags::find(&written).ok_or_else(|| unknown(&written))?;
        let given = if flag.name == flags::ANY_DEBUG { &written } else { flag.name };
        if !parsed.given.iter().any(|each| each == given) {
            parsed.given.push(given.to_owned());
        }
        (flag.take)(&mut parsed, attached, &mut line)
            .map_err(|problem| Usage::because(&format!("{}: {problem}", flag.name)))?;
        if parsed.version.is_some() {
            return Ok(parsed);
        }
    }
    if parsed.files.is_empty() && parsed.condition.is_none() {
        return Err(Usage(None));
    }
    Ok(parsed)
}

impl Usage {
    fn because(sentence: &str) -> Self {
        Self(Some(sentence.to_owned()))
    }

    /// The sentence and the usage of a program of this name, for standard error.
    #[must_use]
    pub fn text(&self, program: &str) -> String {
        let sentence = self.0.as_ref().map(|sentence| format!("{sentence}\n\n"));
        sentence.unwrap_or_default() + &flags::usage(program)
    }
}

fn unknown(word: &str) -> Usage {
    if !word.starts_with('-') {
        return Usage::because(&format!(
            "'{word}' is no flag; configuration files follow -f or --"
        ));
    }
    let hint = suggest::nearest(word, flags::names()).map(|near| format!("; did you mean {near}?"));
    Usage::because(&format!("unknown flag '{word}'{}", hint.unwrap_or_default()))
}

#[cfg(test)]
mod tests;
