//! The document that the generated crate is generated from, recorded in its package metadata.
//!
//! It is not part of the crate's version: the `AV-Origin-Client` header accepts plain numbers only.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use xtask_bindgen::document::Document;
use xtask_bindgen::{Error, files, generated_crates};

/// The manifest of the generated crate, relative to the workspace root.
const MANIFEST: &str = "crates/apivideo-core/Cargo.toml";

const TABLE: &str = "[package.metadata.apivideo]\n";

/// Returns the manifest of the generated crate with the version and the hash of the current document, and its relative path.
///
/// # Errors
/// Returns an error if the document or the manifest cannot be read.
pub(crate) fn stamped(root: &Path) -> Result<(PathBuf, String), Error> {
    let path = root.join(generated_crates::DOCUMENT);
    let text = files::read(&path)?;
    let document = Document::parse(&path, &text)?;
    let version = document.value["info"]["version"]
        .as_str()
        .unwrap_or_default();
    let mut sha256 = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a `String` does not fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    let manifest = files::read(&root.join(MANIFEST))?;
    let stamp = format!("{TABLE}document-version = {version:?}\ndocument-sha256 = {sha256:?}\n");
    let stamped = match manifest.split_once(TABLE) {
        // The table ends at an empty line.
        Some((before, table)) => {
            let after = table.find("\n\n").map_or("", |end| &table[end + 1..]);
            format!("{before}{stamp}{after}")
        }
        None => format!("{}\n\n{stamp}", manifest.trim_end()),
    };
    Ok((PathBuf::from(MANIFEST), stamped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_replaces_only_the_previous_one() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write(
            generated_crates::DOCUMENT,
            "openapi: 3.0.3\ninfo: { title: t, version: '7' }\npaths: {}\n",
        );
        // As `sha256sum` has it.
        let stamp = format!(
            "{TABLE}document-version = \"7\"\ndocument-sha256 = \
             \"027712f2c15c7675c9edc75f71b4b563b4b38a29fad8e0256334cc5421efd875\"\n"
        );
        let old = format!("{TABLE}document-version = \"6\"\ndocument-sha256 = \"old\"\n");
        for (before, after) in [
            (
                format!("[package]\n\n{old}\n[dependencies]\n"),
                format!("[package]\n\n{stamp}\n[dependencies]\n"),
            ),
            (
                format!("[package]\n\n{old}"),
                format!("[package]\n\n{stamp}"),
            ),
            ("[package]\n".to_owned(), format!("[package]\n\n{stamp}")),
            (
                format!("[package]\n\n{stamp}"),
                format!("[package]\n\n{stamp}"),
            ),
        ] {
            write(MANIFEST, &before);
            assert_eq!(stamped(root).unwrap().1, after);
        }
    }
}
