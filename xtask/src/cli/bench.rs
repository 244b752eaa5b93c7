//! `cargo xtask bench`.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use clap::{Args, Subcommand};

use super::output::{FAILED, workspace_root};
use crate::bench_build;
use xtask_bindgen::error::Error;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    /// Run a part of the work once
    #[arg(long)]
    quick: bool,
    /// Number of runs of each job [default: 5, or 1 with --quick]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// Run only these jobs: list, latency, events, windows, limit, memory, first
    #[arg(long, value_name = "JOB", value_delimiter = ',')]
    job: Vec<String>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Build small applications from scratch and print what the facade adds to them
    Build {
        /// Also write the table to crates/apivideo-bench/README.md
        #[arg(long)]
        write: bool,
        /// Skip features that are not enabled by default
        #[arg(long)]
        default_features: bool,
    },
}

/// Builds and runs the benchmarks in release mode. The table is printed to stdout, progress to stderr.
pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<u8, Error> {
    let root = workspace_root();
    if let Some(What::Build {
        write,
        default_features,
    }) = arguments.what
    {
        bench_build::run(&root, !default_features, write, out)?;
        return Ok(0);
    }
    let mut line = vec![
        "run".to_owned(),
        "--release".to_owned(),
        "--quiet".to_owned(),
        "--package=apivideo-bench".to_owned(),
        "--features=gzip".to_owned(),
        "--".to_owned(),
        "run".to_owned(),
    ];
    line.extend(options(arguments));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args(&line)
        .current_dir(&root)
        .status()
        .map_err(|source| Error::File {
            path: Path::new(&cargo).to_owned(),
            tried: "failed to run",
            source,
        })?;
    Ok(if status.success() { 0 } else { FAILED })
}

fn options(arguments: &Arguments) -> Vec<String> {
    let mut options = Vec::new();
    if arguments.quick {
        options.push("--quick".to_owned());
    }
    options.extend(arguments.rounds.map(|rounds| format!("--rounds={rounds}")));
    options.extend(arguments.job.iter().map(|job| format!("--job={job}")));
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_arguments_to_the_benchmark() {
        let arguments = Arguments {
            quick: true,
            rounds: Some(3),
            job: vec!["list".to_owned(), "first".to_owned()],
            what: None,
        };
        assert_eq!(
            options(&arguments),
            ["--quick", "--rounds=3", "--job=list", "--job=first"]
        );
    }
}
