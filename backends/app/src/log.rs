//! The process's log: structured, to standard error, as text or as one JSON object a line.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;

use crate::config::{Log, LogFormat, LogLevel};

/// From now on `tracing` writes as `config` says.
pub(crate) fn start(config: &Log) {
    let level = match config.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
    };
    // The libraries below speak only when something is wrong.
    let filter = EnvFilter::new(format!("warn,evenkeel_app={level}"));
    let writer = SubscriberBuilder::default().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (there is none outside tests) keeps the first writer.
    let _ = match config.format {
        LogFormat::Text => writer.with_ansi(false).try_init(),
        LogFormat::Json => writer.json().flatten_event(true).try_init(),
    };
}
