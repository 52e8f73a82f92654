//! Time as workers see it: a clock read once per loop turn, a timer wheel, and event rates.
//!
//! Apart from the rest because everything below takes `now` from here, so that no other room asks
//! the kernel what time it is.

mod clock;
mod date;
mod rate;
mod wheel;
mod zone;

pub use clock::{Clock, monotonic_ms, monotonic_us, wall_us};
pub use date::Civil;
pub use rate::{Rate, SharedRate};
pub use wheel::{Elapsed, Timer, Wheel};
pub use zone::local_offset;
