//! The only room with `unsafe`: what the kernel offers, behind safe and small types.

pub(crate) mod clock;
pub(crate) mod command;
pub(crate) mod netlink;
pub(crate) mod packet;
pub(crate) mod pidfd;
pub(crate) mod poll;
pub(crate) mod raw;
pub(crate) mod realtime;
pub(crate) mod route;
