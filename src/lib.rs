pub mod cluster;
#[allow(unsafe_code)]
mod sys;
