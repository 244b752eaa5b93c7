//! The step that requires a line in the changelog for every change of the public API or of the document.
//!
//! The document counts as well, because the listing of the public API is stale until the step `api` accepts it.

use std::fs;
use std::path::Path;

use xtask_bindgen::document::Document;
use xtask_bindgen::generated_crates::DOCUMENT;

use super::process::{Output, run as run_program};
use super::{Context, Outcome, Step};
use crate::facade::LISTING;
use crate::todo::parts::Change;

pub(super) const STEP: Step = Step {
    name: "changelog",
    about: "the public API or the document has changed without a line in the changelog",
    run,
};

pub(crate) const CHANGELOG: &str = "CHANGELOG.md";

fn run(context: &Context) -> Outcome {
    let base = match base(context) {
        Ok(base) => base,
        Err(why) => {
            return Outcome::failed(
                why,
                "run the step in a clone, or pass a revision with --base",
            );
        }
    };
    let read = |file: &str| {
        fs::read_to_string(context.root.join(file))
            .map_err(|error| format!("failed to read {file}: {error}"))
    };
    let (listing, changelog) = match (read(LISTING), read(CHANGELOG)) {
        (Ok(listing), Ok(changelog)) => (listing, changelog),
        (Err(why), _) | (_, Err(why)) => return Outcome::failed(why, "restore the file"),
    };
    let was = |file: &str| at(context, &base, file);
    let short = base.get(..9).unwrap_or(&base);
    let is_other_document = match changes_document(&was(DOCUMENT), read(DOCUMENT)) {
        Ok(changes) => changes,
        Err(why) => return Outcome::failed(why, "correct the document"),
    };
    compare(
        &Texts {
            listing: &was(LISTING),
            changelog: &was(CHANGELOG),
        },
        &Texts {
            listing: &listing,
            changelog: &changelog,
        },
        is_other_document,
        short,
    )
}

/// Returns `true` if the document has gained or lost an operation, a parameter, a property or a value.
fn changes_document(was: &str, is: Result<String, String>) -> Result<bool, String> {
    // The base revision can be older than the document.
    if was.is_empty() {
        return Ok(false);
    }
    let parse = |text: &str| {
        Document::parse(Path::new(DOCUMENT), text).map_err(|error| error.with_causes())
    };
    Ok(Change::between(&parse(was)?.value, &parse(&is?)?.value).is_visible)
}

struct Texts<'a> {
    listing: &'a str,
    changelog: &'a str,
}

fn compare(was: &Texts<'_>, is: &Texts<'_>, is_other_document: bool, base: &str) -> Outcome {
    if was.listing.is_empty() {
        return Outcome::Passed(format!("there was no listing at {base} to compare with"));
    }
    let changed = match (plain(was.listing) == plain(is.listing), is_other_document) {
        (true, false) => {
            return Outcome::Passed(format!(
                "the public API and the document are those of {base}"
            ));
        }
        (true, true) => DOCUMENT,
        (false, _) => LISTING,
    };
    if is_extended(was.changelog, is.changelog) {
        Outcome::Passed(format!("documented since {base}"))
    } else {
        Outcome::failed(
            format!(
                "{changed} differs from that of {base}, but the newest section of {CHANGELOG} has no new line"
            ),
            format!("describe the change for users in {CHANGELOG}, under Unreleased"),
        )
    }
}

/// Returns the content of a file at a revision; it is empty if the file did not exist.
pub(crate) fn at(context: &Context, revision: &str, file: &str) -> String {
    git(context, &["show", &format!("{revision}:./{file}")])
        .ok()
        .filter(|completed| completed.success)
        .map(|completed| completed.out)
        .unwrap_or_default()
}

/// Returns `true` if the newest section of a changelog has a line that the whole changelog did not have.
pub(crate) fn is_extended(was: &str, is: &str) -> bool {
    let is_new = |line: &str| !line.is_empty() && !was.contains(line);
    newest_section(is).lines().map(str::trim).any(is_new)
}

/// Returns the lines without their line endings, which git may convert.
fn plain(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).collect()
}

/// Returns the text between the first heading of a version, or of unreleased changes, and the next heading.
fn newest_section(changelog: &str) -> &str {
    let Some((_, after)) = changelog.split_once("\n## ") else {
        return "";
    };
    let section = after
        .split_once("\n## ")
        .map_or(after, |(section, _)| section);
    section.split_once('\n').map_or("", |(_, inside)| inside)
}

/// Returns the base revision: the one requested, or the merge base with the main branch. A clean main branch is compared with
/// its previous commit instead of with itself.
pub(crate) fn base(context: &Context) -> Result<String, String> {
    let resolved = |revision: &str| {
        let completed = git(
            context,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                &format!("{revision}^{{commit}}"),
            ],
        )?;
        Ok::<_, String>(completed.success.then(|| completed.out.trim().to_owned()))
    };
    if let Some(named) = &context.base {
        return resolved(named)?.ok_or_else(|| format!("unknown revision `{named}`"));
    }
    if resolved("HEAD")?.is_none() {
        return Err("no git repository with a commit to compare with".to_owned());
    }
    for branch in ["origin/main", "main"] {
        if resolved(branch)?.is_some() {
            let completed = git(context, &["merge-base", branch, "HEAD"])?;
            if completed.success {
                let base = completed.out.trim().to_owned();
                let is_compared_with_itself = resolved("HEAD")?.as_ref() == Some(&base)
                    && git(context, &["status", "--porcelain"])?.out.is_empty();
                let previous = match is_compared_with_itself {
                    true => resolved("HEAD^")?,
                    false => None,
                };
                return Ok(previous.unwrap_or(base));
            }
        }
    }
    resolved("HEAD")?.ok_or_else(|| "no git repository with a commit to compare with".to_owned())
}

fn git(context: &Context, arguments: &[&str]) -> Result<Output, String> {
    run_program(context, "git".as_ref(), arguments)
}

#[cfg(test)]
mod tests;
