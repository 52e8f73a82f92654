//! The language configuration files are written in: how a line is cut into words, how values are
//! spelled, how mistakes are reported. Nothing here knows what a keyword means.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod blocks;
pub mod conditions;
pub mod diagnostic;
pub mod environment;
pub mod lexer;
pub mod registry;
pub mod span;
pub mod suggest;
pub mod text;
pub mod value;
pub mod word;
