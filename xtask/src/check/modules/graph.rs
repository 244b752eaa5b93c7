//! Which file of a crate uses which, and the circles among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::resolve::{Target, resolve};
use super::source::Sources;

/// Two files may use each other, as a type and the part of it that was given a file do.
const PAIR: usize = 2;

/// The files of a crate with their uses.
pub(super) struct Graph {
    /// Paths below the top of the workspace.
    files: Vec<PathBuf>,
    /// The names of other files that each file uses, with their lines.
    uses: BTreeMap<(usize, usize), BTreeSet<(usize, String)>>,
}

impl Graph {
    pub(super) fn of(sources: &Sources, root: &Path) -> Self {
        let mut uses: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for (index, module) in sources.modules.iter().enumerate() {
            let mut add = |path: &[String], line: usize, target: usize| {
                if target != module.file {
                    let named = (line, path.join("::"));
                    uses.entry((module.file, target)).or_default().insert(named);
                }
            };
            for reference in &module.references {
                // A module that is imported is used where a path names something in it.
                if let Some(Target::Item(file)) = resolve(sources, index, &reference.path) {
                    add(&reference.path, reference.line, file);
                }
            }
            for (path, line) in &module.globs {
                match resolve(sources, index, path) {
                    Some(Target::Item(file)) => add(path, *line, file),
                    Some(Target::Module(inside)) => {
                        add(path, *line, sources.modules[inside].file);
                    }
                    None => {}
                }
            }
        }
        let files = sources.files.iter();
        Self {
            files: files
                .map(|path| path.strip_prefix(root).unwrap_or(path).to_owned())
                .collect(),
            uses,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.files.len()
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(std::path::PathBuf::as_path)
    }

    /// Each use: the file, the file that it uses, and the first line that does.
    pub(super) fn uses(&self) -> impl Iterator<Item = (&Path, &Path, &(usize, String))> {
        self.uses.iter().filter_map(|((from, to), named)| {
            Some((&*self.files[*from], &*self.files[*to], named.first()?))
        })
    }

    /// Describes each circle of more than two files, with the lines that tie it.
    pub(super) fn circles(&self) -> Vec<String> {
        self.components()
            .into_iter()
            .filter(|component| component.len() > PAIR)
            .map(|component| self.describe(&component))
            .collect()
    }

    fn describe(&self, component: &BTreeSet<usize>) -> String {
        const NAMES: usize = 4;
        let mut text = format!("circle of {} files:", component.len());
        for ((from, to), named) in &self.uses {
            if component.contains(from) && component.contains(to) {
                let names: Vec<String> = named
                    .iter()
                    .take(NAMES)
                    .map(|(line, path)| format!("{path} (line {line})"))
                    .collect();
                let more = match named.len().saturating_sub(NAMES) {
                    0 => String::new(),
                    more => format!(", and {more} more"),
                };
                let (from, to) = (self.files[*from].display(), self.files[*to].display());
                text.push_str(&format!("\n  {from} -> {to}: {}{more}", names.join(", ")));
            }
        }
        text
    }

    /// The sets of files that reach each other.
    fn components(&self) -> Vec<BTreeSet<usize>> {
        let reachable: Vec<BTreeSet<usize>> = (0..self.files.len())
            .map(|file| self.reachable(file))
            .collect();
        let mut components = Vec::new();
        let mut placed: BTreeSet<usize> = BTreeSet::new();
        for file in 0..self.files.len() {
            if placed.contains(&file) {
                continue;
            }
            let component: BTreeSet<usize> = reachable[file]
                .iter()
                .copied()
                .filter(|other| reachable[*other].contains(&file))
                .chain([file])
                .collect();
            placed.extend(&component);
            components.push(component);
        }
        components
    }

    fn reachable(&self, start: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut pending = vec![start];
        while let Some(file) = pending.pop() {
            for (_, to) in self
                .uses
                .range((file, 0)..(file + 1, 0))
                .map(|(edge, _)| edge)
            {
                if reached.insert(*to) {
                    pending.push(*to);
                }
            }
        }
        reached
    }
}
