use serde::Serialize;

use super::measures::Measures;

/// Measures by the values of a dimension: measure 13.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Breakdown {
    /// The dimension, such as `country` or `metadata.plan`.
    pub dimension: String,
    /// Rows by descending plays, sessions, and ascending value, and those of days by ascending day; then those of other and unknown values, if any.
    pub rows: Vec<BreakdownRow>,
    /// The number of values that are in no row, because they are below
    /// [`with_min_cell`](crate::Audience::with_min_cell) even together.
    pub suppressed_values: u64,
}

/// The measures of a value of a dimension.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BreakdownRow {
    /// The value; `None` for other and unknown values.
    pub value: Option<String>,
    /// Whether the row is that of a value, of other values, or of sessions without a value.
    pub kind: RowKind,
    /// The number of values: 1, or the number of the other values.
    pub values: u64,
    /// The measures. Averages, rates and percentages are `None` below 20 plays.
    #[serde(flatten)]
    pub measures: Measures,
}

/// The kind of a [`BreakdownRow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowKind {
    /// One value.
    Value,
    /// Values beyond [`top`](crate::Audience::top), or with too few viewers.
    Other,
    /// Sessions without a value.
    Unknown,
}
