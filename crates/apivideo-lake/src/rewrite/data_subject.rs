//! Whose sessions are forgotten.

use std::fmt;
use std::str::FromStr;

use apivideo::SessionId;

use crate::error::{Error, Result};
use crate::forgotten::{METADATA, SESSION};
use crate::manifest::Settings;
use crate::privacy::Privacy;

/// A person whose sessions are forgotten, by a metadata value (`metadata.KEY=VALUE`) or the id of a session (`session=ID`).
///
/// The first `=` ends the key. As a key can contain one too, sessions with a longer key that ends at a later `=`, and the value after
/// it, are of the person as well: `metadata.user=id=alice` is the value `id=alice` of `user`, or `alice` of `user=id`. If the lake hashes
/// `user`, it is only the former. A metadata value that is not a string is its JSON, such as `42`. If a key has several values, it
/// is enough that one of them is equal. Other fields, such as the city, identify no person.
///
/// `Debug` shows the field without the value.
///
/// ```
/// use apivideo_lake::DataSubject;
///
/// let subject: DataSubject = "metadata.userId=alice".parse()?;
/// assert_eq!(subject.field(), "metadata.userId");
/// assert!(!format!("{subject:?}").contains("alice"));
/// assert!("location.city=Paris".parse::<DataSubject>().is_err());
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DataSubject {
    field: String,
    value: String,
}

impl DataSubject {
    /// Returns the field: `session` or `metadata.KEY`.
    ///
    /// ```
    /// # let subject: apivideo_lake::DataSubject = "session=psEmFwGQUAXR2lFHj5nDOpy".parse()?;
    /// assert_eq!(subject.field(), "session");
    /// # Ok::<(), apivideo_lake::Error>(())
    /// ```
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns the field with its value as a lake with these settings stores it, and longer fields that the lake hashes.
    pub(super) fn stored_values(
        &self,
        settings: &Settings,
        salt: Option<&[u8]>,
    ) -> Result<Vec<(String, String)>> {
        let (field, value) = (&self.field, &self.value);
        let mut values = vec![(field.clone(), stored_value(field, value, settings, salt)?)];
        if field != SESSION {
            let ends = value.match_indices('=').map(|(end, _)| value.split_at(end));
            for (rest, value) in ends {
                let field = format!("{field}={rest}");
                // The list does not distinguish where the field ends, unless the value is hashed.
                if settings.hash.contains(&field) {
                    let value = stored_value(&field, &value[1..], settings, salt)?;
                    values.push((field, value));
                }
            }
        }
        Ok(values)
    }
}

/// Returns a value as a lake with these settings stores it.
fn stored_value(
    field: &str,
    value: &str,
    settings: &Settings,
    salt: Option<&[u8]>,
) -> Result<String> {
    let has = |names: &[String], name: &str| names.iter().any(|other| other == name);
    if has(&settings.drop, field) || field.starts_with(METADATA) && has(&settings.drop, "metadata")
    {
        return Err(Error::input(format!(
            "the lake drops {field}, so none of its rows has a value of it: name the sessions by their ids (session=ID)"
        )));
    }
    if !has(&settings.hash, field) {
        return Ok(value.to_owned());
    }
    let Some(salt) = salt else {
        return Err(Error::input(format!(
            "the lake hashes {field}: the salt of the pull is needed to find a value of it (--salt-file)"
        )));
    };
    let privacy = Privacy::new().hash(field, salt)?;
    if privacy.salt_fingerprint() != settings.salt_fingerprint {
        return Err(Error::input(format!(
            "the lake hashes {field} with another salt: use the salt of the pull"
        )));
    }
    Ok(privacy.hash_string(value))
}

