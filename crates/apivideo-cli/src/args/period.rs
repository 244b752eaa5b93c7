//! Periods and time zones: one syntax for all commands.

use std::fmt;
use std::str::FromStr;

use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::jiff::{SignedDuration, Timestamp};
use apivideo::{Error, Period};

use crate::failure::Failure;

/// The help of an option with a period.
pub(crate) const HELP: &str = "The period: a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), a year (2022), a range \
                               of days (2022-01-01/2022-01-15), today, yesterday, last-week, this-month, last-month, or the \
                               last days before today (30d)";

/// A period as it is written on the command line. A relative period depends on the current time and on the time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeriodArg {
    /// Everything that [`Period`] accepts.
    Days(Period),
    Today,
    Yesterday,
    LastWeek,
    ThisMonth,
    LastMonth,
    /// `30d`: the last complete days.
    LastDays(u32),
}

/// The days of a period in a time zone, and the instants at which they start and end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ResolvedPeriod {
    /// The days, in the time zone.
    pub(crate) days: Period,
    /// The days of UTC that cover them, in which the service lists sessions.
    pub(crate) utc_days: Period,
    pub(crate) start: Timestamp,
    /// Exclusive.
    pub(crate) end: Timestamp,
}

const NAMES: [(&str, PeriodArg); 5] = [
    ("today", PeriodArg::Today),
    ("yesterday", PeriodArg::Yesterday),
    ("last-week", PeriodArg::LastWeek),
    ("this-month", PeriodArg::ThisMonth),
    ("last-month", PeriodArg::LastMonth),
];

impl PeriodArg {
    /// Whether the period depends on the current time.
    pub(crate) fn is_relative(self) -> bool {
        !matches!(self, Self::Days(_))
    }

    /// Returns the days of the period in UTC.
    pub(crate) fn utc_days(self, now: Timestamp) -> Result<Period, Error> {
        match self {
            Self::Days(period) => Ok(period),
            Self::Today => Period::today(now),
            Self::Yesterday => Period::yesterday(now),
            Self::LastWeek => Period::last_week(now),
            Self::ThisMonth => Period::this_month(now),
            Self::LastMonth => Period::last_month(now),
            Self::LastDays(days) => Period::last_days(days, now),
        }
    }

    /// Returns the days of the period in a time zone, and their instants.
    pub(crate) fn resolve(
        self,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Result<ResolvedPeriod, Failure> {
        let invalid = |error| {
            let period = format!("the period {self} cannot be used in the time zone");
            Failure::usage(crate::failure::with_cause(period, error))
        };
        // The day in the time zone, as a time of UTC.
        let here = TimeZone::UTC
            .to_timestamp(zone.to_datetime(now))
            .map_err(invalid)?;
        let days = self.utc_days(here)?;
        let midnight = |day: Date| {
            day.to_zoned_datetime(zone.clone())
                .and_then(|day| day.start_of_day())
                .map(|start| start.timestamp())
        };
        let next = days.last_day().tomorrow().map_err(invalid)?;
        let (start, end) = (
            midnight(days.first_day()).map_err(invalid)?,
            midnight(next).map_err(invalid)?,
        );
        // A time zone that changed sides of the date line has no time on the day that it skipped.
        if start >= end {
            return Err(Failure::usage(format!(
                "the period {days} has no time in the time zone: its days were skipped"
            )));
        }
        let utc = |instant: Timestamp| TimeZone::UTC.to_datetime(instant).date();
        let last = end
            .checked_sub(SignedDuration::from_nanos(1))
            .map_err(invalid)?;
        let utc_days = match (utc(start), utc(last)) {
            // The short form of a week or month is kept.
            (first, last) if first == days.first_day() && last == days.last_day() => days,
            (first, last) => Period::range(first, last)?,
        };
        Ok(ResolvedPeriod {
            days,
            utc_days,
            start,
            end,
        })
    }
}

impl fmt::Display for PeriodArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(period) => period.fmt(f),
            Self::LastDays(days) => f.pad(&format!("{days}d")),
            named => {
                let name = NAMES.iter().find(|(_, period)| period == named);
                f.pad(name.map_or("", |(name, _)| name))
            }
        }
    }
}

impl FromStr for PeriodArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, period)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Ok(*period);
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(days) = text.strip_suffix('d').filter(|days| digits(days)) {
            return match days.parse() {
                Ok(days @ 1..=36_600) => Ok(Self::LastDays(days)),
                _ => Err("the number of days must be 1 to 36600, such as 30d".to_owned()),
            };
        }
        text.parse().map(Self::Days).map_err(|error: Error| {
            format!("{error}, or today, yesterday, last-week, this-month, last-month or 30d")
        })
    }
}

