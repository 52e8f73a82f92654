//! The runtime API: lines of commands on a socket (management guide, section 9.3).

use std::rc::Rc;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::live;
use crate::log;
use crate::proxy::{Backend, Level, Plan};

/// What commands work on.
pub struct Context {
    pub plan: Arc<Plan>,
    pub process: Arc<live::Process>,
    pub workers: usize,
    /// Is told what the log should say about a server or its backend.
    pub notify: Box<dyn Fn(&Backend, log::Level, String)>,
}

/// Talks to one user of the runtime API until either side closes or `stats timeout` passes
/// without a command. The runtime must have its time driver enabled.
pub async fn serve<S>(io: S, context: Rc<Context>, level: Level)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let _ = (io, context, level);
}
