//! From the command line to running workers, and the end: load, bind, drop privileges, split
//! off, start workers, obey signals.

mod control;
mod daemon;
mod limits;
mod listeners;
mod load;
mod privileges;
mod version;
mod workers;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use crate::args::{self, Args};
use crate::live;
use crate::log::SenderSettings;

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
        alert(&failure.sentence);
        ExitCode::from(failure.status)
    })
}

/// Why the program does not run, in one sentence.
#[derive(Debug)]
struct Failure {
    sentence: String,
    status: u8,
}

impl Failure {
    fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), status: 1 }
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
    load::refuse_unsupported(args)?;
    let plan = load::plan(args)?;
    if args.check {
        if args.verbose {
            println!("Configuration file is valid");
        }
        return Ok(ExitCode::SUCCESS);
    }
    launch(args, plan)
}

/// Everything up to here could still fail without a trace; from here on the process acts.
fn launch(args: &Args, plan: crate::proxy::Plan) -> Result<ExitCode, Failure> {
    let maxconn = limits::apply(&plan)?;
    let workers = plan.global.threads;
    let bound = listeners::bind_all(&plan, workers)?;
    let plan = Arc::new(plan);
    let daemon = (plan.global.daemon || args.daemon) && !args.foreground && !args.debug;
    let quiet = plan.global.quiet || args.quiet;
    daemon::replace_old(args);
    if daemon && daemon::detach().map_err(|error| Failure::new(format!("cannot fork: {error}")))? {
        return Ok(ExitCode::SUCCESS);
    }
    let pid_file = args.pid_file.as_ref().or(plan.global.pid_file.as_ref());
    daemon::write_pid_file(pid_file)?;
    privileges::drop(&plan.global)?;
    let process = Arc::new(live::Process::new(workers, maxconn));
    let settings = SenderSettings {
        tag: plan.global.log_tag.clone(),
        hostname: plan.global.log_hostname.clone(),
        pid: std::process::id(),
        announce: !quiet && !daemon,
    };
    let workers = workers::spawn(&plan, &process, &settings, bound.workers)
        .map_err(|error| Failure::new(format!("cannot start workers: {error}")))?;
    control::run(&plan, &process, &settings, bound.runtime_api, workers)
        .map_err(|error| Failure::new(format!("cannot start the control thread: {error}")))
}
