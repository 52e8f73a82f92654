//! Where a proxy logs.

use super::Surroundings;
use crate::proxy::Logging;
use crate::proxy::keyword::{LogTarget, Settings};

pub(super) fn resolve(settings: &Settings, around: &Surroundings<'_>) -> Logging {
    let log = &settings.log;
    let mut targets = Vec::new();
    for target in &log.targets {
        match target {
            LogTarget::Global => targets.extend(around.global.log.iter().cloned()),
            LogTarget::Own(target) => targets.push(target.clone()),
        }
    }
    Logging {
        targets,
        format: log.format.clone(),
        dont_log_null: log.dont_log_null,
        dont_log_normal: log.dont_log_normal,
        separate_errors: log.separate_errors,
        health_checks: log.health_checks,
    }
}
