//! Numbers and durations for reading.

/// Returns a number with separators of thousands: `2,401`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the nearest whole number, with separators of thousands.
pub(crate) fn whole(number: f64) -> String {
    // Half to even, as the other formats round.
    let rounded = number.max(0.0).round_ties_even();
    count(rounded as u64)
}

/// Returns a number with at most one decimal, and none from 1,000.
pub(crate) fn tenths(number: f64) -> String {
    if number >= 1_000.0 {
        return whole(number);
    }
    let text = format!("{number:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// Returns a number of things: `1 visit`, `2,401 visits`.
pub(crate) fn plural(number: u64, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{} {one}s", count(number)),
    }
}

/// Returns a ratio in percent: `46 %`, with one decimal below 10 %.
pub(crate) fn percent(ratio: f64) -> String {
    let value = ratio * 100.0;
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value > 0.0 && value < 0.1 {
        return "< 0.1\u{a0}%".replace(' ', "\u{a0}");
    }
    match value.abs() < 9.95 && value != 0.0 {
        true => format!("{value:.1}\u{a0}%"),
        false => format!("{value:.0}\u{a0}%"),
    }
}

/// Returns the ratio of two counts in percent, or a dash.
pub(crate) fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => percent(part as f64 / whole as f64),
    }
}

/// Returns a length of time: `187 h`, `3 h 12 min`, `12 min 5 s`, `40 s`.
pub(crate) fn duration(seconds: f64) -> String {
    let whole_seconds = (seconds.max(0.0) + 0.5) as u64;
    match whole_seconds {
        0..60 => format!("{whole_seconds}\u{a0}s"),
        60..3_600 => format!(
            "{}\u{a0}min {}\u{a0}s",
            whole_seconds / 60,
            whole_seconds % 60
        ),
        // To the minute below 20 hours.
        3_600..71_970 => {
            let minutes = (whole_seconds + 30) / 60;
            format!("{}\u{a0}h {}\u{a0}min", minutes / 60, minutes % 60)
        }
        _ => format!("{}\u{a0}h", whole(whole_seconds as f64 / 3_600.0)),
    }
}

/// Returns lengths of time that are compared: with minutes, where whole hours would be equal.
pub(crate) fn durations<const N: usize>(seconds: [f64; N]) -> [String; N] {
    let texts = seconds.map(duration);
    let is_ambiguous = texts
        .iter()
        .zip(texts.iter().skip(1))
        .zip(seconds.windows(2))
        .any(|((text, next), values)| text == next && values[0] != values[1]);
    match is_ambiguous {
        true => seconds.map(hours_and_minutes),
        false => texts,
    }
}

/// Returns a length of time to the minute; below an hour, as [`duration`].
fn hours_and_minutes(seconds: f64) -> String {
    let minutes = (seconds.max(0.0) / 60.0 + 0.5) as u64;
    match minutes {
        0..60 => duration(seconds),
        _ => format!("{}\u{a0}h {}\u{a0}min", count(minutes / 60), minutes % 60),
    }
}

/// Returns how long something lasted, also for less than a second.
pub(crate) fn lasting(seconds: f64) -> String {
    match seconds < 1.0 {
        true => "less than a second".to_owned(),
        false => duration(seconds),
    }
}

/// Returns the value and the unit of a length of time for a tile.
pub(crate) fn headline(seconds: f64) -> (String, &'static str) {
    match seconds {
        _ if seconds >= 36_000.0 => (whole(seconds / 3_600.0), "h"),
        _ if seconds >= 3_570.0 => {
            let minutes = (seconds / 60.0).round() as u64;
            (format!("{}:{:02}", minutes / 60, minutes % 60), "h")
        }
        _ if seconds >= 59.5 => (Clock::default().format(seconds), "min"),
        _ => (whole(seconds), "s"),
    }
}

/// How positions and short times are written: `2:19`, `1:02:33`; in videos under a minute with tenths, `0:03.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clock {
    has_tenths: bool,
}

impl Clock {
    /// Returns the format of positions in a video of a length.
    pub(crate) fn of_length(length: Option<f64>) -> Self {
        Self {
            has_tenths: length.is_some_and(|length| length < 60.0),
        }
    }

    pub(crate) fn format(self, seconds: f64) -> String {
        let seconds = seconds.max(0.0);
        if self.has_tenths && seconds < 59.95 && (seconds - seconds.round()).abs() > 0.04 {
            return format!("0:{seconds:04.1}");
        }
        let all = (seconds + 0.5) as u64;
        let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
        match hours {
            0 => format!("{minutes}:{seconds:02}"),
            _ => format!("{hours}:{minutes:02}:{seconds:02}"),
        }
    }
}

