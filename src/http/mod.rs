//! HTTP: the protocol versions that fill and emit an exchange, and what they share.

pub mod h1;
pub mod reply;
pub mod status;
