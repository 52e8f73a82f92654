//! The `evenkeel-app` command: arguments in, exit status out. Everything else is in the library,
//! so that tests and the command run the same code.

use std::process::ExitCode;

use evenkeel_app::args;

fn main() -> ExitCode {
    match args::parse() {
        Ok(args) => evenkeel_app::run(&args),
        Err(status) => status,
    }
}
