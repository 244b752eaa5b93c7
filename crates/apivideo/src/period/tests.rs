use super::*;

fn days(period: &str) -> (String, String) {
    let period: Period = period.parse().unwrap();
    (
        period.first_day().to_string(),
        period.last_day().to_string(),
    )
}

#[test]
fn every_form_has_a_first_and_a_last_day() {
    for (period, first, last) in [
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
        assert_eq!(
            days(period),
            (first.to_owned(), last.to_owned()),
            "{period}"
        );
    }
}

#[test]
fn display_round_trips_in_the_form_of_the_service() {
    for form in [
        "2022-01-01",
        "2022-W01",
        "2022-W52",
        "2022-01",
        "2022",
        "2018-01-01/2018-01-15",
    ] {
        let period: Period = form.parse().unwrap();
        assert_eq!(period.to_string(), form);
        let json = serde_json::to_string(&period).unwrap();
        assert_eq!(json, format!("{form:?}"));
        assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), period);
        assert_eq!(Period::try_from(form).unwrap(), period);
    }
}

#[test]
fn an_invalid_period_is_rejected_with_the_reason_and_the_forms() {
    for (period, reason) in [
        ("2022-13", "month must be 01 to 12"),
        ("2022-00", "month must be 01 to 12"),
        ("2022-W54", "does not have that week"),
        ("2021-W53", "does not have that week"),
        ("2022-W00", "does not have that week"),
        ("2022-02-30", "the day 2022-02-30 does not exist"),
        ("2022-01-15/2022-01-01", "before the first day"),
        ("2022-01/2022-02", "\"2022-01\" is not a day"),
        ("", "unknown form"),
        ("today", "unknown form"),
        ("22-01-01", "unknown form"),
        ("2022-1-1", "is not a day"),
        ("2022-01-01T99", "not a valid date-time"),
        ("+2022", "unknown form"),
        ("2022-W1", "unknown form"),
        ("20222", "unknown form"),
        (" 2022", "unknown form"),
    ] {
        let error = period.parse::<Period>().unwrap_err().to_string();
        assert!(error.contains(reason), "{period}: {error}");
        assert!(error.contains("an ISO week (2022-W01)"), "{error}");
    }
    assert_eq!(
        "2022-13".parse::<Period>().unwrap_err().to_string(),
        "invalid period \"2022-13\": month must be 01 to 12; use a day (2022-01-01), an ISO week (2022-W01), \
         a month (2022-01), a year (2022), or a range of days (2022-01-01/2022-01-15)"
    );
}

#[test]
fn years_without_four_digits_are_rejected() {
    assert!(Period::year(-1).is_err());
    assert!(Period::iso_week(2022, -1).is_err());
    let before = "0000-01-01T00:00:00+01:00".parse::<Period>().unwrap_err();
    assert!(before.to_string().contains("0000 to 9999"), "{before}");
    assert!(Period::month(-1, 1).is_err() && Period::iso_week(-1, 1).is_err());
    let before = Date::new(-1, 12, 31).unwrap();
    assert!(Period::day(before).is_err() && Period::range(before, before).is_err());
}

#[test]
fn periods_are_ordered_by_their_days() {
    let mut periods: Vec<Period> = ["2022-02", "2022", "2022-01", "2022-01-31", "2022-W01"]
        .map(|form| form.parse().unwrap())
        .into();
    periods.sort();
    let sorted: Vec<String> = periods.iter().map(Period::to_string).collect();
    assert_eq!(
        sorted,
        ["2022-01", "2022", "2022-W01", "2022-01-31", "2022-02"]
    );
}
