//! The step that compiles the facade with its features.

use super::process::{Metadata, cargo, run as run_program};
use super::{Context, Outcome, Step};

pub(super) const STEP: Step = Step {
    name: "features",
    about: "the facade does not compile without features, with one of them, or with all",
    run,
};

const NEXT: &str = "fix the errors of the command; features must be additive";

/// Features do not depend on each other, so that other combinations are not compiled.
fn run(context: &Context) -> Outcome {
    let metadata = match Metadata::read(context) {
        Ok(metadata) => metadata,
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let features: Vec<&str> = match metadata.facade() {
        Ok(facade) => facade.features().collect(),
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let all = features.join(",");
    let mut combinations = vec![""];
    combinations.extend(&features);
    combinations.push(&all);
    let mut findings = Vec::new();
    for features in &combinations {
        let arguments = [
            "check",
            "--quiet",
            "--package",
            "apivideo",
            "--no-default-features",
            "--features",
            features,
        ];
        match run_program(context, &cargo(), &arguments) {
            Ok(completed) if completed.success => {}
            Ok(completed) => findings.push(format!(
                "`cargo {}`:\n{}",
                arguments.join(" "),
                completed.tail()
            )),
            Err(why) => findings.push(why),
        }
    }
    Outcome::of(
        findings,
        format!("{} combinations", combinations.len()),
        NEXT,
    )
}
