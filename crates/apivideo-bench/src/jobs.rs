//! The jobs, and who does them: rounds in which all take their turn, medians, ratios.

mod bench;
mod events;
mod first;
mod latency;
mod limit;
mod list;
mod memory;
mod windows;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use bench::Bench;

use crate::Result;
use crate::table::{self, Row};

/// What is run, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// A part of the work, and one round: for a first look
    #[arg(long)]
    pub quick: bool,
    /// How often each program does each job [default: 5, or 1 with --quick]
    #[arg(long, value_name = "N")]
    pub rounds: Option<usize>,
    /// Only these jobs
    #[arg(long, value_name = "JOB", value_delimiter = ',')]
    pub job: Vec<Job>,
    /// Hundredths of the work that is done, for tests of this program
    #[arg(long, value_name = "PERCENT", hide = true)]
    pub scale: Option<u64>,
    /// The program that serves and does the jobs, where it is not this one
    #[arg(long, value_name = "FILE", hide = true)]
    pub program: Option<PathBuf>,
}

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Job {
    /// 200,000 sessions, 100 a page, every field
    List,
    /// Pages that come late, and a consumer that takes its time
    Latency,
    /// 2,000 sessions with their events
    Events,
    /// Days side by side, and pages of one day
    Windows,
    /// Under a rate limit
    Limit,
    /// How much memory long lists take
    Memory,
    /// How long the first item takes
    First,
}

/// Runs jobs and prints their table.
///
/// # Errors
/// When a program fails, or two of them did not read the same.
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
