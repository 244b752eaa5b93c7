//! Fields that are dropped or hashed before anything is written.

mod record;
mod target;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::column::{Cell, ColumnKind};
use crate::digest::hex;
use crate::error::{Error, Result};
use crate::row::Row;
use crate::table::EXTRA;
use record::change_field;
use target::Target;

/// The minimum length of a salt in bytes. A shorter one can be guessed.
const MIN_SALT: usize = 16;

const METADATA: &str = "metadata";

/// The fields of a session that are dropped, and those that are replaced by a keyed hash, before anything is written.
///
/// A field has the service's name (`location.city`), its last part if no other field has the same (`city`), or the name of
/// its column (`location_city`). A metadata key is `metadata.KEY`.
///
/// ```
/// use apivideo_lake::Privacy;
///
/// let privacy = Privacy::new()
///     .drop("city")?
///     .drop("referrer.url")?
///     .hash("metadata.userId", b"a salt of sixteen bytes or more")?;
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Privacy {
    drop: Vec<Target>,
    hash: Vec<Target>,
    salt: Option<Vec<u8>>,
}

impl Privacy {
    /// Returns the default: all fields are kept.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Privacy::new(), apivideo_lake::Privacy::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Drops a field. Its column exists and is NULL in every row.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// assert!(Privacy::new().drop("location.city").is_ok());
    /// assert!(Privacy::new().drop("session.sessionId").is_err());
    /// ```
    ///
    /// # Errors
    /// Returns an error if there is no such field, the name is ambiguous, or the field is an id or a time of a session,
    /// which a lake needs.
    pub fn drop(mut self, field: &str) -> Result<Self> {
        add(&mut self.drop, Target::parse(field)?);
        Ok(self)
    }

    /// Replaces a string by its HMAC-SHA256 under a salt, as 64 hexadecimal digits: equal strings stay equal, and the
    /// original cannot be recovered without the salt.
    ///
    /// A metadata value that is not a string is hashed as its JSON. NULL stays NULL.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// assert!(Privacy::new().hash("metadata.userId", b"a salt of sixteen bytes or more").is_ok());
    /// assert!(Privacy::new().hash("metadata.userId", b"short").is_err());
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`drop`](Self::drop), and an error if the field is not a string, the salt is shorter than
    /// 16 bytes, or it differs from the salt of another field.
    pub fn hash(mut self, field: &str, salt: &[u8]) -> Result<Self> {
        let target = Target::parse(field)?;
        if let Target::Column(column) = target
            && column.kind != ColumnKind::String
        {
            return Err(Error::input(format!(
                "cannot hash {field}: it is not a string; name a key of it, such as metadata.userId, or drop it"
            )));
        }
        if salt.len() < MIN_SALT {
            return Err(Error::input(format!(
                "the salt is too short: {} bytes can be guessed; use {MIN_SALT} random bytes or more",
                salt.len()
            )));
        }
        if self.salt.as_ref().is_some_and(|known| known != salt) {
            return Err(Error::input(
                "the salts differ: all fields are hashed with the same salt",
            ));
        }
        self.salt = Some(salt.to_owned());
        add(&mut self.hash, target);
        Ok(self)
    }

    /// Applies the rules to a row of sessions.
    pub(crate) fn apply(&self, row: &mut Row) {
        for target in &self.drop {
            match target {
                Target::Column(column) => {
                    if let Some(cell) = row.cell_mut(column.name) {
                        *cell = Cell::Null;
                    }
                }
                Target::Metadata(key) => {
                    change_object(row, METADATA, |object| drop(object.remove(key)));
                }
            }
        }
        // `extra` has values of unexpected types under the names of their fields, and unknown fields of metadata by key.
        change_object(row, EXTRA, |extra| {
            self.apply_to_record(extra);
            for target in self.drop.iter().chain(&self.hash) {
                if let Target::Metadata(key) = target
                    && let Some(Value::Object(pairs)) = extra.get_mut(METADATA)
                {
                    pairs.remove(key);
                }
            }
        });
        for target in &self.hash {
            match target {
                Target::Column(column) => {
                    if let Some(Cell::String(text)) = row.cell_mut(column.name) {
                        *text = self.hash_string(text).into();
                    }
                }
                Target::Metadata(key) => change_object(row, METADATA, |object| {
                    if let Some(value) = object.get_mut(key) {
                        self.hash_value(value);
                    }
                }),
            }
        }
    }

    /// Returns whether all fields are kept.
    pub(crate) fn is_empty(&self) -> bool {
        self.drop.is_empty() && self.hash.is_empty()
    }

    /// Applies the rules to the JSON of a session, as the service writes it. Lists and objects are removed instead of
    /// hashed.
    pub(crate) fn apply_to_record(&self, record: &mut Map<String, Value>) {
        for target in &self.drop {
            change_field(record, target, &|_| None);
        }
        for target in &self.hash {
            change_field(record, target, &|value| match value {
                Value::Null => Some(Value::Null),
                Value::String(text) => Some(Value::String(self.hash_string(&text))),
                Value::Number(_) | Value::Bool(_) => {
                    Some(Value::String(self.hash_string(&value.to_string())))
                }
                Value::Array(_) | Value::Object(_) => None,
            });
        }
    }

    fn hash_value(&self, value: &mut Value) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.iter_mut().for_each(|value| self.hash_value(value)),
            Value::String(text) => *text = self.hash_string(text),
            other => *other = Value::String(self.hash_string(&other.to_string())),
        }
    }

    /// Returns what is stored instead of a string that is hashed.
    pub(crate) fn hash_string(&self, text: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.salt.as_deref().unwrap_or_default())
        else {
            unreachable!("HMAC accepts keys of any length")
        };
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// Returns the sorted names of the dropped and of the hashed fields.
    pub(crate) fn names(&self) -> (Vec<String>, Vec<String>) {
        let names = |targets: &[Target]| {
            let mut names: Vec<String> = targets.iter().map(Target::name).collect();
            names.sort_unstable();
            names
        };
        (names(&self.drop), names(&self.hash))
    }

    /// Returns a value that is equal for equal salts and reveals nothing else about them.
    pub(crate) fn salt_fingerprint(&self) -> Option<String> {
        self.salt.as_ref()?;
        let mut fingerprint = self.hash_string("apivideo-lake: the fingerprint of a salt");
        fingerprint.truncate(16);
        Some(fingerprint)
    }
}

/// Changes the object in a cell; a cell without members is NULL.
fn change_object(row: &mut Row, column: &str, change: impl FnOnce(&mut Map<String, Value>)) {
    let Some(cell) = row.cell_mut(column) else {
        return;
    };
    if let Cell::Json(Value::Object(object)) = cell {
        change(object);
        if object.is_empty() {
            *cell = Cell::Null;
        }
    }
}

fn add(targets: &mut Vec<Target>, target: Target) {
    if !targets.contains(&target) {
        targets.push(target);
    }
}

impl fmt::Debug for Privacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (drop, hash) = self.names();
        f.debug_struct("Privacy")
            .field("drop", &drop)
            .field("hash", &hash)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
