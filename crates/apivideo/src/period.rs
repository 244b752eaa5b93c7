//! Periods: the time range that lists of sessions require.

mod relative;
mod window;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use apivideo_core::wire::DateTime;
use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

pub use window::Window;

/// A range of whole days in UTC: a day, an ISO week, a month, a year, or any range of days.
///
/// Every list of sessions requires a period; the service has no "all time" since September 2022. `Display` and `FromStr` use the
/// forms of the service, and a period serializes as a string in the same form.
///
/// Periods are ordered by their first day, then by their last day.
///
/// ```
/// use apivideo::Period;
///
/// for form in ["2022-01-01", "2022-W01", "2022-01", "2022", "2022-01-01/2022-01-15"] {
///     let period: Period = form.parse()?;
///     assert_eq!(period.to_string(), form);
/// }
/// assert_eq!("2022-02".parse::<Period>()?.last_day().to_string(), "2022-02-28");
/// # Ok::<(), apivideo::Error>(())
/// ```
///
/// A date-time, as the service's tutorial shows it, is parsed as its day in UTC:
///
/// ```
/// # use apivideo::Period;
/// assert_eq!("2022-01-01T00:00:00.000Z".parse::<Period>()?.to_string(), "2022-01-01");
/// # Ok::<(), apivideo::Error>(())
/// ```
///
/// Periods such as the last month are relative to a given time:
///
/// ```
/// use apivideo::{Period, Timestamp};
///
/// let month = Period::last_month(Timestamp::now())?;
/// let days = Period::last_days(30, Timestamp::now())?;
/// # assert_eq!(days.split(apivideo::query::Window::Day).count(), 30);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period(Form);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Day(Date),
    /// The Monday of the week.
    Week(Date),
    /// The first day of the month.
    Month(Date),
    /// The first day of January.
    Year(Date),
    Range(Date, Date),
}

impl Period {
    /// Creates a period of one day.
    ///
    /// ```
    /// use apivideo::{Period, jiff::civil::date};
    ///
    /// assert_eq!(Period::day(date(2022, 1, 1))?.to_string(), "2022-01-01");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is not between 0000 and 9999.
    pub fn day(day: Date) -> Result<Self, Error> {
        Self(Form::Day(day)).checked()
    }

    /// Creates a period of one ISO week, Monday to Sunday.
    ///
    /// ```
    /// let period = apivideo::Period::iso_week(2022, 1)?;
    /// assert_eq!(period.to_string(), "2022-W01");
    /// assert_eq!(period.first_day().to_string(), "2022-01-03");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the ISO year does not have that week, or is not between
    /// 0000 and 9999.
    pub fn iso_week(year: i16, week: i8) -> Result<Self, Error> {
        ISOWeekDate::new(year, week, Weekday::Monday)
            .map_err(|_| {
                invalid(
                    &format!("{year:04}-W{week:02}"),
                    "the year does not have that week",
                )
            })
            .and_then(|monday| Self(Form::Week(monday.date())).checked())
    }

    /// Creates a period of one month, 1 to 12.
    ///
    /// ```
    /// assert_eq!(apivideo::Period::month(2022, 1)?.to_string(), "2022-01");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the month is not between 1 and 12, or the year is not
    /// between 0000 and 9999.
    pub fn month(year: i16, month: i8) -> Result<Self, Error> {
        Date::new(year, month, 1)
            .map_err(|_| invalid(&format!("{year:04}-{month:02}"), "month must be 01 to 12"))
            .and_then(|first| Self(Form::Month(first)).checked())
    }

    /// Creates a period of one year.
    ///
    /// ```
    /// assert_eq!(apivideo::Period::year(2022)?.last_day().to_string(), "2022-12-31");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is not between 0000 and 9999.
    pub fn year(year: i16) -> Result<Self, Error> {
        Date::new(year, 1, 1)
            .map_err(|_| invalid(&year.to_string(), YEARS))
            .and_then(|first| Self(Form::Year(first)).checked())
    }

    /// Creates a period from `first` to `last`, both included.
    ///
    /// ```
    /// use apivideo::{Period, jiff::civil::date};
    ///
    /// let period = Period::range(date(2022, 1, 1), date(2022, 1, 15))?;
    /// assert_eq!(period.to_string(), "2022-01-01/2022-01-15");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if `last` is before `first`, or a year is not between 0000 and
    /// 9999.
    pub fn range(first: Date, last: Date) -> Result<Self, Error> {
        if first > last {
            let range = format!("{first}/{last}");
            return Err(invalid(&range, "the last day is before the first day"));
        }
        Self(Form::Range(first, last)).checked()
    }

    /// Creates a period of one day of another period.
    fn day_within(day: Date) -> Self {
        Self(Form::Day(day))
    }

