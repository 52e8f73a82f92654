//! The command line.
//!
//! Apart because it is the one part of the program that only `main` needs.

use std::path::PathBuf;

use clap::Parser;

/// Relays the MySQL protocol between applications and MariaDB or MySQL servers.
#[derive(Debug, Parser)]
#[command(name = "evenkeel-mysql-proxy", version)]
pub struct Args {
    /// The settings file (YAML)
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
    /// Check the settings file and exit
    #[arg(long)]
    pub check: bool,
}
