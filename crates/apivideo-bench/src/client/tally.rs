//! Touching every field of what was read, so that nobody is faster for having left something out.

use serde::{Deserialize, Serialize};

/// What was read, in numbers that have to be the same for all programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Sessions.
    pub sessions: u64,
    /// Events.
    pub events: u64,
    /// Bytes of all texts that are known.
    pub text: u64,
    /// Times that are known.
    pub times: u64,
}

impl Tally {
    /// A text: `None`, and the service's `"unknown"`, are no text.
    pub(crate) fn text(&mut self, text: Option<&str>) {
        if let Some(text) = std::hint::black_box(text).filter(|text| *text != "unknown") {
            self.text += text.len() as u64;
        }
    }

    /// A time, whatever its type.
    pub(crate) fn time<T>(&mut self, time: Option<T>) {
        self.times += u64::from(std::hint::black_box(time).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_no_text() {
        let mut tally = Tally::default();
        for text in [Some("France"), Some("unknown"), None, Some("")] {
            tally.text(text);
        }
        tally.time(Some("2022-01-01"));
        tally.time(None::<&str>);
        assert_eq!((tally.text, tally.times), (6, 1));
    }
}
