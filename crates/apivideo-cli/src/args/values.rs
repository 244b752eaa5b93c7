//! Parsers of option values.

use std::num::NonZeroUsize;
use std::time::Duration;

use apivideo::Timestamp;
use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::Date;

use crate::text::is_hidden;

/// Parses `KEY=VALUE`.
pub(super) fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some(("", _)) => Err("the key is empty; expected KEY=VALUE, such as hats=green".to_owned()),
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err("missing `=`; expected KEY=VALUE, such as hats=green".to_owned()),
    }
}

/// Parses a finite number.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Parses a whole number of at least 1.
pub(super) fn positive(text: &str) -> Result<NonZeroUsize, String> {
    text.parse()
        .map_err(|_| "expected a whole number of at least 1".to_owned())
}

/// Parses a day.
pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "expected a day, such as 2022-01-01".to_owned())
}

/// Parses a timestamp with a time zone.
pub(super) fn timestamp(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        "expected a timestamp with a time zone, up to the year 9999, such as 2022-01-10T12:00:00Z"
            .to_owned()
    })
}

/// Parses a duration in whole seconds, up to a day.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("expected whole seconds from 1 to 86400".to_owned()),
    }
}

/// Parses a positive duration with units, such as 10m or 1h30m, up to 7 days.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    const MAX: Duration = Duration::from_hours(7 * 24);
    let parsed = text.parse::<SignedDuration>().ok();
    let duration = parsed.and_then(|duration| Duration::try_from(duration).ok());
    match duration {
        Some(duration) if !duration.is_zero() && duration <= MAX => Ok(duration),
        _ => Err("expected a duration up to 168h, such as 90s, 10m or 1h30m".to_owned()),
    }
}

/// Parses the text of unknown values in CSV. It never needs quotes, so that quotes distinguish an equal string from it.
pub(super) fn csv_null(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("it equals an empty string; use a string such as \\N or NULL".to_owned());
    }
    if text.contains(|c| matches!(c, ',' | '"') || is_hidden(c)) {
        return Err("it contains a comma, a quote or an invisible character".to_owned());
    }
    Ok(text.to_owned())
}

/// Checks a filter of `--jq`.
#[cfg(feature = "jq")]
pub(super) fn jq(text: &str) -> Result<String, String> {
    match crate::output::jq::Jq::compile(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, key_value, positive};

    #[test]
    fn durations_have_units_and_are_positive() {
        assert_eq!(duration("10m"), Ok(Duration::from_mins(10)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        for text in [
            "",
            "10",
            "0s",
            "-5m",
            "5m ago",
            "169h",
            "1mo",
            "ten minutes",
        ] {
            let error = duration(text).unwrap_err();
            assert!(error.contains("such as 90s"), "{text}: {error}");
        }
    }

    #[test]
    fn zero_is_not_positive() {
        assert_eq!(positive("3").map(usize::from), Ok(3));
        for text in ["0", "-1", "few"] {
            let error = positive(text).unwrap_err();
            assert!(error.contains("at least 1"), "{error}");
        }
    }

    #[test]
    fn key_value_pairs_need_a_key() {
        assert_eq!(key_value("hats=green"), Ok(("hats".into(), "green".into())));
        assert_eq!(key_value("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(key_value("a="), Ok(("a".into(), String::new())));
        assert!(key_value("hats").unwrap_err().contains("KEY=VALUE"));
        assert!(
            key_value("=green")
                .unwrap_err()
                .contains("the key is empty")
        );
    }
}
