//! A change of state with its reason, in the words that the log and the history use.

use std::{fmt, net::IpAddr, time::Duration};

use super::Heard;

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) from: Role,
    pub(crate) to: Role,
    pub(crate) reason: Reason,
}

/// The states of RFC 9568 section 6.4, shown under the names that operators know.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Initialize,
    Backup,
    Active,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Initialize => "INIT",
            Self::Backup => "BACKUP",
            Self::Active => "MASTER",
        })
    }
}

/// Why the state changed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The proxy listens and the interface is up.
    Started,
    /// Priority 255: the addresses are this node's own.
    Owner,
    /// No advertisement for this long.
    Silence(Duration),
    /// The active node at this address sent priority 0.
    Resigned(IpAddr),
    /// A node of higher priority, or of equal priority and greater address, is active.
    Beaten(Heard),
    /// This node stood still for this long.
    Frozen(Duration),
    Shutdown(Cause),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("the proxy listens and the interface is up"),
            Self::Owner => f.write_str("priority 255: this node owns the addresses"),
            Self::Silence(time) => write!(f, "no advertisement for {} ms", time.as_millis()),
            Self::Resigned(source) => write!(f, "{source} resigned with priority 0"),
            Self::Beaten(by) => write!(f, "{} advertises priority {}", by.source, by.priority),
            Self::Frozen(time) => write!(f, "this node stood still for {} ms", time.as_millis()),
            Self::Shutdown(cause) => cause.fmt(f),
        }
    }
}

/// Why this node does not take part.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Stopping,
    SoftStopping,
    ProxyDied,
    ProxyNotReady,
    InterfaceDown,
    TrackedInterfaceDown,
    NoAddress,
    AddressesNotSet,
    SocketsNotOpen,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopping => "stopping",
            Self::SoftStopping => "soft stop",
            Self::ProxyDied => "the proxy process died",
            Self::ProxyNotReady => "the proxy does not listen",
            Self::InterfaceDown => "the interface is down",
            Self::TrackedInterfaceDown => "a tracked interface is down",
            Self::NoAddress => "the interface has no address to advertise from",
            Self::AddressesNotSet => "the virtual addresses could not be set",
            Self::SocketsNotOpen => "its sockets could not be opened",
        })
    }
}
