//! Steps that other people's tools do, where they are installed.

use std::path::Path;

use super::process::{run, tool};
use super::{Outcome, Place, Step, changelog};
use crate::plan;

pub(super) const LINTERS: Step = Step {
    name: "linters",
    about: "a linter of OpenAPI documents objects",
    run: linters,
};

pub(super) const DENY: Step = Step {
    name: "deny",
    about: "a dependency is not allowed by deny.toml",
    run: deny,
};

pub(super) const SEMVER: Step = Step {
    name: "semver",
    about: "the version does not tell of what the change breaks",
    run: semver,
};

/// Each linter with what it is called with, and what has to be there for it: it knows no rules by itself.
const KNOWN_LINTERS: [(&str, &[&str], Option<&str>); 2] = [
    ("redocly", &["lint", plan::DOCUMENT], None),
    (
        "spectral",
        &["lint", plan::DOCUMENT],
        Some(".spectral.yaml"),
    ),
];

fn linters(place: &Place) -> Outcome {
    let mut ran = Vec::new();
    for (name, arguments, needs) in KNOWN_LINTERS {
        let is_ready = needs.is_none_or(|file| place.root.join(file).exists());
        if let Some(path) = tool(place, name).filter(|_| is_ready) {
            match outcome(place, name, &path, arguments, "mend the document") {
                Outcome::Passed(_) => ran.push(name),
                other => return other,
            }
        }
    }
    if ran.is_empty() {
        Outcome::Skipped(
            "no redocly on the PATH; `npm install --global @redocly/cli` would install it"
                .to_owned(),
        )
    } else {
        Outcome::Passed(ran.join(" and "))
    }
}

fn deny(place: &Place) -> Outcome {
    let Some(path) = tool(place, "cargo-deny") else {
        return Outcome::Skipped(
            "no cargo-deny on the PATH; `cargo install cargo-deny --locked` would install it"
                .to_owned(),
        );
    };
    // No advisories: they need a database from the network.
    outcome(
        place,
        "bans, licences and sources",
        &path,
        &["check", "bans", "licenses", "sources"],
        "take the dependency out, or allow it in deny.toml with a reason",
    )
}

fn semver(place: &Place) -> Outcome {
    let Some(path) = tool(place, "cargo-semver-checks") else {
        return Outcome::Skipped(
            "no cargo-semver-checks on the PATH; `cargo install cargo-semver-checks --locked` would install it"
                .to_owned(),
        );
    };
    let base = match changelog::base(place) {
        Ok(base) => base,
        Err(why) => return Outcome::Skipped(why),
    };
    outcome(
        place,
        &format!("compared with {base}"),
        &path,
        &[
            "semver-checks",
            "--package",
            "apivideo",
            "--baseline-rev",
            &base,
        ],
        "keep what is public as it was, or raise the version in Cargo.toml",
    )
}

fn outcome(place: &Place, what: &str, program: &Path, arguments: &[&str], next: &str) -> Outcome {
    match run(place, program, arguments) {
        Ok(said) if said.is_good => Outcome::Passed(what.to_owned()),
        Ok(said) => Outcome::failed(said.tail(), next),
        Err(why) => Outcome::failed(why, "install it anew"),
    }
}
