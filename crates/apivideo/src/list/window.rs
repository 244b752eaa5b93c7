//! Windows: the parts of a period that are read side by side.

use jiff::civil::Weekday;
use jiff::{Span, ToSpan};

use crate::error::Error;
use crate::period::Period;

/// How a period is cut into windows, each of which is read by itself.
///
/// ```
/// use apivideo::{Period, Window};
///
/// let january: Period = "2022-01".parse()?;
/// assert_eq!(Window::Day.split(january).len(), 31);
/// let weeks: Vec<_> = Window::Week.split(january).iter().map(Period::to_string).collect();
/// assert_eq!(weeks[..2], ["2022-01-01/2022-01-02", "2022-W01"]);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Window {
    /// Each day.
    Day,
    /// Each ISO week, Monday to Sunday, as far as the period reaches.
    Week,
    /// Each month, as far as the period reaches.
    Month,
}

impl Window {
    /// The windows of a period, in ascending order; together they are the period, and none overlap.
    ///
    /// ```
    /// use apivideo::Window;
    ///
    /// let months = Window::Month.split("2022".parse()?);
    /// assert_eq!(months.len(), 12);
    /// assert_eq!(months[11].to_string(), "2022-12");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn split(self, period: Period) -> Vec<Period> {
        let (mut first, end) = (period.first_day(), period.last_day());
        let mut windows = Vec::new();
        loop {
            let last = match self {
                Self::Day => first,
                Self::Week => first.saturating_add(days_to_sunday(first.weekday())),
                Self::Month => first.last_of_month(),
            };
            let last = last.min(end);
            windows.push(self.name(first, last));
            match last.tomorrow() {
                Ok(next) if next <= end => first = next,
                _ => return windows,
            }
        }
    }

    /// A window by its shortest form: a whole week or month has a name of its own.
    fn name(self, first: jiff::civil::Date, last: jiff::civil::Date) -> Period {
        let whole: Result<Period, Error> = match self {
            _ if first == last => Ok(Period::day_within(first)),
            Self::Week
                if first.weekday() == Weekday::Monday && last.weekday() == Weekday::Sunday =>
            {
                let week = first.iso_week_date();
                Period::week(week.year(), week.week())
            }
            Self::Month if first.day() == 1 && last == first.last_of_month() => {
                Period::month(first.year(), first.month())
            }
            _ => Period::range(first, last),
        };
        // Only the last days of the year 9999 have no name; as a day they are still asked for.
        whole.unwrap_or_else(|_| Period::day_within(first))
    }
}

fn days_to_sunday(weekday: Weekday) -> Span {
    i64::from(7 - weekday.to_monday_one_offset()).days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(window: Window, period: &str) -> Vec<String> {
        window
            .split(period.parse().unwrap())
            .iter()
            .map(Period::to_string)
            .collect()
    }

    #[test]
    fn windows_are_the_period_without_a_gap() {
        for period in [
            "2022-01-01",
            "2022-W01",
            "2024-02",
            "2022",
            "2021-12-30/2022-02-03",
        ] {
            for window in [Window::Day, Window::Week, Window::Month] {
                let whole: Period = period.parse().unwrap();
                let windows = window.split(whole);
                assert_eq!(windows[0].first_day(), whole.first_day());
                assert_eq!(windows[windows.len() - 1].last_day(), whole.last_day());
                for pair in windows.windows(2) {
                    assert_eq!(
                        pair[0].last_day().tomorrow().unwrap(),
                        pair[1].first_day(),
                        "{period} {window:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn whole_weeks_and_months_have_their_names() {
        assert_eq!(
            split(Window::Day, "2021-12-31/2022-01-02"),
            ["2021-12-31", "2022-01-01", "2022-01-02"]
        );
        assert_eq!(
            split(Window::Week, "2021-12-31/2022-01-10"),
            ["2021-12-31/2022-01-02", "2022-W01", "2022-01-10"]
        );
        assert_eq!(
            split(Window::Month, "2021-12-31/2022-02-01"),
            ["2021-12-31", "2022-01", "2022-02-01"]
        );
        assert_eq!(split(Window::Month, "2022").len(), 12);
        assert_eq!(split(Window::Day, "9999-12").len(), 31);
    }
}
