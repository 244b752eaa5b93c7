//! The service's two environments.

use std::fmt;

use crate::error::{Error, Result};

/// An environment of the service. Each environment has separate API keys.
///
/// ```
/// use apivideo::Environment;
///
/// assert_eq!("sandbox".parse::<Environment>()?, Environment::Sandbox);
/// assert_eq!(Environment::Production.base_url(), "https://ws.api.video");
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// `https://ws.api.video`.
    #[default]
    Production,
    /// `https://sandbox.api.video`: videos of up to 30 seconds, which are deleted after 24 hours with their statistics.
    Sandbox,
}

impl Environment {
    /// Returns the base URL.
    ///
    /// ```
    /// use apivideo::Environment;
    ///
    /// assert_eq!(Environment::Sandbox.base_url(), "https://sandbox.api.video");
    /// ```
    #[must_use]
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Production => "https://ws.api.video",
            Self::Sandbox => "https://sandbox.api.video",
        }
    }

    /// The documented limit of read requests per minute.
    pub(crate) fn documented_limit(self) -> u32 {
        match self {
            Self::Production => 500,
            Self::Sandbox => 100,
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        })
    }
}

impl std::str::FromStr for Environment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "production" => Ok(Self::Production),
            "sandbox" => Ok(Self::Sandbox),
            _ => {
                let shown: String = text.chars().take(32).collect();
                Err(Error::input(format!(
                    "invalid environment {shown:?}: use \"production\" or \"sandbox\""
                )))
            }
        }
    }
}
