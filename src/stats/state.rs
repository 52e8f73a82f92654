//! What state a server is in, in one word: the `status` column, the rows of the page and the
//! runtime API tell it from here.

use std::borrow::Cow;
use std::sync::atomic::Ordering::Relaxed;

use crate::live::Admin;
use crate::proxy::Server;

/// The state that matters most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerState {
    Maintenance,
    Down,
    /// Down, but the last checks passed.
    GoingUp,
    Up,
    /// Up, but the last checks failed.
    GoingDown,
    /// Up, and stopping: only what is bound to it.
    Stopping,
    /// Up, and drained by the operator.
    Draining,
    NotChecked,
}

impl ServerState {
    #[must_use]
    pub fn of(server: &Server) -> Self {
        let live = &server.live;
        let position = live.check_position.load(Relaxed);
        if live.has(Admin::Maintenance) {
            return Self::Maintenance;
        }
        if !live.health().is_up() {
            return if server.check.is_some() && position > 0 { Self::GoingUp } else { Self::Down };
        }
        if live.has(Admin::Drain) {
            return Self::Draining;
        }
        if live.has(Admin::Stopping) {
            return Self::Stopping;
        }
        match &server.check {
            None => Self::NotChecked,
            Some(check) if position < check.rise + check.fall - 1 => Self::GoingDown,
            Some(_) => Self::Up,
        }
    }

    /// The words of the `status` column, with how far a change of state has come.
    #[must_use]
    pub fn status(self, server: &Server) -> Cow<'static, str> {
        let position = server.live.check_position.load(Relaxed);
        let (rise, fall) = server.check.map_or((1, 1), |check| (check.rise, check.fall));
        match self {
            Self::Maintenance => "MAINT".into(),
            Self::Down => "DOWN".into(),
            Self::GoingUp => format!("DOWN {position}/{rise}").into(),
            Self::Up => "UP".into(),
            Self::GoingDown => format!("UP {}/{fall}", position - rise + 1).into(),
            Self::Stopping => "NOLB".into(),
            Self::Draining => "DRAIN".into(),
            Self::NotChecked => "no check".into(),
        }
    }

    /// As the class of a row of the page.
    #[must_use]
    pub fn class(self, backup: bool) -> &'static str {
        match (self, backup) {
            (Self::Maintenance, _) => "maintain",
            (Self::Down, false) => "active_down",
            (Self::Down, true) => "backup_down",
            (Self::GoingUp, false) => "active_going_up",
            (Self::GoingUp, true) => "backup_going_up",
            (Self::Up, false) => "active_up",
            (Self::Up, true) => "backup_up",
            (Self::GoingDown, false) => "active_going_down",
            (Self::GoingDown, true) => "backup_going_down",
            (Self::Stopping | Self::Draining, false) => "active_draining",
            (Self::Stopping | Self::Draining, true) => "backup_draining",
            (Self::NotChecked, false) => "active_no_check",
            (Self::NotChecked, true) => "backup_no_check",
        }
    }
}
