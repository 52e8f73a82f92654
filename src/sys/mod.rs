//! Calls into the system that need `unsafe`: the only place where it stands.

pub(crate) mod fd;
pub(crate) mod process;
