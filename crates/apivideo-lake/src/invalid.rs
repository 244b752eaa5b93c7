//! Records that could not be decoded: kept in `_invalid` with their text, until they can be read.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::digest::hex;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::format::{self, Written};
use crate::manifest::FileEntry;
use crate::privacy::Privacy;
use crate::span::Span;

/// A record that could not be decoded, or the events of a session that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invalid {
    /// `video/ID` or `live-stream/ID`; of an asset without a usable id, `video` or `live-stream`.
    pub(crate) asset: String,
    /// The request range that a session came with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u32>,
    /// The place in the page, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<usize>,
    pub(crate) reason: String,
    /// The text of the record, as it came. Where fields are dropped or hashed, the JSON without them; where it is not
    /// JSON then, nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<String>,
    /// The SHA-256 of the text as it came, where the text is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw_sha256: Option<String>,
}

impl Invalid {
    /// An error of a stream of sessions, events or assets.
    pub(crate) fn new(
        asset: impl Into<String>,
        period: Option<Span>,
        session_id: Option<&str>,
        error: &apivideo::Error,
        privacy: &Privacy,
    ) -> Self {
        let (raw, raw_sha256) = match error.raw() {
            Some(text) => kept(text, privacy),
            None => (None, None),
        };
        Self {
            asset: asset.into(),
            period,
            session_id: session_id.or(error.record_id()).map(str::to_owned),
            page: error.page(),
            index: error.index(),
            reason: reason(error),
            raw,
            raw_sha256,
        }
    }

    /// What it is and why it could not be read, without anything of its text.
    pub(crate) fn describe(&self) -> String {
        let mut text = self.asset.clone();
        if let Some(period) = self.period {
            text += &format!(" {}", period.period());
        }
        if let Some(page) = self.page {
            text += &format!(", page {page}");
        }
        if let Some(index) = self.index {
            text += &format!(", record {index}");
        }
        if let Some(id) = &self.session_id {
            text += &format!(", session {id}");
        }
        format!("{text}: {}", self.reason)
    }

    /// Its place in a file: the order does not depend on when it came.
    pub(crate) fn place(&self) -> (&str, Option<Span>, Option<u32>, Option<usize>, Option<&str>) {
        let id = self.session_id.as_deref();
        (&self.asset, self.period, self.page, self.index, id)
    }

    /// The records of a file in `_invalid`; none where it is not there.
    pub(crate) fn load(folder: &Folder, path: &str) -> Result<Vec<Self>> {
        let path = folder.resolve(path);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::storage("read", &path, error)),
        };
        text.lines()
            .map(|line| serde_json::from_str(line).map_err(|error| format::misread(&path, error)))
            .collect()
    }
}

/// Why it was not read, with its causes.
pub(crate) fn reason(error: &apivideo::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What may be kept of a text, or its digest.
fn kept(text: &str, privacy: &Privacy) -> (Option<String>, Option<String>) {
    if privacy.is_empty() {
        return (Some(text.to_owned()), None);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut record)) => {
            privacy.apply_to_record(&mut record);
            (Some(Value::Object(record).to_string()), None)
        }
        _ => (None, Some(hex(&Sha256::digest(text.as_bytes())))),
    }
}

/// The records as lines of JSON, and what the manifest says of their file.
pub(crate) fn lines(path: &str, records: &[Invalid]) -> Result<(String, FileEntry)> {
    let mut text = String::new();
    for record in records {
        let line = serde_json::to_string(record).map_err(|error| {
            Error::input("an invalid record can't be written").with_source(error)
        })?;
        text.push_str(&line);
        text.push('\n');
    }
    let written = Written {
        rows: records.len() as u64,
        bytes: text.len() as u64,
        sha256: hex(&Sha256::digest(text.as_bytes())),
    };
    let entry = FileEntry {
        path: path.to_owned(),
        written,
    };
    Ok((text, entry))
}

/// Replaces a file in `_invalid`; without records there is none.
pub(crate) fn replace(
    folder: &Folder,
    path: &str,
    records: &[Invalid],
) -> Result<Option<FileEntry>> {
    let place = folder.resolve(path);
    if records.is_empty() {
        folder::remove(&place)?;
        tidy(folder)?;
        return Ok(None);
    }
    let (text, entry) = lines(path, records)?;
    if let Some(above) = place.parent() {
        folder::create(above)?;
    }
    folder::replace_text(&place, &text)?;
    Ok(Some(entry))
}

/// Removes the folders of `_invalid` that are empty.
pub(crate) fn tidy(folder: &Folder) -> Result<()> {
    for empty in ["_invalid/events", "_invalid/sessions", "_invalid"] {
        folder::remove_if_empty(&folder.resolve(empty))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &[u8] = b"a salt of sixteen bytes or more";

    #[test]
    fn without_privacy_the_text_is_kept_as_it_came() {
        let privacy = Privacy::new();
        for text in [r#"{"a": 1,}"#, "null", r#"{"location":{"city":"Paris"}}"#] {
            assert_eq!(kept(text, &privacy), (Some(text.to_owned()), None));
        }
    }

    #[test]
    fn dropped_and_hashed_fields_are_not_in_the_kept_text() {
        let privacy = Privacy::new()
            .drop("city")
            .unwrap()
            .drop("metadata.plan")
            .unwrap()
            .hash("country", SALT)
            .unwrap()
            .hash("metadata.user", SALT)
            .unwrap();
        for text in [
            r#"{"location":{"city":"SECRET","country":"SECRET"},"os":{"name":"Linux"}}"#,
            r#"{"location":"SECRET","os":{"name":"Linux"}}"#,
            r#"{"location":["SECRET"],"os":{"name":"Linux"}}"#,
            r#"{"location":{"city":{"name":"SECRET"},"country":["SECRET"]},"os":{"name":"Linux"}}"#,
            r#"{"session":{"metadata":[{"key":"plan","value":"SECRET"},{"key":"user","value":"SECRET"}]},"os":{"name":"Linux"}}"#,
            r#"{"session":{"metadata":{"plan":"SECRET","user":"SECRET"}},"os":{"name":"Linux"}}"#,
            r#"{"session":{"metadata":"plan=SECRET"},"os":{"name":"Linux"}}"#,
            r#"{"session":{"metadata":["SECRET"]},"os":{"name":"Linux"}}"#,
            r#"{"session":"SECRET","os":{"name":"Linux"}}"#,
        ] {
            let (raw, digest) = kept(text, &privacy);
            let raw = raw.unwrap();
            assert!(!raw.contains("SECRET"), "{text}: {raw}");
            assert!(raw.contains("Linux") && digest.is_none(), "{text}: {raw}");
        }
    }

    #[test]
    fn with_privacy_a_text_that_is_not_an_object_is_left_out() {
        let privacy = Privacy::new().drop("city").unwrap();
        for text in [
            r#"{"location":{"city":"SECRET"},}"#,
            r#"["SECRET"]"#,
            r#""SECRET""#,
        ] {
            let (raw, digest) = kept(text, &privacy);
            assert_eq!((raw, digest.unwrap().len()), (None, 64), "{text}");
        }
    }
}
