//! cluster
pub use self::{error::Error, settings::Settings};
mod advert;
mod checksum;
mod error;
mod interval;
mod log;
mod receive;
mod settings;
mod state;
mod time;
