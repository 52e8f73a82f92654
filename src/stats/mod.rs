//! Statistics: what is counted, as CSV, JSON and a page to look at (management guide, section 9).
//!
//! Apart from the runtime API because the page and the API show the same facts and derive them
//! from the same slice of columns.

use crate::exchange::Message;
use crate::live;
use crate::proxy::{Plan, StatsPage};
use crate::rule::Reply;

/// What statistics are made of.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub plan: &'a Plan,
    pub process: &'a live::Process,
    pub workers: usize,
    /// The process clock.
    pub now_ms: u64,
}

/// True when a request asks for this page.
#[must_use]
pub fn matches(page: &StatsPage, request: &Message) -> bool {
    request.path_and_query().starts_with(page.uri.as_bytes())
}

/// The answer to a request that [`matches`].
#[must_use]
pub fn answer(page: &StatsPage, context: &Context<'_>, request: &Message) -> Reply {
    let _ = (page, context, request);
    Reply::error(503)
}
