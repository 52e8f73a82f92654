//! The operator's program that is run at each transition. It never holds the supervisor up: it is
//! started, left alone, and reaped when it ends.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use super::{
    log::{Level, Log},
    settings::Settings,
    state::Transition,
};
use crate::sys::command::unblock_signals;

pub(crate) struct Notifier<'s> {
    program: Option<&'s Path>,
    node: &'s str,
    running: Vec<Child>,
    log: Log,
}

impl<'s> Notifier<'s> {
    pub(crate) fn new(settings: &'s Settings, log: Log) -> Self {
        let program = settings.notify.as_deref();
        Self { program, node: &settings.node, running: Vec::new(), log }
    }

    /// `PROGRAM NODE INSTANCE STATE REASON`; skipped while 16 are still running.
    pub(crate) fn run(&mut self, instance: &str, moved: &Transition) {
        let Some(program) = self.program else { return };
        self.reap();
        if self.running.len() >= MOST_RUNNING {
            let shown = program.display();
            (self.log)(Level::Warning, format_args!("{shown} hangs: it is not run again"));
            return;
        }
        let mut command = Command::new(program);
        let started = unblock_signals(&mut command)
            .args([self.node, instance, &moved.to.to_string(), &moved.reason.to_string()])
            .stdin(Stdio::null())
            .spawn();
        match started {
            Ok(child) => self.running.push(child),
            Err(error) => {
                (self.log)(Level::Warning, format_args!("notify {}: {error}", program.display()));
            }
        }
    }

    /// Called when some child of this process ended.
    pub(crate) fn reap(&mut self) {
        self.running.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
    }
}

const MOST_RUNNING: usize = 16;
