//! Where the API key comes from: a file, or the environment. Never an argument, which every process may read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::failure::{Failure, because};

/// The environment variable that holds the key.
pub(crate) const VARIABLE: &str = "APIVIDEO_API_KEY";

/// A file that is larger holds something else than a key.
const MOST_BYTES: u64 = 4_096;

/// The key of the file, or else of the environment. No message ever shows any of it.
pub(crate) fn read(file: Option<&Path>) -> Result<Option<String>, Failure> {
    match file {
        Some(path) => from_file(path).map(Some),
        None => from_environment(),
    }
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut text))
        .map_err(|error| {
            Failure::usage(because(
                format!("the API key can't be read from {}", path.display()),
                error,
            ))
        })?;
    let refused = |why: &str| {
        Failure::usage(format!(
            "{} {why}; it should hold the API key on a line, and nothing else",
            path.display()
        ))
    };
    if text.len() as u64 > MOST_BYTES {
        return Err(refused("is too large for a key"));
    }
    let text = String::from_utf8(text).map_err(|_| refused("is no text"))?;
    match text.trim() {
        "" => Err(refused("is empty")),
        key if key.contains(char::is_whitespace) => Err(refused("holds more than a key")),
        key => Ok(key.to_owned()),
    }
}

fn from_environment() -> Result<Option<String>, Failure> {
    match std::env::var(VARIABLE) {
        Ok(key) => Ok(Some(key).filter(|key| !key.trim().is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!(
            "{VARIABLE} is no text; set it to an API key"
        ))),
    }
}
