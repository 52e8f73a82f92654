//! Health checks of servers (manual, section 5.2 `check`, section 4.2 `option httpchk`).

use std::rc::Rc;
use std::sync::Arc;

use crate::log::Sender;
use crate::proxy::Plan;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::word::Word;

/// How the servers of a backend are checked.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// The connection succeeds.
    #[default]
    Tcp,
    /// `option httpchk` and `http-check`.
    Http(HttpCheck),
}

/// The request that is sent and what is expected.
#[derive(Clone, Debug)]
pub struct HttpCheck {
    pub method: String,
    pub uri: String,
    /// `HTTP/1.0` or `HTTP/1.1`.
    pub version: String,
    pub fields: Vec<(String, String)>,
    pub expect: Expect,
}

/// `http-check expect`.
#[derive(Clone, Debug, Default)]
pub enum Expect {
    /// Any status from 200 to 399.
    #[default]
    Success,
    /// `status` with codes and ranges; true when it must not match.
    Status(Vec<(u16, u16)>, bool),
    /// `string`: the body contains this; true when it must not.
    Body(String, bool),
}

/// Starts one task on this worker for each checked server whose running number falls to it.
pub fn start(_plan: &Arc<Plan>, _worker: usize, _workers: usize, _log: Rc<Sender>) {}

/// Reads what follows `option httpchk`.
///
/// # Errors
/// The word that HAProxy would not take.
pub fn parse_option_httpchk(words: &[Word]) -> Result<HttpCheck, Diagnostic> {
    Err(Diagnostic::alert(words.first().map(|word| word.span), "unfinished"))
}

/// Reads what follows `http-check`.
///
/// # Errors
/// The word that HAProxy would not take, or that is not supported yet.
pub fn parse_http_check(words: &[Word], _check: &mut HttpCheck) -> Result<(), Diagnostic> {
    Err(Diagnostic::alert(words.first().map(|word| word.span), "unfinished"))
}
