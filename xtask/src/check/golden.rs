//! Listings in the repository, compared with the current state or updated.

use std::fs;

use similar::TextDiff;

use super::{Context, Outcome};

/// A listing in the repository.
pub(super) struct Golden<'a> {
    /// The name of its step.
    pub(super) step: &'a str,
    /// The file, relative to the workspace root.
    pub(super) file: &'a str,
    /// The description of its content.
    pub(super) what: &'a str,
    /// The aspects to review before it is updated.
    pub(super) advice: &'a str,
}

impl Golden<'_> {
    /// Compares the listing, or updates it if the context requests that.
    pub(super) fn compare(&self, context: &Context, is: &str, passed: String) -> Outcome {
        let path = context.root.join(self.file);
        let was = match fs::read_to_string(&path) {
            Ok(was) => was,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Outcome::failed(
                    format!("failed to read {}: {error}", self.file),
                    "make the file readable",
                );
            }
        };
        if was == is {
            return Outcome::Passed(passed);
        }
        if context.accept {
            return match fs::write(&path, is) {
                Ok(()) => Outcome::Passed(format!("updated {}", self.file)),
                Err(error) => Outcome::failed(
                    format!("failed to write {}: {error}", self.file),
                    "make the file writable",
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
                "{}; if it is intended, run `cargo xtask check --only {} --accept`",
                self.advice, self.step
            ),
        )
    }
}
