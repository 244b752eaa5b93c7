//! Listings that are checked in: compared with what is, or written anew.

use std::fs;

use similar::TextDiff;

use super::{Context, Outcome};

/// A listing that is checked in.
pub(super) struct Golden<'a> {
    /// The step that it is of.
    pub(super) step: &'a str,
    /// The file, below the top of the workspace.
    pub(super) file: &'a str,
    /// What it lists.
    pub(super) what: &'a str,
    /// What to look at before it is renewed.
    pub(super) advice: &'a str,
}

impl Golden<'_> {
    /// Compares, or writes if that is what the place asks for.
    pub(super) fn compare(&self, context: &Context, is: &str, passed: String) -> Outcome {
        let path = context.root.join(self.file);
        let was = match fs::read_to_string(&path) {
            Ok(was) => was,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Outcome::failed(
                    format!("failed to read {}: {error}", self.file),
                    "make it readable",
                );
            }
        };
        if was == is {
            return Outcome::Passed(passed);
        }
        if context.accept {
            return match fs::write(&path, is) {
                Ok(()) => Outcome::Passed(format!("{} is written anew", self.file)),
                Err(error) => Outcome::failed(
                    format!("failed to write {}: {error}", self.file),
                    "make it writable",
                ),
            };
        }
        let diff = TextDiff::from_lines(was.as_str(), is)
            .unified_diff()
            .context_radius(1)
            .header(self.file, "what there is")
            .to_string();
        Outcome::failed(
            format!("{} changed:\n{diff}", self.what),
            format!(
                "{}; if it is meant, `cargo xtask check --only {} --accept`",
                self.advice, self.step
            ),
        )
    }
}
