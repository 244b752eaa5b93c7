use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use super::dimension::{Dimension, InvalidDimension};
use crate::session::SessionFacts;

/// A condition on a session: a [`Dimension`] has one of some values.
///
/// ```
/// use apivideo_insights::{Audience, Filter};
///
/// let staff: Filter = "metadata.role=staff".parse()?;
/// let audience = Audience::new().exclude(staff);
/// # Ok::<(), apivideo_insights::InvalidFilter>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    dimension: Dimension,
    values: Vec<String>,
}

impl Filter {
    /// Creates a condition that a dimension has a value. An empty value means an unknown one.
    #[must_use]
    pub fn new(dimension: Dimension, value: impl Into<String>) -> Self {
        Self::any_of(dimension, [value])
    }

    /// Creates a condition that a dimension has one of some values.
    #[must_use]
    pub fn any_of(
        dimension: Dimension,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self { dimension, values }
    }

    /// Returns whether a session fulfils the condition. Days are those of UTC; in an [`Audience`](crate::Audience), those of its
    /// time zone.
    #[must_use]
    pub fn matches(&self, session: &SessionFacts<'_>) -> bool {
        self.matches_in(session, &TimeZone::UTC)
    }

    /// Returns whether a session fulfils the condition; days are those of a time zone.
    pub(crate) fn matches_in(&self, session: &SessionFacts<'_>, zone: &TimeZone) -> bool {
        let value = self.dimension.value_in(session, zone).unwrap_or_default();
        self.values.iter().any(|expected| *expected == value)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.dimension, self.values.join(","))
    }
}

/// Parses `DIMENSION=VALUE`, such as `country=France`.
impl FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        let (dimension, value) = text
            .split_once('=')
            .ok_or_else(|| InvalidFilter::MissingValue(text.to_owned()))?;
        let dimension = dimension.parse().map_err(InvalidFilter::Dimension)?;
        Ok(Self::new(dimension, value))
    }
}

/// An error returned when a string is not a [`Filter`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidFilter {
    /// There is no `=`.
    MissingValue(String),
    /// The part before `=` is not the name of a dimension.
    Dimension(InvalidDimension),
}

impl fmt::Display for InvalidFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingValue(text) => {
                write!(f, "invalid filter {text:?}: must be DIMENSION=VALUE")
            }
            Self::Dimension(_) => f.write_str("invalid filter"),
        }
    }
}

impl std::error::Error for InvalidFilter {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::MissingValue(_) => None,
            Self::Dimension(error) => Some(error),
        }
    }
}
