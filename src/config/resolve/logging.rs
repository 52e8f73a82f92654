//! Where a proxy logs.

use super::Surroundings;
use crate::config::section::Proxy;
use crate::log::LineFormat;
use crate::proxy::keyword::{LogFormat, LogTarget};
use crate::proxy::{Logging, Mode};

pub(super) fn resolve(proxy: &Proxy, around: &Surroundings<'_>) -> Logging {
    let log = &proxy.settings.log;
    let mut targets = Vec::new();
    for target in &log.targets {
        match target {
            LogTarget::Global => targets.extend(around.global.log.iter().cloned()),
            LogTarget::Own(target) => targets.push(target.clone()),
        }
    }
    Logging {
        targets,
        format: format(proxy),
        tag: log.tag.clone(),
        dont_log_null: log.dont_log_null,
        dont_log_normal: log.dont_log_normal,
        separate_errors: log.separate_errors,
        health_checks: log.health_checks,
    }
}

/// HTTP formats need HTTP: HAProxy falls back to those of TCP.
fn format(proxy: &Proxy) -> LineFormat {
    let http = proxy.settings.mode == Mode::Http;
    match proxy.settings.log.format.as_ref().map(|(format, _)| format) {
        None => LineFormat::default(),
        Some(LogFormat::Own(format)) => format.clone(),
        Some(LogFormat::Http) if http => LineFormat::http(),
        Some(LogFormat::HttpClf) if http => LineFormat::clf(),
        Some(LogFormat::Tcp | LogFormat::Http) => LineFormat::tcp(),
        Some(LogFormat::TcpClf | LogFormat::HttpClf) => LineFormat::tcp_clf(),
    }
}
