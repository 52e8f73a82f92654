//! The command line. What it overrides (node, address, state directory) is what differs between
//! nodes that share one configuration file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Application server with dynamic pages and a database, behind Evenkeel
#[derive(Debug, Parser)]
#[command(name = "evenkeel-app", version, after_help = AFTER_HELP)]
pub struct Args {
    /// Configuration file (YAML)
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,

    /// Check the configuration and exit: 0 when it is right, 1 when it is not
    #[arg(long)]
    pub check: bool,

    /// Name of this node, instead of the file's `node`
    #[arg(long, value_name = "NAME")]
    pub node: Option<String>,

    /// Address to listen on, instead of the file's `listen`
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Directory of the SQLite file, instead of the file's `state_dir`
    #[arg(long, value_name = "DIRECTORY")]
    pub state_dir: Option<PathBuf>,
}

/// Reads the process's arguments. After `--help`, `--version` or a mistake the text is already
/// printed and the exit status (0 or 1) is the error.
pub fn parse() -> Result<Args, ExitCode> {
    Args::try_parse().map_err(|error| {
        // Nothing sensible is left to do when the terminal is gone.
        let _ = error.print();
        ExitCode::from(u8::from(error.use_stderr()))
    })
}

const AFTER_HELP: &str = "\
Environment:
  EVENKEEL_APP_DATABASE_URL  database URL, instead of the file's `database.url`, so that
                             passwords stay out of files: sqlite://FILE or
                             mysql://USER:PASSWORD@HOST:PORT/DATABASE

Signals:
  TERM, INT  turn not ready, finish the requests under way, exit; a second one exits at once";
