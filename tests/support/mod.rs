//! What dialogue tests are made of: a proxy that runs as its users run it, peers that are led by
//! hand from both sides of it, a receiver of its logs.
//!
//! `EVENKEEL_TEST_BINARY` names another binary to run the same dialogues against, so that an
//! expectation can be held against HAProxy itself.
#![allow(dead_code, unused_imports)]

mod answering;
mod log;
mod message;
mod peer;
mod proxy;
mod server;

use std::time::{Duration, Instant};

pub(crate) use answering::Answering;
pub(crate) use log::{HttpLine, LogSocket, TcpLine};
pub(crate) use message::{Head, Request, Response};
pub(crate) use peer::{Peer, refuses};
pub(crate) use proxy::{Proxy, binary, is_reference, signal};
pub(crate) use server::{Refusing, Server};

/// How long anything that must happen may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Asks again until the answer is there.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < PATIENCE, "never happened: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Bytes without a pattern that a misplaced copy could hide in, the same for the same length.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
