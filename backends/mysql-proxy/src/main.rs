//! The `evenkeel-mysql-proxy` program.

use std::process::ExitCode;

use clap::Parser;
use evenkeel_mysql_proxy::args::Args;
use evenkeel_mysql_proxy::config::Settings;
use evenkeel_mysql_proxy::{boot, logs};

fn main() -> ExitCode {
    let args = Args::parse();
    let settings = match Settings::load(&args.config) {
        Ok(settings) => settings,
        Err(error) => return fail(&error),
    };
    if args.check {
        println!("{}: valid", args.config.display());
        return ExitCode::SUCCESS;
    }
    logs::start(&settings.log);
    match boot::run(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

fn fail(error: &str) -> ExitCode {
    eprintln!("evenkeel-mysql-proxy: {error}");
    ExitCode::FAILURE
}
