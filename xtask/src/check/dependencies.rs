//! The step that checks which packages depend on which, and the number of dependencies of the facade.

mod manifests;
mod rules;

use super::golden::Golden;
use super::process::{cargo, run as run_program};
use super::{Context, Outcome, Step};
use crate::bench_build::{README, packages_listed};

/// The listing in the repository: the packages that an application gets by default.
pub const LISTING: &str = "crates/apivideo/dependencies.txt";

pub(super) const STEP: Step = Step {
    name: "dependencies",
    about: "a dependency breaks a rule, or is new",
    run,
};

const GOLDEN: Golden<'static> = Golden {
    step: "dependencies",
    file: LISTING,
    what: "the packages of an application that uses the facade",
    advice: "review whether each new package is worth its cost for every application",
};

fn run(context: &Context) -> Outcome {
    match look(context) {
        Ok((findings, _)) if !findings.is_empty() => Outcome::Failed {
            findings,
            next: "remove the dependency; the rules and their reasons are in xtask/src/check/dependencies/rules.rs"
                .to_owned(),
        },
        Ok((_, listing)) => {
            let count = listing.lines().count();
            match GOLDEN.compare(context, &listing, format!("{count} packages by default")) {
                Outcome::Passed(passed) => weighed(context, count, passed),
                other => other,
            }
        }
        Err(why) => Outcome::failed(why, "fix the error"),
    }
}

/// Fails if there are more packages than the table of the README reports.
fn weighed(context: &Context, count: usize, passed: String) -> Outcome {
    let readme = std::fs::read_to_string(context.root.join(README)).unwrap_or_default();
    let finding = match packages_listed(&readme) {
        Some(reported) if count <= reported => return Outcome::Passed(passed),
        Some(reported) => format!(
            "the facade is compiled with {count} packages by default, but the table of {README} reports \
             {reported}"
        ),
        None => format!("{README} does not contain the number of packages"),
    };
    Outcome::failed(
        finding,
        "update the table with `cargo xtask bench build --write`, and review the times and the size",
    )
}

/// Returns the packages that an application gets by default.
///
/// # Errors
/// Returns the message of cargo if it fails.
pub fn by_default(context: &Context) -> Result<Vec<String>, String> {
    tree(context, &[])
}

/// Returns the violations and the listing.
fn look(context: &Context) -> Result<(Vec<String>, String), String> {
    let mut findings = manifests::undeclared(&context.root)?;
    findings.extend(rules::misplaced(&manifests::edges(context)?));
    let mut listing = String::new();
    for (features, forbidden) in rules::FORBIDDEN {
        let packages = tree(context, features)?;
        findings.extend(rules::found(&packages, features, forbidden));
        if features.is_empty() {
            let with_measures = tree(context, &["--features", "insights"])?;
            findings.extend(rules::added_by_measures(&packages, &with_measures));
            listing = packages
                .iter()
                .map(|package| format!("{package}\n"))
                .collect();
        }
    }
    Ok((findings, listing))
}

/// Returns the packages that are compiled for an application that uses the facade with these options, including those of
/// build scripts, by name and version. The platform is fixed, so that the result is the same on all machines.
fn tree(context: &Context, options: &[&str]) -> Result<Vec<String>, String> {
    let mut arguments = vec![
        "tree",
        "--package",
        "apivideo",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
        "--target",
        "x86_64-unknown-linux-gnu",
    ];
    arguments.extend(options);
    let completed = run_program(context, &cargo(), &arguments)?;
    if !completed.success {
        return Err(format!(
            "`cargo {}` failed:\n{}",
            arguments.join(" "),
            completed.tail()
        ));
    }
    let mut packages: Vec<(&str, &str)> = completed
        .out
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    packages.sort_unstable();
    packages.dedup();
    Ok(packages
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect())
}

#[cfg(test)]
mod tests;
