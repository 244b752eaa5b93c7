//! Periods: what the service filters sessions by.

use std::fmt;
use std::str::FromStr;

use apivideo_core::wire::DateTime;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// A stretch of whole days in UTC: a day, an ISO week, a month, a year, or a range of days.
///
/// The service demands one for every list of sessions (since September 2022) and has no "all time".
/// The forms are the service's own; parsing and printing round-trip.
///
/// ```
/// use apivideo::Period;
///
/// for text in ["2022-01-01", "2022-W01", "2022-01", "2022", "2022-01-01/2022-01-15"] {
///     let period: Period = text.parse()?;
///     assert_eq!(period.to_string(), text);
/// }
/// assert_eq!("2022-02".parse::<Period>()?.last_day().to_string(), "2022-02-28");
/// # Ok::<(), apivideo::Error>(())
/// ```
///
/// The date-time that the service's tutorial shows is read as its UTC day:
///
/// ```
/// # use apivideo::Period;
/// assert_eq!("2022-01-01T00:00:00.000Z".parse::<Period>()?.to_string(), "2022-01-01");
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period(Form);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form {
    Day(Date),
    /// The Monday of the week.
    Week(Date),
    /// The first of the month.
    Month(Date),
    /// The first of January.
    Year(Date),
    Range(Date, Date),
}

impl Period {
    /// One day.
    ///
    /// ```
    /// let period = apivideo::Period::day(jiff::civil::date(2022, 1, 1))?;
    /// assert_eq!(period.to_string(), "2022-01-01");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the year is not between 0000 and 9999.
    pub fn day(day: Date) -> Result<Self, Error> {
        Self(Form::Day(day)).checked()
    }

    /// The ISO week `week` of the ISO year `year`, Monday to Sunday.
    ///
    /// ```
    /// let period = apivideo::Period::week(2022, 1)?;
    /// assert_eq!(period.first_day().to_string(), "2022-01-03");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the year has no such week, or is not between 0000 and 9999.
    pub fn week(year: i16, week: i8) -> Result<Self, Error> {
        ISOWeekDate::new(year, week, Weekday::Monday)
            .map_err(|_| {
                refused(
                    &format!("{year:04}-W{week:02}"),
                    "that year has no such week",
                )
            })
            .and_then(|monday| Self(Form::Week(monday.date())).checked())
    }

    /// The month `month` (1 to 12) of `year`.
    ///
    /// ```
    /// assert_eq!(apivideo::Period::month(2022, 1)?.to_string(), "2022-01");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is no such month, or the year is not between 0000 and 9999.
    pub fn month(year: i16, month: i8) -> Result<Self, Error> {
        Date::new(year, month, 1)
            .map_err(|_| {
                refused(
                    &format!("{year:04}-{month:02}"),
                    "a year has the months 01 to 12",
                )
            })
            .and_then(|first| Self(Form::Month(first)).checked())
    }

    /// A whole year.
    ///
    /// ```
    /// assert_eq!(apivideo::Period::year(2022)?.last_day().to_string(), "2022-12-31");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the year is not between 0000 and 9999.
    pub fn year(year: i16) -> Result<Self, Error> {
        Date::new(year, 1, 1)
            .map_err(|_| refused(&year.to_string(), YEARS))
            .and_then(|first| Self(Form::Year(first)).checked())
    }

    /// The days from `first` to `last`, both included.
    ///
    /// ```
    /// use jiff::civil::date;
    ///
    /// let period = apivideo::Period::range(date(2022, 1, 1), date(2022, 1, 15))?;
    /// assert_eq!(period.to_string(), "2022-01-01/2022-01-15");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the range runs backwards, or its years are not between 0000 and 9999.
    pub fn range(first: Date, last: Date) -> Result<Self, Error> {
        if first > last {
            return Err(refused(&format!("{first}/{last}"), "it runs backwards"));
        }
        Self(Form::Range(first, last)).checked()
    }

    /// One day of a period.
    pub(crate) fn day_within(day: Date) -> Self {
        Self(Form::Day(day))
    }

    /// The period, if its years can be written.
    fn checked(self) -> Result<Self, Error> {
        match self.first_day().year() {
            0.. => Ok(self),
            year => Err(refused(&year.to_string(), YEARS)),
        }
    }

    /// The first day of the period.
    ///
    /// ```
    /// let week: apivideo::Period = "2022-W01".parse()?;
    /// assert_eq!(week.first_day(), jiff::civil::date(2022, 1, 3));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn first_day(&self) -> Date {
        match self.0 {
            Form::Day(first)
            | Form::Week(first)
            | Form::Month(first)
            | Form::Year(first)
            | Form::Range(first, _) => first,
        }
    }

    /// The last day of the period, included.
    ///
    /// ```
    /// let february: apivideo::Period = "2024-02".parse()?;
    /// assert_eq!(february.last_day(), jiff::civil::date(2024, 2, 29));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn last_day(&self) -> Date {
        match self.0 {
            Form::Day(day) => day,
            Form::Week(monday) => monday.saturating_add(jiff::Span::new().days(6)),
            Form::Month(first) => first.last_of_month(),
            Form::Year(first) => first.last_of_year(),
            Form::Range(_, last) => last,
        }
    }
}

