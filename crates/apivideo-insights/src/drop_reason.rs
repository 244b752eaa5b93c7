use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a position or an interval was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// A position that is not a finite number.
    NotFinite,
    /// A negative position.
    Negative,
    /// A position beyond 10 h in a video of unknown length, or an interval longer than 10 h.
    TooLong,
    /// A position more than 1 s beyond the known length.
    BeyondLength,
    /// An interval shorter than 0.25 s.
    TooShort,
}

impl DropReason {
    /// All reasons.
    pub const ALL: [Self; 5] = [
        Self::NotFinite,
        Self::Negative,
        Self::TooLong,
        Self::BeyondLength,
        Self::TooShort,
    ];

    /// Returns the name, such as `too_short`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFinite => "not_finite",
            Self::Negative => "negative",
            Self::TooLong => "too_long",
            Self::BeyondLength => "beyond_length",
            Self::TooShort => "too_short",
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The number of dropped positions and intervals by reason.
///
/// ```
/// use apivideo_insights::{DropReason, Dropped};
///
/// assert_eq!(Dropped::default().count(DropReason::TooShort), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    not_finite: u64,
    negative: u64,
    too_long: u64,
    beyond_length: u64,
    too_short: u64,
}

impl Dropped {
    /// Returns the number that was dropped for a reason.
    #[must_use]
    pub const fn count(&self, reason: DropReason) -> u64 {
        match reason {
            DropReason::NotFinite => self.not_finite,
            DropReason::Negative => self.negative,
            DropReason::TooLong => self.too_long,
            DropReason::BeyondLength => self.beyond_length,
            DropReason::TooShort => self.too_short,
        }
    }

    /// Returns the number that was dropped for any reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        DropReason::ALL
            .iter()
            .map(|&reason| self.count(reason))
            .sum()
    }

    /// Adds a number for a reason.
    pub fn add(&mut self, reason: DropReason, count: u64) {
        let slot = match reason {
            DropReason::NotFinite => &mut self.not_finite,
            DropReason::Negative => &mut self.negative,
            DropReason::TooLong => &mut self.too_long,
            DropReason::BeyondLength => &mut self.beyond_length,
            DropReason::TooShort => &mut self.too_short,
        };
        *slot += count;
    }

    /// Adds the numbers of another.
    pub fn merge(&mut self, other: &Self) {
        for reason in DropReason::ALL {
            self.add(reason, other.count(reason));
        }
    }
}
