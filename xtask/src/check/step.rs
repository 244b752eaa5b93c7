//! A step of the checks: what it is given, and how it went.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where to look, and how.
#[derive(Clone, Debug)]
pub struct Context {
    /// The top of the workspace.
    pub root: PathBuf,
    /// The revision that the change began at, where it is not found out.
    pub base: Option<String>,
    /// Write the listings that are checked in anew instead of comparing with them.
    pub accept: bool,
    /// Where cargo builds, if not where it would by itself.
    pub target: Option<PathBuf>,
    /// Parses a command line of this tool; the error is the message for the user.
    pub parse: fn(&[String]) -> Result<(), String>,
    /// Where tools are looked for: the folders of `PATH`.
    pub tools: OsString,
}

impl Context {
    /// A place with its defaults.
    #[must_use]
    pub fn at(root: &Path, parse: fn(&[String]) -> Result<(), String>) -> Self {
        Self {
            root: root.to_owned(),
            parse,
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
    pub(super) fn failed(finding: impl Into<String>, next: impl Into<String>) -> Self {
        Self::Failed {
            findings: vec![finding.into()],
            next: next.into(),
        }
    }

    /// Passed if nothing was found.
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

/// One of the steps.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it looks at.
    pub about: &'static str,
    /// Looks.
    pub run: fn(&Context) -> Outcome,
}
