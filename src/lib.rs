//! Evenkeel: a load balancer that reads `haproxy.cfg`.
#![deny(unsafe_code)]
pub mod time;
pub mod live;
pub mod exchange;
pub mod http;
