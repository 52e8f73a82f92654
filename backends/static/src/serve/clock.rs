//! The time of day, and its text made once a second.

use std::cell::{Cell, RefCell};
use std::time::{Duration, SystemTime};

#[derive(Debug, Default)]
pub(super) struct Clock {
    second: Cell<u64>,
    text: RefCell<String>,
}

impl Clock {
    /// Now, in whole seconds: all that HTTP's dates can tell.
    pub(super) fn now(&self) -> SystemTime {
        let age = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let second = age.as_secs().min(LAST_SECOND);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        if second != self.second.replace(second) || self.text.borrow().is_empty() {
            *self.text.borrow_mut() = httpdate::fmt_http_date(now);
        }
        now
    }

    /// The `Date` (RFC 9110 section 5.6.7) of the last [`Self::now`].
    pub(super) fn with_date<T>(&self, use_it: impl FnOnce(&str) -> T) -> T {
        use_it(&self.text.borrow())
    }
}

/// The end of the year 9999, beyond which an HTTP date has no form.
const LAST_SECOND: u64 = 253_402_300_799;
