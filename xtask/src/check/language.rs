//! The step that searches prose for phrases that are not standard technical English.

mod phrases;
mod prose;

use std::path::Path;

use super::{Context, Outcome, Step, walk};
use phrases::Phrases;

pub(super) const STEP: Step = Step {
    name: "language",
    about: "prose contains a phrase that the table in CONTRIBUTING.md replaces",
    run,
};

/// The file with the table of phrases.
const TABLE: &str = "CONTRIBUTING.md";

const NEXT: &str = "rewrite the sentence in standard terms (the table is in CONTRIBUTING.md, section \"Language\")";

/// Files of other authors (recordings of the service), and the tests of this step, which contain phrases.
const NOT_OURS: [&str; 6] = [
    "crates/apivideo-core/tests/data/",
    "crates/apivideo/tests/data/",
    "crates/apivideo-cli/tests/recordings/",
    "crates/apivideo-simulator/recordings/",
    ".ci/schemathesis/known.json",
    "xtask/src/check/language/",
];

fn run(context: &Context) -> Outcome {
    search(&context.root)
}

fn search(root: &Path) -> Outcome {
    let table = match std::fs::read_to_string(root.join(TABLE)) {
        Ok(text) => text,
        Err(error) => return Outcome::failed(format!("failed to read {TABLE}: {error}"), NEXT),
    };
    let rules = match Phrases::parse(&table) {
        Ok(rules) => rules,
        Err(why) => {
            return Outcome::failed(
                format!("{TABLE}: {why}"),
                "restore the table: | phrase | instead | except |",
            );
        }
    };
    let files = match walk::files(root) {
        Ok(files) => files,
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let (mut findings, mut count) = (Vec::new(), 0);
    for path in files {
        let name = path.to_string_lossy().replace('\\', "/");
        if NOT_OURS.iter().any(|prefix| name.starts_with(prefix)) {
            continue;
        }
        // A file that is not text has no prose.
        let text = std::fs::read(root.join(&path))
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(mut prose) = text.and_then(|text| prose::of(&path, &text)) else {
            continue;
        };
        count += 1;
        if path == Path::new(TABLE) {
            prose = phrases::without_table(&prose);
        }
        for (line, phrase, instead) in rules.search(&prose) {
            findings.push(format!("{name}:{line}: \"{phrase}\": write {instead}"));
        }
    }
    Outcome::of(findings, format!("{count} files"), NEXT)
}

#[cfg(test)]
mod tests;
