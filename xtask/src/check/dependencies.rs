//! The step that compares the packages of an application that uses the facade with their listing. Which package may depend on
//! which is in `deny.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::golden::Golden;
use super::process::{Metadata, cargo, run as run_program};
use super::{Context, Outcome, Step, walk};

pub(super) const STEP: Step = Step {
    name: "dependencies",
    about: "an application gets other packages than listed, or a dependency is declared outside of the root manifest",
    run,
};

const GOLDEN: Golden<'static> = Golden {
    step: "dependencies",
    file: "crates/apivideo/dependencies.txt",
    what: "the packages of an application that uses the facade",
    advice: "review whether each new package is worth its cost for every application",
};

fn run(context: &Context) -> Outcome {
    match undeclared(&context.root) {
        Ok(found) if found.is_empty() => {}
        Ok(found) => {
            return Outcome::Failed {
                findings: found,
                next: "declare it under [workspace.dependencies] of the root Cargo.toml, and write `NAME.workspace = true`"
                    .to_owned(),
            };
        }
        Err(why) => return Outcome::failed(why, "fix the error"),
    }
    match listing(context) {
        Ok(listing) => {
            let passed = listing.lines().next().unwrap_or_default().to_owned();
            GOLDEN.compare(context, &listing, passed)
        }
        Err(why) => Outcome::failed(why, "fix the error"),
    }
}

/// Lists the packages, each with the features that add it.
fn listing(context: &Context) -> Result<String, String> {
    let metadata = Metadata::read(context)?;
    let facade = metadata.facade()?;
    let by_default = tree(context, &[])?.len();
    let without = tree(context, &["--no-default-features"])?;
    let mut packages: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for feature in facade.features() {
        for package in tree(context, &["--no-default-features", "--features", feature])? {
            packages.entry(package).or_default().push(feature);
        }
    }
    let mut listing = format!(
        "{by_default} packages by default; a package is followed by the features that add it\n"
    );
    for package in &without {
        packages.insert(package.clone(), Vec::new());
    }
    for (package, features) in packages {
        let separator = if features.is_empty() { "" } else { ": " };
        listing += &format!("{package}{separator}{}\n", features.join(", "));
    }
    Ok(listing)
}

/// Returns the packages that are compiled for an application that uses the facade with these options, including those of
/// build scripts, by name; a package with several versions is listed with them. The platform is fixed, so that the result is
/// the same on all machines.
fn tree(context: &Context, options: &[&str]) -> Result<BTreeSet<String>, String> {
    let mut arguments = vec![
        "tree",
        "--package=apivideo",
        "--edges=normal,build",
        "--prefix=none",
        "--format={p}",
        "--target=x86_64-unknown-linux-gnu",
    ];
    arguments.extend(options);
    let completed = run_program(context, &cargo(), &arguments)?;
    if !completed.success {
        let line = arguments.join(" ");
        return Err(format!("`cargo {line}` failed:\n{}", completed.tail()));
    }
    let names = completed
        .out
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    Ok(names.map(str::to_owned).collect())
}

/// Returns dependencies that a package declares without inheriting them from the workspace.
fn undeclared(root: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for path in walk::files(root)? {
        let folder = path.iter().next().unwrap_or_default();
        if !path.ends_with("Cargo.toml") || !(folder == "crates" || folder == "xtask") {
            continue;
        }
        let text = fs::read_to_string(root.join(&path))
            .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
        let mut is_dependencies = false;
        for (index, line) in text.lines().enumerate() {
            if line.starts_with('[') {
                is_dependencies = line.ends_with("dependencies]");
            } else if is_dependencies
                && line.contains('=')
                && !line.starts_with('#')
                && !line.contains("workspace = true")
            {
                found.push(format!("{}:{}: {line}", path.display(), index + 1));
            }
        }
    }
    Ok(found)
}
