//! Windows: the parts of a period that can be read concurrently.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::Period;
use crate::string_enum::string_enum;

string_enum! {
    /// The length of the windows into which a period is split.
    ///
    /// ```
    /// use apivideo::query::Window;
    ///
    /// assert_eq!("week".parse::<Window>()?, Window::Week);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    closed Window, "window" {
        /// Each day.
        Day = "day",
        /// Each ISO week, Monday to Sunday. The first and the last window can be shorter.
        Week = "week",
        /// Each month. The first and the last window can be shorter.
        Month = "month",
    }
}

/// Splits a period into windows, in ascending order.
pub(super) fn split(period: Period, window: Window) -> impl Iterator<Item = Period> + Send + use<> {
    let end = period.last_day();
    let mut next = Some(period.first_day());
    std::iter::from_fn(move || {
        let first = next?;
        let last = match window {
            Window::Day => first,
            Window::Week => first.saturating_add(days_to_sunday(first.weekday())),
            Window::Month => first.last_of_month(),
        };
        let last = last.min(end);
        next = last.tomorrow().ok().filter(|day| *day <= end);
        Some(name(window, first, last))
    })
}

/// Returns a window in its shortest form: a whole week or month has a form of its own.
fn name(window: Window, first: Date, last: Date) -> Period {
    let period = match window {
        _ if first == last => Ok(Period::day_within(first)),
        Window::Week if first.weekday() == Weekday::Monday && last.weekday() == Weekday::Sunday => {
            let week = first.iso_week_date();
            Period::iso_week(week.year(), week.week())
        }
        Window::Month if first.day() == 1 && last == first.last_of_month() => {
            Period::month(first.year(), first.month())
        }
        _ => Period::range(first, last),
    };
    // Only the last days of the year 9999 do not have a form; the window becomes the first of them.
    period.unwrap_or_else(|_| Period::day_within(first))
}

fn days_to_sunday(weekday: Weekday) -> Span {
    i64::from(7 - weekday.to_monday_one_offset()).days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(window: Window, period: &str) -> Vec<String> {
        let period: Period = period.parse().unwrap();
        period.split(window).map(|part| part.to_string()).collect()
    }

    #[test]
    fn windows_cover_the_period_without_a_gap() {
        for period in [
            "2022-01-01",
            "2022-W01",
            "2024-02",
            "2022",
            "2021-12-30/2022-02-03",
        ] {
            for window in Window::KNOWN {
                let whole: Period = period.parse().unwrap();
                let windows: Vec<Period> = whole.split(*window).collect();
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
    fn whole_weeks_and_months_have_a_form_of_their_own() {
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

    #[test]
    fn windows_are_parsed_strictly() {
        assert_eq!(
            "year".parse::<Window>().unwrap_err().to_string(),
            "invalid window \"year\": expected day, week or month"
        );
    }
}
