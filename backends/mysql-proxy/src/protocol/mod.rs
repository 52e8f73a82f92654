//! The MySQL client/server protocol without I/O: bytes in, decisions out.
//!
//! Apart from the rest because nothing here waits, allocates per row or knows a socket, so that all
//! of it can be tested with captured and with arbitrary bytes. Source: "MySQL Client/Server
//! Protocol" in the MySQL internals documentation and MariaDB's "Clients & Utilities" pages.

pub mod answer;
pub mod auth;
pub mod capability;
pub mod command;
pub mod dialogue;
pub mod greeting;
pub mod login;
pub mod packet;
pub mod reader;
pub mod response;

#[cfg(test)]
mod captured;
