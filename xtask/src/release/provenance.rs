//! The document that the generated crate is generated from, recorded in its package metadata.
//!
//! It is not part of the crate's version: the `AV-Origin-Client` header accepts plain numbers only.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use xtask_bindgen::document::Document;
use xtask_bindgen::{Error, files, generated_crates};

/// The manifest of the generated crate, relative to the workspace root.
pub const MANIFEST: &str = "crates/apivideo-core/Cargo.toml";

const TABLE: &str = "[package.metadata.apivideo]";

/// The identity of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// `info.version`.
    pub version: String,
    /// The SHA-256 hash of the file, in lower-case hexadecimal.
    pub sha256: String,
}

/// Computes the identity of the current document.
///
/// # Errors
/// Returns an error if it cannot be read.
pub fn of_document(root: &Path) -> Result<Provenance, Error> {
    let path = root.join(generated_crates::DOCUMENT);
    let text = files::read(&path)?;
    let document = Document::parse(&path, &text)?;
    let mut sha256 = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a `String` does not fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    let version = document.value["info"]["version"]
        .as_str()
        .unwrap_or_default();
    Ok(Provenance {
        version: version.to_owned(),
        sha256,
    })
}

/// Reads the identity recorded in the manifest.
///
/// # Errors
/// Returns an error if it cannot be read.
pub fn of_manifest(root: &Path) -> Result<Provenance, Error> {
    let text = files::read(&root.join(MANIFEST))?;
    let mut found = Provenance::default();
    for line in table(&text) {
        if let Some((key, value)) = line.split_once('=') {
            let value = value.trim().trim_matches('"').to_owned();
            match key.trim() {
                "document-version" => found.version = value,
                "document-sha256" => found.sha256 = value,
                _ => {}
            }
        }
    }
    Ok(found)
}

/// Returns the manifest with the current identity, and its relative path.
///
/// # Errors
/// Returns an error if the document or the manifest cannot be read.
pub fn stamped(root: &Path) -> Result<(PathBuf, String), Error> {
    let Provenance { version, sha256 } = of_document(root)?;
    let text = files::read(&root.join(MANIFEST))?;
    let stamp = format!("{TABLE}\ndocument-version = {version:?}\ndocument-sha256 = {sha256:?}\n");
    let stamped = match text.find(TABLE) {
        Some(start) => {
            let old: usize =
                TABLE.len() + 1 + table(&text).map(|line| line.len() + 1).sum::<usize>();
            let rest = text.get(start + old..).unwrap_or_default();
            format!("{}{stamp}{rest}", &text[..start])
        }
        None => format!("{}\n\n{stamp}", text.trim_end()),
    };
    Ok((PathBuf::from(MANIFEST), stamped))
}

/// Returns the lines of the table, up to the next empty line.
fn table(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = text.lines();
    let _ = lines.find(|line| *line == TABLE);
    lines.take_while(|line| !line.is_empty())
}
