//! The site's directory: finding files in it without ever leaving it, and what is told about them.

pub mod listing;
pub mod media_type;
pub mod representation;
pub mod root;
