//! What can keep the cluster from working, each as one sentence for the operator.

use std::{fmt, io, net::IpAddr, path::PathBuf, process::ExitStatus};

#[derive(Debug)]
pub enum Error {
    /// The settings file cannot be read or is wrong; `reason` names field, line and column.
    Settings { path: PathBuf, reason: String },
    /// An interface that the settings name does not exist.
    NoInterface { instance: String, interface: String },
    /// A virtual address is on the interface, and no process like this one put it there.
    AddressTaken { interface: String, address: IpAddr, prefix: u8 },
    /// The kernel refused for want of `capability`.
    Capability { capability: &'static str, attempt: String },
    /// Any other refusal of the kernel.
    System { attempt: String, source: io::Error },
    /// The proxy ended with `status` and could not be started again.
    Restart { status: ExitStatus, source: io::Error },
}

impl Error {
    /// `capability` is what `attempt` needs; the kernel says EPERM when it is missing.
    pub(crate) fn new(attempt: String, capability: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Capability { capability, attempt },
            _ => Self::System { attempt, source },
        }
    }

    pub(crate) fn system(attempt: &str, source: impl Into<io::Error>) -> Self {
        Self::System { attempt: attempt.to_owned(), source: source.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings { path, reason } => write!(f, "{}: {reason}", path.display()),
            Self::NoInterface { instance, interface } => {
                write!(f, "{instance}: there is no interface '{interface}'")
            }
            Self::AddressTaken { interface, address, prefix } => write!(
                f,
                "the virtual address {address}/{prefix} exists on {interface} already and was not \
                 set by Evenkeel: remove it (ip address del {address}/{prefix} dev {interface}), \
                 or give priority 255 if this node owns it"
            ),
            Self::Capability { capability, attempt } => {
                write!(f, "{attempt}: not permitted, the process lacks {capability}")
            }
            Self::System { attempt, source } => write!(f, "{attempt}: {source}"),
            Self::Restart { status, source } => {
                write!(f, "the proxy ended ({status}) and was not started again: {source}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System { source, .. } | Self::Restart { source, .. } => Some(source),
            _ => None,
        }
    }
}
