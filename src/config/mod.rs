//! The configuration as it is written.

pub mod document;
