//! The step that lints the document by our own rules.

use super::{Outcome, Place, Step};
use crate::document::Document;
use crate::{lint, plan};

pub(super) const STEP: Step = Step {
    name: "document",
    about: "the document breaks rules of our own",
    run,
};

fn run(place: &Place) -> Outcome {
    let next = format!("mend {} there", plan::DOCUMENT);
    let path = place.root.join(plan::DOCUMENT);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return Outcome::failed(format!("failed to read {}: {error}", plan::DOCUMENT), next);
        }
    };
    let document = match Document::parse(plan::DOCUMENT.as_ref(), &text) {
        Ok(document) => document,
        Err(error) => return Outcome::failed(error.to_string(), next),
    };
    let findings = lint::findings(&text, &document)
        .iter()
        .map(|finding| format!("{}#{finding}", plan::DOCUMENT))
        .collect();
    Outcome::of(findings, format!("{} rules", lint::RULES.len()), next)
}
