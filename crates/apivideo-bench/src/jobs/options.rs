//! The options of a run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The jobs to run, and how often.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Run one round of a part of the work
    #[arg(long)]
    pub quick: bool,
    /// Rounds of each program and job [default: 5, or 1 with --quick]
    #[arg(long, value_name = "N")]
    pub rounds: Option<usize>,
    /// Run these jobs only
    #[arg(long, value_name = "JOB", value_delimiter = ',')]
    pub job: Vec<Job>,
    /// Percentage of the work, for tests of this program
    #[arg(long, value_name = "PERCENT", hide = true)]
    pub scale: Option<u64>,
    /// The program that runs the server and the jobs, if it is not this one
    #[arg(long, value_name = "FILE", hide = true)]
    pub program: Option<PathBuf>,
}

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Job {
    /// 200,000 sessions, 100 a page, every field
    List,
    /// Pages with a latency, and a slow consumer
    Latency,
    /// 2,000 sessions with their events
    Events,
    /// Concurrent days, and pages of one day
    Windows,
    /// Under a rate limit
    Limit,
    /// The memory of long lists
    Memory,
    /// The time until the first item
    First,
}
