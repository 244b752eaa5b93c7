//! A setting and its origin.

use std::fmt;
use std::path::PathBuf;

/// Where the value of a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An option of the command line.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// The configuration file.
    File {
        path: PathBuf,
        profile: Option<String>,
    },
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Variable(name) => f.write_str(name),
            Self::File {
                path,
                profile: None,
            } => write!(f, "{}", path.display()),
            Self::File {
                path,
                profile: Some(profile),
            } => write!(f, "{} [profiles.{profile}]", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Origin {
    /// Returns the precedence: an origin of a lower rank overrides one of a higher rank.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Flag(_) => 0,
            Self::Variable(_) => 1,
            Self::File {
                profile: Some(_), ..
            } => 2,
            Self::File { profile: None, .. } => 3,
            Self::Default => 4,
        }
    }
}

/// A value and its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    pub(super) fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    pub(super) fn default_value(value: T) -> Self {
        Self::new(value, Origin::Default)
    }
}

/// A source of the API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    Stdin,
    File(PathBuf),
    /// The environment variable that contains the key.
    Variable,
}
