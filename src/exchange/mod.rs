//! Facts about one exchange, without I/O: the connection it came by, its messages, its times,
//! how it ended. Rules, logs and balancing read these and never ask which protocol filled them.

mod buffer;
mod connection;
mod field;
#[cfg(test)]
pub(crate) mod fixture;
mod message;
mod outcome;
mod stream;
mod vars;

pub use buffer::{BUFFER_SIZE, Buffer};
pub use connection::{Connection, Endpoint};
pub use field::{Field, Known, Slice};
pub use message::{Framing, Message, Version};
pub use outcome::{Cause, LOGGED_LINE, Outcome, Phase, Times};
pub use stream::{Inspection, Names, Side, Sides, Stream, Timeouts};
pub use vars::{
    Condition, Level as VariableLevel, Scope, Vars, limit as limit_variables, variable,
};
