//! Days, periods and times for reading.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The names of weekdays, from Monday.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns the name of the month of a day.
pub(crate) fn month(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs().clamp(1, 12)) - 1]
}

/// Returns the first three letters of a name.
pub(crate) fn short(name: &'static str) -> &'static str {
    name.get(..3).unwrap_or(name)
}

/// Returns `15 January`.
pub(crate) fn day(date: Date) -> String {
    format!("{} {}", date.day(), month(date))
}

/// Returns `15 January 2022`.
pub(crate) fn full_day(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// Returns `Sat 15 January`.
pub(crate) fn weekday_day(date: Date) -> String {
    format!("{} {}", weekday(date), day(date))
}

/// Returns `Sat`.
pub(crate) fn weekday(date: Date) -> &'static str {
    short(WEEKDAYS[weekday_index(date)])
}

fn weekday_index(date: Date) -> usize {
    usize::from(date.weekday().to_monday_zero_offset().unsigned_abs().min(6))
}

pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Returns the days from a first to a last one: `1–31 January 2022`.
pub(crate) fn days(first: Date, last: Date) -> String {
    if first == last {
        full_day(first)
    } else if first.year() != last.year() {
        format!("{} – {}", full_day(first), full_day(last))
    } else if first.month() != last.month() {
        format!("{} – {}", day(first), full_day(last))
    } else {
        format!("{}–{}", first.day(), full_day(last))
    }
}

/// Returns the time of day: `21:41`.
pub(crate) fn time_of_day(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// A time zone with its name.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    zone: TimeZone,
    name: String,
    /// The zone of the measures by hour, if it is not known here.
    unknown: Option<String>,
}

impl Zone {
    pub(crate) fn utc() -> Self {
        Self {
            zone: TimeZone::UTC,
            name: "UTC".to_owned(),
            unknown: None,
        }
    }

    /// Returns the zone of a report, which has its name only. If the name is not known, times are in UTC, but measures by hour are
    /// those of the zone.
    pub(crate) fn named(name: &str) -> Self {
        match DateTimeParser::new().parse_time_zone(name) {
            Ok(zone) if zone == TimeZone::UTC => Self::utc(),
            Ok(zone) if !zone.is_unknown() => Self {
                zone,
                name: name.to_owned(),
                unknown: None,
            },
            _ => Self {
                unknown: Some(name.to_owned()),
                ..Self::utc()
            },
        }
    }

    /// Returns a zone, and the name of it in a report.
    pub(crate) fn new(zone: TimeZone) -> Self {
        let name = match (zone.iana_name(), zone.to_fixed_offset()) {
            (Some(name), _) => name.to_owned(),
            (None, Ok(offset)) => offset.to_string(),
            (None, Err(_)) => "local time".to_owned(),
        };
        Self {
            zone,
            name,
            unknown: None,
        }
    }

    /// Returns the name of the zone of measures by hour.
    pub(crate) fn hours(&self) -> &str {
        self.unknown.as_deref().unwrap_or(&self.name)
    }

    /// Returns whether measures by day and hour are in this zone.
    pub(crate) const fn is_known(&self) -> bool {
        self.unknown.is_none()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_utc(&self) -> bool {
        self.zone == TimeZone::UTC
    }

    pub(crate) fn at(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// Returns the instant at which a day starts.
    pub(crate) fn start_of(&self, date: Date) -> Option<Timestamp> {
        self.zone.to_timestamp(date.at(0, 0, 0, 0)).ok()
    }
}

/// The period of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// For reading: `1–31 January 2022`.
    pub(crate) text: String,
    /// Whether the period starts and ends at midnight.
    pub(crate) is_whole_days: bool,
    /// The first and the last day.
    pub(crate) days: Option<(Date, Date)>,
}

impl Period {
    /// Returns the period between two instants, the last of which is excluded.
    pub(crate) fn between(start: Timestamp, end: Timestamp, zone: &Zone) -> Self {
        let (from, to) = (zone.at(start), zone.at(end));
        let is_whole_days = [from, to].iter().all(|at| at.time() == Time::midnight());
        let last = match to.time() == Time::midnight() && to > from {
            true => to.date().yesterday().unwrap_or(to.date()),
            false => to.date(),
        };
        let text = match is_whole_days {
            true => days(from.date(), last),
            false if from.date() == to.date() => format!(
                "{}, {}–{}",
                full_day(from.date()),
                time_of_day(from),
                time_of_day(to)
            ),
            false => format!(
                "{}, {} – {}, {}",
                full_day(from.date()),
                time_of_day(from),
                full_day(to.date()),
                time_of_day(to)
            ),
        };
        Self {
            text,
            is_whole_days,
            days: Some((from.date(), last.max(from.date()))),
        }
    }

    /// Returns the period of a report without one: the days with activity.
    pub(crate) fn of_days(days_found: Option<(Date, Date)>) -> Self {
        Self {
            text: days_found.map_or_else(
                || "No period was set".to_owned(),
                |(first, last)| days(first, last),
            ),
            is_whole_days: true,
            days: days_found,
        }
    }
}

/// Consecutive days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayAxis {
    pub(crate) first: Date,
    pub(crate) count: usize,
}

impl DayAxis {
    pub(crate) fn new(first: Date, last: Date) -> Self {
        let between = first.until(last).map_or(0, |span| span.get_days());
        Self {
            first,
            count: usize::try_from(between).unwrap_or(0) + 1,
        }
    }

    pub(crate) fn date(&self, index: usize) -> Date {
        let days = i32::try_from(index).unwrap_or(i32::MAX);
        self.first.checked_add(days.days()).unwrap_or(self.first)
    }

    pub(crate) fn index(&self, date: Date) -> Option<usize> {
        let index = self.first.until(date).ok()?.get_days();
        let index = usize::try_from(index).ok()?;
        (index < self.count).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_written_as_short_as_possible() {
        assert_eq!(days(date(2022, 1, 1), date(2022, 1, 1)), "1 January 2022");
        assert_eq!(
            days(date(2022, 1, 1), date(2022, 1, 31)),
            "1–31 January 2022"
        );
        assert_eq!(
            days(date(2022, 1, 1), date(2022, 2, 3)),
            "1 January – 3 February 2022"
        );
        assert_eq!(
            days(date(2021, 12, 1), date(2022, 1, 3)),
            "1 December 2021 – 3 January 2022"
        );
        assert_eq!(weekday_day(date(2022, 1, 15)), "Sat 15 January");
    }

    #[test]
    fn periods_are_those_of_the_time_zone() {
        let period = |start: &str, end: &str, zone: &str| {
            let [start, end] = [start, end].map(|at| at.parse().unwrap());
            Period::between(start, end, &Zone::named(zone))
        };
        let paris = period(
            "2021-12-31T23:00:00Z",
            "2022-01-31T23:00:00Z",
            "Europe/Paris",
        );
        assert_eq!(paris.text, "1–31 January 2022");
        assert!(paris.is_whole_days);
        let hours = period("2022-01-01T12:00:00Z", "2022-01-01T18:30:00Z", "UTC");
        assert_eq!(hours.text, "1 January 2022, 12:00–18:30");
        let days = period("2022-01-01T12:00:00Z", "2022-01-02T18:30:00Z", "+01:00");
        assert_eq!(days.text, "1 January 2022, 13:00 – 2 January 2022, 19:30");
        assert_eq!(days.days, Some((date(2022, 1, 1), date(2022, 1, 2))));
        let reversed = period("2022-01-02T00:00:00Z", "2022-01-01T00:00:00Z", "UTC");
        assert_eq!(reversed.days, Some((date(2022, 1, 2), date(2022, 1, 2))));
    }

    #[test]
    fn unknown_zones_are_utc() {
        let unknown = Zone::named("Nowhere/Town");
        assert!(unknown.is_utc() && !unknown.is_known());
        assert_eq!((unknown.name(), unknown.hours()), ("UTC", "Nowhere/Town"));
        assert!(Zone::named("UTC").is_utc() && Zone::named("UTC").is_known());
        assert_eq!(Zone::named("+02").name(), "+02");
        let offset = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(Zone::new(offset).name(), "+02");
    }

    #[test]
    fn an_axis_of_days_finds_its_days() {
        let axis = DayAxis::new(date(2022, 1, 30), date(2022, 2, 2));
        assert_eq!(axis.count, 4);
        assert_eq!(axis.date(3), date(2022, 2, 2));
        assert_eq!(axis.index(date(2022, 2, 1)), Some(2));
        assert_eq!(axis.index(date(2022, 2, 3)), None);
        assert_eq!(axis.index(date(2022, 1, 29)), None);
    }
}
