//! What is left out, or made unrecognizable, before anything is written.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

use crate::digest::hex;
use crate::error::{Error, Result};
use crate::table::{Cell, Column, ColumnKind, EXTRA, METADATA, Row, Table};

/// A key that is shorter can be guessed.
const LEAST_SALT: usize = 16;

/// What of a session is dropped, and what is replaced by a keyed hash, before it is written anywhere.
///
/// Fields are named as the service does (`location.city`), by the last part where that is the only one of its name
/// (`city`), or by the column (`location_city`); a metadata key is `metadata.KEY`.
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

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    /// The place of a column of sessions.
    Column(usize),
    /// A key of the metadata.
    Metadata(String),
}

impl Privacy {
    /// Everything is kept as it is.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::Privacy::new(), apivideo_lake::Privacy::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Leaves a field out; its column is there and empty.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// assert!(Privacy::new().drop("location.city").is_ok());
    /// assert!(Privacy::new().drop("session.sessionId").is_err());
    /// ```
    ///
    /// # Errors
    /// When there is no such field, or the mirror can't do without it: ids, and the times of a session.
    pub fn drop(mut self, field: &str) -> Result<Self> {
        add(&mut self.drop, target(field)?);
        Ok(self)
    }

    /// Replaces a text by its HMAC-SHA256 under this salt, in 64 hexadecimal digits: equal texts stay equal, and nobody
    /// without the salt can tell which they were.
    ///
    /// A value of metadata that is no text is hashed as its JSON. What is not known stays so.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// assert!(Privacy::new().hash("metadata.userId", b"a salt of sixteen bytes or more").is_ok());
    /// assert!(Privacy::new().hash("metadata.userId", b"short").is_err());
    /// ```
    ///
    /// # Errors
    /// As for [`drop`](Self::drop), where the field is no text, where the salt has less than 16 bytes, and where it is
    /// another one than before.
    pub fn hash(mut self, field: &str, salt: &[u8]) -> Result<Self> {
        let target = target(field)?;
        if let Target::Column(place) = target
            && Table::Sessions
                .list()
                .get(place)
                .is_some_and(|column| column.kind != ColumnKind::Text)
        {
            return Err(Error::input(format!(
                "{field} can't be hashed, it is no text; name a key of it, such as metadata.userId, or drop it"
            )));
        }
        if salt.len() < LEAST_SALT {
            return Err(Error::input(format!(
                "the salt has {} bytes, and so few can be guessed; give {LEAST_SALT} random bytes or more",
                salt.len()
            )));
        }
        if self.salt.as_ref().is_some_and(|known| known != salt) {
            return Err(Error::input(
                "there are two salts; all fields are hashed with the same one",
            ));
        }
        self.salt = Some(salt.to_owned());
        add(&mut self.hash, target);
        Ok(self)
    }

    /// Does it to a row of sessions.
    pub(crate) fn apply(&self, row: &mut Row) {
        for target in &self.drop {
            match target {
                Target::Column(place) => {
                    if let Some(cell) = row.0.get_mut(*place) {
                        *cell = Cell::Null;
                    }
                }
                Target::Metadata(key) => {
                    self.change_json(row, METADATA, |object| drop(object.remove(key)));
                }
            }
        }
        // A value of another type than the documented one is in there, under the name of its field.
        self.change_json(row, EXTRA, |extra| {
            self.apply_to_record(extra);
            // What is not documented of a pair is there by its key.
            for target in self.drop.iter().chain(&self.hash) {
                if let Target::Metadata(key) = target
                    && let Some(Value::Object(pairs)) = extra.get_mut("metadata")
                {
                    pairs.remove(key);
                }
            }
        });
        for target in &self.hash {
            match target {
                Target::Column(place) => {
                    if let Some(Cell::Text(text)) = row.0.get_mut(*place) {
                        *text = self.keyed(text);
                    }
                }
                Target::Metadata(key) => self.change_json(row, METADATA, |object| {
                    if let Some(value) = object.get_mut(key) {
                        self.hash_value(value);
                    }
                }),
            }
        }
    }

