//! Calls into the system that need `unsafe`: the only place where it stands.

pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod fd;
pub(crate) mod handover;
pub(crate) mod netlink;
pub(crate) mod packet;
pub(crate) mod pidfd;
pub(crate) mod poll;
pub(crate) mod process;
pub(crate) mod raw;
pub(crate) mod realtime;
pub(crate) mod route;
mod socket;

pub(crate) use socket::enter_repair_mode;
