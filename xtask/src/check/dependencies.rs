//! The step that keeps dependencies where they belong, and their number in sight.

mod manifests;
mod rules;

use super::golden::Golden;
use super::process::{cargo, run as run_program};
use super::{Context, Outcome, Step};
use crate::bench_build::{README, packages_told};

/// The listing that is checked in: what an application gets by default.
pub const LISTING: &str = "crates/apivideo/dependencies.txt";

pub(super) const STEP: Step = Step {
    name: "dependencies",
    about: "a dependency is where it does not belong, or new",
    run,
};

const GOLDEN: Golden<'static> = Golden {
    step: "dependencies",
    file: LISTING,
    what: "what an application gets with the facade",
    advice: "look whether each new package is worth its weight to every application",
};

fn run(context: &Context) -> Outcome {
    match look(context) {
        Ok((findings, _)) if !findings.is_empty() => Outcome::Failed {
            findings,
            next: "take the dependency out; the rules and their reasons are in xtask/src/check/dependencies/rules.rs"
                .to_owned(),
        },
        Ok((_, listing)) => {
            let count = listing.lines().count();
            match GOLDEN.compare(context, &listing, format!("{count} packages by default")) {
                Outcome::Passed(passed) => weighed(context, count, passed),
                other => other,
            }
        }
        Err(why) => Outcome::failed(why, "mend that"),
    }
}

/// More packages than the README's table tells are not passed over in silence.
fn weighed(context: &Context, count: usize, passed: String) -> Outcome {
    let readme = std::fs::read_to_string(context.root.join(README)).unwrap_or_default();
    let finding = match packages_told(&readme) {
        Some(told) if count <= told => return Outcome::Passed(passed),
        Some(told) => format!(
            "the facade is compiled with {count} packages by default, and {README} tells {told}, with their weight"
        ),
        None => format!("{README} does not tell what the facade weighs"),
    };
    Outcome::failed(
        finding,
        "`cargo xtask bench build --write` weighs it anew; look what has become of the times and the size",
    )
}

/// The packages that an application gets by default.
///
/// # Errors
/// When cargo can't tell.
pub fn by_default(context: &Context) -> Result<Vec<String>, String> {
    tree(context, &[])
}

/// What breaks rules, and the listing.
fn look(context: &Context) -> Result<(Vec<String>, String), String> {
    let mut findings = manifests::undeclared(&context.root)?;
    findings.extend(rules::misplaced(&manifests::edges(context)?));
    let mut listing = String::new();
    for (features, forbidden) in rules::FORBIDDEN {
        let packages = tree(context, features)?;
        findings.extend(rules::found(&packages, features, forbidden));
        if features.is_empty() {
            listing = packages
                .iter()
                .map(|package| format!("{package}\n"))
                .collect();
        }
    }
    Ok((findings, listing))
}

/// The packages that are compiled for an application that uses the facade with these options, those of build scripts too; by name, those that are
/// there in two versions twice. For one platform, so that the answer is the same on all.
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
    let said = run_program(context, &cargo(), &arguments)?;
    if !said.is_good {
        return Err(format!(
            "`cargo {}` failed:\n{}",
            arguments.join(" "),
            said.tail()
        ));
    }
    let mut packages: Vec<(&str, &str)> = said
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
