//! From the command line to running workers, and the end: load, bind, drop privileges, split
//! off, start workers, obey signals.

mod channel;
mod control;
mod daemon;
mod diagnostics;
mod limits;
mod listeners;
mod load;
mod master;
mod mastered;
mod privileges;
mod supervised;
mod version;
mod workers;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use crate::args::{self, Args};
use crate::live;
use crate::log::SenderSettings;
use crate::proxy::{Global, Plan};

use daemon::Waited;
use master::Invocation;
use mastered::Master;
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
    let invocation = Invocation::of_process()
        .map_err(|error| Failure::new(format!("cannot find this program: {error}")))?;
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
    let master = Master::of_environment()?;
    let readiness = Readiness::of_environment()?;
    let plan = load::plan(args, master.is_some())?;
    let cluster = args.cluster.as_deref().map(supervised::settings).transpose()?;
    if args.check {
        return Ok(checked(args, &plan));
    }
    match cluster {
        Some(settings) if !readiness.is_supervised() && master.is_none() => {
            if go_into_background(args, &plan.global)? == Side::Parent {
                return Ok(ExitCode::SUCCESS);
            }
            supervised::run(&settings)
        }
        _ if master.is_none() && is_master_worker(args, &plan.global) => {
            watch_workers(args, &plan, invocation, readiness)
        }
        _ => launch(args, plan, readiness, master),
    }
}

fn is_master_worker(args: &Args, global: &Global) -> bool {
    (args.master_worker || global.master_worker) && !args.foreground && !args.debug
}

/// `-W`, `-Ws`, `master-worker`: this process watches the one that works.
fn watch_workers(
    args: &Args,
    plan: &Plan,
    invocation: Invocation,
    readiness: Readiness,
) -> Result<ExitCode, Failure> {
    let cli = args.master_socket.as_deref().map(master::Cli::bind).transpose()?;
    let pid_file = args.pid_file.clone().or_else(|| plan.global.pid_file.clone());
    let cannot_fork = |error| Failure::new(format!("cannot fork: {error}"));
    let mut pipe = None;
    // A supervisor has gone into the background and written its own process id.
    if !readiness.is_supervised() {
        if is_daemon(args, &plan.global) {
            match daemon::detach_and_wait().map_err(cannot_fork)? {
                Waited::Serves(pid) => {
                    daemon::write_pid_file(pid_file.as_ref(), pid)
                        .inspect_err(|_| daemon::give_up(pid))?;
                    return Ok(ExitCode::SUCCESS);
                }
                Waited::Ended => return Ok(ExitCode::FAILURE),
                Waited::Daemon(own) => pipe = Some(own),
            }
        } else {
            daemon::write_pid_file(pid_file.as_ref(), std::process::id())?;
        }
    }
    let old = args.clone();
    let is_supervised = readiness.is_supervised();
    let first = move || {
        if !is_supervised {
            daemon::replace_old(&old);
        }
        if let Some(mut pipe) = pipe {
            daemon::silence().map_err(cannot_fork)?;
            // Whoever started the daemon may have lost patience.
            let _ = pipe.write_all(b"1");
        }
        Ok(())
    };
    let settings = master::Settings {
        invocation,
        notify: args.systemd_notify,
        stays_on_failure: plan.global.no_exit_on_failure,
        most_reloads: plan.global.most_reloads,
        first: Box::new(first),
    };
    master::run(settings, cli, readiness)
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
fn launch(
    args: &Args,
    plan: Plan,
    mut readiness: Readiness,
    mut master: Option<Master>,
) -> Result<ExitCode, Failure> {
    let maxconn = limits::apply(&plan)?;
    let workers = plan.global.threads;
    let is_clustered =
        readiness.is_supervised() || master.as_ref().is_some_and(|master| master.is_clustered);
    let bound = listeners::bind_all(&plan, workers, is_clustered, master.as_mut())?;
    let plan = Arc::new(plan);
    let is_child = readiness.is_supervised() || master.is_some();
    if !is_child && go_into_background(args, &plan.global)? == Side::Parent {
        return Ok(ExitCode::SUCCESS);
    }
    // Huge pages would round the memory of a few clients up to megabytes. Refusal does no harm.
    let _ = nix::sys::prctl::set_thp_disable(true);
    privileges::drop(&plan.global)?;
    readiness.follow_again()?;
    if let Some(master) = &mut master {
        master.follow_again()?;
        // Those that this configuration no longer listens on.
        master.listeners.clear();
    }
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
    if let Some(master) = &master {
        if is_daemon(args, &plan.global) {
            let failed = |error| Failure::new(format!("cannot leave the terminal: {error}"));
            daemon::silence().map_err(failed)?;
        }
        master.announce();
    }
    let ended = control::run(&plan, &process, &settings, bound.runtime_api, workers, master);
    // Lines to standard output and error are on their way by another thread.
    crate::log::flush();
    ended.map_err(|error| Failure::new(format!("cannot start the first worker: {error}")))
}
