//! Generated files: layout, comparison and writing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::Error;

/// File contents by relative path.
pub type Files = BTreeMap<PathBuf, String>;

/// Splits generated code into `mod.rs` and a file for each of the modules `nested`. Each file has a header with its
/// source.
#[must_use]
pub fn lay_out(folder: &Path, mut file: syn::File, nested: &[&str], from: &str) -> Files {
    let mut files = Files::new();
    split(folder, &mut file.items, nested, &mut files);
    files.insert(folder.join("mod.rs"), prettyplease::unparse(&file));
    for text in files.values_mut() {
        *text =
            format!("// Generated from {from} by `cargo xtask generate`. Do not edit.\n\n{text}");
    }
    files
}

fn split(folder: &Path, items: &mut [syn::Item], nested: &[&str], files: &mut Files) {
    for item in items {
        let syn::Item::Mod(module) = item else {
            continue;
        };
        let name = module.ident.to_string();
        if !nested.contains(&name.as_str()) {
            continue;
        }
        let Some((_, mut items)) = module.content.take() else {
            continue;
        };
        module.semi = Some(syn::token::Semi::default());
        split(&folder.join(&name), &mut items, nested, files);
        let attrs = module
            .attrs
            .extract_if(.., |attribute| {
                matches!(attribute.style, syn::AttrStyle::Inner(_))
            })
            .collect();
        let file = syn::File {
            shebang: None,
            frontmatter: None,
            attrs,
            items,
        };
        files.insert(
            folder.join(format!("{name}.rs")),
            prettyplease::unparse(&file),
        );
    }
}

/// Returns a unified diff for each file below `root` that differs from the generated one or should not exist.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub fn differences(root: &Path, files: &Files, folders: &[PathBuf]) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for (path, wanted) in files {
        let there = match fs::read_to_string(root.join(path)) {
            Ok(there) => there,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(source) => return Err(failed("failed to read", &root.join(path), source)),
        };
        if there != *wanted {
            let name = path.display().to_string();
            let diff = TextDiff::from_lines(there.as_str(), wanted.as_str());
            let diff = diff
                .unified_diff()
                .context_radius(2)
                .header(&format!("{name} (there)"), &format!("{name} (generated)"))
                .to_string();
            found.push(diff);
        }
    }
    for path in leftovers(root, files, folders)? {
        found.push(format!("{} is no longer generated\n", path.display()));
    }
    Ok(found)
}

/// Returns files in the generated folders that are no longer generated.
fn leftovers(root: &Path, files: &Files, folders: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut ahead: Vec<PathBuf> = folders.to_vec();
    while let Some(folder) = ahead.pop() {
        let entries = match fs::read_dir(root.join(&folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(source) => return Err(failed("failed to list", &root.join(&folder), source)),
        };
        for entry in entries {
            let entry =
                entry.map_err(|source| failed("failed to list", &root.join(&folder), source))?;
            let path = folder.join(entry.file_name());
            if root.join(&path).is_dir() {
                ahead.push(path);
            } else if !files.contains_key(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes the files below `root`. All files are written to temporary names first and then renamed, so that a full disk does
/// not affect the old files.
///
/// # Errors
/// Returns an error if a file cannot be written or renamed.
pub fn write(root: &Path, files: &Files, folders: &[PathBuf]) -> Result<(), Error> {
    let mut moves = Vec::new();
    let written = files.iter().try_for_each(|(path, text)| {
        let place = root.join(path);
        let beside = place.with_extension("new");
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)
                .map_err(|source| failed("failed to make the folder", folder, source))?;
        }
        moves.push((beside.clone(), place));
        fs::write(&beside, text).map_err(|source| failed("failed to write", &beside, source))
    });
    if written.is_err() {
        for (beside, _) in &moves {
            // An error of the cleanup is ignored in favor of the first error.
            let _ = fs::remove_file(beside);
        }
        return written;
    }
    for (beside, place) in &moves {
        fs::rename(beside, place)
            .map_err(|source| failed("failed to put in place", place, source))?;
    }
    for path in leftovers(root, files, folders)? {
        let place = root.join(path);
        fs::remove_file(&place).map_err(|source| failed("failed to remove", &place, source))?;
    }
    Ok(())
}

/// Reads a text file.
///
/// # Errors
/// Returns an error if it cannot be read.
pub fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| failed("failed to read", path, source))
}

/// Lists the entries of a folder, in order.
///
/// # Errors
/// Returns an error if it cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|source| failed("failed to list", folder, source))?;
    let mut paths: Vec<_> = entries.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    Ok(paths)
}

fn failed(tried: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        tried,
        source,
    }
}

#[cfg(test)]
mod tests;
