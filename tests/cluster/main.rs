//! The cluster module for real: two nodes and a client in network namespaces, with Evenkeel's
//! supervisor on both sides or keepalived on one. Needs root; where that is missing the tests fail,
//! unless `EVENKEEL_SKIP_NETNS=1` says that this is known.
//!
//! The binary has its own small runner, because it executes itself as a node, and because timing is
//! only meaningful one test at a time. `cargo test --test cluster crash` runs those whose name holds
//! `crash`.

// With a runner of its own this is no test crate to clippy.
#![allow(clippy::unwrap_used)]

use std::{env, panic, process::ExitCode, time::Instant};

mod allocations;
mod capture;
mod client;
mod failover;
mod interop;
mod keepalived;
mod lab;
mod node;
mod refusals;
mod resilience;

type Test = (&'static str, fn());

fn main() -> ExitCode {
    if let Some(code) = node::run_if_asked() {
        return code;
    }
    if !nix::unistd::geteuid().is_root() {
        return without_root();
    }
    lab::remove_leftovers();
    lab::clean_up_on_signals();
    run(&wanted())
}

fn wanted() -> Vec<Test> {
    let filter = env::args().skip(1).find(|argument| !argument.starts_with('-'));
    [failover::TESTS, refusals::TESTS, resilience::TESTS, interop::TESTS]
        .concat()
        .into_iter()
        .filter(|(name, _)| filter.as_ref().is_none_or(|filter| name.contains(filter.as_str())))
        .collect()
}

fn run(tests: &[Test]) -> ExitCode {
    let mut failed = Vec::new();
    for (name, test) in tests {
        println!("test {name} ...");
        let started = Instant::now();
        let result = panic::catch_unwind(test);
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {word} ({} ms)", started.elapsed().as_millis());
        if result.is_err() {
            failed.push(*name);
        }
    }
    println!("test result: {} passed; {} failed", tests.len() - failed.len(), failed.len());
    failed.iter().for_each(|name| println!("    {name}"));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn without_root() -> ExitCode {
    let skip = env::var("EVENKEEL_SKIP_NETNS").is_ok_and(|value| value == "1");
    let word = if skip { "skipped" } else { "failed (EVENKEEL_SKIP_NETNS=1 skips them)" };
    println!("the cluster tests make network namespaces, which only root may: {word}");
    if skip { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
