//! The programs that are compared: each does one job in a separate process, and reports its cost.

mod core;
mod facade;
mod floor;
pub mod tally;
mod task;

use std::io::Write;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::{Result, machine};
use task::Done;
pub use task::{Measured, Program, Task, Work};

/// Does the job and prints its cost as a line of JSON.
///
/// # Errors
/// Returns an error if a request fails, or the program does not implement the work.
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
