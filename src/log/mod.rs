//! Traffic logs and events (manual, chapter 8): lines in HAProxy's formats to syslog targets.

mod descriptor;
mod sender;
mod target;

pub mod line_format;

pub use descriptor::flush;
pub use line_format::LineFormat;
pub use sender::{Sender, SenderSettings};
pub use target::{Destination, Facility, Header, Level, Target};
