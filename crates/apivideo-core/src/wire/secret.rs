//! Text that is not for eyes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key or a token: sent as it is, shown to nobody.
///
/// ```
/// use apivideo_core::wire::Secret;
///
/// let secret = Secret::from("hush");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(secret.expose(), "hush");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    ///
    /// ```
    /// assert_eq!(apivideo_core::wire::Secret::from("hush").expose(), "hush");
    /// ```
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, taken out.
    ///
    /// ```
    /// assert_eq!(apivideo_core::wire::Secret::from("hush").into_exposed(), "hush");
    /// ```
    #[must_use]
    pub fn into_exposed(self) -> String {
        self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
