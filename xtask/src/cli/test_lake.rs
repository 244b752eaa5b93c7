//! `cargo xtask test-lake`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::output::{FAILED, MISUSED, print, workspace_root};
use crate::query_engines::{self, Engine, Trial, Why};
use xtask_bindgen::error::Error;

#[derive(Args)]
pub(super) struct Arguments {
    /// Number of simulated sessions
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    sessions: u64,
    /// Engines that compute the measures [default: all]
    #[arg(long, value_name = "ENGINE", value_enum, value_delimiter = ',')]
    engines: Vec<Engine>,
    /// Skip Spark and Sail, which need Java and 1 GB
    #[arg(long, conflicts_with = "engines")]
    without_spark: bool,
    /// Workspace root [default: that of this tool]
    #[arg(long, value_name = "DIR", hide = true)]
    root: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let mut engines = match arguments.engines.as_slice() {
        [] => Engine::ALL.to_vec(),
        engines => Engine::ALL
            .into_iter()
            .filter(|engine| engines.contains(engine))
            .collect(),
    };
    if arguments.without_spark {
        engines.retain(|engine| !matches!(engine, Engine::Spark | Engine::Sail));
    }
    let trial = Trial {
        root: arguments.root.clone().unwrap_or_else(workspace_root),
        sessions: arguments.sessions,
        engines,
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
