//! Stretches of days, and the partitions that rows are filed under.

use std::fmt;
use std::str::FromStr;

use apivideo::Period;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Days in a row, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Period", into = "Period")]
pub(crate) struct Span {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Span {
    pub(crate) fn new(first: Date, last: Date) -> Self {
        Self { first, last }
    }

    pub(crate) fn day(day: Date) -> Self {
        Self::new(day, day)
    }

    pub(crate) fn contains(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// What both have.
    pub(crate) fn within(self, other: Self) -> Option<Self> {
        let both = Self::new(self.first.max(other.first), self.last.min(other.last));
        (both.first <= both.last).then_some(both)
    }

    pub(crate) fn days(self) -> impl Iterator<Item = Date> {
        let mut next = Some(self.first);
        std::iter::from_fn(move || {
            let day = next.filter(|day| *day <= self.last)?;
            next = day.tomorrow().ok();
            Some(day)
        })
    }

    /// Whether `next` begins on the day after this one ends.
    pub(crate) fn meets(self, next: Self) -> bool {
        self.last.tomorrow().is_ok_and(|day| day == next.first)
    }

    pub(crate) fn period(self) -> Period {
        let period = match self.first == self.last {
            true => Period::day(self.first),
            false => Period::range(self.first, self.last),
        };
        // Dates come from periods, so that they have one.
        period.unwrap_or_else(|_| unreachable!("{} to {}", self.first, self.last))
    }
}

impl From<Period> for Span {
    fn from(period: Period) -> Self {
        Self::new(period.first_day(), period.last_day())
    }
}

impl From<Span> for Period {
    fn from(span: Span) -> Self {
        span.period()
    }
}

/// What is in `whole` and in none of `taken`, in ascending order.
pub(crate) fn subtract(whole: Span, taken: &[Span]) -> Vec<Span> {
    let mut taken: Vec<Span> = taken.iter().filter_map(|span| span.within(whole)).collect();
    taken.sort_unstable();
    let mut rest = Vec::new();
    let mut from = Some(whole.first);
    for span in taken {
        let Some(first) = from else { break };
        if first < span.first
            && let Ok(last) = span.first.yesterday()
        {
            rest.push(Span::new(first, last));
        }
        from = match span.last.tomorrow() {
            Ok(next) => Some(next.max(first)),
            Err(_) => None,
        };
    }
    if let Some(first) = from
        && first <= whole.last
    {
        rest.push(Span::new(first, whole.last));
    }
    rest
}

/// The last day that ended more than `lag` days before `as_of`.
pub(crate) fn closed_until(as_of: Timestamp, lag: u32) -> Option<Date> {
    let edge = as_of
        .checked_sub(SignedDuration::from_hours(24 * i64::from(lag)))
        .ok()?;
    let edge = edge.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    // The day of the last instant before the edge has not ended before it.
    day_of(edge).yesterday().ok()
}

/// The day of an instant, in UTC.
pub(crate) fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned_datetime(TimeZone::UTC).date()
}

/// Where rows are filed: the day on which their session was loaded, if that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Partition {
    Day(Date),
    Unknown,
}

/// The name of the unknown partition in manifests, staging and messages.
const UNKNOWN: &str = "unknown";

/// The value of a partition column that Hive, Spark, DuckDB, polars and pyarrow read as NULL. Any other value that is
/// not a date makes `date` a text column.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

impl Partition {
    /// The name of the folder of a table's files: `date=` and the value that query engines read.
    pub(crate) fn folder(self) -> String {
        match self {
            Self::Day(day) => format!("date={day}"),
            Self::Unknown => format!("date={HIVE_NULL}"),
        }
    }
}

impl From<Option<Timestamp>> for Partition {
    fn from(loaded_at: Option<Timestamp>) -> Self {
        let day = loaded_at.map(day_of);
        // Earlier years have no form that all engines read as a date.
        day.filter(|day| day.year() >= 1)
            .map_or(Self::Unknown, Self::Day)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Unknown => f.write_str(UNKNOWN),
        }
    }
}

impl FromStr for Partition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text == UNKNOWN {
            return Ok(Self::Unknown);
        }
        text.parse()
            .map(Self::Day)
            .map_err(|error| Error::input("it is neither a day nor \"unknown\"").with_source(error))
    }
}

impl TryFrom<String> for Partition {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Partition> for String {
    fn from(partition: Partition) -> Self {
        partition.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Span {
        Span::from(text.parse::<Period>().unwrap())
    }

    #[test]
    fn what_is_left_is_in_order_and_without_what_was_taken() {
        let year = span("2022");
        let left = |taken: &[&str]| -> Vec<String> {
            let taken: Vec<Span> = taken.iter().map(|text| span(text)).collect();
            subtract(year, &taken)
                .iter()
                .map(|rest| rest.period().to_string())
                .collect()
        };
        assert_eq!(left(&[]), ["2022-01-01/2022-12-31"]);
        assert_eq!(left(&["2022"]), [""; 0]);
        assert_eq!(left(&["2021", "2023"]), ["2022-01-01/2022-12-31"]);
        assert_eq!(
            left(&["2022-03", "2022-01"]),
            ["2022-02-01/2022-02-28", "2022-04-01/2022-12-31"]
        );
        assert_eq!(
            left(&["2022-02-01/2022-12-30", "2022-02-05"]),
            ["2022-01-01/2022-01-31", "2022-12-31"]
        );
    }

    #[test]
    fn a_day_is_closed_once_it_ended_more_than_the_lag_ago() {
        let closed = |as_of: &str, lag| {
            closed_until(as_of.parse().unwrap(), lag)
                .unwrap()
                .to_string()
        };
        assert_eq!(closed("2022-01-10T00:00:01Z", 3), "2022-01-06");
        assert_eq!(closed("2022-01-10T23:59:59Z", 3), "2022-01-06");
        assert_eq!(
            closed("2022-01-10T00:00:00Z", 3),
            "2022-01-05",
            "exactly 3 days are not more"
        );
        assert_eq!(closed("2022-01-10T12:00:00Z", 0), "2022-01-09");
    }

    #[test]
    fn partitions_are_days_or_unknown() {
        let day: Partition = Some("2022-01-01T23:59:59.9Z".parse().unwrap()).into();
        assert_eq!(day.to_string(), "2022-01-01");
        assert_eq!("2022-01-01".parse::<Partition>().unwrap(), day);
        assert_eq!(Partition::from(None).to_string(), "unknown");
        assert!(day < Partition::Unknown && "today".parse::<Partition>().is_err());
    }

    #[test]
    fn the_folder_of_unknown_days_is_the_one_that_engines_read_as_null() {
        let day: Partition = "2022-01-01".parse().unwrap();
        assert_eq!(day.folder(), "date=2022-01-01");
        assert_eq!(
            Partition::Unknown.folder(),
            "date=__HIVE_DEFAULT_PARTITION__"
        );
    }

    #[test]
    fn a_year_that_is_not_a_date_for_engines_is_filed_as_unknown() {
        let filed = |instant: &str| Partition::from(Some(instant.parse().unwrap())).to_string();
        assert_eq!(filed("-000001-11-30T00:00:00Z"), "unknown");
        assert_eq!(filed("0000-12-31T23:59:59Z"), "unknown");
        assert_eq!(filed("0001-01-01T00:00:00Z"), "0001-01-01");
        assert_eq!(filed("9999-12-30T00:00:00Z"), "9999-12-30");
    }
}
