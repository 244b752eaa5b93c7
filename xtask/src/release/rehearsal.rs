//! What is rehearsed, and what a step of it finds.

use std::path::Path;

/// What is rehearsed.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal<'a> {
    /// The top of the workspace.
    pub root: &'a Path,
    /// The version, as it was given.
    pub version: &'a str,
    /// Whether each package is built as it would be published.
    pub build: bool,
    /// Whether every file of every package is told.
    pub list: bool,
}

/// What one step found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was looked at.
    pub title: &'static str,
    /// What is wrong, each with what to do.
    pub wrong: Vec<String>,
    /// What is to be known besides.
    pub told: Vec<String>,
}

impl Step {
    pub(super) fn of(title: &'static str) -> Self {
        Self {
            title,
            wrong: Vec::new(),
            told: Vec::new(),
        }
    }
}
