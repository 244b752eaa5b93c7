//! Periods relative to a given time.

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::{Form, Period, YEARS, invalid};
use crate::error::Error;

/// Periods relative to `now`, which is usually [`Timestamp::now`]. Days, weeks and months are those of UTC.
impl Period {
    /// Creates a period of the day that contains `now`. The day is not complete.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::today(now)?.to_string(), "2024-03-01");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is before 0000.
    pub fn today(now: Timestamp) -> Result<Self, Error> {
        Self::day(day_of(now))
    }

    /// Creates a period of the day before the day that contains `now`.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::yesterday(now)?.to_string(), "2024-02-29");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is before 0000.
    pub fn yesterday(now: Timestamp) -> Result<Self, Error> {
        Self::day(days_before(day_of(now), 1)?)
    }

    /// Creates a period of the last `days` complete days. It ends with yesterday, so the day that contains `now` is not part
    /// of it.
    ///
    /// The statistics of the last days can still change, because a session is extended when its viewer returns.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::last_days(30, now)?.to_string(), "2024-01-31/2024-02-29");
    /// assert_eq!(Period::last_days(1, now)?, Period::yesterday(now)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if `days` is 0, or if the first day is before the year 0000.
    pub fn last_days(days: u32, now: Timestamp) -> Result<Self, Error> {
        if days == 0 {
            return Err(Error::input(
                "invalid period of 0 days: the number of days must be at least 1",
            ));
        }
        let today = day_of(now);
        match days {
            1 => Self::yesterday(now),
            _ => Self::range(days_before(today, days)?, days_before(today, 1)?),
        }
    }

    /// Creates a period of the ISO week, Monday to Sunday, before the week that contains `now`.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::last_week(now)?.to_string(), "2024-W08");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is before 0000.
    pub fn last_week(now: Timestamp) -> Result<Self, Error> {
        let today = day_of(now);
        let since_monday = today.weekday().since(Weekday::Monday).unsigned_abs();
        let monday = days_before(today, u32::from(since_monday) + 7)?;
        Self(Form::Week(monday)).checked()
    }

    /// Creates a period of the month that contains `now`. The month is not complete.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::this_month(now)?.to_string(), "2024-03");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is before 0000.
    pub fn this_month(now: Timestamp) -> Result<Self, Error> {
        Self(Form::Month(day_of(now).first_of_month())).checked()
    }

    /// Creates a period of the month before the month that contains `now`.
    ///
    /// ```
    /// use apivideo::Period;
    ///
    /// let now = "2024-03-01T08:00:00Z".parse()?;
    /// assert_eq!(Period::last_month(now)?.to_string(), "2024-02");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the year is before 0000.
    pub fn last_month(now: Timestamp) -> Result<Self, Error> {
        let last_day = days_before(day_of(now).first_of_month(), 1)?;
        Self(Form::Month(last_day.first_of_month())).checked()
    }
}

/// The day in UTC.
fn day_of(now: Timestamp) -> Date {
    Offset::UTC.to_datetime(now).date()
}

fn days_before(day: Date, days: u32) -> Result<Date, Error> {
    Span::new()
        .try_days(i64::from(days))
        .and_then(|days| day.checked_sub(days))
        .map_err(|_| invalid(&format!("{days} days before {day}"), YEARS))
}

#[cfg(test)]
mod tests;
