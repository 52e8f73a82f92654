//! `stats auth`: who may see the page.

use crate::exchange::Message;
use crate::proxy::StatsPage;
use crate::userlist::basic::{credentials, same};

/// True when the page needs no user, or the request brings one of its users.
pub(super) fn accepted(page: &StatsPage, request: &Message) -> bool {
    if page.users.is_empty() {
        return true;
    }
    request.values(b"authorization").filter_map(credentials).any(|given| {
        // Every user is compared to the end: the time tells nothing about them.
        page.users.iter().fold(false, |found, user| found | same(user.as_bytes(), &given))
    })
}
