//! The `evenkeel-static` binary: reads its arguments and hands over to the library.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;

use evenkeel_static::args::Args;
use evenkeel_static::run;

fn main() -> ExitCode {
    match run::run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evenkeel-static: {error}");
            ExitCode::FAILURE
        }
    }
}
