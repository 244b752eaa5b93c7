use std::error::Error as StdError;
use std::fmt;

/// The error type of this crate: invalid options, fault scripts and recordings, unknown assets, and a port in use.
///
/// The message describes what is wrong and which values are valid. The error of the operating system or the JSON
/// parser, if any, is the [`source`](StdError::source).
///
/// ```
/// let error = "fast".parse::<apivideo_simulator::RateLimit>().unwrap_err();
/// assert_eq!(error.to_string(), "invalid rate limit \"fast\": must be `off` or a number of requests of at least 1");
/// ```
pub struct Error {
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn with_source(
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            message: message.into(),
            source: Some(source.into()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &self.message)
            .field("source", &self.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
