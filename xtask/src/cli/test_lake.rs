//! `cargo xtask test-lake`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::{FAILED, MISUSED, print, workspace_root};
use crate::error::Error;
use crate::query_engines::{self, Trial, Why};

#[derive(Args)]
pub(super) struct Arguments {
    /// Number of simulated sessions
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    sessions: u64,
    /// Skip Spark, which needs Java and 500 MB
    #[arg(long)]
    without_spark: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let trial = Trial {
        root: arguments.root.clone().unwrap_or_else(workspace_root),
        sessions: arguments.sessions,
        spark: !arguments.without_spark,
    };
    Ok(
        match query_engines::read(&trial, &mut |line| print(out, &format!("{line}\n"))) {
            Ok(()) => 0,
            Err(Why::Missing(what)) => {
                print(out, &format!("test-lake: {what}\n"));
                MISUSED
            }
            Err(Why::Failed(what)) => {
                print(out, &format!("test-lake: {what}\n"));
                FAILED
            }
        },
    )
}
