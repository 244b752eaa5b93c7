//! The list of forgotten sessions and metadata values: keyed hashes, so that a pull recognizes them and the lake does not
//! contain them.

mod record;

use std::collections::{BTreeMap, BTreeSet};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::column::Cell;
use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{FORGOTTEN, Folder};
use crate::format::canonical;
use crate::manifest::LakeManifest;
use crate::row::Row;
use crate::table::EXTRA;

/// The field of the identifier of a session.
pub(crate) const SESSION: &str = "session";

/// The start of the name of a metadata key.
pub(crate) const METADATA: &str = "metadata.";

/// What a lake has forgotten.
#[derive(Clone, Default)]
pub(crate) struct ForgottenList {
    /// `None` if nothing was forgotten.
    entries: Option<Entries>,
}

#[derive(Clone)]
struct Entries {
    stored: Stored,
    /// Keyed with the salt.
    mac: Hmac<Sha256>,
}

/// The contents of the file.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    /// Random, so that equal values have other hashes in each lake.
    salt: String,
    /// The HMAC-SHA256 of `FIELD=VALUE`, by the part of the field up to the first `=`: what follows may be of the value. Values are
    /// those that the lake stores: hashed ones if it hashes the field.
    hashes: BTreeMap<String, BTreeSet<String>>,
    /// Whether sessions may still be stored that are to be removed: a run has started and not ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    incomplete: bool,
}

impl Entries {
    fn new(stored: Stored) -> Self {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(stored.salt.as_bytes()) else {
            unreachable!("HMAC accepts keys of any length")
        };
        Self { stored, mac }
    }

    /// Returns the hash of a value.
    fn hash(&self, field: &str, value: &str) -> String {
        let mut mac = self.mac.clone();
        for part in [field, "=", value] {
            mac.update(part.as_bytes());
        }
        digest::hex(&mac.finalize().into_bytes())
    }

    fn contains(&self, field: &str, value: &str) -> bool {
        let hashes = self.stored.hashes.get(group(field));
        hashes.is_some_and(|hashes| hashes.contains(&self.hash(field, value)))
    }

    /// Returns the metadata keys of the list.
    fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.stored.hashes.keys();
        fields.filter_map(|field| Some((field.as_str(), field.strip_prefix(METADATA)?)))
    }

    /// Returns whether a metadata value is in the list, or one of several values.
    fn contains_value(&self, field: &str, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::Array(values) => values.iter().any(|value| self.contains_value(field, value)),
            Value::String(text) => self.contains(field, text),
            other => self.contains(field, &canonical(other)),
        }
    }

    fn contains_metadata(&self, metadata: &Map<String, Value>) -> bool {
        let is_in_list = self.keys().any(|(field, key)| {
            let value = metadata.get(key);
            value.is_some_and(|value| self.contains_value(field, value))
        });
        let mut others = metadata.iter().filter(|(key, _)| key.contains('='));
        is_in_list
            || others.any(|(key, value)| self.contains_value(&format!("{METADATA}{key}"), value))
    }

    fn contains_session(
        &self,
        id: &str,
        metadata: Option<&Map<String, Value>>,
        extra: Option<&Map<String, Value>>,
    ) -> bool {
        // Metadata that its column cannot contain is in `extra` as it was received.
        let received = || {
            let session = extra?.get("session")?.as_object()?;
            let names = ["metadata", "metadatas"];
            names.iter().find_map(|name| session.get(*name))
        };
        self.contains(SESSION, id)
            || metadata.is_some_and(|metadata| self.contains_metadata(metadata))
            || received().is_some_and(|value| self.contains_record(value))
    }
}

impl ForgottenList {
    /// Loads the list of a lake.
    ///
    /// # Errors
    /// Returns an error if the lake has a list and its file is missing.
    pub(crate) fn load(folder: &Folder, lake: &LakeManifest) -> Result<Self> {
        match Self::load_if_present(folder)? {
            None if lake.forgotten => Err(Error::new(
                ErrorKind::Corrupt,
                format!(
                    "{} is missing: restore it from a backup, or run `apivideo lake forget {} --where …` again for each person \
                     (nothing was changed)",
                    folder.path_of(FORGOTTEN).display(),
                    folder.path().display()
                ),
            )),
            list => Ok(list.unwrap_or_default()),
        }
    }

