//! How values are spelled: durations, sizes, addresses, names.

pub mod address;
pub mod duration;
pub mod name;
pub mod size;