    /// Whether everything is kept as it is.
    pub(crate) fn is_empty(&self) -> bool {
        self.drop.is_empty() && self.hash.is_empty()
    }

    /// Does it to a session as the service writes it. A group or value of another shape than the documented one is left
    /// out where a field of it is dropped or hashed.
    pub(crate) fn apply_to_record(&self, record: &mut Map<String, Value>) {
        for target in &self.drop {
            self.change_field(record, target, &|_| None);
        }
        for target in &self.hash {
            self.change_field(record, target, &|value| match value {
                Value::Null => Some(Value::Null),
                Value::String(text) => Some(Value::String(self.keyed(&text))),
                Value::Number(_) | Value::Bool(_) => {
                    Some(Value::String(self.keyed(&value.to_string())))
                }
                Value::Array(_) | Value::Object(_) => None,
            });
        }
    }

    fn change_field(
        &self,
        record: &mut Map<String, Value>,
        target: &Target,
        change: &dyn Fn(Value) -> Option<Value>,
    ) {
        let (group, field) = match target {
            Target::Metadata(_) => ("session", "metadata"),
            Target::Column(place) => {
                let column = Table::Sessions.list().get(*place);
                match column.and_then(|column| column.field.split_once('.')) {
                    Some(path) => path,
                    // The column of fields that are not documented.
                    None => return keep_documented(record),
                }
            }
        };
        let Some(value) = record.get_mut(group) else {
            return;
        };
        let Value::Object(fields) = value else {
            record.remove(group);
            return;
        };
        // Old responses have metadata under this name.
        let old = (field == "metadata").then_some("metadatas");
        for field in std::iter::once(field).chain(old) {
            let Some(value) = fields.remove(field) else {
                continue;
            };
            let changed = match target {
                Target::Column(_) => change(value),
                Target::Metadata(key) => change_pairs(value, key, change),
            };
            if let Some(value) = changed {
                fields.insert(field.to_owned(), value);
            }
        }
    }

    fn change_json(
        &self,
        row: &mut Row,
        place: usize,
        change: impl FnOnce(&mut Map<String, Value>),
    ) {
        let Some(cell) = row.0.get_mut(place) else {
            return;
        };
        if let Cell::Json(object) = cell {
            change(object);
            if object.is_empty() {
                *cell = Cell::Null;
            }
        }
    }

    fn hash_value(&self, value: &mut Value) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.iter_mut().for_each(|value| self.hash_value(value)),
            Value::String(text) => *text = self.keyed(text),
            other => *other = Value::String(self.keyed(&other.to_string())),
        }
    }

    fn keyed(&self, text: &str) -> String {
        // A key of HMAC may have any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.salt.as_deref().unwrap_or_default())
        else {
            unreachable!("HMAC takes keys of every length")
        };
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// The names of what is dropped, and of what is hashed, in order.
    pub(crate) fn names(&self) -> (Vec<String>, Vec<String>) {
        let names = |targets: &[Target]| {
            let mut names: Vec<String> = targets.iter().map(Target::name).collect();
            names.sort_unstable();
            names
        };
        (names(&self.drop), names(&self.hash))
    }

    /// Tells whether a salt is the one from before, and nothing else of it.
    pub(crate) fn salt_fingerprint(&self) -> Option<String> {
        self.salt.as_ref()?;
        let mut fingerprint = self.keyed("apivideo-lake: the fingerprint of a salt");
        fingerprint.truncate(16);
        Some(fingerprint)
    }
}

