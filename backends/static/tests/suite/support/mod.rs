//! Both ends of the dialogues: a server, in this process or as the binary, and a client that
//! parses answers by itself.

mod client;
mod folder;
mod process;
mod server;

pub(crate) use client::{Answer, Client};
pub(crate) use folder::{Folder, set_modified};
pub(crate) use process::{Process, run_to_end};
pub(crate) use server::Server;
