//! Dialogues with the server over real sockets: what a client says, what it hears.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "clippy knows the tests but not what supports them")]

mod coding;
mod conditions;
mod conf;
mod dialogue;
mod files;
mod life;
mod limits;
mod logs;
mod paths;
mod ranges;
mod support;
