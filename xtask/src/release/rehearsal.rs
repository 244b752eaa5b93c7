//! The input and the steps of a rehearsal.

use std::path::Path;

/// The input of a rehearsal.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal<'a> {
    /// The workspace root.
    pub root: &'a Path,
    /// The requested version.
    pub version: &'a str,
    /// Build each package as it would be published.
    pub build: bool,
    /// List every file of every package.
    pub list: bool,
}

/// The result of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The subject of the step.
    pub title: &'static str,
    /// The errors, each with the next action.
    pub problems: Vec<String>,
    /// Other information.
    pub notes: Vec<String>,
}

impl Step {
    pub(super) fn of(title: &'static str) -> Self {
        Self {
            title,
            problems: Vec::new(),
            notes: Vec::new(),
        }
    }
}
