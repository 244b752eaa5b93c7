//! `cargo xtask check`: everything that a change has to satisfy besides its tests, as named steps.
//!
//! A step looks at one thing, at what it is given in a [`Place`], and says how it went: an [`Outcome`]. All of them run, so
//! that one look tells everything that is left to do.

pub mod api;
pub mod changelog;
pub mod commands;
pub mod dependencies;
mod document;
pub mod features;
mod generated;
mod golden;
mod language;
pub mod links;
mod markdown;
mod modules;
mod process;
mod tools;
pub mod versions;
mod walk;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where to look, and how.
#[derive(Clone, Debug)]
pub struct Place {
    /// The top of the workspace.
    pub root: PathBuf,
    /// The revision that the change began at, where it is not found out.
    pub base: Option<String>,
    /// Write the listings that are checked in anew instead of comparing with them.
    pub accept: bool,
    /// Where cargo builds, if not where it would by itself.
    pub target: Option<PathBuf>,
    /// Where tools are looked for: the folders of `PATH`.
    pub tools: OsString,
}

impl Place {
    /// A place with its defaults.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            base: None,
            accept: false,
            target: None,
            tools: std::env::var_os("PATH").unwrap_or_default(),
        }
    }
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is well; what was looked at.
    Passed(String),
    /// Something is not as it has to be.
    Failed {
        /// What, one line or more each.
        findings: Vec<String>,
        /// What to run or to do next.
        next: String,
    },
    /// Nothing was looked at, and why.
    Skipped(String),
}

impl Outcome {
    fn failed(finding: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Failed {
            findings: vec![finding.into()],
            next: next.into(),
        }
    }

    /// Passed if nothing was found.
    fn of(findings: Vec<String>, passed: impl Into<String>, next: impl Into<String>) -> Self {
        if findings.is_empty() {
            Self::Passed(passed.into())
        } else {
            Self::Failed {
                findings,
                next: next.into(),
            }
        }
    }
}

/// One of the steps.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it looks at.
    pub about: &'static str,
    /// Looks.
    pub run: fn(&Place) -> Outcome,
}

/// All steps, those first that take no time.
pub const STEPS: &[Step] = &[
    document::STEP,
    tools::LINTERS,
    generated::STEP,
    generated::COVERAGE,
    links::STEP,
    language::STEP,
    modules::STEP,
    versions::STEP,
    dependencies::STEP,
    tools::DENY,
    commands::STEP,
    api::STEP,
    changelog::STEP,
    tools::SEMVER,
    features::STEP,
];

/// Runs steps one after the other and tells of each; whether all went well.
///
/// # Errors
/// When nobody can be told.
pub fn run(place: &Place, steps: &[Step], out: &mut dyn Write) -> std::io::Result<bool> {
    let begun = now();
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), Vec::new());
    for step in steps {
        write!(out, "{:<13}", step.name)?;
        out.flush()?;
        let begun = now();
        let outcome = (step.run)(place);
        let time = seconds(begun.elapsed());
        match outcome {
            Outcome::Passed(what) => {
                passed += 1;
                writeln!(out, "passed  {time}  {what}")?;
            }
            Outcome::Skipped(why) => {
                skipped.push(step.name);
                writeln!(out, "skipped {time}  {why}")?;
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
    let named = |names: &[&str]| match names {
        [] => String::new(),
        _ => format!(" ({})", names.join(", ")),
    };
    writeln!(
        out,
        "{passed} passed, {} failed{}, {} skipped{} in{}",
        failed.len(),
        named(&failed),
        skipped.len(),
        named(&skipped),
        seconds(begun.elapsed()),
    )?;
    Ok(failed.is_empty())
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is for people, and decides nothing"
)]
fn now() -> Instant {
    Instant::now()
}

fn seconds(time: Duration) -> String {
    format!("{:>6.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests;
