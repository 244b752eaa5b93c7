//! The step that checks links and paths in Markdown files, within the repository.

use std::path::{Component, Path, PathBuf};

use super::markdown::{Markdown, documents};
use super::{Context, Outcome, Step};

pub(super) const STEP: Step = Step {
    name: "links",
    about: "a Markdown file contains a broken link or path",
    run,
};

const NEXT: &str = "fix the link or its target";

/// Paths that are mentioned but not in the repository.
const MADE: [&str; 3] = ["fuzz/artifacts", "fuzz/corpus", "target"];

fn run(context: &Context) -> Outcome {
    let documents = match documents(&context.root) {
        Ok(documents) => documents,
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let count: usize = documents.iter().map(|document| document.links.len()).sum();
    let findings = documents
        .iter()
        .flat_map(|document| {
            let mut found = broken_links(&context.root, document, &documents);
            found.extend(broken_paths(&context.root, document));
            found
        })
        .collect();
    Outcome::of(
        findings,
        format!("{count} links in {} documents", documents.len()),
        NEXT,
    )
}

fn broken_links(root: &Path, document: &Markdown, all: &[Markdown]) -> Vec<String> {
    let mut found = Vec::new();
    for link in &document.links {
        let place = format!("{}:{}", document.path.display(), link.line);
        if link.value.contains("://") || link.value.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = match link.value.split_once('#') {
            Some((file, anchor)) => (file, Some(anchor)),
            None => (link.value.as_str(), None),
        };
        let target = if file.is_empty() {
            document.path.clone()
        } else {
            let folder = document.path.parent().unwrap_or(Path::new(""));
            plain(&folder.join(file))
        };
        if !root.join(&target).exists() {
            found.push(format!("{place}: there is no {}", target.display()));
            continue;
        }
        let Some(anchor) = anchor else { continue };
        if let Some(target) = all.iter().find(|other| other.path == target)
            && !target.anchors.iter().any(|there| there == anchor)
        {
            found.push(format!(
                "{place}: {} has no heading #{anchor}",
                target.path.display()
            ));
        }
    }
    found
}

/// Returns code spans that are a path by their first component and do not exist.
fn broken_paths(root: &Path, document: &Markdown) -> Vec<String> {
    let mut found = Vec::new();
    for span in &document.spans {
        let path = span.value.trim_end_matches('/');
        let is_path = path.split_once('/').is_some_and(|(top, _)| {
            [
                "crates", "docs", "fuzz", "openapi", "xtask", ".ci", ".cargo",
            ]
            .contains(&top)
        }) && !path.contains([' ', '*', '<', '{', '…', ':']);
        let is_made = MADE.iter().any(|made| path.starts_with(made));
        if is_path && !is_made && !root.join(path).exists() {
            found.push(format!(
                "{}:{}: there is no {path}",
                document.path.display(),
                span.line
            ));
        }
    }
    found
}

/// Resolves `.` and `..` in a path.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}
