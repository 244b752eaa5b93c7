//! The period of a report, which ends today at the latest, and its name.

use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::{Period, Timestamp};

use crate::args::{PeriodArg, ResolvedPeriod};
use crate::failure::{Failure, with_cause};

/// Cuts a period that is not over, so that averages by day do not contain days of the future.
pub(super) fn until_now(
    period: ResolvedPeriod,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<ResolvedPeriod, Failure> {
    if period.end <= now {
        return Ok(period);
    }
    if period.start > now {
        return Err(Failure::usage(format!(
            "the period {} has not begun: it is {now}",
            period.days
        ))
        .with_hint("use an earlier period, such as --period last-month"));
    }
    // At midnight, the day that begins is not a part of it.
    let before = now
        .checked_sub(SignedDuration::from_nanos(1))
        .map_err(|error| Failure::failed(with_cause("the current time cannot be used", error)))?;
    let today = zone.to_datetime(before).date().max(period.days.first_day());
    if today >= period.days.last_day() {
        return Ok(period);
    }
    let days = Period::range(period.days.first_day(), today)?;
    PeriodArg::Days(days).resolve(now, zone)
}

/// Returns `December 2021` for a month, `1 December 2021` for a day, and otherwise both ends.
pub(super) fn name(period: &Period) -> String {
    let (first, last) = (period.first_day(), period.last_day());
    let full = |day: Date| day.strftime("%-d %B %Y").to_string();
    if first == last {
        full(first)
    } else if first.first_of_month() == first
        && last.last_of_month() == last
        && same_month(first, last)
    {
        first.strftime("%B %Y").to_string()
    } else if same_month(first, last) {
        format!("{}–{}", first.day(), full(last))
    } else if first.year() == last.year() {
        format!("{} – {}", first.strftime("%-d %B"), full(last))
    } else {
        format!("{} – {}", full(first), full(last))
    }
}

fn same_month(first: Date, last: Date) -> bool {
    (first.year(), first.month()) == (last.year(), last.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_names() {
        for (period, name) in [
            ("2021-12", "December 2021"),
            ("2021-12-01", "1 December 2021"),
            ("2021-12-02/2021-12-31", "2–31 December 2021"),
            ("2021-11-02/2021-12-31", "2 November – 31 December 2021"),
            ("2021-12-31/2022-01-01", "31 December 2021 – 1 January 2022"),
            ("2022", "1 January – 31 December 2022"),
        ] {
            assert_eq!(super::name(&period.parse().unwrap()), name);
        }
    }

    #[test]
    fn a_period_ends_today() {
        let cut = |period: &str, now: &str, zone: &str| {
            let (now, zone) = (now.parse().unwrap(), TimeZone::get(zone).unwrap());
            let period: PeriodArg = period.parse().unwrap();
            let cut = until_now(period.resolve(now, &zone).unwrap(), now, &zone);
            cut.map(|period| period.days.to_string()).ok()
        };
        let midnight = "2022-01-17T00:00:00Z";
        assert_eq!(cut("2021-12", midnight, "UTC").unwrap(), "2021-12");
        assert_eq!(
            cut("2022-01", midnight, "UTC").unwrap(),
            "2022-01-01/2022-01-16"
        );
        assert_eq!(
            cut("2022-01", midnight, "Asia/Tokyo").unwrap(),
            "2022-01-01/2022-01-17"
        );
        assert_eq!(cut("2022-01-16", midnight, "UTC").unwrap(), "2022-01-16");
        assert_eq!(cut("2022-01-17", midnight, "UTC").unwrap(), "2022-01-17");
        assert_eq!(cut("2022-01-18", midnight, "UTC"), None);
        assert_eq!(
            cut("today", "2022-01-17T00:00:01Z", "UTC").unwrap(),
            "2022-01-17"
        );
        assert_eq!(cut("2023", midnight, "UTC"), None);
    }
}
