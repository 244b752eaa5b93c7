//! The dependencies in the manifests.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::check::Context;
use crate::check::process::{cargo, run as run_program};

/// A dependency of a package of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
}

/// Returns all dependencies except those of tests.
pub(super) fn edges(context: &Context) -> Result<Vec<Edge>, String> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        dependencies: Vec<Dependency>,
    }
    #[derive(Deserialize)]
    struct Dependency {
        name: String,
        kind: Option<String>,
    }
    let completed = run_program(
        context,
        &cargo(),
        &["metadata", "--format-version=1", "--no-deps"],
    )?;
    let metadata: Metadata = serde_json::from_str(&completed.out)
        .map_err(|error| format!("`cargo metadata` failed: {error}\n{}", completed.tail()))?;
    let mut edges = Vec::new();
    for package in metadata.packages {
        let compiled = package
            .dependencies
            .into_iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"));
        edges.extend(compiled.map(|dependency| Edge {
            from: package.name.clone(),
            to: dependency.name,
        }));
    }
    Ok(edges)
}

/// Returns dependencies that a package declares without inheriting them from the workspace.
pub(super) fn undeclared(root: &Path) -> Result<Vec<String>, String> {
    let mut manifests = vec![root.join("xtask/Cargo.toml")];
    let crates = root.join("crates");
    let entries = fs::read_dir(&crates)
        .map_err(|error| format!("failed to list {}: {error}", crates.display()))?;
    manifests.extend(
        entries
            .flatten()
            .map(|entry| entry.path().join("Cargo.toml")),
    );
    manifests.sort();
    let mut found = Vec::new();
    for path in manifests.iter().filter(|path| path.exists()) {
        let below = path.strip_prefix(root).unwrap_or(path).display();
        let text =
            fs::read_to_string(path).map_err(|error| format!("failed to read {below}: {error}"))?;
        let manifest: toml::Table =
            toml::from_str(&text).map_err(|error| format!("{below} cannot be read: {error}"))?;
        let targets = manifest
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
            .filter_map(|(_, target)| target.as_table());
        for table in std::iter::once(&manifest).chain(targets) {
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let dependencies = table.get(kind).and_then(toml::Value::as_table);
                for (name, value) in dependencies.into_iter().flatten() {
                    if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                        found.push(format!(
                            "{below}: `{name}` is declared here; declare it under [workspace.dependencies] of the \
                             top, and write `{name}.workspace = true`"
                        ));
                    }
                }
            }
        }
    }
    Ok(found)
}
