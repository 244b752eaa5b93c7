//! Strings that are not shown.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A key or a token, whose `Debug` output does not contain it.
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
    /// Returns the secret.
    ///
    /// ```
    /// assert_eq!(apivideo_core::wire::Secret::from("hush").expose(), "hush");
    /// ```
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Consumes the wrapper and returns the secret.
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