/// Returns a text of at most `limit` characters: the middle of a longer one is replaced by an ellipsis. `end` characters are kept
/// at the end.
pub(crate) fn shorten(text: &str, limit: usize, end: usize) -> String {
    let length = text.chars().count();
    if length <= limit {
        return text.to_owned();
    }
    let start = limit.saturating_sub(end + 1);
    let first = text.chars().take(start);
    let last = text.chars().skip(length - end.min(length));
    first.chain(['…']).chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compared_durations_differ() {
        let hours = |hours: f64| hours * 3_600.0;
        assert_eq!(
            durations([hours(15.65), hours(16.25), hours(16.4)]),
            [
                "15\u{a0}h 39\u{a0}min",
                "16\u{a0}h 15\u{a0}min",
                "16\u{a0}h 24\u{a0}min"
            ]
        );
        assert_eq!(
            durations([hours(72.0), hours(93.2), hours(93.2)]),
            ["72\u{a0}h", "93\u{a0}h", "93\u{a0}h"]
        );
        assert_eq!(
            durations([40.0, 65.0]),
            ["40\u{a0}s", "1\u{a0}min 5\u{a0}s"]
        );
    }

    #[test]
    fn counts_have_separators() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(2_401), "2,401");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(plural(1, "visit"), "1 visit");
        assert_eq!(plural(1_000, "visit"), "1,000 visits");
        assert_eq!(whole(f64::NAN), "0");
    }

    #[test]
    fn percentages_have_a_decimal_below_ten() {
        assert_eq!(percent(0.0), "0\u{a0}%");
        assert_eq!(percent(0.0004), "<\u{a0}0.1\u{a0}%");
        assert_eq!(percent(0.084), "8.4\u{a0}%");
        assert_eq!(percent(0.0996), "10\u{a0}%");
        assert_eq!(percent(1.49), "149\u{a0}%");
        assert_eq!(percent(f64::NAN), "–");
        assert_eq!(share(1, 0), "–");
    }

    #[test]
    fn durations_name_their_units() {
        assert_eq!(duration(40.2), "40\u{a0}s");
        assert_eq!(duration(725.0), "12\u{a0}min 5\u{a0}s");
        assert_eq!(duration(11_520.0), "3\u{a0}h 12\u{a0}min");
        assert_eq!(duration(24_943.0), "6\u{a0}h 56\u{a0}min");
        assert_eq!(duration(58_511.0), "16\u{a0}h 15\u{a0}min");
        assert_eq!(duration(71_969.0), "19\u{a0}h 59\u{a0}min");
        assert_eq!(duration(71_970.0), "20\u{a0}h");
        assert_eq!(duration(3_600_000.0), "1,000\u{a0}h");
        assert_eq!(tenths(1_234.56), "1,235");
        assert_eq!(tenths(7.04), "7");
        assert_eq!(lasting(0.2), "less than a second");
        assert_eq!(lasting(61.0), "1\u{a0}min 1\u{a0}s");
        assert_eq!(duration(-1.0), "0\u{a0}s");
        assert_eq!(headline(139.0), ("2:19".to_owned(), "min"));
        assert_eq!(headline(59.7), ("1:00".to_owned(), "min"));
        assert_eq!(headline(5_400.0), ("1:30".to_owned(), "h"));
        assert_eq!(headline(3_599.0), ("1:00".to_owned(), "h"));
        assert_eq!(headline(36_000.0), ("10".to_owned(), "h"));
    }

    #[test]
    fn clocks_have_hours_or_tenths_if_needed() {
        assert_eq!(Clock::default().format(139.4), "2:19");
        assert_eq!(Clock::default().format(3_753.0), "1:02:33");
        let short = Clock::of_length(Some(5.0));
        assert_eq!(short.format(3.5), "0:03.5");
        assert_eq!(short.format(3.0), "0:03");
        assert_eq!(short.format(59.97), "1:00");
    }

    #[test]
    fn long_texts_are_shortened_in_the_middle() {
        assert_eq!(shorten("short", 10, 4), "short");
        assert_eq!(shorten("abcdefghijkl", 8, 3), "abcd…jkl");
        assert_eq!(shorten("éééééééééééé", 8, 3), "éééé…ééé");
    }
}