/// Parses the name of a time zone.
pub(super) fn time_zone(text: &str) -> Result<TimeZone, String> {
    if text.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(text)
        .map_err(|_| "unknown time zone; use an IANA name, such as Europe/Paris or UTC".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, now: &str, zone: &str) -> ResolvedPeriod {
        let period: PeriodArg = text.parse().unwrap();
        period
            .resolve(now.parse().unwrap(), &time_zone(zone).unwrap())
            .unwrap()
    }

    fn shown(period: &ResolvedPeriod) -> [String; 4] {
        [
            period.days.to_string(),
            period.utc_days.to_string(),
            period.start.to_string(),
            period.end.to_string(),
        ]
    }

    #[test]
    fn every_form_is_written_as_it_is_parsed() {
        for text in [
            "2022-01-01",
            "2022-W01",
            "2022-01",
            "2022",
            "2022-01-01/2022-01-15",
            "today",
            "yesterday",
            "last-week",
            "this-month",
            "last-month",
            "30d",
        ] {
            assert_eq!(text.parse::<PeriodArg>().unwrap().to_string(), text);
        }
        for text in ["0d", "99999999999d", "d", "tomorrow", "Today", "-1d", ""] {
            text.parse::<PeriodArg>().unwrap_err();
        }
        let error = "last-year".parse::<PeriodArg>().unwrap_err();
        assert!(error.ends_with("last-month or 30d"), "{error}");
    }

    #[test]
    fn relative_periods_are_those_of_the_time_zone() {
        // In Tokyo, it is the first of March already.
        let now = "2024-02-29T20:00:00Z";
        for (text, utc, tokyo) in [
            ("today", "2024-02-29", "2024-03-01"),
            ("yesterday", "2024-02-28", "2024-02-29"),
            ("this-month", "2024-02", "2024-03"),
            ("last-month", "2024-01", "2024-02"),
            ("last-week", "2024-W08", "2024-W08"),
            ("2d", "2024-02-27/2024-02-28", "2024-02-28/2024-02-29"),
        ] {
            assert_eq!(resolved(text, now, "UTC").days.to_string(), utc);
            assert_eq!(resolved(text, now, "Asia/Tokyo").days.to_string(), tokyo);
        }
    }

    #[test]
    fn days_of_utc_cover_the_days_of_a_time_zone() {
        let now = "2024-01-01T00:00:00Z";
        assert_eq!(
            shown(&resolved("2022-01", now, "utc")),
            [
                "2022-01",
                "2022-01",
                "2022-01-01T00:00:00Z",
                "2022-02-01T00:00:00Z"
            ]
        );
        // The clocks change on the last Sunday: the day has 23 hours.
        assert_eq!(
            shown(&resolved("2022-03-27", now, "Europe/Paris")),
            [
                "2022-03-27",
                "2022-03-26/2022-03-27",
                "2022-03-26T23:00:00Z",
                "2022-03-27T22:00:00Z"
            ]
        );
        assert_eq!(
            shown(&resolved("2022-01-01", now, "America/New_York"))[1],
            "2022-01-01/2022-01-02"
        );
        let end: PeriodArg = "9999-12-31".parse().unwrap();
        let now: Timestamp = now.parse().unwrap();
        end.resolve(now, &TimeZone::UTC).unwrap_err();
    }

    #[test]
    fn time_zones_have_names() {
        assert_eq!(
            time_zone("europe/paris").unwrap().iana_name(),
            Some("Europe/Paris")
        );
        for unknown in ["Europe/Atlantis", "", "+02:00"] {
            time_zone(unknown).unwrap_err();
        }
    }

    #[test]
    fn a_day_that_a_time_zone_skipped_is_an_error() {
        let zone = time_zone("Pacific/Apia").unwrap();
        let now = "2022-01-01T00:00:00Z".parse().unwrap();
        let skipped: PeriodArg = "2011-12-30".parse().unwrap();
        let failure = skipped.resolve(now, &zone).unwrap_err();
        assert!(format!("{failure:?}").contains("the period 2011-12-30 has no time"));
        let around = resolved(
            "2011-12-29/2011-12-31",
            "2022-01-01T00:00:00Z",
            "Pacific/Apia",
        );
        assert_eq!(around.end.duration_since(around.start).as_hours(), 48);
    }
}
