//! The step that requires a line in the changelog for every change of the public API.

use std::fs;

use super::process::{Output, run as run_program};
use super::{Context, Outcome, Step, api};

pub(super) const STEP: Step = Step {
    name: "changelog",
    about: "the public API has changed without a line in the changelog",
    run,
};

const CHANGELOG: &str = "CHANGELOG.md";

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
    let (listing, changelog) = match (read(api::LISTING), read(CHANGELOG)) {
        (Ok(listing), Ok(changelog)) => (listing, changelog),
        (Err(why), _) | (_, Err(why)) => return Outcome::failed(why, "restore the file"),
    };
    // What was not there then is empty.
    let was = |file: &str| {
        git(context, &["show", &format!("{base}:{file}")])
            .ok()
            .filter(|completed| completed.success)
            .map(|completed| completed.out)
            .unwrap_or_default()
    };
    let short = base.get(..9).unwrap_or(&base);
    compare(
        &Texts {
            listing: &was(api::LISTING),
            changelog: &was(CHANGELOG),
        },
        &Texts {
            listing: &listing,
            changelog: &changelog,
        },
        short,
    )
}

struct Texts<'a> {
    listing: &'a str,
    changelog: &'a str,
}

fn compare(was: &Texts<'_>, is: &Texts<'_>, base: &str) -> Outcome {
    if was.listing.is_empty() {
        return Outcome::Passed(format!("there was no listing at {base} to compare with"));
    }
    if plain(was.listing) == plain(is.listing) {
        return Outcome::Passed(format!("the public API is that of {base}"));
    }
    let is_new = |line: &&str| !line.is_empty() && !was.changelog.contains(line);
    let first = newest_section(is.changelog);
    if first.lines().map(str::trim).any(|line| is_new(&line)) {
        Outcome::Passed(format!("documented since {base}"))
    } else {
        Outcome::failed(
            format!(
                "{} differs from that of {base}, but the newest section of {CHANGELOG} is unchanged",
                api::LISTING
            ),
            format!("describe the change for users in {CHANGELOG}, under Unreleased"),
        )
    }
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

/// Returns the base revision: the one requested, or the merge base with the main branch.
pub(super) fn base(context: &Context) -> Result<String, String> {
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
                return Ok(completed.out.trim().to_owned());
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
