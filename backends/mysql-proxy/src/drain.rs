//! Waiting for the proxy to begin its graceful stop.
//!
//! Apart because a session polls it between its two sockets, by hand and often.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::watch;

/// Learns, once, that draining has begun.
pub(crate) struct Drain {
    /// `None` once it has begun.
    pending: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Drain {
    pub(crate) fn new(draining: &watch::Sender<bool>) -> Self {
        let mut draining = draining.subscribe();
        let begun = async move {
            // An error says that the sender is gone, which is the end, too.
            let _ = draining.wait_for(|begun| *begun).await;
        };
        Self { pending: Some(Box::pin(begun)) }
    }

    /// Whether a poll has seen the beginning.
    pub(crate) fn has_begun(&self) -> bool {
        self.pending.is_none()
    }

    /// Ready at the moment draining begins, and never again.
    pub(crate) fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(pending) = &mut self.pending else { return Poll::Pending };
        let begun = pending.as_mut().poll(cx);
        if begun.is_ready() {
            self.pending = None;
        }
        begun
    }
}
