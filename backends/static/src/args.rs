//! The command line, apart so that `--help` can be read where it is written.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Parser;

/// Serves a directory of files over HTTP/1.1, as a backend of a load balancer.
///
/// Signals: TERM, INT and USR1 drain (the health check turns 503) and then stop gracefully; a
/// second one skips the drain, a third cuts what is still open. HUP reopens the access log.
#[derive(Debug, Parser)]
#[command(name = "evenkeel-static", version, about, long_about, max_term_width = 100)]
pub struct Args {
    /// Configuration file (YAML)
    #[arg(short, long, value_name = "FILE")]
    pub config: PathBuf,

    /// Check the configuration, say what is wrong with it, and exit
    #[arg(long)]
    pub check: bool,

    /// Number of worker threads, each with its own runtime and listening sockets
    #[arg(short, long, value_name = "N")]
    pub workers: Option<NonZeroUsize>,

    /// Listen here instead of where the configuration says (may be repeated)
    #[arg(short, long, value_name = "ADDRESS:PORT")]
    pub listen: Vec<SocketAddr>,
}
