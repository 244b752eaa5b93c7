//! The step that compares versions in Markdown files with those of the manifest.

use std::fs;
use std::path::{Path, PathBuf};

use super::markdown::documents;
use super::{Context, Outcome, Step, walk};

pub(super) const STEP: Step = Step {
    name: "versions",
    about: "a version in a Markdown file is wrong",
    run,
};

const NEXT: &str = "use the version of Cargo.toml";

fn run(context: &Context) -> Outcome {
    match look(context) {
        Ok((findings, count)) => Outcome::of(findings, format!("{count} mentions"), NEXT),
        Err(why) => Outcome::failed(why, "fix it"),
    }
}

/// The names that have versions, with their versions.
type Known = Vec<(String, Vec<String>)>;

fn look(context: &Context) -> Result<(Vec<String>, usize), String> {
    let manifest = fs::read_to_string(context.root.join("Cargo.toml"))
        .map_err(|error| format!("failed to read Cargo.toml: {error}"))?;
    let mut known = known(&manifest)?;
    add_rust_versions(&context.root, &mut known)?;
    let mut findings = Vec::new();
    let mut count = 0;
    for document in documents(&context.root)? {
        for (line, name, listed) in mentions(&document.text, &known) {
            count += 1;
            let there = known.iter().find(|(known, _)| *known == name);
            let there = there
                .map(|(_, versions)| versions.as_slice())
                .unwrap_or_default();
            if !there.iter().any(|version| begins(version, &listed)) {
                findings.push(format!(
                    "{}:{line}: {name} {listed}, but Cargo.toml has {}",
                    document.path.display(),
                    there.join(" and ")
                ));
            }
        }
        if document.path.as_os_str() == "CHANGELOG.md"
            && let Some(newest) = newest_release(&document.text)
        {
            count += 1;
            let own = known.iter().find(|(name, _)| name == "apivideo");
            if own.is_some_and(|(_, versions)| !versions.iter().any(|version| version == newest)) {
                findings.push(format!(
                    "CHANGELOG.md: the newest release is {newest}, but Cargo.toml has another version"
                ));
            }
        }
    }
    Ok((findings, count))
}

/// Adds the minimum versions of Rust of packages that do not inherit that of the workspace.
fn add_rust_versions(root: &Path, known: &mut Known) -> Result<(), String> {
    let is_manifest = |path: &PathBuf| path.file_name().is_some_and(|name| name == "Cargo.toml");
    for path in walk::files(root)?.into_iter().filter(is_manifest) {
        let text = fs::read_to_string(root.join(&path))
            .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
        let manifest: toml::Value = toml::from_str(&text)
            .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let version = manifest
            .get("package")
            .and_then(|package| package.get("rust-version")?.as_str());
        let rust = known.iter_mut().find(|(name, _)| name == "Rust");
        if let (Some(version), Some((_, versions))) = (version, rust)
            && !versions.iter().any(|there| there == version)
        {
            versions.push(version.to_owned());
        }
    }
    Ok(())
}

/// Returns the versions of Rust, of the workspace's packages and of their dependencies.
fn known(manifest: &str) -> Result<Known, String> {
    let manifest: toml::Value =
        toml::from_str(manifest).map_err(|error| format!("Cargo.toml cannot be read: {error}"))?;
    let workspace = manifest.get("workspace");
    let package = workspace.and_then(|workspace| workspace.get("package"));
    let text = |key: &str| package?.get(key)?.as_str().map(str::to_owned);
    let mut known = Known::new();
    known.extend(text("rust-version").map(|version| ("Rust".to_owned(), vec![version])));
    let dependencies = workspace
        .and_then(|workspace| workspace.get("dependencies")?.as_table())
        .into_iter()
        .flatten();
    for (key, value) in dependencies {
        let name = value
            .get("package")
            .and_then(toml::Value::as_str)
            .unwrap_or(key);
        let version = value.as_str().or_else(|| value.get("version")?.as_str());
        let Some(version) = version.map(|version| version.trim_start_matches(['=', '^', '~']))
        else {
            continue;
        };
        match known.iter_mut().find(|(there, _)| there == name) {
            Some((_, versions)) => versions.push(version.to_owned()),
            None => known.push((name.to_owned(), vec![version.to_owned()])),
        }
    }
    Ok(known)
}

/// Returns each known name that is followed by a number: line, name, number.
fn mentions(text: &str, known: &Known) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let bare = line.replace(['`', '*', '"', '='], " ").replace('@', " ");
        let words: Vec<&str> = bare.split_whitespace().collect();
        for pair in words.windows(2) {
            let name = pair[0].trim_start_matches('(').trim_end_matches(':');
            let number = pair[1].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
            let is_number =
                !number.is_empty() && number.split('.').all(|part| part.parse::<u32>().is_ok());
            if is_number && known.iter().any(|(there, _)| there == name) {
                found.push((index + 1, name.to_owned(), number.to_owned()));
            }
        }
    }
    found
}

/// Returns `true` if a version starts with the components of the stated one.
fn begins(version: &str, listed: &str) -> bool {
    let mut parts = version.split('.');
    listed.split('.').all(|part| parts.next() == Some(part))
}

/// Returns the first heading of a changelog that is a version.
fn newest_release(changelog: &str) -> Option<&str> {
    changelog
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter_map(|heading| heading.split_whitespace().next())
        .map(|word| word.trim_matches(['[', ']', 'v']))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
