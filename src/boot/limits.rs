//! File descriptors, and the `maxconn` that follows from them.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::Failure;
use crate::proxy::Plan;

/// Raises the limit of descriptors and returns the process's `maxconn`.
pub(super) fn apply(plan: &Plan) -> Result<usize, Failure> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)
        .map_err(|error| Failure::new(format!("cannot read the limit of descriptors: {error}")))?;
    // Listeners of every worker, check and log sockets, epoll and event descriptors.
    let binds: usize = plan.frontends.iter().map(|frontend| frontend.binds.len()).sum();
    let servers: usize = plan.backends.iter().map(|backend| backend.servers.len()).sum();
    let reserve = (binds + 4) * plan.global.threads + servers + 40;
    let wanted = match (plan.global.ulimit_n, plan.global.maxconn) {
        (Some(limit), _) => limit,
        (None, 0) => hard.min(AUTOMATIC),
        (None, maxconn) => (2 * maxconn + reserve) as u64,
    };
    let limit = wanted.min(hard);
    if setrlimit(Resource::RLIMIT_NOFILE, limit, hard).is_err() || limit < wanted {
        eprintln!(
            "[WARNING]  ({}) : {wanted} file descriptors are needed, the system allows {limit}.",
            std::process::id()
        );
    }
    if plan.global.maxconn > 0 {
        return Ok(plan.global.maxconn);
    }
    Ok((limit as usize).saturating_sub(reserve).max(20) / 2)
}

/// More descriptors than this are not taken without being asked for.
const AUTOMATIC: u64 = 1 << 20;
