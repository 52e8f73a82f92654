//! Both directions between a client and a server until both are done: TCP mode, CONNECT, upgrades.

use std::future::poll_fn;
use std::task::{Context, Poll};

use super::io::Io;
use super::pump::{Pump, PumpError, Side};
use crate::time::{Clock, Timer};

/// Timeouts of a relay, in milliseconds; `u64::MAX` is none.
#[derive(Clone, Copy, Debug)]
pub struct RelayTimeouts {
    pub client: u64,
    pub server: u64,
    /// In place of the other's after one direction ended.
    pub client_fin: Option<u64>,
    pub server_fin: Option<u64>,
}

/// How a relay ended.
#[derive(Debug)]
pub enum RelayEnd {
    /// Both directions ended in order.
    Done,
    ClientTimeout,
    ServerTimeout,
    ClientError,
    ServerError,
}

/// Relays until both directions are over. `up` goes from client to server.
pub async fn relay(
    client: &mut Io,
    server: &mut Io,
    up: &mut Pump,
    down: &mut Pump,
    timer: &Timer,
    clock: &Clock,
    timeouts: RelayTimeouts,
) -> RelayEnd {
    let mut up = Direction { pump: up, shut: false, over: false };
    let mut down = Direction { pump: down, shut: false, over: false };
    let mut progress = u64::MAX;
    poll_fn(|cx| {
        let up_result = up.poll(cx, client, server, down.over);
        let down_result = down.poll(cx, server, client, up.over);
        if let Err(error) = up_result {
            return Poll::Ready(failed(&error, RelayEnd::ClientError, RelayEnd::ServerError));
        }
        if let Err(error) = down_result {
            return Poll::Ready(failed(&error, RelayEnd::ServerError, RelayEnd::ClientError));
        }
        if up.over && down.over {
            return Poll::Ready(RelayEnd::Done);
        }
        let (waits_for_client, limit) = whom(&up, &down, timeouts);
        // Bytes that moved and a direction that ended both begin the time anew.
        let step = (up.pump.moved() + down.pump.moved()) << 1 | u64::from(up.over || down.over);
        if step != progress {
            progress = step;
            timer.set(clock.ms().saturating_add(limit));
        }
        if timer.poll_expired(cx) {
            return Poll::Ready(if waits_for_client {
                RelayEnd::ClientTimeout
            } else {
                RelayEnd::ServerTimeout
            });
        }
        Poll::Pending
    })
    .await
}

/// One direction and the FIN that follows it.
struct Direction<'a> {
    pump: &'a mut Pump,
    shut: bool,
    over: bool,
}

impl Direction<'_> {
    /// `last` says that the other direction is over: then closing tells the peer, and the system
    /// call that would do no more is saved.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Io,
        to: &mut Io,
        last: bool,
    ) -> Result<(), PumpError> {
        if self.over {
            return Ok(());
        }
        if !self.shut {
            match self.pump.poll(cx, from, to) {
                Poll::Pending => return Ok(()),
                Poll::Ready(result) => result?,
            }
            self.shut = true;
        }
        // A peer that is gone cannot be told: that is an end as well.
        self.over = last || to.poll_shutdown(cx).is_ready();
        Ok(())
    }
}

/// The side whose turn it is, and its timeout.
fn whom(up: &Direction<'_>, down: &Direction<'_>, timeouts: RelayTimeouts) -> (bool, u64) {
    let client = down.pump.waits_for() == Side::Sink
        || (!up.over && up.pump.waits_for() == Side::Source && timeouts.client <= timeouts.server);
    let (limit, fin, other_over) = if client {
        (timeouts.client, timeouts.client_fin, down.over)
    } else {
        (timeouts.server, timeouts.server_fin, up.over)
    };
    (client, if other_over { fin.unwrap_or(limit) } else { limit })
}

fn failed(error: &PumpError, source: RelayEnd, sink: RelayEnd) -> RelayEnd {
    if matches!(error, PumpError::Sink(_)) { sink } else { source }
}
