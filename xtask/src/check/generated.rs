//! The steps that compare the generated files with those in the repository.

use super::{Context, Outcome, Step};
use crate::{coverage, workspace};
use xtask_bindgen::error::Error;
use xtask_bindgen::files;

pub(super) const STEP: Step = Step {
    name: "generated",
    about: "the generated code differs from the document",
    run: generated,
};

pub(super) const COVERAGE: Step = Step {
    name: "coverage",
    about: "the coverage map or its table is wrong",
    run: covered,
};

/// The maximum number of lines of a diff to print.
const DIFF_LINES: usize = 60;

fn generated(context: &Context) -> Outcome {
    let differences = || {
        let generated = workspace::generated(&context.root, false)?;
        let found = files::differences(&context.root, &generated.files, &generated.folders)?;
        Ok((
            found,
            format!("{} files and the postconditions", generated.files.len()),
        ))
    };
    outcome(differences(), "cargo xtask generate")
}

fn covered(context: &Context) -> Outcome {
    let differences = || {
        let (_, made) = coverage::files(&context.root)?;
        let found = files::differences(&context.root, &made, &[])?;
        Ok((found, coverage::TABLE.to_owned()))
    };
    outcome(differences(), "cargo xtask coverage")
}

fn outcome(differences: Result<(Vec<String>, String), Error>, command: &str) -> Outcome {
    match differences {
        Ok((found, passed)) => {
            let diff = found.concat();
            let mut findings: Vec<String> =
                diff.lines().take(DIFF_LINES).map(str::to_owned).collect();
            let left = diff.lines().count().saturating_sub(DIFF_LINES);
            if left > 0 {
                findings.push(format!("… and {left} more lines"));
            }
            let next = format!("review the difference; if it is intended, run `{command}`");
            Outcome::of(findings, passed, next)
        }
        Err(error) => Outcome::failed(
            error.with_causes(),
            format!("fix the error, and run `{command}`"),
        ),
    }
}
