//! The process: how it starts, what it refuses, and how it ends.

#[path = "../support/mod.rs"]
mod support;

mod command_line;
mod daemon;
mod end;
mod master;
mod start;
