//! The partition of a row: the UTC day on which its session was loaded.

use std::fmt;
use std::str::FromStr;

use apivideo::Timestamp;
use apivideo::jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date_range::day_of;
use crate::error::Error;

/// The day on which a session was loaded, or unknown if its time is missing or unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) enum Partition {
    Day(Date),
    Unknown,
}

/// The name of the unknown partition in manifests, staging and messages.
const UNKNOWN: &str = "unknown";

/// The value of a partition column that Hive, Spark, DuckDB, polars and pyarrow read as NULL. With any other value that
/// is not a date, they read `date` as a string column.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

impl Partition {
    /// Returns the name of the folder of the partition: `date=` and the value that query engines read.
    pub(crate) fn folder(self) -> String {
        match self {
            Self::Day(day) => format!("date={day}"),
            Self::Unknown => format!("date={HIVE_NULL}"),
        }
    }

    pub(crate) fn day(self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(day),
            Self::Unknown => None,
        }
    }
}

impl From<Option<Timestamp>> for Partition {
    fn from(loaded_at: Option<Timestamp>) -> Self {
        let day = loaded_at.map(day_of);
        // Earlier years have no form that all query engines read as a date.
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
        text.parse().map(Self::Day).map_err(|error| {
            Error::input("invalid partition: expected a day or \"unknown\"").with_source(error)
        })
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

    #[test]
    fn a_partition_is_a_day_or_unknown() {
        let day: Partition = Some("2022-01-01T23:59:59.9Z".parse().unwrap()).into();
        assert_eq!(day.to_string(), "2022-01-01");
        assert_eq!("2022-01-01".parse::<Partition>().unwrap(), day);
        assert_eq!(Partition::from(None).to_string(), "unknown");
        assert!(day < Partition::Unknown && "today".parse::<Partition>().is_err());
    }

    #[test]
    fn the_folder_of_the_unknown_partition_is_null_for_query_engines() {
        let day: Partition = "2022-01-01".parse().unwrap();
        assert_eq!(day.folder(), "date=2022-01-01");
        assert_eq!(
            Partition::Unknown.folder(),
            "date=__HIVE_DEFAULT_PARTITION__"
        );
    }

    #[test]
    fn years_before_1_are_in_the_unknown_partition() {
        let of = |instant: &str| Partition::from(Some(instant.parse().unwrap())).to_string();
        assert_eq!(of("-000001-11-30T00:00:00Z"), "unknown");
        assert_eq!(of("0000-12-31T23:59:59Z"), "unknown");
        assert_eq!(of("0001-01-01T00:00:00Z"), "0001-01-01");
        assert_eq!(of("9999-12-30T00:00:00Z"), "9999-12-30");
    }
}
