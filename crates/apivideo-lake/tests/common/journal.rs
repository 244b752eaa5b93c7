//! The journal of the staging.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Changes the lines of a journal, with valid digests.
pub(crate) fn edit_journal(journal: &Path, mut edit: impl FnMut(&mut Value)) {
    let (mut new, mut digest) = (String::new(), String::new());
    for line in std::fs::read_to_string(journal).unwrap().lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        edit(&mut line);
        line.as_object_mut().unwrap().remove("digest").unwrap();
        let line = line.to_string();
        let rest = &line[1..];
        let bytes = Sha256::digest(format!("{digest}{rest}"));
        digest.clear();
        for byte in &bytes[..8] {
            write!(digest, "{byte:02x}").unwrap();
        }
        writeln!(new, r#"{{"digest":"{digest}",{rest}"#).unwrap();
    }
    std::fs::write(journal, new).unwrap();
}
