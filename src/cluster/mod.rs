//! VRRP: two instances are one active/passive pair behind virtual addresses.
//!
//! The process that the operator starts becomes a small *supervisor*: it owns the election, the
//! virtual addresses and the capabilities (CAP_NET_RAW, CAP_NET_ADMIN), and it parses nothing but
//! VRRP and netlink. The proxy is its child. The node takes part in elections only while the proxy
//! listens, and gives its addresses up the moment the proxy dies.
//!
//! ```text
//! settings ─> supervise ─> supervisor ─┬─ proxy ── child        is it alive, does it listen
//!                                      ├─ interfaces            links and addresses of the kernel
//!                                      └─ instance ┬─ state     the election, without I/O
//!                                                  ├─ wire ──── receive ── advert ── checksum
//!                                                  ├─ address ─ keeper   virtual addresses, leased
//!                                                  └─ announce  gratuitous ARP
//! ```
//!
//! What the boot code does:
//!
//! ```no_run
//! # use std::{io, os::fd::OwnedFd, path::Path, process::ExitStatus};
//! # use evenkeel::cluster::{self, Child, Error, Settings};
//! # fn fork_the_proxy() -> io::Result<Child> { unimplemented!() }
//! fn boot() -> Result<ExitStatus, Box<dyn std::error::Error>> {
//!     let settings = Settings::load(Path::new("conf/cluster.yaml"))?;
//!     // Before any thread exists. The child calls `follow_supervisor` and writes to its pipe.
//!     let child = fork_the_proxy()?;
//!     Ok(cluster::supervise(&settings, child, &mut fork_the_proxy, cluster::log::to_stderr)?)
//! }
//! ```
//!
//! When the supervisor itself is killed, so is the proxy (`follow_supervisor`), the other node takes
//! over after its master-down time and announces itself, and the kernel removes the addresses here
//! when their lease ends (`address_lease`). Until then, at most three seconds, a neighbour that asks
//! anew may be told this node's hardware address; the announcements of the new active node correct
//! that.

use std::{io, process::ExitStatus, time::Duration};

use nix::sys::signal::Signal;

pub use self::{
    child::{Child, follow_supervisor},
    error::Error,
    settings::Settings,
};
use self::{log::Log, supervisor::Supervisor};

mod address;
mod advert;
mod announce;
mod checksum;
mod child;
mod error;
mod instance;
mod interfaces;
mod interval;
mod keeper;
pub mod log;
mod notify;
mod proxy;
mod receive;
pub mod settings;
mod state;
mod status;
mod supervisor;
mod time;
mod wire;

/// Runs the election for the proxy `child` until that has ended for good, and gives its status.
///
/// Called in the parent after the fork, in a process with one thread: SIGTERM and SIGINT give the
/// addresses up and stop the child, SIGUSR1 gives them up and lets it finish, SIGUSR2 and SIGHUP are
/// passed on. A child that dies is replaced by what `restart` returns, with growing pauses; its error
/// ends the supervision. `restart` should fork and exec, or call [`follow_supervisor`] in the child,
/// which closes the supervisor's sockets there.
///
/// # Errors
///
/// A missing interface or capability, or an address that somebody else set: the child has been
/// stopped then.
pub fn supervise(
    settings: &Settings,
    child: Child,
    restart: &mut dyn FnMut() -> io::Result<Child>,
    log: Log,
) -> Result<ExitStatus, Error> {
    match Supervisor::open(settings, child, log) {
        Ok(supervisor) => supervisor.run(restart),
        Err((child, error)) => {
            stop(&child, settings.stop_timeout());
            Err(error)
        }
    }
}

fn stop(child: &Child, timeout: Duration) {
    child.signal(Signal::SIGTERM);
    let pause = Duration::from_millis(10);
    for _ in 0..timeout.as_millis() / pause.as_millis() {
        if !matches!(child.reap(), Ok(None)) {
            return;
        }
        std::thread::sleep(pause);
    }
    child.signal(Signal::SIGKILL);
}
