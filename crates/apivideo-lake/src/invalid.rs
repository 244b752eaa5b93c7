//! Records that could not be decoded: kept in `_invalid`, with their source, until they can be read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::date_range::DateRange;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::Folder;
use crate::format::Written;
use crate::manifest::FileEntry;
use crate::privacy::Privacy;

/// A record that could not be decoded, or a session whose events could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvalidRecord {
    /// `video/ID` or `live-stream/ID`; `video` or `live-stream` for an asset without a valid id.
    pub(crate) asset: String,
    /// The period for which a session was listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<DateRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u32>,
    /// The index in the page, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<usize>,
    pub(crate) reason: String,
    /// The record as received. With privacy rules, the JSON without the dropped and hashed fields, or nothing if it is not
    /// a JSON object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw: Option<String>,
    /// The SHA-256 of the record as received, if it is omitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) raw_sha256: Option<String>,
}

impl InvalidRecord {
    /// Creates the entry for an error of a list of sessions, events or assets.
    pub(crate) fn new(
        asset: impl Into<String>,
        period: Option<DateRange>,
        session_id: Option<&str>,
        error: &apivideo::Error,
        privacy: &Privacy,
    ) -> Self {
        let record = error.record();
        let (raw, raw_sha256) = match record {
            Some(record) => source(&record.raw, privacy),
            None => (None, None),
        };
        let id = record.and_then(|record| record.id.as_deref());
        Self {
            asset: asset.into(),
            period,
            session_id: session_id.or(id).map(str::to_owned),
            page: error.page(),
            index: record.map(|record| record.index),
            reason: reason(error),
            raw,
            raw_sha256,
        }
    }

    /// Describes the position of the record and why it could not be read, without its contents.
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

    /// Returns the key by which the records of a file are sorted.
    pub(crate) fn sort_key(&self) -> impl Ord {
        let id = self.session_id.as_deref();
        (&self.asset, self.period, self.page, self.index, id)
    }

    /// Reads the records of a file in `_invalid`; none if it does not exist.
    pub(crate) fn load(folder: &Folder, path: &str) -> Result<Vec<Self>> {
        let Some(text) = folder.read(path)? else {
            return Ok(Vec::new());
        };
        let path = folder.path_of(path);
        let text = str::from_utf8(&text).map_err(|error| Error::undecodable(&path, error))?;
        text.lines()
            .map(|line| {
                serde_json::from_str(line).map_err(|error| Error::undecodable(&path, error))
            })
            .collect()
    }
}

/// Returns the message of an error and of its causes.
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

/// Returns what may be kept of a record, or else its digest.
fn source(text: &str, privacy: &Privacy) -> (Option<String>, Option<String>) {
    if privacy.is_empty() {
        return (Some(text.to_owned()), None);
    }
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(mut record)) => {
            privacy.apply_to_record(&mut record);
            (Some(Value::Object(record).to_string()), None)
        }
        _ => (None, Some(digest::of_str(text))),
    }
}

/// Returns the contents of a file of records, and its entry in the manifest.
pub(crate) fn encode(path: &str, records: &[InvalidRecord]) -> Result<(String, FileEntry)> {
    let mut text = String::new();
    for record in records {
        let line = serde_json::to_string(record)
            .map_err(|error| Error::input("cannot encode an invalid record").with_source(error))?;
        text.push_str(&line);
        text.push('\n');
    }
    let written = Written {
        rows: records.len() as u64,
        bytes: text.len() as u64,
        sha256: digest::of_str(&text),
    };
    let entry = FileEntry {
        path: path.to_owned(),
        written,
    };
    Ok((text, entry))
}

/// Adds to the error of a damaged file what to do. The records of what this pull has not read again would be lost.
pub(crate) fn damaged(folder: &Folder, path: &str, error: Error) -> Error {
    let path = folder.path_of(path);
    Error::new(
        ErrorKind::Corrupt,
        format!(
            "cannot decode {}: move it out of the lake, and pull with --reread to write it again",
            path.display()
        ),
    )
    .with_source(error)
}

/// Replaces a file in `_invalid`, or removes it if there are no records.
pub(crate) fn replace(
    folder: &Folder,
    path: &str,
    records: &[InvalidRecord],
) -> Result<Option<FileEntry>> {
    if records.is_empty() {
        folder.delete(path)?;
        return Ok(None);
    }
    let (text, entry) = encode(path, records)?;
    folder.put(path, text.as_bytes())?;
    Ok(Some(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: &[u8] = b"a salt of sixteen bytes or more";

    #[test]
    fn without_privacy_rules_the_source_is_kept() {
        let privacy = Privacy::new();
        for text in [r#"{"a": 1,}"#, "null", r#"{"location":{"city":"Paris"}}"#] {
            assert_eq!(source(text, &privacy), (Some(text.to_owned()), None));
        }
    }

    #[test]
    fn dropped_and_hashed_fields_are_not_in_the_source() {
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
            let (raw, digest) = source(text, &privacy);
            let raw = raw.unwrap();
            assert!(!raw.contains("SECRET"), "{text}: {raw}");
            assert!(raw.contains("Linux") && digest.is_none(), "{text}: {raw}");
        }
    }

    #[test]
    fn with_privacy_rules_a_source_that_is_not_an_object_is_omitted() {
        let privacy = Privacy::new().drop("city").unwrap();
        for text in [
            r#"{"location":{"city":"SECRET"},}"#,
            r#"["SECRET"]"#,
            r#""SECRET""#,
        ] {
            let (raw, digest) = source(text, &privacy);
            assert_eq!((raw, digest.unwrap().len()), (None, 64), "{text}");
        }
    }
}
