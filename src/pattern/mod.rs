//! Patterns that samples are matched against, and the named lists of them: ACLs (manual,
//! chapter 7.1).

mod acl;
mod matcher;
mod network;
mod regex;

pub use acl::{Acl, Test};
pub use matcher::{Matcher, Method};
pub use regex::{Captures, Regex};