    /// Loads the list of a folder; returns `None` if it has no file.
    pub(crate) fn load_if_present(folder: &Folder) -> Result<Option<Self>> {
        let Some(stored) = folder.load_json::<Stored>(FORGOTTEN)? else {
            return Ok(None);
        };
        let is_valid = |field: &String| field == SESSION || field.starts_with(METADATA);
        if stored.salt.is_empty() || !stored.hashes.keys().all(is_valid) {
            return Err(folder.invalid_manifest(FORGOTTEN));
        }
        Ok(Some(Self {
            entries: Some(Entries::new(stored)),
        }))
    }

    /// Replaces the stored list.
    pub(crate) fn save(&mut self, folder: &Folder, is_complete: bool) -> Result<()> {
        match &mut self.entries {
            Some(entries) => {
                entries.stored.incomplete = !is_complete;
                folder.put_json(FORGOTTEN, &entries.stored)
            }
            None => Ok(()),
        }
    }

    /// Returns whether sessions may still be stored that are to be removed.
    pub(crate) fn is_incomplete(&self) -> bool {
        let entries = self.entries.as_ref();
        entries.is_some_and(|entries| entries.stored.incomplete)
    }

    /// Adds a value; returns whether it is new. The name of the field is not stored from its first `=` on.
    pub(crate) fn add(&mut self, field: &str, value: &str) -> Result<bool> {
        let entries = match &mut self.entries {
            Some(entries) => entries,
            none => none.insert(Entries::new(Stored {
                salt: random_salt()?,
                hashes: BTreeMap::new(),
                incomplete: false,
            })),
        };
        let hash = entries.hash(field, value);
        let field = group(field).to_owned();
        let hashes = entries.stored.hashes.entry(field).or_default();
        Ok(hashes.insert(hash))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_none()
    }

    /// Returns a value that changes with the list; `None` if it is empty.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        let entries = self.entries.as_ref()?;
        let hashes = entries.stored.hashes.iter();
        let text: String = hashes
            .flat_map(|(field, hashes)| {
                [field.as_str()]
                    .into_iter()
                    .chain(hashes.iter().map(|hash| &**hash))
            })
            .flat_map(|part| [part, "\n"])
            .collect();
        let mut fingerprint = digest::of_str(&text);
        fingerprint.truncate(16);
        Some(fingerprint)
    }

    /// Returns whether a row of sessions is to be forgotten.
    pub(crate) fn contains(&self, session: &Row) -> bool {
        let Some(entries) = &self.entries else {
            return false;
        };
        let object = |name: &str| match session.cell(name) {
            Some(Cell::Json(Value::Object(object))) => Some(object),
            _ => None,
        };
        let (_, _, id) = session.key_ref();
        entries.contains_session(id, object("metadata"), object(EXTRA))
    }

    /// Returns whether a session is to be forgotten, by its columns as they are stored.
    pub(crate) fn contains_columns(
        &self,
        id: &str,
        metadata: Option<&str>,
        extra: Option<&str>,
    ) -> bool {
        let Some(entries) = &self.entries else {
            return false;
        };
        let has_keys = entries.keys().next().is_some();
        let object = |text: Option<&str>| -> Option<Map<String, Value>> {
            serde_json::from_str(text.filter(|_| has_keys)?).ok()
        };
        entries.contains_session(id, object(metadata).as_ref(), object(extra).as_ref())
    }
}

/// Returns the name by which the hashes of a field are stored.
fn group(field: &str) -> &str {
    field.split_once('=').map_or(field, |(group, _)| group)
}

/// Returns 32 random bytes in hexadecimal.
fn random_salt() -> Result<String> {
    digest::random_hex::<32>()
        .map_err(|error| Error::new(ErrorKind::Storage, format!("cannot create a salt: {error}")))
}

#[cfg(test)]
mod tests;