impl FromStr for DataSubject {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        // The value is not part of messages.
        let invalid = |why: &str| {
            Err(Error::input(format!(
                "invalid condition: {why}; expected metadata.KEY=VALUE or session=ID"
            )))
        };
        let Some((field, value)) = text.split_once('=') else {
            return invalid("it has no =");
        };
        let field = field
            .strip_prefix("session.metadata.")
            .map_or_else(|| field.to_owned(), |key| format!("{METADATA}{key}"));
        if value.is_empty() {
            return invalid("the value is empty");
        }
        if field == SESSION {
            if let Err(error) = value.parse::<SessionId>() {
                return invalid("the id of the session is not valid")
                    .map_err(|invalid: Error| invalid.with_source(error));
            }
        } else if field.strip_prefix(METADATA).is_none_or(str::is_empty) {
            return invalid("the field is neither session nor a metadata key");
        }
        Ok(Self {
            field,
            value: value.to_owned(),
        })
    }
}

impl fmt::Debug for DataSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataSubject")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;

    const SALT: &[u8] = b"a salt of sixteen bytes or more";

    #[test]
    fn conditions_are_parsed_and_messages_do_not_have_their_values() {
        for (text, field, value) in [
            ("metadata.userId=alice", "metadata.userId", "alice"),
            ("metadata.userId=a=b", "metadata.userId", "a=b"),
            ("session.metadata.userId=42", "metadata.userId", "42"),
            ("metadata.user=id=alice", "metadata.user", "id=alice"),
            ("session=ps1", "session", "ps1"),
        ] {
            let subject: DataSubject = text.parse().unwrap();
            assert_eq!((subject.field(), &*subject.value), (field, value), "{text}");
        }
        for text in [
            "SECRET",
            "metadata.=SECRET",
            "metadata=SECRET",
            "location.city=SECRET",
            "session=SECRET SECRET",
            "metadata.userId=",
            "session=",
            "=SECRET",
        ] {
            let error = text.parse::<DataSubject>().unwrap_err();
            assert!(
                error.to_string().contains("expected metadata.KEY=VALUE"),
                "{error}"
            );
            assert!(!error.to_string().contains("SECRET"), "{error}");
        }
    }

    #[test]
    fn the_stored_value_follows_the_privacy_rules_of_the_lake() {
        let settings = |privacy: Privacy| {
            Settings::new(
                Format::Ndjson,
                true,
                crate::event_scope::EventScope::default(),
                &privacy,
            )
        };
        let stored = |settings: &Settings, salt| {
            let subject: DataSubject = "metadata.userId=alice".parse().unwrap();
            let values = subject.stored_values(settings, salt)?;
            assert_eq!(values.len(), 1);
            Ok::<_, Error>(values[0].1.clone())
        };
        let plain = settings(Privacy::new());
        assert_eq!(stored(&plain, None).unwrap(), "alice");
        let privacy = Privacy::new().hash("metadata.userId", SALT).unwrap();
        let hash = privacy.hash_string("alice");
        let hashed = settings(privacy);
        assert_eq!(stored(&hashed, Some(SALT)).unwrap(), hash);
        let error = stored(&hashed, None).unwrap_err().to_string();
        assert!(error.contains("--salt-file"), "{error}");
        let error = stored(&hashed, Some(b"another salt of many bytes")).unwrap_err();
        assert!(error.to_string().contains("another salt"), "{error}");
        let subject: DataSubject = "metadata.user=id=alice".parse().unwrap();
        let values = subject.stored_values(&plain, None).unwrap();
        assert_eq!(
            values,
            [("metadata.user".to_owned(), "id=alice".to_owned())]
        );
        let privacy = Privacy::new().hash("metadata.user=id", SALT).unwrap();
        let hash = privacy.hash_string("alice");
        let values = subject.stored_values(&settings(privacy), Some(SALT));
        assert_eq!(values.unwrap()[1], ("metadata.user=id".to_owned(), hash));
        for field in ["metadata.userId", "metadata"] {
            let dropped = settings(Privacy::new().drop(field).unwrap());
            let error = stored(&dropped, None).unwrap_err().to_string();
            assert!(error.contains("the lake drops metadata.userId"), "{error}");
        }
    }
}
