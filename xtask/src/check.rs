//! `cargo xtask check`: the checks that a change must pass in addition to its tests, as named steps.
//!
//! A step checks one aspect of the workspace in its [`Context`] and returns an [`Outcome`]. All steps run even if one fails, so
//! that a single run reports all findings.

mod api;
pub(crate) mod changelog;
mod dependencies;
mod document;
mod features;
mod generated;
mod golden;
mod language;
mod markdown;
mod mentions;
mod modules;
mod process;
mod step;
mod tools;
mod walk;

use std::io::Write;
use std::time::{Duration, Instant};

pub use step::{Context, Outcome, Step};

/// All steps, the fast ones first.
pub const STEPS: &[Step] = &[
    document::STEP,
    generated::STEP,
    generated::COVERAGE,
    tools::SPELLING,
    tools::LINKS,
    mentions::STEP,
    language::STEP,
    modules::STEP,
    tools::DENY,
    dependencies::STEP,
    api::STEP,
    changelog::STEP,
    features::STEP,
];

/// Runs steps in order, prints the outcome of each, and returns `true` if none failed.
///
/// # Errors
/// Returns an error if the outcome cannot be printed.
pub fn run(context: &Context, steps: &[Step], out: &mut dyn Write) -> std::io::Result<bool> {
    let begun = now();
    let mut failed = Vec::new();
    for step in steps {
        write!(out, "{:<13}", step.name)?;
        out.flush()?;
        let begun = now();
        let outcome = (step.run)(context);
        let time = seconds(begun.elapsed());
        match outcome {
            Outcome::Passed(what) => {
                writeln!(out, "passed  {time}  {what}")?;
            }
            Outcome::Failed { findings, next } => {
                failed.push(step.name);
                writeln!(out, "FAILED  {time}  {}", step.about)?;
                for line in findings.iter().flat_map(|finding| finding.lines()) {
                    writeln!(out, "    {line}")?;
                }
                writeln!(out, "    next: {next}")?;
            }
        }
    }
    let names = match failed.as_slice() {
        [] => String::new(),
        names => format!(" ({})", names.join(", ")),
    };
    writeln!(
        out,
        "{} passed, {} failed{names} in{}",
        steps.len() - failed.len(),
        failed.len(),
        seconds(begun.elapsed()),
    )?;
    Ok(failed.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the duration is only printed")]
fn now() -> Instant {
    Instant::now()
}

fn seconds(time: Duration) -> String {
    format!("{:>6.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests;
