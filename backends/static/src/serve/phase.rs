//! The life of a server, as its connections see it.

use tokio::sync::watch;

/// Only ever moves forward.
///
/// ```text
/// Serving ──signal──▶ Draining ──drain time──▶ Stopping ──shutdown timeout──▶ Cut
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Serving,
    /// The health check fails and answers close their connections, but all are served.
    Draining,
    /// No new connections; idle ones are closed, requests in flight end.
    Stopping,
    /// Whatever is left is closed.
    Cut,
}

/// Waits until the server is in `phase` or past it. A server that is gone is past every phase.
pub(super) async fn reached(watch: &mut watch::Receiver<Phase>, phase: Phase) {
    let _ = watch.wait_for(|current| *current >= phase).await;
}
