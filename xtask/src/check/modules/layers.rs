//! The layers of a crate: a module uses its own layer and those below.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::graph::Graph;

/// The file with the layers, in the folder of a crate.
const FILE: &str = "layers.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Layers {
    /// The modules at the top of the crate, the uppermost layer first. `lib` is the root file.
    layers: Vec<Vec<String>>,
    /// The modules of the same layer that a module may use, if it may not use all of them.
    #[serde(default)]
    only: BTreeMap<String, Vec<String>>,
}

/// Reads the layers of a crate, if it has some.
pub(super) fn read(folder: &Path) -> Result<Option<Layers>, String> {
    let path = folder.join(FILE);
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("failed to read {}: {error}", path.display()))?;
    toml::from_str(&text)
        .map(Some)
        .map_err(|error| format!("failed to parse {}: {}", path.display(), error.message()))
}

impl Layers {
    /// Describes each use of an upper layer, and each module that is not in a layer or does not exist.
    pub(super) fn violations(&self, graph: &Graph, sources: &Path) -> Vec<String> {
        let module = |file: &Path| {
            let below = file.strip_prefix(sources).unwrap_or(file);
            let first = below.iter().next().map(Path::new).unwrap_or(below);
            first
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let mut findings = Vec::new();
        let modules: BTreeSet<String> = graph.files().map(module).collect();
        let listed: BTreeSet<&String> = self.layers.iter().flatten().collect();
        for name in modules.iter().filter(|name| !listed.contains(name)) {
            findings.push(format!(
                "{}: module {name} is not in a layer of {FILE}",
                sources.display()
            ));
        }
        for name in listed.into_iter().filter(|name| !modules.contains(*name)) {
            findings.push(format!(
                "{}: {FILE} lists module {name}, which does not exist",
                sources.display()
            ));
        }
        for (from, to, (line, path)) in graph.uses() {
            let (upper, lower) = (module(from), module(to));
            if !self.allows(&upper, &lower) {
                findings.push(format!(
                    "{}:{line}: {upper} uses {lower}, which is not in a lower layer: {path}",
                    from.display()
                ));
            }
        }
        findings
    }

    fn allows(&self, from: &str, to: &str) -> bool {
        let level = |name: &str| {
            self.layers
                .iter()
                .position(|layer| layer.iter().any(|module| module == name))
        };
        let (Some(upper), Some(lower)) = (level(from), level(to)) else {
            // Reported as not in a layer.
            return true;
        };
        if from == to || upper < lower {
            return true;
        }
        upper == lower
            && self
                .only
                .get(from)
                .is_none_or(|only| only.iter().any(|module| module == to))
    }
}
