//! The step that checks how the files of each crate use each other: no circles, and no use of an upper layer.

mod graph;
mod layers;
mod references;
mod resolve;
mod source;

use std::path::{Path, PathBuf};

use super::{Context, Outcome, Step};
use graph::Graph;

pub(super) const STEP: Step = Step {
    name: "modules",
    about: "files of a crate use each other in a circle, or a file uses an upper layer",
    run,
};

const NEXT: &str = "move the shared types into a file that both sides use, or move the code up to the file that needs both";

fn run(context: &Context) -> Outcome {
    check_crates(&context.root)
}

fn check_crates(root: &Path) -> Outcome {
    let crates = match crates(root) {
        Ok(crates) => crates,
        Err(why) => return Outcome::failed(why, NEXT),
    };
    let (mut findings, mut files, mut count) = (Vec::new(), 0, 0);
    for folder in crates {
        count += 1;
        match check(root, &folder) {
            Ok((found, size)) => {
                findings.extend(found);
                files += size;
            }
            Err(why) => findings.push(why),
        }
    }
    Outcome::of(findings, format!("{files} files of {count} crates"), NEXT)
}

/// The findings of a crate, and how many files it has.
fn check(root: &Path, folder: &Path) -> Result<(Vec<String>, usize), String> {
    let sources = root.join(folder).join("src");
    let (mut findings, mut size) = (Vec::new(), 0);
    for entry in ["lib.rs", "main.rs"] {
        let entry = sources.join(entry);
        if !entry.exists() {
            continue;
        }
        let graph = Graph::of(&source::read(&entry)?, root);
        findings.extend(graph.circles());
        if let Some(layers) = layers::read(&root.join(folder))? {
            findings.extend(layers.violations(&graph, &folder.join("src")));
        }
        size += graph.len();
    }
    Ok((findings, size))
}

/// The folders of the workspace's crates.
fn crates(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut crates = Vec::new();
    for folder in ["crates", "xtask"] {
        let path = root.join(folder);
        if path.join("Cargo.toml").exists() {
            crates.push(PathBuf::from(folder));
        }
        let Ok(entries) = std::fs::read_dir(&path) else {
            continue;
        };
        for entry in entries {
            let entry = entry.map_err(|error| format!("failed to list {folder}: {error}"))?;
            if entry.path().join("Cargo.toml").exists() {
                crates.push(Path::new(folder).join(entry.file_name()));
            }
        }
    }
    crates.sort();
    Ok(crates)
}

#[cfg(test)]
mod tests;
