//! The step that checks what Markdown files mention besides links: paths of the repository, command lines of this tool, and
//! versions. Command lines of `apivideo` are run by the tests of `apivideo-cli`.

use super::markdown::{Markdown, documents};
use super::process::Metadata;
use super::{Context, Outcome, Step};

pub(super) const STEP: Step = Step {
    name: "mentions",
    about: "a Markdown file mentions a path, a command line of this tool or a version that does not exist",
    run,
};

/// Paths that are mentioned but not in the repository.
const MADE: [&str; 3] = ["fuzz/artifacts", "fuzz/corpus", "target"];

/// The start of paths of the repository.
const FOLDERS: [&str; 7] = [
    "crates", "docs", "fuzz", "openapi", "xtask", ".ci", ".cargo",
];

fn run(context: &Context) -> Outcome {
    let next = "fix the document, or what it mentions";
    let read = || Ok::<_, String>((documents(context)?, Metadata::read(context)?));
    let (documents, metadata) = match read() {
        Ok(read) => read,
        Err(why) => return Outcome::failed(why, next),
    };
    let mut findings = Vec::new();
    for document in &documents {
        let found = missing_paths(context, document)
            .into_iter()
            .chain(invalid_commands(context, document))
            .chain(wrong_versions(&metadata, document));
        findings
            .extend(found.map(|(line, why)| format!("{}:{line}: {why}", document.path.display())));
    }
    Outcome::of(findings, format!("{} documents", documents.len()), next)
}

/// A line and what is wrong in it.
type Found = (usize, String);

/// Returns the code that is a path by its first component and does not exist.
fn missing_paths(context: &Context, document: &Markdown) -> Vec<Found> {
    let is_missing = |path: &str| {
        let folder = path.split_once('/').map(|(folder, _)| folder);
        folder.is_some_and(|folder| FOLDERS.contains(&folder))
            && !path.contains([' ', '*', '<', '{', '…', ':'])
            && !MADE.iter().any(|made| path.starts_with(made))
            && !context.root.join(path).exists()
    };
    let spans = document.spans.iter();
    spans
        .filter(|span| is_missing(&span.code))
        .map(|span| (span.line, format!("{} not found", span.code)))
        .collect()
}

/// Parses the command lines of this tool. One in running text may be incomplete.
fn invalid_commands(context: &Context, document: &Markdown) -> Vec<Found> {
    let blocks = document.commands.iter().map(|command| (command, None));
    let spans = document
        .spans
        .iter()
        .map(|span| (span, Some("--help".to_owned())));
    blocks
        .chain(spans)
        .filter_map(|(located, more)| {
            let arguments = located.code.strip_prefix("cargo xtask ")?;
            let parsed = match shlex::split(arguments) {
                Some(words) => (context.parse)(
                    &["xtask".to_owned()]
                        .into_iter()
                        .chain(words)
                        .chain(more)
                        .collect::<Vec<_>>(),
                ),
                None => Err("invalid quotes".to_owned()),
            };
            let why = parsed.err()?;
            // Without the usage.
            let why = why.split("\n\n").next().unwrap_or_default();
            Some((located.line, format!("`{}`: {why}", located.code)))
        })
        .collect()
}

/// Returns minimum versions of Rust that no package has, and versions of packages of the workspace that they do not have.
fn wrong_versions(metadata: &Metadata, document: &Markdown) -> Vec<Found> {
    let packages = &metadata.packages;
    let is_known = |name: &str, version: &str| {
        let starts = |whole: &str| format!("{whole}.").starts_with(&format!("{version}."));
        if name == "Rust" {
            let mut versions = packages
                .iter()
                .filter_map(|package| package.rust_version.as_deref());
            return versions.any(starts);
        }
        let package = packages.iter().find(|package| package.name == name);
        package.is_none_or(|package| starts(&package.version))
    };
    let mut found = Vec::new();
    for (index, line) in document.text.lines().enumerate() {
        let words: Vec<&str> = line
            .split([' ', '=', '"', '`', '*', '('])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            let version = pair[1].trim_end_matches(|c: char| !c.is_ascii_digit());
            let is_version =
                !version.is_empty() && version.split('.').all(|part| part.parse::<u32>().is_ok());
            if is_version && !is_known(pair[0], version) {
                found.push((
                    index + 1,
                    format!("{} {version}: the manifests have another version", pair[0]),
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
