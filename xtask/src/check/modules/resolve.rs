//! Finds the file that defines what a path names, through imports and re-exports.

use super::source::{ModuleIndex, Sources};

/// The item that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(ModuleIndex),
    /// An item, or what belongs to it, by the file that defines it.
    Item(usize),
}

/// An import of a module that is being followed, to stop at imports of themselves.
type Visited = Vec<(ModuleIndex, Vec<String>)>;

/// Returns what a path names in a module, or `None` for what is not of the crate.
pub(super) fn resolve(sources: &Sources, module: ModuleIndex, path: &[String]) -> Option<Target> {
    follow(sources, module, path, &mut Vec::new())
}

fn follow(
    sources: &Sources,
    module: ModuleIndex,
    path: &[String],
    visited: &mut Visited,
) -> Option<Target> {
    let key = (module, path.to_vec());
    if visited.contains(&key) {
        return None;
    }
    visited.push(key);
    let (first, rest) = path.split_first()?;
    let start = match first.as_str() {
        "crate" => Target::Module(0),
        "self" => Target::Module(module),
        "super" => Target::Module(sources.modules[module].parent?),
        name => lookup(sources, module, name, !rest.is_empty(), visited)?,
    };
    descend(sources, start, rest, visited)
}

fn descend(
    sources: &Sources,
    start: Target,
    path: &[String],
    visited: &mut Visited,
) -> Option<Target> {
    let (Target::Module(module), Some((first, rest))) = (start, path.split_first()) else {
        return Some(start);
    };
    let next = match first.as_str() {
        "super" => Target::Module(sources.modules[module].parent?),
        name => lookup(sources, module, name, !rest.is_empty(), visited)?,
    };
    descend(sources, next, rest, visited)
}

/// Looks a name up in a module. Modules and items may share a name: a path that continues means the module.
fn lookup(
    sources: &Sources,
    module: ModuleIndex,
    name: &str,
    continues: bool,
    visited: &mut Visited,
) -> Option<Target> {
    let here = &sources.modules[module];
    let child = here.children.get(name).copied().map(Target::Module);
    let item = here
        .items
        .iter()
        .any(|item| item == name)
        .then_some(Target::Item(here.file));
    let defined = if continues {
        child.or(item)
    } else {
        item.or(child)
    };
    if defined.is_some() {
        return defined;
    }
    let imports = here.imports.iter().filter(|(imported, _)| imported == name);
    for (_, path) in imports {
        if let Some(target) = follow(sources, module, path, visited) {
            return Some(target);
        }
    }
    here.globs.iter().find_map(|(glob, _)| {
        match follow(sources, module, glob, visited)? {
            Target::Module(inside) if inside != module => {
                lookup(sources, inside, name, continues, visited)
            }
            // The variants of an enum.
            _ => None,
        }
    })
}
