//! Traffic logs and events (manual, chapter 8): lines in HAProxy's formats to syslog targets.

mod target;

pub use target::{Destination, Facility, Header, Level, LineFormat, Target};
