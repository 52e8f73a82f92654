//! The plain check: a connection, and what the system says when there is none.

use std::io;

use nix::errno::Errno;

use super::Verdict;
use crate::live::CheckStatus;

/// The connection was made.
pub(in crate::health) fn connected() -> Verdict {
    Verdict::new(CheckStatus::L4Ok, None, "")
}

/// No connection was made in time.
pub(in crate::health) fn timed_out() -> Verdict {
    Verdict::new(CheckStatus::L4Timeout, None, "")
}

/// No connection could be made, to a TCP address or (`unix`) to a unix socket.
pub(in crate::health) fn failed(error: &io::Error, unix: bool) -> Verdict {
    let status = if unix { CheckStatus::SocketError } else { CheckStatus::L4Connection };
    let detail = match errno(error) {
        Some(errno @ (Errno::ECONNREFUSED | Errno::EHOSTUNREACH)) if !unix => returned_by_os(errno),
        Some(errno) => format!("General socket error ({})", errno.desc()),
        None => "General socket error".to_owned(),
    };
    Verdict::new(status, None, detail)
}

/// The connection broke during the dialogue.
pub(in crate::health) fn broken(error: &io::Error) -> Verdict {
    let detail = errno(error).map(returned_by_os).unwrap_or_default();
    Verdict::new(CheckStatus::SocketError, None, detail)
}

fn returned_by_os(errno: Errno) -> String {
    format!("{errno:?} returned by OS ({})", errno.desc())
}

fn errno(error: &io::Error) -> Option<Errno> {
    error.raw_os_error().map(Errno::from_raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Details that HAProxy 3.4.0 reports.
    #[test]
    fn errors_are_told_in_haproxys_words() {
        let refused = failed(&io::Error::from_raw_os_error(libc::ECONNREFUSED), false);
        assert_eq!(refused.status, CheckStatus::L4Connection);
        assert_eq!(refused.detail, "ECONNREFUSED returned by OS (Connection refused)");
        let absent = failed(&io::Error::from_raw_os_error(libc::ENOENT), true);
        assert_eq!(absent.status, CheckStatus::SocketError);
        assert_eq!(absent.detail, "General socket error (No such file or directory)");
        let lost = failed(&io::Error::from_raw_os_error(libc::ENETUNREACH), false);
        assert_eq!(lost.status, CheckStatus::L4Connection);
        assert_eq!(lost.detail, "General socket error (Network is unreachable)");
        let reset = broken(&io::Error::from_raw_os_error(libc::ECONNRESET));
        assert_eq!(reset.status, CheckStatus::SocketError);
        assert_eq!(reset.detail, "ECONNRESET returned by OS (Connection reset by peer)");
    }
}
