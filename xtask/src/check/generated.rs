//! The step that generates and compares.

use super::{Outcome, Place, Step};
use crate::document::Document;
use crate::error::Error;
use crate::{files, plan};

pub(super) const STEP: Step = Step {
    name: "generated",
    about: "the generated code is not what the document calls for",
    run,
};

/// How much of a diff is shown.
const DIFF_LINES: usize = 60;

fn run(place: &Place) -> Outcome {
    match differences(place) {
        Ok((found, count)) => {
            let diff = found.concat();
            let mut findings: Vec<String> =
                diff.lines().take(DIFF_LINES).map(str::to_owned).collect();
            let left = diff.lines().count().saturating_sub(DIFF_LINES);
            if left > 0 {
                findings.push(format!("… and {left} more lines"));
            }
            Outcome::of(
                findings,
                format!("{count} files, and the postconditions"),
                "look at the diff; if it is meant, `cargo xtask generate`",
            )
        }
        Err(error) => Outcome::failed(error.to_string(), "mend that, and `cargo xtask generate`"),
    }
}

fn differences(place: &Place) -> Result<(Vec<String>, usize), Error> {
    let document = Document::read(&place.root.join(plan::DOCUMENT))?;
    let generated = plan::workspace(&document)?;
    let found = files::differences(&place.root, &generated.files, &generated.folders)?;
    Ok((found, generated.files.len()))
}
