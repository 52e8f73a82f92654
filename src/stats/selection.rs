//! Which lines are asked for.

use super::Context;
use super::row::{Kind, Row};
use super::state::ServerState;
use crate::proxy::{Backend, Frontend, Server};
use crate::syntax::span::Span;

/// What `show stat`, `stats scope` and the options of the page leave of all lines.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// Names of proxies; empty is all.
    pub scope: &'a [String],
    /// Only names of proxies that contain this.
    pub containing: &'a str,
    /// A proxy's number.
    pub proxy: Option<u32>,
    /// A sum of [`FRONTENDS`](Self::FRONTENDS), [`BACKENDS`](Self::BACKENDS) and
    /// [`SERVERS`](Self::SERVERS).
    pub kinds: i32,
    /// A server's number.
    pub server: Option<u32>,
    pub hide: Hide,
    /// Tell addresses, cookies and algorithms.
    pub legends: bool,
}

/// Servers that are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hide {
    #[default]
    Nothing,
    /// Those that are down or in maintenance (`up`).
    Down,
    /// Those in maintenance (`no-maint`).
    Maintenance,
}

impl Default for Selection<'_> {
    fn default() -> Self {
        Self {
            scope: &[],
            containing: "",
            proxy: None,
            kinds: -1,
            server: None,
            hide: Hide::Nothing,
            legends: true,
        }
    }
}

impl Selection<'_> {
    pub const FRONTENDS: i32 = 1;
    pub const BACKENDS: i32 = 2;
    pub const SERVERS: i32 = 4;

    fn has(&self, kind: i32) -> bool {
        self.kinds & kind != 0
    }

    fn has_proxy(&self, proxy: &Proxy<'_>) -> bool {
        self.proxy.is_none_or(|id| id == proxy.id)
            && (self.scope.is_empty() || self.scope.iter().any(|name| name == proxy.name))
            && proxy.name.contains(self.containing)
    }

    fn has_server(&self, server: &Server) -> bool {
        let state = ServerState::of(server);
        let hidden = match self.hide {
            Hide::Nothing => false,
            Hide::Maintenance => state == ServerState::Maintenance,
            Hide::Down => {
                matches!(state, ServerState::Maintenance | ServerState::Down | ServerState::GoingUp)
            }
        };
        !hidden && self.server.is_none_or(|id| id == server.id)
    }
}

/// A section: both halves of a `listen`, or the one half of another.
#[derive(Clone, Copy)]
pub struct Proxy<'a> {
    pub name: &'a str,
    pub id: u32,
    span: Span,
    pub frontend: Option<&'a Frontend>,
    pub backend: Option<&'a Backend>,
}

/// The proxies in the order of the configuration.
#[must_use]
pub fn proxies<'a>(context: &Context<'a>) -> Vec<Proxy<'a>> {
    let mut proxies: Vec<Proxy<'a>> = context.plan.frontends.iter().map(Proxy::front).collect();
    for backend in &context.plan.backends {
        match proxies.iter_mut().find(|proxy| proxy.id == backend.id) {
            Some(listen) => listen.backend = Some(backend),
            None => proxies.push(Proxy::back(backend)),
        }
    }
    proxies.sort_by_key(|proxy| (proxy.span.file, proxy.span.line, proxy.id));
    proxies
}

/// The lines of all proxies in order: frontend, servers, backend.
#[must_use]
pub fn rows<'a>(context: &Context<'a>, selection: &Selection<'_>) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for proxy in proxies(context).iter().filter(|proxy| selection.has_proxy(proxy)) {
        proxy.rows(context, selection, &mut rows);
    }
    rows
}

impl<'a> Proxy<'a> {
    fn front(frontend: &'a Frontend) -> Self {
        Self {
            name: &frontend.name,
            id: frontend.id,
            span: frontend.span,
            frontend: Some(frontend),
            backend: None,
        }
    }

    fn back(backend: &'a Backend) -> Self {
        Self {
            name: &backend.name,
            id: backend.id,
            span: backend.span,
            frontend: None,
            backend: Some(backend),
        }
    }

    fn rows(&self, context: &Context<'a>, selection: &Selection<'_>, rows: &mut Vec<Row<'a>>) {
        let counts = selection.hide != Hide::Nothing;
        let mut push = |kind| rows.push(Row::new(*context, kind, selection.legends, counts));
        if let Some(frontend) = self.frontend.filter(|_| selection.has(Selection::FRONTENDS))
            && selection.server.is_none_or(|id| id == 0)
        {
            push(Kind::Frontend(frontend));
        }
        let Some(backend) = self.backend else { return };
        if selection.has(Selection::SERVERS) {
            for server in backend.servers.iter().filter(|server| selection.has_server(server)) {
                push(Kind::Server(backend, server));
            }
        }
        if selection.has(Selection::BACKENDS) && selection.server.is_none_or(|id| id == 0) {
            push(Kind::Backend(backend));
        }
    }
}
