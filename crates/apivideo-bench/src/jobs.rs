//! The jobs and their programs: rounds in which each program runs once, medians, ratios.

mod bench;
mod events;
mod first;
mod latency;
mod limit;
mod list;
mod memory;
mod options;
mod windows;

use std::io::Write;

use clap::ValueEnum as _;

pub use bench::Bench;
pub use options::{Job, Options};

use crate::Result;
use crate::table::{self, Row};

/// Runs jobs and prints their table.
///
/// # Errors
/// Returns an error if a program fails, or two programs did not read the same.
pub fn run(options: &Options) -> Result<()> {
    let bench = Bench::new(options)?;
    let mut rows: Vec<Row> = Vec::new();
    for job in Job::value_variants() {
        if !options.job.is_empty() && !options.job.contains(job) {
            continue;
        }
        rows.extend(match job {
            Job::List => list::run(&bench)?,
            Job::Latency => latency::run(&bench)?,
            Job::Events => events::run(&bench)?,
            Job::Windows => windows::run(&bench)?,
            Job::Limit => limit::run(&bench)?,
            Job::Memory => memory::run(&bench)?,
            Job::First => first::run(&bench)?,
        });
    }
    write!(std::io::stdout().lock(), "{}", table::markdown(&rows))?;
    Ok(())
}
