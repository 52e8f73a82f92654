//! Changes of a server by an operator: its state, what waits for it, and what the log says.

use std::sync::atomic::Ordering::Relaxed;

use super::Context;
use crate::live::{Admin, Health};
use crate::log::Level;
use crate::proxy::{Backend, Server};

/// A server that commands change.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) context: &'a Context,
    pub(super) backend: &'a Backend,
    index: usize,
}

impl<'a> Target<'a> {
    /// The server that `backend/server` names.
    pub(super) fn find(context: &'a Context, name: Option<&String>) -> Result<Self, String> {
        let Some((backend, server)) = name.and_then(|name| name.split_once('/')) else {
            return Err("Require 'backend/server'.".to_owned());
        };
        let backend = context.plan.backend(backend).ok_or("No such backend.")?;
        let index = backend.servers.iter().position(|known| known.name == server);
        Ok(Self { context, backend, index: index.ok_or("No such server.")? })
    }

    pub(super) fn server(&self) -> &'a Server {
        &self.backend.servers[self.index]
    }

    /// Out of maintenance and drain.
    pub(super) fn ready(&self) {
        self.leave_maintenance(false);
        let live = &self.server().live;
        if live.set_admin(Admin::Drain, false) {
            let word = if live.health().is_up() { "UP" } else { "DOWN" };
            self.log(Level::Notice, &format!("is {word} (leaving forced drain)."));
            self.settle();
        }
    }

    /// Up, but only for what is bound to it.
    pub(super) fn drain(&self) {
        let live = &self.server().live;
        let from_maintenance = live.has(Admin::Maintenance);
        if !live.set_admin(Admin::Drain, true) {
            return;
        }
        if from_maintenance {
            self.leave_maintenance(true);
            self.log(Level::Notice, "remains in forced drain mode.");
            return;
        }
        let requeued = self.move_waiting();
        let tail = if live.health().is_up() { self.online(requeued) } else { self.left(requeued) };
        self.log(Level::Notice, &format!("enters drain state. {tail}"));
        self.settle();
    }

    pub(super) fn maintain(&self) {
        let live = &self.server().live;
        let (was_up, was_eligible) = (live.health().is_up(), live.is_eligible());
        let changed = live.set_maintenance(true, self.now_s());
        live.set_admin(Admin::Drain, false);
        if !changed {
            return;
        }
        live.check_position.store(0, Relaxed);
        if was_up {
            let tail = self.left(self.move_waiting());
            self.log(severity(was_eligible), &format!("is going DOWN for maintenance. {tail}"));
        } else {
            self.log(Level::Notice, "was DOWN and now enters maintenance.");
        }
        self.settle();
    }

    /// A server that leaves maintenance is trusted until its next check.
    fn leave_maintenance(&self, draining: bool) {
        let server = self.server();
        if !server.live.set_maintenance(false, self.now_s()) {
            return;
        }
        let (health, position) = match &server.check {
            Some(check) => (Health::Up, check.rise),
            None => (Health::Unchecked, 0),
        };
        server.live.set_admin(Admin::Stopping, false);
        server.live.set_health(health, self.now_s());
        server.live.check_position.store(position, Relaxed);
        let word = if draining { "UP/DRAIN" } else { "UP/READY" };
        self.log(Level::Notice, &format!("is {word} (leaving forced maintenance)."));
        self.settle();
    }

    /// Up as if the checks had said so.
    pub(super) fn up(&self) {
        let server = self.server();
        let health = if server.check.is_some() { Health::Up } else { Health::Unchecked };
        let was_up = server.live.set_health(health, self.now_s()).is_up();
        let was_stopping = server.live.set_admin(Admin::Stopping, false);
        self.set_position_to_top();
        if was_up && !was_stopping {
            return;
        }
        self.log(Level::Notice, &format!("is UP, changed from CLI. {}", self.online(0)));
        self.settle();
    }

    pub(super) fn stop(&self) {
        let live = &self.server().live;
        let health = if self.server().check.is_some() { Health::Up } else { Health::Unchecked };
        live.set_health(health, self.now_s());
        self.set_position_to_top();
        if !live.set_admin(Admin::Stopping, true) {
            return;
        }
        live.last_change.store(self.now_s(), Relaxed);
        let tail = self.online(self.move_waiting());
        self.log(Level::Notice, &format!("is stopping, changed from CLI. {tail}"));
        self.settle();
    }

    /// Down as if the checks had said so.
    pub(super) fn down(&self) {
        let live = &self.server().live;
        let was_eligible = live.is_eligible();
        let was_up = live.set_health(Health::Down, self.now_s()).is_up();
        live.set_admin(Admin::Stopping, false);
        live.check_position.store(0, Relaxed);
        if was_up {
            let tail = self.left(self.move_waiting());
            self.log(severity(was_eligible), &format!("is DOWN, changed from CLI. {tail}"));
            self.settle();
        }
    }

    pub(super) fn set_weight(&self, weight: u32) {
        self.server().live.set_weight(weight);
        self.settle();
    }

    pub(super) fn set_maxconn(&self, maxconn: u32) {
        self.server().live.maxconn.store(maxconn, Relaxed);
        self.serve_waiting();
    }

    fn set_position_to_top(&self) {
        let check = self.server().check.unwrap_or_default();
        self.server().live.check_position.store(check.rise + check.fall - 1, Relaxed);
    }

    /// Tells the backend, and the log if its last server is gone, and lets in who waits.
    fn settle(&self) {
        let backend = self.backend;
        let up = backend.servers.is_empty() || backend.servers.iter().any(|s| s.live.is_eligible());
        backend.live.servers_changed();
        if backend.live.set_up(up, self.now_s()) && !up {
            let listens = self.context.plan.frontends.iter().any(|f| f.id == backend.id);
            let kind = if listens { "proxy" } else { "backend" };
            let text = format!("{kind} {} has no server available!", backend.name);
            (self.context.notify)(backend, Level::Emerg, text);
        }
        self.serve_waiting();
    }

    /// Hands this server's free slots to who waits for it or for any server.
    fn serve_waiting(&self) {
        let live = &self.server().live;
        while live.is_eligible()
            && !(live.queue.is_empty() && self.backend.live.queue.is_empty())
            && live.take_slot()
        {
            if !live.queue.serve(self.index) && !self.backend.live.queue.serve(self.index) {
                live.release_slot();
                return;
            }
        }
    }

    /// Hands free slots of other servers to who waits for this one. Returns how many went.
    fn move_waiting(&self) -> usize {
        let waiting = &self.server().live.queue;
        let mut moved = 0;
        for (index, other) in self.backend.eligible().filter(|(index, _)| *index != self.index) {
            while !waiting.is_empty() && other.live.take_slot() {
                if !waiting.serve(index) {
                    other.live.release_slot();
                    return moved;
                }
                moved += 1;
            }
        }
        moved
    }

    fn online(&self, requeued: usize) -> String {
        let queued = self.queued();
        format!(
            "{} online.{} {requeued} sessions requeued, {queued} total in queue.",
            self.servers(),
            self.running_on_backup()
        )
    }

    fn left(&self, requeued: usize) -> String {
        let (active, queued) = (self.server().live.sessions(), self.queued());
        format!(
            "{} left.{} {active} sessions active, {requeued} requeued, {queued} remaining in queue.",
            self.servers(),
            self.running_on_backup(),
        )
    }

    fn servers(&self) -> String {
        format!("{} active and {} backup servers", self.eligible(false), self.eligible(true))
    }

    fn running_on_backup(&self) -> &'static str {
        if self.eligible(false) == 0 && self.eligible(true) > 0 {
            " Running on backup."
        } else {
            ""
        }
    }

    fn eligible(&self, backup: bool) -> usize {
        let servers = self.backend.servers.iter();
        servers.filter(|s| s.backup == backup && s.live.is_eligible()).count()
    }

    fn queued(&self) -> usize {
        self.backend.live.queue.len() + self.server().live.queue.len()
    }

    fn log(&self, level: Level, event: &str) {
        let (backend, server) = (self.backend, self.server());
        let kind = if server.backup { "Backup Server" } else { "Server" };
        let text = format!("{kind} {}/{} {event}", backend.name, server.name);
        (self.context.notify)(backend, level, text);
    }

    fn now_s(&self) -> u64 {
        self.context.now_ms() / 1000
    }
}

/// Losing a server that took new load is worth an alert.
fn severity(was_eligible: bool) -> Level {
    if was_eligible { Level::Alert } else { Level::Notice }
}
