use std::fmt;

use serde::Serialize;

/// Unique viewers: measure 3.
///
/// `Display` writes the count, or `≤ N` if it is an upper bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UniqueViewers {
    /// The number of distinct viewer keys, plus the number of sessions without a key.
    ///
    /// Keys are compared by 63 bits of their hash: among 1,000,000 viewers, the probability that two are counted as one is
    /// 0.000 000 06.
    pub count: u64,
    /// The number of viewers who played something.
    pub played: u64,
    /// The key, such as `metadata.userId`.
    pub key: String,
    /// The number of sessions without a key. Each counts as one viewer.
    pub sessions_without_key: u64,
    /// Whether the count is an upper bound, because sessions have no key.
    pub is_upper_bound: bool,
}

impl fmt::Display for UniqueViewers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_upper_bound {
            true => write!(f, "≤ {}", self.count),
            false => write!(f, "{}", self.count),
        }
    }
}
