//! Ranges of days, and the rule that decides which days are final.

use apivideo::Period;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Consecutive days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Period", into = "Period")]
pub(crate) struct DateRange {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl DateRange {
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

    pub(crate) fn intersection(self, other: Self) -> Option<Self> {
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

    /// Returns whether `next` starts on the day after the last day of this range.
    pub(crate) fn is_followed_by(self, next: Self) -> bool {
        self.last.tomorrow().is_ok_and(|day| day == next.first)
    }

    pub(crate) fn period(self) -> Period {
        let period = match self.first == self.last {
            true => Period::day(self.first),
            false => Period::range(self.first, self.last),
        };
        // All dates come from periods.
        period.unwrap_or_else(|_| unreachable!("{} to {}", self.first, self.last))
    }

    /// Returns the days of this range that are in none of `others`, in ascending order.
    pub(crate) fn subtract(self, others: &[Self]) -> Vec<Self> {
        let mut others: Vec<Self> = others
            .iter()
            .filter_map(|range| range.intersection(self))
            .collect();
        others.sort_unstable();
        let mut rest = Vec::new();
        let mut next = Some(self.first);
        for range in others {
            let Some(first) = next else { break };
            if first < range.first
                && let Ok(last) = range.first.yesterday()
            {
                rest.push(Self::new(first, last));
            }
            next = match range.last.tomorrow() {
                Ok(next) => Some(next.max(first)),
                Err(_) => None,
            };
        }
        if let Some(first) = next
            && first <= self.last
        {
            rest.push(Self::new(first, self.last));
        }
        rest
    }
}

impl From<Period> for DateRange {
    fn from(period: Period) -> Self {
        Self::new(period.first_day(), period.last_day())
    }
}

impl From<DateRange> for Period {
    fn from(range: DateRange) -> Self {
        range.period()
    }
}

/// Returns the last day that ended more than `lag` days before `as_of`.
pub(crate) fn final_until(as_of: Timestamp, lag: u32) -> Option<Date> {
    let limit = as_of
        .checked_sub(SignedDuration::from_hours(24 * i64::from(lag)))
        .ok()?;
    // A day that ends exactly at the limit has not ended before it.
    let before = limit.checked_sub(SignedDuration::from_nanos(1)).ok()?;
    day_of(before).yesterday().ok()
}

/// Returns the UTC day of an instant.
pub(crate) fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned_datetime(TimeZone::UTC).date()
}

/// An optional day as a string, for `#[serde(with)]`.
pub(crate) mod optional_day {
    use apivideo::jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(crate) fn serialize<S: Serializer>(
        day: &Option<Date>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        day.map(|day| day.to_string()).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(de::Error::custom))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> DateRange {
        DateRange::from(text.parse::<Period>().unwrap())
    }

    #[test]
    fn subtract_returns_the_remaining_ranges_in_order() {
        let year = range("2022");
        let rest = |others: &[&str]| -> Vec<String> {
            let others: Vec<DateRange> = others.iter().map(|text| range(text)).collect();
            year.subtract(&others)
                .iter()
                .map(|rest| rest.period().to_string())
                .collect()
        };
        assert_eq!(rest(&[]), ["2022-01-01/2022-12-31"]);
        assert_eq!(rest(&["2022"]), [""; 0]);
        assert_eq!(rest(&["2021", "2023"]), ["2022-01-01/2022-12-31"]);
        assert_eq!(
            rest(&["2022-03", "2022-01"]),
            ["2022-02-01/2022-02-28", "2022-04-01/2022-12-31"]
        );
        assert_eq!(
            rest(&["2022-02-01/2022-12-30", "2022-02-05"]),
            ["2022-01-01/2022-01-31", "2022-12-31"]
        );
    }

    #[test]
    fn a_day_is_final_once_it_ended_more_than_the_lag_ago() {
        let last = |as_of: &str, lag| {
            final_until(as_of.parse().unwrap(), lag)
                .unwrap()
                .to_string()
        };
        assert_eq!(last("2022-01-10T00:00:01Z", 3), "2022-01-06");
        assert_eq!(last("2022-01-10T23:59:59Z", 3), "2022-01-06");
        assert_eq!(
            last("2022-01-10T00:00:00Z", 3),
            "2022-01-05",
            "exactly 3 days are not more"
        );
        assert_eq!(last("2022-01-10T12:00:00Z", 0), "2022-01-09");
    }
}
