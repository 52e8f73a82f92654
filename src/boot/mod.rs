//! From the command line to running workers, and the end: load, bind, drop privileges, split
//! off, start workers, obey signals.

mod control;
mod daemon;
mod diagnostics;
mod limits;
mod listeners;
mod load;
mod privileges;
mod supervised;
mod version;
mod workers;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use crate::args::{self, Args};
use crate::live;
use crate::log::SenderSettings;
use crate::proxy::{Global, Plan};

use supervised::Readiness;

/// Runs the program: the arguments without its name.
#[must_use]
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let args = match args::parse(arguments) {
        Ok(args) => args,
        Err(usage) => {
            eprint!("{}", usage.0);
            return ExitCode::FAILURE;
        }
    };
    if let Some(which) = args.version {
        print!("{}", version::text(which));
        return ExitCode::SUCCESS;
    }
    start(&args).unwrap_or_else(|failure| {
        if !failure.sentence.is_empty() {
            alert(&failure.sentence);
        }
        ExitCode::from(failure.status)
    })
}

/// Why the program does not run, in one sentence.
#[derive(Debug)]
struct Failure {
    /// Empty when everything was said.
    sentence: String,
    status: u8,
}

impl Failure {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), status: 1 }
    }

    fn told() -> Self {
        Self::new("")
    }
}

/// Prints one line in the form of HAProxy's start-up messages.
fn alert(sentence: &str) {
    eprintln!("[ALERT]    ({}) : {sentence}", std::process::id());
}

fn start(args: &Args) -> Result<ExitCode, Failure> {
    if let Some(directory) = &args.directory {
        std::env::set_current_dir(directory).map_err(|error| {
            Failure::new(format!("cannot change to directory {}: {error}", directory.display()))
        })?;
    }
    if let Some(condition) = &args.condition {
        return load::evaluate(condition);
    }
    diagnostics::start(args);
    load::refuse_unsupported(args)?;
    let readiness = Readiness::of_environment()?;
    let plan = load::plan(args)?;
    let cluster = args.cluster.as_deref().map(supervised::settings).transpose()?;
    if args.check {
        return Ok(checked(args, &plan));
    }
    match cluster {
        Some(settings) if !readiness.is_supervised() => {
            if go_into_background(args, &plan.global)? == Side::Parent {
                return Ok(ExitCode::SUCCESS);
            }
            supervised::run(&settings)
        }
        _ => launch(args, plan, readiness),
    }
}

/// What `-c` says of a configuration without errors.
fn checked(args: &Args, plan: &Plan) -> ExitCode {
    if plan.warnings > 0 {
        println!("Warnings were found.");
    }
    if !listeners::any(plan) {
        println!("Configuration file has no error but will not start (no listener) => exit(2).");
        return ExitCode::from(2);
    }
    if args.verbose {
        println!("Configuration file is valid");
    }
    ExitCode::SUCCESS
}

/// Which process one is after a fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Parent,
    /// The process that goes on, forked or not.
    Child,
}

/// `-D`, `daemon`, the pid file, and the end of older processes. The pid file is there before the
/// process that was started ends: whoever waits for that may read it.
fn go_into_background(args: &Args, global: &Global) -> Result<Side, Failure> {
    daemon::replace_old(args);
    let pid_file = args.pid_file.as_ref().or(global.pid_file.as_ref());
    if !is_daemon(args, global) {
        daemon::write_pid_file(pid_file, std::process::id())?;
        return Ok(Side::Child);
    }
    match daemon::detach().map_err(|error| Failure::new(format!("cannot fork: {error}")))? {
        None => Ok(Side::Child),
        Some(child) => {
            // Nobody would find a daemon whose process id is nowhere.
            daemon::write_pid_file(pid_file, child).inspect_err(|_| daemon::give_up(child))?;
            Ok(Side::Parent)
        }
    }
}

fn is_daemon(args: &Args, global: &Global) -> bool {
    (global.daemon || args.daemon) && !args.foreground && !args.debug
}

/// Binds, starts workers and serves until a signal ends it.
fn launch(args: &Args, plan: Plan, mut readiness: Readiness) -> Result<ExitCode, Failure> {
    let maxconn = limits::apply(&plan)?;
    let workers = plan.global.threads;
    let bound = listeners::bind_all(&plan, workers, readiness.is_supervised())?;
    let plan = Arc::new(plan);
    if !readiness.is_supervised() && go_into_background(args, &plan.global)? == Side::Parent {
        return Ok(ExitCode::SUCCESS);
    }
    // Huge pages would round the memory of a few clients up to megabytes. Refusal does no harm.
    let _ = nix::sys::prctl::set_thp_disable(true);
    privileges::drop(&plan.global)?;
    readiness.follow_again()?;
    let process = Arc::new(live::Process::new(workers, maxconn));
    let settings = SenderSettings {
        tag: plan.global.log_tag.clone(),
        hostname: plan.global.log_hostname.clone(),
        pid: std::process::id(),
        announce: !plan.global.quiet && !args.quiet && !is_daemon(args, &plan.global),
    };
    let workers = workers::spawn(&plan, &process, &settings, bound.workers)
        .map_err(|error| Failure::new(format!("cannot start workers: {error}")))?;
    readiness.announce();
    let ended = control::run(&plan, &process, &settings, bound.runtime_api, workers);
    // Lines to standard output and error are on their way by another thread.
    crate::log::flush();
    ended.map_err(|error| Failure::new(format!("cannot start the first worker: {error}")))
}
