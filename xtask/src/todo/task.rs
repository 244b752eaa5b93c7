//! A piece of work, and how it is printed.

use std::fmt;

/// A piece of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The area of the repository, such as `facade`.
    pub area: &'static str,
    /// What remains.
    pub what: String,
    /// The file or folder to open, relative to the workspace root; empty if a command does the work.
    pub open: String,
    /// The command to run, afterwards if a file is to be changed; empty if there is none.
    pub run: String,
    /// Whether the change is incomplete without it.
    pub need: Need,
}

/// Whether a change is incomplete without a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The change is incomplete.
    Required,
    /// The change can be complete.
    Optional,
}

impl Task {
    pub(super) fn required(
        area: &'static str,
        what: impl Into<String>,
        open: &str,
        run: &str,
    ) -> Self {
        Self {
            area,
            what: what.into(),
            open: open.to_owned(),
            run: run.to_owned(),
            need: Need::Required,
        }
    }

    pub(super) fn optional(
        area: &'static str,
        what: impl Into<String>,
        open: &str,
        run: &str,
    ) -> Self {
        Self {
            need: Need::Optional,
            ..Self::required(area, what, open, run)
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.need {
            Need::Required => "",
            Need::Optional => "optional: ",
        };
        write!(f, "{:<11}{mark}{}", self.area, self.what)?;
        if !self.open.is_empty() {
            write!(f, "; open {}", self.open)?;
        }
        if !self.run.is_empty() {
            write!(f, "; run `{}`", self.run)?;
        }
        Ok(())
    }
}
