//! Steps that run external tools, if they are installed.

use std::path::Path;

use super::process::{run, tool};
use super::{Context, Outcome, Step, changelog};
use xtask_bindgen::generated_crates;

pub(super) const LINTERS: Step = Step {
    name: "linters",
    about: "an OpenAPI linter reports an error",
    run: linters,
};

pub(super) const DENY: Step = Step {
    name: "deny",
    about: "deny.toml rejects a dependency",
    run: deny,
};

pub(super) const SEMVER: Step = Step {
    name: "semver",
    about: "the version does not reflect a breaking change",
    run: semver,
};

/// Each linter with its arguments and the configuration file that it needs.
const KNOWN_LINTERS: [(&str, &[&str], Option<&str>); 2] = [
    ("redocly", &["lint", generated_crates::DOCUMENT], None),
    (
        "spectral",
        &["lint", generated_crates::DOCUMENT],
        Some(".spectral.yaml"),
    ),
];

fn linters(context: &Context) -> Outcome {
    let mut ran = Vec::new();
    for (name, arguments, needs) in KNOWN_LINTERS {
        let is_ready = needs.is_none_or(|file| context.root.join(file).exists());
        if let Some(path) = tool(context, name).filter(|_| is_ready) {
            match outcome(context, name, &path, arguments, "fix the document") {
                Outcome::Passed(_) => ran.push(name),
                other => return other,
            }
        }
    }
    if ran.is_empty() {
        Outcome::Skipped(
            "redocly is not installed; run `npm install --global @redocly/cli`".to_owned(),
        )
    } else {
        Outcome::Passed(ran.join(" and "))
    }
}

fn deny(context: &Context) -> Outcome {
    let Some(path) = tool(context, "cargo-deny") else {
        return Outcome::Skipped(
            "cargo-deny is not installed; run `cargo install cargo-deny --locked`".to_owned(),
        );
    };
    // Advisories are not checked: they need a database from the network.
    outcome(
        context,
        "bans, licences and sources",
        &path,
        &["check", "bans", "licenses", "sources"],
        "remove the dependency, or allow it in deny.toml with a reason",
    )
}

fn semver(context: &Context) -> Outcome {
    let Some(path) = tool(context, "cargo-semver-checks") else {
        return Outcome::Skipped(
            "cargo-semver-checks is not installed; run `cargo install cargo-semver-checks --locked`"
                .to_owned(),
        );
    };
    let base = match changelog::base(context) {
        Ok(base) => base,
        Err(why) => return Outcome::Skipped(why),
    };
    outcome(
        context,
        &format!("compared with {base}"),
        &path,
        &[
            "semver-checks",
            "--package",
            "apivideo",
            "--baseline-rev",
            &base,
        ],
        "restore the public API, or raise the version in Cargo.toml",
    )
}

fn outcome(
    context: &Context,
    what: &str,
    program: &Path,
    arguments: &[&str],
    next: &str,
) -> Outcome {
    match run(context, program, arguments) {
        Ok(completed) if completed.success => Outcome::Passed(what.to_owned()),
        Ok(completed) => Outcome::failed(completed.tail(), next),
        Err(why) => Outcome::failed(why, "reinstall it"),
    }
}
