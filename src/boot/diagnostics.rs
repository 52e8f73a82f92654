//! What the program tells about its own doings, for whoever looks for a fault: apart from the
//! traffic logs, and silent unless asked for by `-d` or the environment.

use tracing_subscriber::EnvFilter;

use crate::args::Args;

/// Begins to tell, on standard error. `EVENKEEL_LOG` takes a filter such as
/// `debug` or `evenkeel::connect=trace`; `-d` alone means `debug`.
pub(super) fn start(args: &Args) {
    let filter = match std::env::var(VARIABLE) {
        Ok(filter) => EnvFilter::new(filter),
        Err(_) if args.debug => EnvFilter::new("debug"),
        Err(_) => return,
    };
    // A second start in one process (a test) keeps the first.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

const VARIABLE: &str = "EVENKEEL_LOG";
