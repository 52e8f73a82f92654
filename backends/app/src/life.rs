//! The process from start to end: configuration, listener, tables, requests, a signal, the drain.

use std::fmt;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, MissedTickBehavior};

use crate::app::{self, App, Phase, Shared};
use crate::args::Args;
use crate::config::{Config, DatabaseUrl};
use crate::database::{Database, Demo, SchemaError, sessions};
use crate::password::Passwords;
use crate::server::Server;
use crate::{log, router, throttle};

/// Runs until a signal. Whatever prevents that is one sentence on standard error and status 1.
pub fn run(args: &Args) -> ExitCode {
    match start(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Fatal(reason)) => {
            eprintln!("evenkeel-app: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Why the process cannot go on: one sentence.
struct Fatal(String);

fn start(args: &Args) -> Result<(), Fatal> {
    let config = Config::load(args).map_err(fatal)?;
    if args.check {
        println!("{}: the configuration is right", args.config.display());
        return Ok(());
    }
    log::start(&config.log);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Fatal(format!("no runtime: {error}")))?;
    let ended = runtime.block_on(live(config));
    // A password hash that nobody waits for any more need not be finished.
    runtime.shutdown_background();
    ended
}

async fn live(config: Config) -> Result<(), Fatal> {
    let mut signals = Signals::new()?;
    let listener = listen(&config).await?;
    make_state_dir(&config);
    let app = Arc::new(App {
        database: Database::new(&config.database),
        passwords: Passwords::new(&config.password).map_err(Fatal)?,
        phase: Phase::default(),
        config,
    });
    let server = Server::new(listener, router::router(&app), &app.config.limits);
    let ended = tokio::select! {
        () = server.accept() => Ok(()),
        Err(fatal) = prepare_then_tend(&app) => Err(fatal),
        () = signals.next() => Ok(()),
    };
    if ended.is_ok() {
        tokio::select! {
            () = end(&app, server) => {}
            () = signals.next() => tracing::warn!("second signal: leaving at once"),
        }
    }
    ended
}

async fn listen(config: &Config) -> Result<TcpListener, Fatal> {
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AddrInUse => "the address is already in use".to_owned(),
            _ => error.to_string(),
        };
        Fatal(format!("cannot listen on {}: {reason}", config.listen))
    })?;
    // With port 0 this is where the port that was given appears.
    let address = listener.local_addr().map_err(fatal)?;
    tracing::info!(
        %address,
        node = %config.node,
        base_path = %config.base_path,
        database = %config.database.url,
        version = env!("CARGO_PKG_VERSION"),
        "listening"
    );
    Ok(listener)
}

/// Only for a file that lies in it: a directory that an absolute path names is the operator's.
fn make_state_dir(config: &Config) {
    let DatabaseUrl::Sqlite(options) = &config.database.url else {
        return;
    };
    let directory = &config.state_dir;
    if directory.as_os_str().is_empty() || !options.get_filename().starts_with(directory) {
        return;
    }
    // If the database needs it, opening the file says so in its own words, and is tried again.
    if let Err(error) = std::fs::create_dir_all(directory) {
        tracing::warn!(directory = %directory.display(), %error, "the state directory is missing");
    }
}

/// Waits for the database, then looks after it until the end. Returns only with an error.
async fn prepare_then_tend(app: &Shared) -> Result<(), Fatal> {
    prepare(app).await?;
    app.phase.set_prepared();
    tracing::info!("ready");
    let mut ticks = tokio::time::interval(TEND_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let tended = async {
            sessions::purge(&app.database, app::now()).await?;
            throttle::purge(app).await
        };
        if let Err(error) = tended.await {
            tracing::warn!(%error, "what has expired could not be removed");
        }
    }
}

async fn prepare(app: &Shared) -> Result<(), Fatal> {
    let demo = demo(app).await?;
    let patience = app.config.database.start_timeout;
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        let attempt = app.database.prepare(demo.as_ref());
        let reason = match tokio::time::timeout_at(deadline, attempt).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(SchemaError::Unusable(error))) => {
                return Err(Fatal(format!("the database's tables cannot be used: {error}")));
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if Instant::now() + pause >= deadline {
            let url = &app.config.database.url;
            return Err(Fatal(format!("no database at {url} within {patience:?}: {reason}")));
        }
        tracing::warn!(reason, again_in = ?pause, "the database is not there yet");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn demo(app: &Shared) -> Result<Option<Demo>, Fatal> {
    if !app.config.seed_demo {
        return Ok(None);
    }
    let hash = app.passwords.hash(Demo::PASSWORD.to_owned()).await;
    let password_hash = hash.map_err(|failure| Fatal(failure.explanation().to_owned()))?;
    Ok(Some(Demo { password_hash, now: app::now() }))
}

/// First the load balancer's checks see that this node leaves, while it still serves; then the
/// requests under way finish; then the database is let go.
async fn end(app: &Shared, server: Server) {
    let drain = &app.config.drain;
    app.phase.set_draining();
    tracing::info!(announce = ?drain.announce, "draining");
    // Accepting goes on, so that a check or a late request is not refused.
    let _ = tokio::time::timeout(drain.announce, server.accept()).await;
    if !server.drain(drain.timeout).await {
        tracing::warn!(after = ?drain.timeout, "some requests did not finish in time");
    }
    let _ = tokio::time::timeout(CLOSE_PATIENCE, app.database.close()).await;
    tracing::info!("stopped");
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self, Fatal> {
        let open = |kind| signal(kind).map_err(|error| Fatal(format!("no signals: {error}")));
        let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
        Ok(Self { terminate: open(terminate)?, interrupt: open(interrupt)? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn fatal(error: impl fmt::Display) -> Fatal {
    Fatal(error.to_string())
}

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
const TEND_INTERVAL: Duration = Duration::from_secs(60);
const CLOSE_PATIENCE: Duration = Duration::from_secs(3);
