//! The time range of aggregates: `--period`, or `--from` and `--to`, in a time zone.

use std::str::FromStr;

use apivideo::Timestamp;
use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::{Offset, TimeZone};
use clap::Args;

use super::period::{self, PeriodArg, ResolvedPeriod};
use crate::failure::{Failure, with_cause};

/// The number of days for which the service keeps aggregates (reference documentation of `GET /data/metrics`: "a maximum of 30
/// days ago").
const KEPT_DAYS: i64 = 30;

/// The options of a time range.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct TimeframeArgs {
    #[arg(
        long,
        value_name = "PERIOD",
        conflicts_with_all = ["from", "to"],
        help = format!("{}, in the time zone of --tz, at most 30 days ago", period::HELP)
    )]
    period: Option<PeriodArg>,
    /// The start, inclusive, at most 30 days ago: a day (2022-01-01) or a timestamp (2022-01-01T00:00:00Z) [default: a day before
    /// the end]
    #[arg(long, value_name = "TIME")]
    from: Option<TimeArg>,
    /// The end, exclusive: a day, which ends at its start, or a timestamp [default: now]
    #[arg(long, value_name = "TIME")]
    to: Option<TimeArg>,
    /// The time zone of days, such as Europe/Paris [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = period::time_zone)]
    tz: Option<TimeZone>,
}

/// A timestamp, or the start of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeArg {
    Timestamp(Timestamp),
    Day(Date),
}

/// A time range as it is sent to the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timeframe {
    /// Defaults to a day before the end.
    pub(crate) from: Option<Timestamp>,
    /// Defaults to the current time.
    pub(crate) to: Option<Timestamp>,
}

impl TimeframeArgs {
    /// Returns the instants of the time range. The end of a period that has not ended is left out, and so the current time.
    pub(crate) fn resolve(&self, now: Timestamp) -> Result<Timeframe, Failure> {
        let zone = self.tz.clone().unwrap_or(TimeZone::UTC);
        if let Some(period) = self.period {
            return Timeframe::of(&period.resolve(now, &zone)?, now);
        }
        let instant = |time: Option<TimeArg>| time.map(|time| time.resolve(&zone)).transpose();
        let (from, to) = (instant(self.from)?, instant(self.to)?);
        if let Some(from) = from
            && from >= to.unwrap_or(now)
        {
            let end = match to {
                Some(to) => format!("the end {to}"),
                None => format!("the current time {now}"),
            };
            return Err(Failure::usage(format!(
                "the start {from} is not before {end}"
            )));
        }
        Ok(Timeframe { from, to })
    }
}

impl Timeframe {
    /// Returns the part of a period that is over. Its end is left out if the period has not ended.
    pub(crate) fn of(period: &ResolvedPeriod, now: Timestamp) -> Result<Self, Failure> {
        if period.start >= now {
            return Err(Failure::usage(format!(
                "the period {} starts in the future",
                period.days
            )));
        }
        Ok(Self {
            from: Some(period.start),
            to: Some(period.end).filter(|end| *end < now),
        })
    }

    /// Returns an error if the time range starts before the days of which the service has aggregates.
    pub(crate) fn check_kept(&self, now: Timestamp) -> Result<(), Failure> {
        let day = SignedDuration::from_hours(24);
        let from = match (self.from, self.to) {
            (Some(from), _) => from,
            (None, Some(to)) => to.checked_sub(day).unwrap_or(Timestamp::MIN),
            (None, None) => return Ok(()),
        };
        let days = SignedDuration::from_hours(24 * KEPT_DAYS);
        let oldest = utc_day(now.checked_sub(days).unwrap_or(Timestamp::MIN));
        if utc_day(from) >= oldest {
            return Ok(());
        }
        Err(Failure::usage(format!(
            "the time range starts at {from}, but the service keeps aggregates for {KEPT_DAYS} days at most, since {oldest}"
        ))
        .with_hint(
            "sessions are kept for longer: `apivideo audience` measures plays, viewers and watch time of any period",
        ))
    }
}

