//! Patterns that samples are matched against: ACLs (manual, chapter 7.1), the lists behind them
//! and behind maps, and regular expressions.
//!
//! `store` has all `list`s of a configuration; a list has entries, and a `view` for every way it
//! is searched; a view is a stack of `level`s, each an `index` of the structure that its `method`
//! is fastest with.

mod acl;
mod entry;
mod flags;
mod index;
mod level;
mod list;
mod method;
mod output;
mod read;
mod regex;
mod store;
mod view;

pub use acl::{Acl, Test};
pub use entry::Entry;
pub use list::{List, Origin, Summary, Use};
pub use method::Method;
pub use output::{Output, Typed};
pub use regex::{Groups, Regex};
pub use store::Store;
pub use view::{Found, How, View};

#[cfg(test)]
mod tests;
