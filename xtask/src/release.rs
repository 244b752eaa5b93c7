//! Checks a release: the version, the changelog, and the packages as cargo would publish them.

pub mod changelog;
pub mod version;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use xtask_bindgen::{Error, files};

/// The changelog, relative to the workspace root.
const CHANGELOG: &str = "CHANGELOG.md";

/// Checks the version and the changelog, prints the result, and returns `true` if both fit.
///
/// # Errors
/// Returns an error if the changelog cannot be read, or the packages cannot be listed.
pub fn check(root: &Path, wanted: &str, out: &mut dyn Write) -> Result<bool, Error> {
    let log = files::read(&root.join(CHANGELOG))?;
    let version = version_step(&versions(root)?, wanted, &log);
    let text = changelog_step(wanted, &log);
    for (title, result) in [("version", &version), ("changelog", &text)] {
        // A closed stream is not an error.
        let _ = match result {
            Ok(note) => writeln!(out, "{title}: ok\n{note}"),
            Err(problem) => writeln!(out, "{title}: FAILED\n{problem}"),
        };
    }
    Ok(version.is_ok() && text.is_ok())
}

/// Lets cargo package, build and check everything that it would publish, in its order.
///
/// # Errors
/// Returns an error if cargo cannot be run.
pub fn publish_dry_run(root: &Path, options: &[String]) -> Result<bool, Error> {
    let status = cargo(root)
        .args(["publish", "--workspace", "--dry-run", "--locked"])
        .args(options)
        .status();
    status
        .map(|status| status.success())
        .map_err(|source| failed("cargo publish", source.to_string()))
}

fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

fn failed(command: &str, output: String) -> Error {
    Error::Command {
        command: command.to_owned(),
        output,
    }
}

/// Returns the versions of the published packages.
fn versions(root: &Path) -> Result<BTreeSet<String>, Error> {
    let output = cargo(root)
        .args(["metadata", "--format-version=1", "--no-deps"])
        .output()
        .map_err(|source| failed("cargo metadata", source.to_string()))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        failed("cargo metadata", stderr.trim().to_owned())
    })?;
    // `publish` is null if all registries are allowed, and a list of registries otherwise.
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages
        .filter(|package| package["publish"] != Value::Array(Vec::new()))
        .filter_map(|package| package["version"].as_str().map(str::to_owned))
        .collect())
}

fn version_step(versions: &BTreeSet<String>, wanted: &str, log: &str) -> Result<String, String> {
    let all: Vec<&str> = versions.iter().map(String::as_str).collect();
    let [current] = all.as_slice() else {
        return Err(format!(
            "the packages have different versions ({}): give them one, by `version.workspace = true`",
            all.join(", ")
        ));
    };
    let is_released = changelog::section(log, current).is_some();
    let how = version::next(current, wanted, is_released)?;
    Ok(match *current == wanted {
        true => format!("{current}: {how}"),
        false => format!("{current} -> {wanted}: {how}; replace {current} in the root Cargo.toml"),
    })
}

/// Returns the text of the release.
fn changelog_step(version: &str, log: &str) -> Result<String, String> {
    let section =
        changelog::section(log, version).or_else(|| changelog::section(log, changelog::UNRELEASED));
    match section {
        Some("") => Err(format!(
            "its text in {CHANGELOG} is empty: write what changes for users"
        )),
        Some(text) => Ok(text.to_owned()),
        None => Err(format!(
            "{CHANGELOG} has neither `## {}` nor `## {version}`: write what changes for users",
            changelog::UNRELEASED
        )),
    }
}
