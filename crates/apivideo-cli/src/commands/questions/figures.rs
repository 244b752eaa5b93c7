//! Numbers, shares, durations and positions as text.

/// Formats a number with separators: `2,401`.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a percentage: `46 %`, and one decimal below 1 %.
pub(super) fn percent(percent: f64) -> String {
    match percent {
        percent if percent > 0.0 && percent < 0.95 => format!("{percent:.1} %"),
        percent => format!("{percent:.0} %"),
    }
}

/// Formats a ratio as a percentage.
pub(super) fn share(ratio: f64) -> String {
    percent(ratio * 100.0)
}

/// Formats a duration: `93 h`, `9 h 12 min`, `2 min 5 s` or `4.2 s`.
pub(super) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return seconds.to_string();
    }
    if seconds < 9.95 {
        let tenths = (seconds * 10.0).round() / 10.0;
        return format!("{tenths} s");
    }
    let whole = seconds.round() as u64;
    if whole < 60 {
        return format!("{whole} s");
    }
    if whole < 600 {
        return match whole % 60 {
            0 => format!("{} min", whole / 60),
            rest => format!("{} min {rest} s", whole / 60),
        };
    }
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours @ 20.., _) => {
            let rounded = hours + u64::from(minutes % 60 >= 30);
            format!("{} h", number(rounded))
        }
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Formats a media position: `2:19` or `1:02:33`.
pub(super) fn position(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return seconds.to_string();
    }
    let whole = seconds.round() as u64;
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(2_401), "2,401");
        assert_eq!(number(1_234_567), "1,234,567");
    }

    #[test]
    fn percentages_are_rounded() {
        for (value, text) in [
            (0.0, "0 %"),
            (0.04, "0.0 %"),
            (0.4, "0.4 %"),
            (0.95, "1 %"),
            (45.6, "46 %"),
            (150.0, "150 %"),
        ] {
            assert_eq!(percent(value), text);
        }
    }

    #[test]
    fn durations_have_at_most_two_units() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (4.23, "4.2 s"),
            (9.97, "10 s"),
            (59.4, "59 s"),
            (59.6, "1 min"),
            (125.0, "2 min 5 s"),
            (3_599.0, "1 h"),
            (3_600.0 * 9.2, "9 h 12 min"),
            (3_600.0 * 93.4, "93 h"),
            (3_600.0 * 1_093.5, "1,094 h"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn positions_are_those_of_players() {
        assert_eq!(position(139.4), "2:19");
        assert_eq!(position(59.7), "1:00");
        assert_eq!(position(3_753.0), "1:02:33");
    }
}
