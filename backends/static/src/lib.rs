//! The web server of a site behind Evenkeel: files over HTTP/1.1 and nothing else.
//!
//! A request travels through the folders in this order: [`serve`] accepts a connection and fills a
//! buffer, [`request`] makes sense of the bytes, [`answer`] decides with the help of [`site`] and
//! [`files`], [`reply`] is what was decided, [`serve`] sends it, [`access_log`] writes it down.
//! [`config`] is the file a person wrote; [`site`] is what it means. Everything between parsing and
//! sending is synchronous and knows no socket.

#![forbid(unsafe_code)]

pub mod access_log;
pub mod answer;
pub mod args;
pub mod config;
pub mod files;
pub mod reply;
pub mod request;
pub mod run;
pub mod serve;
pub mod site;
