//! Rehearses a release: checks everything that could fail, without changing anything.

pub mod changelog;
pub mod manifest;
mod package;
pub mod provenance;
mod rehearsal;
pub mod version;

use std::path::Path;
use std::process::Command;

use xtask_bindgen::{Error, files};

pub use package::Package;
pub use rehearsal::{Rehearsal, Step};

/// The changelog, relative to the workspace root.
pub const CHANGELOG: &str = "CHANGELOG.md";

/// Runs all steps, even if one finds errors, and passes each to `report` when it is done.
///
/// # Errors
/// Returns an error if a file cannot be read or a command cannot be run.
pub fn rehearse(rehearsal: &Rehearsal<'_>, print_step: &mut dyn FnMut(&Step)) -> Result<(), Error> {
    let root = rehearsal.root;
    let packages = package::published(root)?;
    print_step(&tree(root));
    let log = files::read(&root.join(CHANGELOG))?;
    print_step(&version_step(rehearsal, &packages, &log)?);
    print_step(&provenance_step(root)?);
    print_step(&changelog_step(rehearsal.version, &log));
    package::step(rehearsal, &packages, print_step)
}

/// Uncommitted changes are part of the rehearsal but not of a release.
fn tree(root: &Path) -> Step {
    let mut step = Step::of("work tree");
    let status = Command::new("git")
        .args(["status", "--porcelain", "--untracked-files=normal"])
        .current_dir(root)
        .output();
    match status {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            let changed: Vec<&str> = text.lines().collect();
            if changed.is_empty() {
                step.notes.push("everything is committed".to_owned());
            } else {
                step.notes.push(format!(
                    "{} files are not committed, but part of this rehearsal; commit them before the release:",
                    changed.len()
                ));
                step.notes
                    .extend(changed.iter().map(|line| format!("  {line}")));
            }
        }
        _ => step
            .notes
            .push("not a git repository, so uncommitted changes are not known".to_owned()),
    }
    step
}

fn version_step(rehearsal: &Rehearsal<'_>, packages: &[Package], log: &str) -> Result<Step, Error> {
    let mut step = Step::of("version");
    let mut current: Vec<&str> = packages
        .iter()
        .map(|package| package.version.as_str())
        .collect();
    current.sort_unstable();
    current.dedup();
    let [current] = current.as_slice() else {
        step.problems.push(format!(
            "the packages have different versions ({}): give them one, by `version.workspace = true`",
            current.join(", ")
        ));
        return Ok(step);
    };
    let is_released = changelog::section(log, current).is_some();
    match version::next(current, rehearsal.version, is_released) {
        Err(why) => step.problems.push(why),
        Ok(how) => {
            step.notes
                .push(format!("{current} -> {}: {how}", rehearsal.version));
            let places = manifest::places(rehearsal.root, packages, current)?;
            for manifest::Place { file, line, text } in places {
                if *current == rehearsal.version {
                    step.notes
                        .push(format!("{}:{line}: {text} stays", file.display()));
                } else {
                    let new = text.replacen(current, rehearsal.version, 1);
                    step.notes
                        .push(format!("{}:{line}: {text} -> {new}", file.display()));
                }
            }
            if *current != rehearsal.version {
                step.notes
                    .push("Cargo.lock follows by `cargo check --workspace`".to_owned());
            }
        }
    }
    Ok(step)
}

fn provenance_step(root: &Path) -> Result<Step, Error> {
    let mut step = Step::of("document");
    let wanted = provenance::of_document(root)?;
    let there = provenance::of_manifest(root)?;
    if there == wanted {
        step.notes.push(format!(
            "apivideo-core is generated from version {} of the document, sha256 {}",
            wanted.version, wanted.sha256
        ));
    } else {
        step.problems.push(format!(
            "{} contains document-version {:?} and document-sha256 {:?}, but the document has {:?} and {:?}: \
             run `cargo xtask generate`",
            provenance::MANIFEST, there.version, there.sha256, wanted.version, wanted.sha256
        ));
    }
    Ok(step)
}

fn changelog_step(version: &str, log: &str) -> Step {
    let mut step = Step::of("changelog");
    let unreleased = changelog::section(log, changelog::UNRELEASED);
    let text = match (changelog::section(log, version), unreleased) {
        (Some(text), _) => {
            step.notes
                .push(format!("the section `## {version}` exists:"));
            text
        }
        (None, Some(text)) => {
            step.notes.push(format!(
                "`## Unreleased` would become `## {version}`, with a new empty one above it:"
            ));
            text
        }
        (None, None) => {
            step.problems.push(format!(
                "{CHANGELOG} has neither `## Unreleased` nor `## {version}`: write what changes for users"
            ));
            return step;
        }
    };
    if text.is_empty() {
        step.problems.push(format!(
            "its text in {CHANGELOG} is empty: write what changes for users"
        ));
    }
    step.notes.extend(
        text.lines()
            .map(|line| format!("  {line}").trim_end().to_owned()),
    );
    step
}

#[cfg(test)]
mod tests;