    /// Returns the period if its years have four digits.
    fn checked(self) -> Result<Self, Error> {
        match self.first_day().year() {
            0.. => Ok(self),
            year => Err(invalid(&year.to_string(), YEARS)),
        }
    }

    /// Returns the first day.
    ///
    /// ```
    /// let week: apivideo::Period = "2022-W01".parse()?;
    /// assert_eq!(week.first_day(), apivideo::jiff::civil::date(2022, 1, 3));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn first_day(self) -> Date {
        match self.0 {
            Form::Day(first)
            | Form::Week(first)
            | Form::Month(first)
            | Form::Year(first)
            | Form::Range(first, _) => first,
        }
    }

    /// Returns the last day, which is part of the period.
    ///
    /// ```
    /// let february: apivideo::Period = "2024-02".parse()?;
    /// assert_eq!(february.last_day(), apivideo::jiff::civil::date(2024, 2, 29));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn last_day(self) -> Date {
        match self.0 {
            Form::Day(day) => day,
            Form::Week(monday) => monday.saturating_add(jiff::Span::new().days(6)),
            Form::Month(first) => first.last_of_month(),
            Form::Year(first) => first.last_of_year(),
            Form::Range(_, last) => last,
        }
    }

    /// Splits the period into windows, in ascending order. The windows cover the whole period and do not overlap.
    ///
    /// ```
    /// use apivideo::{Period, query::Window};
    ///
    /// let january: Period = "2022-01".parse()?;
    /// assert_eq!(january.split(Window::Day).count(), 31);
    /// let weeks: Vec<String> = january.split(Window::Week).map(|week| week.to_string()).collect();
    /// assert_eq!(weeks[..2], ["2022-01-01/2022-01-02", "2022-W01"]);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn split(self, window: Window) -> impl Iterator<Item = Self> + Send + use<> {
        window::split(self, window)
    }
}

/// The reason why a year is rejected.
const YEARS: &str = "its years must be 0000 to 9999";

/// Returns the error for an invalid period. It lists the valid forms.
fn invalid(period: &str, reason: &str) -> Error {
    let shown: String = period.chars().take(64).collect();
    Error::input(format!(
        "invalid period {shown:?}: {reason}; use a day (2022-01-01), an ISO week (2022-W01), a month (2022-01), \
         a year (2022), or a range of days (2022-01-01/2022-01-15)"
    ))
}

/// Parses exactly `count` ASCII digits.
fn digits(digits: &str, count: usize) -> Option<i16> {
    (digits.len() == count && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

/// Parses `YYYY-MM-DD`. Returns `None` for other forms, and an error for a day that does not exist.
fn parse_day(day: &str) -> Option<Result<Date, jiff::Error>> {
    let mut parts = day.splitn(3, '-');
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

    fn from_str(period: &str) -> Result<Self, Error> {
        let day = |part: &str| match parse_day(part) {
            Some(Ok(day)) => Ok(day),
            Some(Err(_)) => Err(invalid(period, &format!("the day {part} does not exist"))),
            None => {
                let shown: String = part.chars().take(32).collect();
                Err(invalid(period, &format!("{shown:?} is not a day")))
            }
        };
        let unknown = || invalid(period, "unknown form");
        if let Some((first, last)) = period.split_once('/') {
            return Self::range(day(first)?, day(last)?);
        }
        if period.contains('T') {
            let Ok(date_time) = period.parse::<DateTime>();
            return match date_time.timestamp() {
                Some(instant) => Self::day(Offset::UTC.to_datetime(instant).date()),
                None => Err(invalid(period, "it is not a valid date-time")),
            };
        }
        if let Some(year) = digits(period, 4) {
            return Self::year(year);
        }
        let (year, rest) = period.split_once('-').ok_or_else(unknown)?;
        let week = rest.strip_prefix('W').map(|week| digits(week, 2));
        match (digits(year, 4), week) {
            (Some(year), Some(Some(week))) => {
                Self::iso_week(year, i8::try_from(week).unwrap_or_default())
            }
            (Some(year), None) => match digits(rest, 2) {
                Some(month) => Self::month(year, i8::try_from(month).unwrap_or_default()),
                None => day(period).and_then(Self::day),
            },
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<&str> for Period {
    type Error = Error;

    fn try_from(period: &str) -> Result<Self, Error> {
        period.parse()
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |period: &Self| (period.first_day(), period.last_day(), period.0);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.0 {
            Form::Day(day) => day.to_string(),
            Form::Week(monday) => {
                let week = monday.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Form::Month(first) => format!("{:04}-{:02}", first.year(), first.month()),
            Form::Year(first) => format!("{:04}", first.year()),
            Form::Range(first, last) => format!("{first}/{last}"),
        };
        f.pad(&form)
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

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests;
