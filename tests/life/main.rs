//! The process: how it starts, what it refuses, and how it ends.

#[path = "../support/mod.rs"]
mod support;

mod daemon;
mod end;
mod start;
