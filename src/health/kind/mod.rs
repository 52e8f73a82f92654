//! The kinds of checks, one file each.

pub(super) mod http;
pub(super) mod tcp;

use self::http::HttpCheck;
use crate::live::CheckStatus;

/// How the servers of a backend are checked.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// The connection succeeds.
    #[default]
    Tcp,
    /// `option httpchk` and `http-check`.
    Http(HttpCheck),
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) status: CheckStatus,
    /// Layer 7 code.
    pub(super) code: Option<u16>,
    pub(super) detail: String,
}

impl Verdict {
    pub(super) fn new(status: CheckStatus, code: Option<u16>, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }
}
