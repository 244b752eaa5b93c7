//! A step of the checks, its context and its outcome.

use std::path::{Path, PathBuf};

/// The workspace to check, and options.
#[derive(Clone, Debug)]
pub struct Context {
    /// The workspace root.
    pub root: PathBuf,
    /// The base revision, if it is not determined automatically.
    pub base: Option<String>,
    /// Update the listings in the repository instead of comparing them.
    pub accept: bool,
    /// The target folder of cargo, if not the default.
    pub target: Option<PathBuf>,
    /// Parses a command line of this tool; the error is the message for the user.
    pub parse: fn(&[String]) -> Result<(), String>,
}

impl Context {
    /// Creates a context with defaults.
    #[must_use]
    pub fn at(root: &Path, parse: fn(&[String]) -> Result<(), String>) -> Self {
        Self {
            root: root.to_owned(),
            parse,
            base: None,
            accept: false,
            target: None,
        }
    }
}

/// The outcome of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The step passed, with what was checked.
    Passed(String),
    /// The step failed.
    Failed {
        /// The findings, each of one or more lines.
        findings: Vec<String>,
        /// The next action.
        next: String,
    },
}

impl Outcome {
    pub(super) fn failed(finding: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Failed {
            findings: vec![finding.into()],
            next: next.into(),
        }
    }

    /// Returns `Passed` if there are no findings.
    pub(super) fn of(
        findings: Vec<String>,
        passed: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
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

/// A step of the checks.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name on the command line.
    pub name: &'static str,
    /// When it fails, in words.
    pub about: &'static str,
    /// Runs the step.
    pub run: fn(&Context) -> Outcome,
}
