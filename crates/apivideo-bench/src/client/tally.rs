//! Counts every field of the items that were read, so that no program is faster by omitting some.

use serde::{Deserialize, Serialize};

/// The content that was read, in numbers that must be equal for all programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Sessions.
    pub sessions: u64,
    /// Events.
    pub events: u64,
    /// Bytes of all known strings.
    pub text: u64,
    /// Known times.
    pub times: u64,
}

impl Tally {
    /// Counts a string; `None` and the service's `"unknown"` are not counted.
    pub(crate) fn text(&mut self, text: Option<&str>) {
        if let Some(text) = std::hint::black_box(text).filter(|text| *text != "unknown") {
            self.text += text.len() as u64;
        }
    }

    /// Counts a time of any type.
    pub(crate) fn time<T>(&mut self, time: Option<T>) {
        self.times += u64::from(std::hint::black_box(time).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_strings_are_not_counted() {
        let mut tally = Tally::default();
        for text in [Some("France"), Some("unknown"), None, Some("")] {
            tally.text(text);
        }
        tally.time(Some("2022-01-01"));
        tally.time(None::<&str>);
        assert_eq!((tally.text, tally.times), (6, 1));
    }
}