fn utc_day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

impl TimeArg {
    fn resolve(self, zone: &TimeZone) -> Result<Timestamp, Failure> {
        match self {
            Self::Timestamp(timestamp) => Ok(timestamp),
            Self::Day(day) => day
                .to_zoned_datetime(zone.clone())
                .and_then(|day| day.start_of_day())
                .map(|start| start.timestamp())
                .map_err(|error| {
                    Failure::usage(with_cause(
                        format!("the day {day} cannot be used in the time zone"),
                        error,
                    ))
                }),
        }
    }
}

impl FromStr for TimeArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A timestamp is also a valid day, if its time is ignored.
        let is_day = text.len() == "2022-01-01".len();
        match is_day {
            true => text.parse().map(Self::Day),
            false => text.parse().map(Self::Timestamp),
        }
        .map_err(|_| {
            "expected a day, such as 2022-01-10, or a timestamp with a time zone, such as 2022-01-10T12:00:00Z"
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        timeframe: TimeframeArgs,
    }

    const NOW: &str = "2022-01-31T12:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn resolve(line: &str) -> Result<Timeframe, Failure> {
        let line = Line::try_parse_from(["x"].into_iter().chain(line.split_whitespace())).unwrap();
        line.timeframe.resolve(now())
    }

    fn shown(line: &str) -> [String; 2] {
        let timeframe = resolve(line).unwrap();
        [timeframe.from, timeframe.to]
            .map(|time| time.map_or_else(|| "-".to_owned(), |time| time.to_string()))
    }

    #[test]
    fn days_start_in_the_time_zone() {
        for (line, from, to) in [
            ("", "-", "-"),
            ("--from 2022-01-30", "2022-01-30T00:00:00Z", "-"),
            (
                "--from 2022-01-30 --to 2022-01-31 --tz Europe/Paris",
                "2022-01-29T23:00:00Z",
                "2022-01-30T23:00:00Z",
            ),
            (
                "--from 2022-01-30T01:00:00+01:00",
                "2022-01-30T00:00:00Z",
                "-",
            ),
            ("--to 2022-01-31", "-", "2022-01-31T00:00:00Z"),
            (
                "--period yesterday",
                "2022-01-30T00:00:00Z",
                "2022-01-31T00:00:00Z",
            ),
            ("--period today", "2022-01-31T00:00:00Z", "-"),
            ("--period this-month", "2022-01-01T00:00:00Z", "-"),
            (
                "--period yesterday --tz America/New_York",
                "2022-01-30T05:00:00Z",
                "2022-01-31T05:00:00Z",
            ),
        ] {
            assert_eq!(shown(line), [from, to], "{line}");
        }
    }

    #[test]
    fn a_range_must_not_be_empty_or_in_the_future() {
        for line in [
            "--period 2022-02",
            "--from 2022-02-01",
            "--from 2022-01-31T12:00:00Z",
            "--from 2022-01-30 --to 2022-01-30",
        ] {
            resolve(line).unwrap_err();
        }
        for line in ["--from yesterday", "--from 2022-01", "--tz Atlantis"] {
            Line::try_parse_from(["x"].into_iter().chain(line.split_whitespace())).unwrap_err();
        }
    }

    #[test]
    fn aggregates_are_kept_for_30_days() {
        let check = |line: &str| resolve(line).unwrap().check_kept(now());
        for line in [
            "",
            "--period 30d",
            "--from 2022-01-01",
            "--to 2022-01-02T00:00:01Z",
        ] {
            check(line).unwrap();
        }
        for line in [
            "--period 31d",
            "--period last-month",
            "--from 2021-12-31T23:59:59Z",
            "--to 2022-01-01",
            "--period 30d --tz Europe/Paris",
        ] {
            let Err(Failure::Error { error, .. }) = check(line) else {
                panic!("{line} is accepted");
            };
            let error = error.to_string();
            assert!(
                error.ends_with("for 30 days at most, since 2022-01-01"),
                "{error}"
            );
        }
    }
}
