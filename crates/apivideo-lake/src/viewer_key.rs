//! What identifies a viewer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

const PREFIX: &str = "metadata.";

/// The metadata key whose value identifies a viewer, in the form `metadata.KEY`. Defaults to `metadata.userId`.
///
/// It is the source of the column `viewer_key` of derived tables, and a setting of the lake.
///
/// ```
/// use apivideo_lake::ViewerKey;
///
/// let key: ViewerKey = "metadata.customer".parse()?;
/// assert_eq!(key.metadata_key(), "customer");
/// assert_eq!(ViewerKey::default().to_string(), "metadata.userId");
/// # Ok::<(), apivideo_lake::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ViewerKey(String);

impl ViewerKey {
    /// Returns the metadata key.
    ///
    /// ```
    /// assert_eq!(apivideo_lake::ViewerKey::default().metadata_key(), "userId");
    /// ```
    #[must_use]
    pub fn metadata_key(&self) -> &str {
        &self.0
    }
}

impl Default for ViewerKey {
    fn default() -> Self {
        Self("userId".to_owned())
    }
}

impl fmt::Display for ViewerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.0)
    }
}

impl FromStr for ViewerKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.strip_prefix(PREFIX) {
            Some(key) if !key.is_empty() => Ok(Self(key.to_owned())),
            _ => {
                let shown: String = text.chars().take(64).collect();
                Err(Error::input(format!(
                    "invalid viewer key {shown:?}: expected metadata.KEY, such as metadata.userId"
                )))
            }
        }
    }
}

impl TryFrom<String> for ViewerKey {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<ViewerKey> for String {
    fn from(key: ViewerKey) -> Self {
        key.to_string()
    }
}
