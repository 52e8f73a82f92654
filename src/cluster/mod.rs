//! cluster
mod advert;
mod checksum;
mod interval;
mod receive;
mod state;
mod time;
