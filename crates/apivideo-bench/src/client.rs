//! The programs that are compared: each does one job, in a process of its own, and tells what it cost.

mod core;
mod facade;
mod floor;
pub mod tally;

use std::io::Write;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

use crate::{Result, machine};
use tally::Tally;

/// The video of every world of the simulator.
const VIDEO: &str = apivideo_simulator::TUTORIAL_VIDEO;

/// Who does the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Program {
    /// hyper and `serde_json` into borrowed structs, by hand: what the wire itself costs
    Floor,
    /// The generated bindings, by hand page after page
    Core,
    /// The facade's streams
    Facade,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Read all sessions, and touch every field
    List,
    /// Read pages, and take some time over each
    Pages,
    /// Read all sessions with their events
    Events,
    /// Read the days of a period side by side
    Windows,
    /// Wait for the first session, again and again
    First,
    /// Read pages of one session for some time
    Limited,
}

/// A job, as a command line says it.
#[derive(Args, Clone, Debug)]
pub struct Task {
    /// Who does it
    pub program: Program,
    /// What is done
    #[arg(long, value_name = "WORK", default_value = "list")]
    pub job: Work,
    /// Where the server listens
    #[arg(long)]
    pub url: String,
    /// Of which sessions
    #[arg(long, default_value = "2022-01-01")]
    pub period: String,
    /// How many sessions a page has
    #[arg(long, default_value_t = 100)]
    pub page_size: u32,
    /// How many pages are read ahead
    #[arg(long, default_value_t = 1)]
    pub prefetch: usize,
    /// How many sessions or windows are read side by side
    #[arg(long, default_value_t = 1)]
    pub concurrency: usize,
    /// Take what comes first
    #[arg(long)]
    pub unordered: bool,
    /// How long the consumer takes over each page, in microseconds
    #[arg(long, default_value_t = 0)]
    pub consume_us: u64,
    /// Let the consumer compute instead of waiting for something
    #[arg(long)]
    pub busy: bool,
    /// For how long, or how often, where the work has no end of its own: seconds, or times
    #[arg(long, default_value_t = 10)]
    pub count: u64,
    /// Let the runtime have as many threads as there are processors
    #[arg(long)]
    pub threads: bool,
}

/// What a program tells of its work.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// What it read.
    pub tally: Tally,
    /// How long it took, in seconds, without the start of the process.
    pub wall_s: f64,
    /// The CPU time of the whole process, user and system, in seconds.
    pub cpu_s: f64,
    /// The most memory that it held, in KiB.
    pub peak_kib: u64,
    /// How long the consumer took altogether, in seconds.
    #[serde(default)]
    pub consumed_s: f64,
    /// Single times, in seconds, where the work has them.
    #[serde(default)]
    pub times_s: Vec<f64>,
}

/// What the work itself gives.
#[derive(Debug, Default)]
struct Done {
    tally: Tally,
    consumed: Duration,
    times: Vec<Duration>,
}

impl From<Tally> for Done {
    fn from(tally: Tally) -> Self {
        Self {
            tally,
            ..Self::default()
        }
    }
}

/// Does the job and prints what it cost, as a line of JSON.
///
/// # Errors
/// When a request fails, or this program does not do this work.
pub fn run(task: &Task) -> Result<()> {
    let measured = measure(task)?;
    writeln!(
        std::io::stdout().lock(),
        "{}",
        serde_json::to_string(&measured)?
    )?;
    Ok(())
}

fn measure(task: &Task) -> Result<Measured> {
    let runtime = runtime(task.threads)?;
    let began = machine::now();
    let Done {
        tally,
        consumed,
        times,
    } = runtime.block_on(async {
        match task.program {
            Program::Floor => floor::run(task).await,
            Program::Core => core::run(task).await,
            Program::Facade => facade::run(task).await,
        }
    })?;
    Ok(Measured {
        tally,
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: machine::cpu().as_secs_f64(),
        peak_kib: machine::peak_kib(),
        consumed_s: consumed.as_secs_f64(),
        times_s: times.iter().map(Duration::as_secs_f64).collect(),
    })
}

fn runtime(threads: bool) -> std::io::Result<Runtime> {
    let mut builder = if threads {
        Builder::new_multi_thread()
    } else {
        Builder::new_current_thread()
    };
    builder.enable_all().build()
}

/// Who does not do a job.
fn unable(task: &Task) -> Result<Done> {
    Err(format!("{:?} does not do the job {:?}", task.program, task.job).into())
}

/// The authorization of those who exchange no key.
fn basic() -> String {
    use base64::Engine as _;
    let key = base64::engine::general_purpose::STANDARD.encode("any:");
    format!("Basic {key}")
}
