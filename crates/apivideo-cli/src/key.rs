//! The API key: from stdin, a file, or the environment. Never an argument, which every process may read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::config::{API_KEY, KeySource, Setting, Settings, variable};
use crate::failure::{Failure, because, warn};

/// What is larger holds something else than a key.
const MOST_BYTES: u64 = 4_096;

/// The key, and where it comes from. No message ever shows any of it.
///
/// Several places may hold it as long as it is the same; two different keys are an error, since it can't be known which
/// one is meant.
pub(crate) fn read(
    settings: &Settings,
    from_stdin: Option<&str>,
) -> Result<Option<Setting<String>>, Failure> {
    let mut found: Option<Setting<String>> = None;
    for source in &settings.keys {
        let key = match &source.value {
            KeySource::Stdin => match from_stdin {
                Some(key) => key.to_owned(),
                None => continue,
            },
            KeySource::File(path) => from_file(path)?,
            KeySource::Variable => match variable(API_KEY)? {
                Some(key) => key.trim().to_owned(),
                None => continue,
            },
        };
        match &found {
            None => {
                found = Some(Setting {
                    value: key,
                    origin: source.origin.clone(),
                });
            }
            Some(first) if first.value == key => {}
            Some(first) => {
                return Err(Failure::usage(format!(
                    "there are two different API keys, from {} and from {}; leave one of them out",
                    first.origin, source.origin
                )));
            }
        }
    }
    Ok(found)
}

/// The key on stdin, where a setting says that it is there. Read before anything else waits for Ctrl-C: it may be typed.
pub(crate) fn from_stdin(settings: &Settings) -> Result<Option<String>, Failure> {
    let is_there = |key: &Setting<KeySource>| key.value == KeySource::Stdin;
    match settings.keys.iter().any(is_there) {
        true => read_stdin().map(Some),
        false => Ok(None),
    }
}

fn read_stdin() -> Result<String, Failure> {
    let mut text = Vec::new();
    io::stdin()
        .lock()
        .take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| Failure::usage(because("the API key can't be read from stdin", error)))?;
    check("stdin", text)
}

fn from_file(path: &Path) -> Result<String, Failure> {
    let mut text = Vec::new();
    let failed = |error| {
        Failure::usage(because(
            format!("the API key can't be read from {}", path.display()),
            error,
        ))
    };
    let file = File::open(path).map_err(failed)?;
    warn_if_others_can_read("the API key", path, &file);
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(failed)?;
    check(&path.display().to_string(), text)
}

fn check(place: &str, text: Vec<u8>) -> Result<String, Failure> {
    let refused = |why: &str| {
        Failure::usage(format!(
            "{place} {why}; it should hold the API key on a line, and nothing else"
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

/// Warns of a secret in a file that is not for its owner alone.
#[cfg(unix)]
pub(crate) fn warn_if_others_can_read(what: &str, path: &Path, file: &File) {
    use std::os::unix::fs::MetadataExt;
    let Ok(metadata) = file.metadata() else {
        return;
    };
    // A pipe or a device says nothing by its mode.
    if metadata.is_file() && metadata.mode() & 0o077 != 0 {
        let path = path.display();
        warn(&format!(
            "others can read {what} in {path}; keep it to yourself by: chmod 600 {path}"
        ));
    }
}

#[cfg(not(unix))]
pub(crate) fn warn_if_others_can_read(_: &str, _: &Path, _: &File) {}
