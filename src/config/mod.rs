//! The configuration: as it is written ([`document`]), what each section says (`section`), and
//! what all of it means together (`resolve`).

pub mod document;
mod load;
mod resolve;
pub mod section;

pub use load::{Options, load};
