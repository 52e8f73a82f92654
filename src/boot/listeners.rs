//! Binding everything that the plan listens on, before privileges are dropped.

use std::sync::atomic::Ordering::Relaxed;

use super::Failure;
use super::mastered::Master;
use crate::listen::{self, BindError, Listener};
use crate::proxy::{Bind, Frontend, Level, Listen, Plan};
use crate::syntax::span::Span;

/// One listener of a worker: frontend and bind line by index.
pub(super) struct WorkerListener {
    pub(super) frontend: usize,
    pub(super) bind: usize,
    pub(super) listener: Listener,
}

/// All sockets.
pub(super) struct Bound {
    /// For each worker, its listeners.
    pub(super) workers: Vec<Vec<WorkerListener>>,
    /// `stats socket` listeners with what their users may do.
    pub(super) runtime_api: Vec<(Listener, Level)>,
}

/// Whether there is anything to listen on.
pub(super) fn any(plan: &Plan) -> bool {
    plan.frontends.iter().any(|frontend| is_enabled(frontend) && !frontend.binds.is_empty())
}

fn is_enabled(frontend: &Frontend) -> bool {
    !frontend.live.disabled.load(Relaxed)
}

/// Where a line stands, as `file:line`.
fn position(files: &[String], span: Span) -> String {
    let file = files.get(usize::from(span.file)).map_or("-", String::as_str);
    format!("{file}:{}", span.line)
}

/// Opens listening sockets: those that the worker before this one had, or new ones.
struct Sockets<'m> {
    master: Option<&'m mut Master>,
}

impl Sockets<'_> {
    fn open(
        &mut self,
        bind: &Bind,
        workers: usize,
        keep_alive: bool,
    ) -> Result<Vec<Listener>, BindError> {
        let Some(master) = self.master.as_deref_mut().filter(|_| !is_foreign(&bind.listen)) else {
            return listen::bind(bind, workers, keep_alive);
        };
        let name = name_of(bind, keep_alive);
        let handed = master.listeners.remove(&name).unwrap_or_default();
        let listeners = listen::adopt(bind, handed, workers, keep_alive)?;
        let kept = if bind.listen.is_shared() { 1 } else { listeners.len() };
        for listener in &listeners[..kept] {
            if let Err(Failure { sentence, .. }) = master.keep(&name, listener) {
                let cause = std::io::Error::other(sentence);
                return Err(BindError { step: "cannot keep socket", cause });
            }
        }
        Ok(listeners)
    }
}

/// A descriptor that whoever started the program left open stays open without our doing.
fn is_foreign(listen: &Listen) -> bool {
    matches!(listen, Listen::Fd(_))
}

/// All that a socket is bound with: another worker may use it if it would bind the same.
fn name_of(bind: &Bind, keep_alive: bool) -> String {
    let bind = Bind { span: Span::default(), name: None, ..bind.clone() };
    format!("{bind:?} {keep_alive}")
}

/// Binds all of them. With `virtual_addresses` also to addresses that the cluster module has not
/// put on an interface yet. What fails is said for each, then the start is given up.
pub(super) fn bind_all(
    plan: &Plan,
    workers: usize,
    virtual_addresses: bool,
    master: Option<&mut Master>,
) -> Result<Bound, Failure> {
    let mut sockets = Sockets { master };
    let mut bound =
        Bound { workers: (0..workers).map(|_| Vec::new()).collect(), runtime_api: Vec::new() };
    let mut failed = false;
    for (at, frontend) in plan.frontends.iter().enumerate().filter(|(_, f)| is_enabled(f)) {
        for (n, bind) in frontend.binds.iter().enumerate() {
            let mut bind = bind.clone();
            bind.backlog = bind.backlog.or(frontend.backlog);
            bind.free = virtual_addresses;
            match sockets.open(&bind, workers, frontend.tcp_keep_alive) {
                Ok(listeners) => {
                    tracing::debug!(frontend = frontend.name, address = %bind.listen, "bound");
                    for (own, listener) in bound.workers.iter_mut().zip(listeners) {
                        own.push(WorkerListener { frontend: at, bind: n, listener });
                    }
                }
                Err(error) => {
                    failed = true;
                    super::alert(&format!(
                        "Binding [{}] for frontend {}: {error} for [{}]",
                        position(&plan.files, bind.span),
                        frontend.name,
                        bind.listen
                    ));
                }
            }
        }
    }
    for socket in &plan.global.stats_sockets {
        let mut bind = Bind::on(socket.listen.clone());
        (bind.mode, bind.uid, bind.gid) = (socket.mode, socket.uid, socket.gid);
        match sockets.open(&bind, 1, false) {
            Ok(listeners) => {
                bound.runtime_api.extend(listeners.into_iter().map(|l| (l, socket.level)));
            }
            Err(error) => {
                failed = true;
                super::alert(&format!("stats socket: {error} for [{}]", bind.listen));
            }
        }
    }
    if failed {
        return Err(Failure::new("Some protocols failed to start their listeners! Exiting."));
    }
    if !any(plan) {
        return Err(Failure::new(
            "No enabled listener found (check for 'bind' directives) ! Exiting.",
        ));
    }
    Ok(bound)
}
