//! Parses cursors: first the version, then the content of that version.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Cursor, Hex, Position, VERSION};
use crate::error::Error;

/// A cursor of any version.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
    #[serde(flatten)]
    content: BTreeMap<String, Value>,
}

/// The content of every cursor of this version.
#[derive(Deserialize)]
struct Content {
    filters: Hex,
    page_size: u32,
    #[serde(flatten)]
    position: BTreeMap<String, Value>,
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Versioned { version, content } = Versioned::deserialize(deserializer)?;
        if version != VERSION {
            return Err(D::Error::custom(format!(
                "it has version {version}, and this release reads version {VERSION}; resume it with the release that wrote it"
            )));
        }
        let Content {
            filters,
            page_size,
            position,
        } = content_of(content).map_err(D::Error::custom)?;
        if !(1..=100).contains(&page_size) {
            return Err(D::Error::custom(format!(
                "the page size is {page_size}, and must be 1 to 100"
            )));
        }
        let position = match position.contains_key("assets") {
            true => content_of(position).map(Position::Assets),
            false => content_of(position).map(Position::List),
        };
        Ok(Self {
            version,
            filters,
            page_size,
            position: position.map_err(D::Error::custom)?,
        })
    }
}

fn content_of<T: DeserializeOwned>(content: BTreeMap<String, Value>) -> serde_json::Result<T> {
    serde_json::from_value(Value::Object(content.into_iter().collect()))
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::input(format!("invalid cursor: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cursor::{AssetPosition, AssetsPosition, ListPosition, WindowsPosition};

    fn cursor(position: Position) -> Cursor {
        Cursor::new(Hex(7), 100, position)
    }

    #[test]
    fn parses_what_it_prints() {
        let assets = AssetsPosition {
            done: 3,
            assets: vec![AssetPosition {
                asset: crate::id::AssetId::Video("vi1".parse().unwrap()),
                position: Some(WindowsPosition::default()),
            }],
        };
        let list = ListPosition {
            target: "/videos".to_owned(),
            windows: WindowsPosition::default(),
        };
        for position in [Position::List(list), Position::Assets(assets)] {
            let cursor = cursor(position);
            assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }
    }

    #[test]
    fn rejects_other_versions_and_other_strings() {
        for (text, why) in [
            (
                r#"{"version":2,"target":"/videos"}"#,
                "it has version 2, and this release reads version 3",
            ),
            (r#"{"filters":"","version":4}"#, "it has version 4"),
            ("{}", "missing field `version`"),
            ("", "EOF"),
            (
                r#"{"version":3,"filters":"07","page_size":0,"target":"/","next_window":0,"open":[]}"#,
                "must be 1 to 100",
            ),
            (
                r#"{"version":3,"filters":"07","page_size":1,"target":"/"}"#,
                "missing field `next_window`",
            ),
        ] {
            let error = text.parse::<Cursor>().unwrap_err().to_string();
            assert!(
                error.starts_with("invalid cursor: ") && error.contains(why),
                "{error}"
            );
        }
    }
}
