//! The jobs, and who does them: rounds in which all take their turn, medians, ratios.

mod bench;
mod list;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

pub use bench::Bench;

use crate::Result;
use crate::table::{self, Row};

/// What is run, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// A tenth of the work, and one round: for a first look
    #[arg(long)]
    pub quick: bool,
    /// How often each program does each job
    #[arg(long, value_name = "N")]
    pub rounds: Option<usize>,
    /// Only these jobs
    #[arg(long, value_name = "JOB", value_delimiter = ',')]
    pub job: Vec<Job>,
    /// Hundredths of the work that is done
    #[arg(long, value_name = "PERCENT", hide = true)]
    pub scale: Option<u64>,
    /// The program that serves and does the jobs, where it is not this one
    #[arg(long, hide = true)]
    pub program: Option<PathBuf>,
}

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Job {
    /// 200,000 sessions, 100 a page, every field
    List,
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
        });
    }
    write!(std::io::stdout().lock(), "{}", table::markdown(&rows))?;
    Ok(())
}