/// Why a year is refused.
const YEARS: &str = "its years are not between 0000 and 9999";

/// The error of a text that is no period; it lists the forms.
fn refused(text: &str, why: &str) -> Error {
    let shown: String = text.chars().take(64).collect();
    Error::input(format!(
        "{shown:?} is no period: {why}; write a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), \
         a year (2022), or a range of days (2022-01-01/2022-01-15)"
    ))
}

/// `count` ASCII digits as a number.
fn digits(text: &str, count: usize) -> Option<i16> {
    (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `YYYY-MM-DD`, nothing else.
fn parse_day(text: &str) -> Option<Result<Date, jiff::Error>> {
    let mut parts = text.splitn(3, '-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    Some(Date::new(
        year,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    ))
}

impl FromStr for Period {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let day = |part: &str| match parse_day(part) {
            Some(Ok(day)) => Ok(day),
            Some(Err(_)) => Err(refused(text, &format!("there is no day {part}"))),
            None => Err(refused(
                text,
                &format!("{:?} is no day", part.chars().take(32).collect::<String>()),
            )),
        };
        if let Some((first, last)) = text.split_once('/') {
            return Self::range(day(first)?, day(last)?);
        }
        if text.contains('T') {
            let Ok(date_time) = text.parse::<DateTime>();
            return match date_time.timestamp() {
                Some(instant) => Self::day(Offset::UTC.to_datetime(instant).date()),
                None => Err(refused(text, "it is no date-time either")),
            };
        }
        if let Some(year) = digits(text, 4) {
            return Self::year(year);
        }
        match text.split_once('-') {
            Some((year, rest)) => match (
                digits(year, 4),
                rest.strip_prefix('W').map(|week| digits(week, 2)),
            ) {
                (Some(year), Some(Some(week))) => {
                    Self::week(year, i8::try_from(week).unwrap_or_default())
                }
                (Some(year), None) => match digits(rest, 2) {
                    Some(month) => Self::month(year, i8::try_from(month).unwrap_or_default()),
                    None => day(text).and_then(Self::day),
                },
                _ => Err(refused(text, "it has none of the forms")),
            },
            None => Err(refused(text, "it has none of the forms")),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            Form::Day(day) => day.to_string(),
            Form::Week(monday) => {
                let week = monday.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Form::Month(first) => format!("{:04}-{:02}", first.year(), first.month()),
            Form::Year(first) => format!("{:04}", first.year()),
            Form::Range(first, last) => format!("{first}/{last}"),
        };
        f.pad(&text)
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Period({self})")
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        let period: Period = text.parse().unwrap();
        (
            period.first_day().to_string(),
            period.last_day().to_string(),
        )
    }

    #[test]
    fn the_days_of_every_form() {
        for (text, first, last) in [
            ("2022-01-01", "2022-01-01", "2022-01-01"),
            ("2018-W01", "2018-01-01", "2018-01-07"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2018", "2018-01-01", "2018-12-31"),
            ("2018-01-01/2018-01-15", "2018-01-01", "2018-01-15"),
            ("2018-01-01/2018-01-01", "2018-01-01", "2018-01-01"),
            ("2022-01-01T00:00:00.000Z", "2022-01-01", "2022-01-01"),
            ("2022-01-01T23:30:00-05:00", "2022-01-02", "2022-01-02"),
        ] {
            assert_eq!(days(text), (first.to_owned(), last.to_owned()), "{text}");
        }
    }

    #[test]
    fn printing_gives_the_service_s_form() {
        for text in [
            "2022-01-01",
            "2022-W01",
            "2022-W52",
            "2022-01",
            "2022",
            "2018-01-01/2018-01-15",
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_period_is_refused_with_the_forms() {
        for (text, why) in [
            ("2022-13", "months 01 to 12"),
            ("2022-00", "months 01 to 12"),
            ("2022-W54", "no such week"),
            ("2021-W53", "no such week"),
            ("2022-W00", "no such week"),
            ("2022-02-30", "there is no day 2022-02-30"),
            ("2022-01-15/2022-01-01", "runs backwards"),
            ("2022-01/2022-02", "\"2022-01\" is no day"),
            ("", "none of the forms"),
            ("today", "none of the forms"),
            ("22-01-01", "none of the forms"),
            ("2022-1-1", "is no day"),
            ("2022-01-01T99", "no date-time"),
            ("+2022", "none of the forms"),
            ("2022-W1", "none of the forms"),
            ("20222", "none of the forms"),
            (" 2022", "none of the forms"),
        ] {
            let error = text.parse::<Period>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(error.contains("an ISO week (2022-W01)"), "{error}");
        }
        assert!(Period::year(-1).is_err());
        assert!(Period::week(2022, -1).is_err());
        let before = "0000-01-01T00:00:00+01:00".parse::<Period>().unwrap_err();
        assert!(
            before.to_string().contains("between 0000 and 9999"),
            "{before}"
        );
        assert!(Period::month(-1, 1).is_err() && Period::week(-1, 1).is_err());
        let before = Date::new(-1, 12, 31).unwrap();
        assert!(Period::day(before).is_err() && Period::range(before, before).is_err());
    }
}
