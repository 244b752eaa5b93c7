//! The step that lints the OpenAPI document.

use super::{Context, Outcome, Step};
use xtask_bindgen::document::Document;
use xtask_bindgen::{generated_crates, lint};

pub(super) const STEP: Step = Step {
    name: "document",
    about: "the document violates a lint",
    run,
};

fn run(context: &Context) -> Outcome {
    let next = format!("fix {}", generated_crates::DOCUMENT);
    let path = context.root.join(generated_crates::DOCUMENT);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return Outcome::failed(
                format!("failed to read {}: {error}", generated_crates::DOCUMENT),
                next,
            );
        }
    };
    let document = match Document::parse(generated_crates::DOCUMENT.as_ref(), &text) {
        Ok(document) => document,
        Err(error) => return Outcome::failed(error.to_string(), next),
    };
    let findings = lint::findings(&text, &document)
        .iter()
        .map(|finding| format!("{}#{finding}", generated_crates::DOCUMENT))
        .collect();
    Outcome::of(findings, format!("{} rules", lint::RULES.len()), next)
}
