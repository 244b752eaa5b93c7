//! The work of a program, its options and the measured cost.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::Result;

/// The video of every world of the simulator.
pub(super) const VIDEO: &str = apivideo_simulator::TUTORIAL_VIDEO;

/// The program that does the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Program {
    /// hyper and `serde_json` into borrowed structs: the cost of the transfer itself
    Floor,
    /// The generated crate, page after page
    Core,
    /// The streams of the client library
    Facade,
}

/// The work of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Read all sessions, and access every field
    List,
    /// Read pages, and spend some time on each
    Pages,
    /// Read all sessions with their events
    Events,
    /// Read the days of a period concurrently
    Windows,
    /// Wait for the first session, repeatedly
    First,
    /// Read pages of one session for some time
    Limited,
}

/// A job, as options of the command line.
#[derive(Args, Clone, Debug)]
pub struct Task {
    /// Program that does the job
    pub program: Program,
    /// Work to do
    #[arg(long, value_name = "WORK", default_value = "list")]
    pub job: Work,
    /// URL of the server
    #[arg(long)]
    pub url: String,
    /// Period of the sessions
    #[arg(long, default_value = "2022-01-01")]
    pub period: String,
    /// Sessions per page
    #[arg(long, default_value_t = 100)]
    pub page_size: u32,
    /// Pages to prefetch
    #[arg(long, default_value_t = 1)]
    pub prefetch: usize,
    /// Sessions or windows to read concurrently
    #[arg(long, default_value_t = 1)]
    pub concurrency: usize,
    /// Yield items in any order
    #[arg(long)]
    pub unordered: bool,
    /// Time that the consumer spends on each page, in microseconds
    #[arg(long, default_value_t = 0)]
    pub consume_us: u64,
    /// Let the consumer compute instead of waiting
    #[arg(long)]
    pub busy: bool,
    /// Seconds or repetitions, for work without an end
    #[arg(long, default_value_t = 10)]
    pub count: u64,
    /// Use a runtime with one thread per processor
    #[arg(long)]
    pub threads: bool,
}

/// The cost of a job, as a program reports it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// The items that were read.
    pub tally: Tally,
    /// The wall time in seconds, without the start of the process.
    pub wall_s: f64,
    /// The CPU time of the whole process, user and system, in seconds.
    pub cpu_s: f64,
    /// The peak memory in KiB.
    pub peak_kib: u64,
    /// The total time of the consumer, in seconds.
    #[serde(default)]
    pub consumed_s: f64,
    /// Single times in seconds, for work that measures them.
    #[serde(default)]
    pub times_s: Vec<f64>,
}

/// The result of the work itself.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) tally: Tally,
    pub(super) consumed: Duration,
    pub(super) times: Vec<Duration>,
}

impl From<Tally> for Done {
    fn from(tally: Tally) -> Self {
        Self {
            tally,
            ..Self::default()
        }
    }
}

/// The error of a program that does not implement a job.
pub(super) fn unsupported(task: &Task) -> Result<Done> {
    Err(format!(
        "{:?} does not implement the job {:?}",
        task.program, task.job
    )
    .into())
}

/// The authorization of programs that do not exchange the key.
pub(super) fn basic() -> String {
    use base64::Engine as _;
    let key = base64::engine::general_purpose::STANDARD.encode("any:");
    format!("Basic {key}")
}
