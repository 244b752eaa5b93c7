use jiff::Timestamp;

use crate::error::{Error, ErrorKind};
use crate::period::Period;

fn at(now: &str) -> Timestamp {
    now.parse().unwrap()
}

#[test]
fn relative_periods_at_borders_of_days_weeks_months_and_years() {
    // now, today, yesterday, last week, this month, last month
    for row in [
        [
            "2024-03-01T00:00:00Z",
            "2024-03-01",
            "2024-02-29",
            "2024-W08",
            "2024-03",
            "2024-02",
        ],
        [
            "2023-03-01T00:00:00Z",
            "2023-03-01",
            "2023-02-28",
            "2023-W08",
            "2023-03",
            "2023-02",
        ],
        [
            "2022-01-01T00:00:00Z",
            "2022-01-01",
            "2021-12-31",
            "2021-W51",
            "2022-01",
            "2021-12",
        ],
        [
            "2021-12-31T23:59:59.999999999Z",
            "2021-12-31",
            "2021-12-30",
            "2021-W51",
            "2021-12",
            "2021-11",
        ],
        // A Monday, a Sunday, and the year after one with 53 weeks.
        [
            "2022-01-03T00:00:00Z",
            "2022-01-03",
            "2022-01-02",
            "2021-W52",
            "2022-01",
            "2021-12",
        ],
        [
            "2022-01-09T23:00:00Z",
            "2022-01-09",
            "2022-01-08",
            "2021-W52",
            "2022-01",
            "2021-12",
        ],
        [
            "2021-01-05T12:00:00Z",
            "2021-01-05",
            "2021-01-04",
            "2020-W53",
            "2021-01",
            "2020-12",
        ],
        // The 31st: months of different lengths.
        [
            "2024-03-31T12:00:00Z",
            "2024-03-31",
            "2024-03-30",
            "2024-W12",
            "2024-03",
            "2024-02",
        ],
        // The last month that exists.
        [
            "9999-12-30T22:00:00Z",
            "9999-12-30",
            "9999-12-29",
            "9999-W51",
            "9999-12",
            "9999-11",
        ],
    ] {
        let [now, expected @ ..] = row;
        let now = at(now);
        let periods = [
            Period::today(now),
            Period::yesterday(now),
            Period::last_week(now),
            Period::this_month(now),
            Period::last_month(now),
        ];
        let periods = periods.map(|period| period.unwrap().to_string());
        assert_eq!(periods, expected, "{now}");
    }
}

#[test]
fn days_are_those_of_utc() {
    let now = at("2022-01-01T00:30:00+02:00");
    assert_eq!(Period::today(now).unwrap().to_string(), "2021-12-31");
}

#[test]
fn the_last_days_end_with_yesterday() {
    for (days, now, expected) in [
        (1, "2022-01-01T12:00:00Z", "2021-12-31"),
        (2, "2022-01-01T12:00:00Z", "2021-12-30/2021-12-31"),
        (7, "2024-03-03T23:59:59Z", "2024-02-25/2024-03-02"),
        (30, "2022-03-02T00:00:00Z", "2022-01-31/2022-03-01"),
        (366, "2025-01-01T00:00:00Z", "2024-01-01/2024-12-31"),
    ] {
        let period = Period::last_days(days, at(now)).unwrap();
        assert_eq!(period.to_string(), expected, "{days} days before {now}");
        assert_eq!(period.split(super::super::Window::Day).count() as u32, days);
        assert_eq!(expected.parse::<Period>().unwrap(), period);
    }
}

#[test]
fn periods_that_do_not_exist_are_errors() {
    let zero = Period::last_days(0, at("2022-01-01T00:00:00Z")).unwrap_err();
    assert_eq!(
        zero.to_string(),
        "invalid period of 0 days: the number of days must be at least 1"
    );
    let now = at("0000-01-01T12:00:00Z");
    assert_eq!(Period::today(now).unwrap().to_string(), "0000-01-01");
    let before: [Result<Period, Error>; 7] = [
        Period::yesterday(now),
        Period::last_week(now),
        Period::last_month(now),
        Period::last_days(1, now),
        Period::last_days(u32::MAX, at("2022-01-01T00:00:00Z")),
        Period::today(Timestamp::MIN),
        Period::yesterday(Timestamp::MIN),
    ];
    for (index, period) in before.into_iter().enumerate() {
        let error = period.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{index}: {error}");
        assert!(
            error.to_string().contains("0000 to 9999"),
            "{index}: {error}"
        );
    }
}