/// Changes the value of a key of metadata, whether it comes as pairs or as an object.
fn change_pairs(
    metadata: Value,
    key: &str,
    change: &dyn Fn(Value) -> Option<Value>,
) -> Option<Value> {
    match metadata {
        Value::Array(pairs) => {
            let pairs = pairs.into_iter().filter_map(|mut pair| {
                let fields = pair.as_object_mut()?;
                if fields.get("key").and_then(Value::as_str)? == key {
                    fields.retain(|name, _| name == "key" || name == "value");
                    let value = change(fields.remove("value")?)?;
                    fields.insert("value".to_owned(), value);
                }
                Some(pair)
            });
            Some(Value::Array(pairs.collect()))
        }
        Value::Object(mut pairs) => {
            if let Some(value) = pairs.remove(key).and_then(change) {
                pairs.insert(key.to_owned(), value);
            }
            Some(Value::Object(pairs))
        }
        _ => None,
    }
}

/// Leaves out all fields of a session that are not documented.
fn keep_documented(record: &mut Map<String, Value>) {
    let is_documented = |group: &str, field: &str| {
        Table::Sessions
            .list()
            .iter()
            .any(|column| column.field.split_once('.') == Some((group, field)))
    };
    record.retain(|group, value| match value {
        Value::Object(fields) => {
            fields.retain(|field, _| is_documented(group, field));
            !fields.is_empty()
        }
        _ => false,
    });
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

impl Target {
    fn name(&self) -> String {
        match self {
            Self::Column(place) => {
                let column = Table::Sessions.list().get(*place);
                column.map_or_else(String::new, |column| column.name.to_owned())
            }
            Self::Metadata(key) => format!("metadata.{key}"),
        }
    }
}

fn add(targets: &mut Vec<Target>, target: Target) {
    if !targets.contains(&target) {
        targets.push(target);
    }
}

/// What the mirror can't do without.
const NEEDED: [&str; 5] = [
    "asset_kind",
    "asset_id",
    "session_id",
    "loaded_at",
    "ended_at",
];

fn target(field: &str) -> Result<Target> {
    if let Some(key) = field
        .strip_prefix("metadata.")
        .or_else(|| field.strip_prefix("session.metadata."))
        && !key.is_empty()
    {
        return Ok(Target::Metadata(key.to_owned()));
    }
    let columns = Table::Sessions.list();
    let named = |is: &dyn Fn(&Column) -> bool| -> Vec<usize> {
        (0..columns.len())
            .filter(|place| columns.get(*place).is_some_and(is))
            .collect()
    };
    let exact = named(&|column| column.name == field || column.field == field);
    let found = match exact.is_empty() {
        // Columns of ours have no field of the service.
        _ if field.is_empty() => Vec::new(),
        true => named(&|column| column.field.rsplit('.').next() == Some(field)),
        false => exact,
    };
    let shown: String = field.chars().take(64).collect();
    match found.as_slice() {
        [place] => match columns.get(*place) {
            Some(column) if NEEDED.contains(&column.name) => Err(Error::input(format!(
                "{shown} has to stay as it is: the mirror knows sessions by their ids, and their days by their times"
            ))),
            _ => Ok(Target::Column(*place)),
        },
        [] => Err(Error::input(format!(
            "{shown:?} is no field of a session; there are {}, and metadata.KEY",
            columns
                .iter()
                .filter(|column| !NEEDED.contains(&column.name))
                .map(|column| if column.field.is_empty() {
                    column.name
                } else {
                    column.field
                })
                .collect::<Vec<_>>()
                .join(", ")
        ))),
        several => Err(Error::input(format!(
            "{shown} could be {}; write the whole name",
            several
                .iter()
                .filter_map(|place| columns.get(*place).map(|column| column.field))
                .collect::<Vec<_>>()
                .join(" or ")
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;
    use crate::rows;

    const SALT: &[u8] = b"a salt of sixteen bytes or more";

    fn applied(privacy: &Privacy) -> Row {
        let asset: Asset = "video/vi1".parse().unwrap();
        let session = r#"{"session":{"sessionId":"ps1","metadata":[{"key":"userId","value":"u7"},{"key":"n","value":7}]},
            "location":{"country":"France","city":"Paris"}}"#;
        let mut row = rows::session(&asset, &serde_json::from_str(session).unwrap());
        privacy.apply(&mut row);
        row
    }

    #[test]
    fn what_is_dropped_is_gone_and_what_is_hashed_stays_equal() {
        let privacy = Privacy::new()
            .drop("city")
            .unwrap()
            .drop("metadata.n")
            .unwrap();
        let privacy = privacy
            .hash("metadata.userId", SALT)
            .unwrap()
            .hash("country", SALT)
            .unwrap();
        let row = applied(&privacy);
        assert_eq!(row.0[7], Cell::Null);
        let Cell::Text(country) = &row.0[6] else {
            panic!()
        };
        assert_eq!(country.len(), 64);
        assert_eq!(row, applied(&privacy));
        let Cell::Json(metadata) = &row.0[METADATA] else {
            panic!()
        };
        assert_eq!(metadata.len(), 1);
        // As `printf u7 | openssl dgst -sha256 -hmac "a salt of sixteen bytes or more"` says.
        assert_eq!(
            metadata["userId"],
            "a16e651198942e390415397898581f748a67901ab8bf0196dc5a4a0984c6d8bf"
        );
        assert!(!format!("{row:?}").contains("u7"));
    }

    #[test]
    fn names_are_forgiving_and_never_ambiguous() {
        for name in ["city", "location.city", "location_city"] {
            assert_eq!(target(name).unwrap(), Target::Column(7), "{name}");
        }
        assert_eq!(target("metadata").unwrap(), Target::Column(METADATA));
        for (name, why) in [
            ("version", "could be os.version or client.version"),
            ("sessionId", "has to stay"),
            ("loaded_at", "has to stay"),
            ("asset_id", "has to stay"),
            ("", "\"\" is no field of a session"),
            (
                "town",
                "is no field of a session; there are session.metadata, location.country",
            ),
            ("metadata.", "is no field"),
        ] {
            let error = target(name).unwrap_err().to_string();
            assert!(error.contains(why), "{name}: {error}");
        }
        assert!(Privacy::new().hash("metadata", SALT).is_err());
    }

    #[test]
    fn fields_of_another_type_are_dropped_and_hashed_where_they_are_kept() {
        let asset: Asset = "video/vi1".parse().unwrap();
        let privacy = Privacy::new()
            .drop("city")
            .unwrap()
            .drop("metadata.plan")
            .unwrap()
            .hash("country", SALT)
            .unwrap();
        for session in [
            r#"{"session":{"sessionId":"ps1"},"location":{"city":["SECRET"],"country":["SECRET"]}}"#,
            r#"{"session":{"sessionId":"ps1"},"location":"SECRET"}"#,
            r#"{"session":{"sessionId":"ps1","metadata":[{"key":"plan","value":"SECRET","more":"SECRET"}]}}"#,
            r#"{"session":{"sessionId":"ps1","metadata":{"plan":"SECRET"}}}"#,
            r#"{"session":{"sessionId":"ps1","metadata":"plan=SECRET"}}"#,
        ] {
            let mut row = rows::session(&asset, &serde_json::from_str(session).unwrap());
            privacy.apply(&mut row);
            let mut text = String::new();
            crate::format::line(Table::Sessions, &row, &mut text);
            assert!(!text.contains("SECRET"), "{session}: {text}");
        }
    }

    #[test]
    fn a_salt_is_never_shown_and_told_from_another() {
        let privacy = Privacy::new().hash("city", SALT).unwrap();
        assert!(!format!("{privacy:?}").contains("sixteen"));
        let other = Privacy::new()
            .hash("city", b"another salt of that length")
            .unwrap();
        assert_ne!(privacy.salt_fingerprint(), other.salt_fingerprint());
        assert!(
            privacy
                .hash("country", b"another salt of that length")
                .is_err()
        );
    }
}
