//! The control tasks: signals and the runtime API. They run beside the first worker.

use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::mastered::Master;
use super::workers::{Command, First, Handle};
use crate::admin;
use crate::listen::Listener;
use crate::live;
use crate::log::{self, Sender, SenderSettings};
use crate::proxy::{Level, Plan};

/// Runs until all workers have ended, or a signal ends them.
pub(super) fn run(
    plan: &Arc<Plan>,
    process: &Arc<live::Process>,
    settings: &SenderSettings,
    runtime_api: Vec<(Listener, Level)>,
    (first, workers): (First, Vec<Handle>),
    master: Option<Master>,
) -> io::Result<ExitCode> {
    let log = Rc::new(Sender::new(settings.clone()));
    let context = context(plan, process, Rc::clone(&log));
    let control = Control { plan: Arc::clone(plan), process: Arc::clone(process), log, workers };
    first.run_with(async {
        for (listener, level) in runtime_api {
            tokio::task::spawn_local(serve_runtime_api(listener, level, Rc::clone(&context)));
        }
        if let Some(master) = master {
            tokio::task::spawn_local(master.serve_sessions(Rc::clone(&context)));
        }
        control.obey_signals().await
    })?
}

fn context(plan: &Arc<Plan>, process: &Arc<live::Process>, log: Rc<Sender>) -> Rc<admin::Context> {
    Rc::new(admin::Context {
        plan: Arc::clone(plan),
        process: Arc::clone(process),
        workers: plan.global.threads,
        notify: Box::new({
            let log = Rc::clone(&log);
            move |backend, level, message| {
                log.event_as(
                    backend.logging.tag.as_deref(),
                    &backend.logging.targets,
                    level,
                    &message,
                )
            }
        }),
        notify_frontend: Box::new(move |frontend, level, message| {
            log.event_as(
                frontend.logging.tag.as_deref(),
                &frontend.logging.targets,
                level,
                &message,
            );
        }),
    })
}

async fn serve_runtime_api(listener: Listener, level: Level, context: Rc<admin::Context>) {
    match listener {
        Listener::Unix(listener) => {
            let Ok(listener) = UnixListener::from_std(listener) else { return };
            while let Ok((io, _)) = listener.accept().await {
                tokio::task::spawn_local(admin::serve(io, Rc::clone(&context), level));
            }
        }
        Listener::Tcp(listener) => {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((io, _)) = listener.accept().await {
                tokio::task::spawn_local(admin::serve(io, Rc::clone(&context), level));
            }
        }
    }
}

struct Control {
    plan: Arc<Plan>,
    process: Arc<live::Process>,
    log: Rc<Sender>,
    workers: Vec<Handle>,
}

impl Control {
    async fn obey_signals(mut self) -> io::Result<ExitCode> {
        let mut soft = signal(SignalKind::user_defined1())?;
        let mut term = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        // As HAProxy: SIGHUP shows the servers' state, a broken pipe is no reason to end.
        let mut hang_up = signal(SignalKind::hangup())?;
        loop {
            match first(&mut soft, &mut term, &mut interrupt, &mut hang_up).await {
                Received::Soft => return Ok(self.stop_softly(&mut term, &mut interrupt).await),
                Received::Term => return Ok(ExitCode::from(128 + 15)),
                Received::Interrupt => return Ok(ExitCode::from(128 + 2)),
                Received::HangUp => self.show_servers(),
            }
        }
    }

    /// Lets the connections that exist end, for `hard-stop-after` at most.
    async fn stop_softly(&mut self, term: &mut Signal, interrupt: &mut Signal) -> ExitCode {
        self.process.stopping.store(true, Relaxed);
        for frontend in self.plan.frontends.iter().filter(|f| !f.binds.is_empty()) {
            let message = format!("Stopping frontend {} in 0 ms.", frontend.name);
            self.log.event_as(
                frontend.logging.tag.as_deref(),
                &frontend.logging.targets,
                log::Level::Warning,
                &message,
            );
        }
        for worker in &self.workers {
            let _ = worker.commands.send(Command::StopSoftly);
        }
        let limit = self.plan.global.hard_stop_after;
        let ended = self.wait_for_workers(limit);
        let killed = async {
            let mut both = (Box::pin(term.recv()), Box::pin(interrupt.recv()));
            std::future::poll_fn(|cx| {
                match both.0.as_mut().poll(cx).is_ready() || both.1.as_mut().poll(cx).is_ready() {
                    true => std::task::Poll::Ready(()),
                    false => std::task::Poll::Pending,
                }
            })
            .await;
        };
        let (mut ended, mut killed) = (Box::pin(ended), Box::pin(killed));
        std::future::poll_fn(|cx| {
            if ended.as_mut().poll(cx).is_ready() || killed.as_mut().poll(cx).is_ready() {
                return std::task::Poll::Ready(());
            }
            std::task::Poll::Pending
        })
        .await;
        ExitCode::SUCCESS
    }

    async fn wait_for_workers(&self, limit_ms: Option<u64>) {
        let began = crate::time::monotonic_ms();
        while !self.workers.iter().all(Handle::is_finished) {
            if limit_ms.is_some_and(|limit| crate::time::monotonic_ms() - began >= limit) {
                let message = "soft-stop running for too long, performing a hard-stop.";
                self.log.event(&self.plan.global.log, log::Level::Warning, message);
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn show_servers(&self) {
        for backend in &self.plan.backends {
            let usable = backend.servers.iter().filter(|s| s.live.is_usable()).count();
            let message = format!(
                "SIGHUP: Proxy {} has {usable} of {} servers up.",
                backend.name,
                backend.servers.len()
            );
            self.log.event_as(
                backend.logging.tag.as_deref(),
                &backend.logging.targets,
                log::Level::Notice,
                &message,
            );
        }
    }
}

enum Received {
    Soft,
    Term,
    Interrupt,
    HangUp,
}

async fn first(
    soft: &mut Signal,
    term: &mut Signal,
    interrupt: &mut Signal,
    hang_up: &mut Signal,
) -> Received {
    std::future::poll_fn(|cx| {
        use std::task::Poll::{Pending, Ready};
        if term.poll_recv(cx).is_ready() {
            return Ready(Received::Term);
        }
        if interrupt.poll_recv(cx).is_ready() {
            return Ready(Received::Interrupt);
        }
        if soft.poll_recv(cx).is_ready() {
            return Ready(Received::Soft);
        }
        if hang_up.poll_recv(cx).is_ready() { Ready(Received::HangUp) } else { Pending }
    })
    .await
}
