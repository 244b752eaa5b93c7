//! The lists of a pull: their sessions, and the days on which there are any.

use apivideo::Session;
use apivideo::jiff::civil::Date;

use super::measured::Files;
use crate::date_range::{DateRange, day_of};

/// The number of sessions of a list up to which a cursor has all of them: beyond, it has few (`MAX_GIVEN` of the client).
const MAX_POSITION: u64 = 4_096;

/// The number of sessions of a list from which on an estimate does not increase: a total can be wrong.
const MAX_SESSIONS: u64 = 10_000_000_000;

/// The same of all lists.
pub(super) const MAX_TOTAL: u64 = 1_000 * MAX_SESSIONS;

/// The number of sessions of a list, and their days as far as they are known.
#[derive(Clone, Copy)]
pub(in crate::pull) struct ListSize {
    pub(in crate::pull) sessions: u64,
    /// The period of the list.
    pub(in crate::pull) period: DateRange,
    /// The days of the first and the last session.
    known: Option<DateRange>,
}

/// What the lists of a pull have together.
#[derive(Clone, Copy)]
pub(super) struct Lists {
    pub(super) count: u64,
    /// The number of lists with requests of their own.
    pub(super) read: u64,
    pub(super) sessions: u64,
    /// The number of different days with sessions.
    pub(super) days: u64,
    /// The sum of the numbers of days with sessions of the lists.
    pub(super) list_days: u64,
    pub(super) pages: u64,
    /// The groups of sessions of one page and day, which are compressed together.
    pub(super) groups: u64,
    /// The sum, over the positions after all pages but the last one of each list, of the sessions that a position has.
    pub(super) received: u64,
    /// The mean number of sessions of a position in the longest lists.
    pub(super) position: u64,
}

impl ListSize {
    pub(in crate::pull) fn new(sessions: u64, period: DateRange) -> Self {
        Self {
            sessions: sessions.min(MAX_SESSIONS),
            period,
            known: None,
        }
    }

    /// Adds some sessions of the list.
    pub(in crate::pull) fn with(mut self, sessions: &[Session]) -> Self {
        let days = sessions.iter().filter_map(|session| session.loaded_at);
        for day in days.map(day_of) {
            let known = self.known.unwrap_or(DateRange::day(day));
            self.known = Some(DateRange::new(known.first.min(day), known.last.max(day)));
        }
        self
    }

    /// Returns whether further sessions can be on other days than the known ones.
    pub(in crate::pull) fn is_any_day_unknown(&self) -> bool {
        self.sessions > 1
            && self.period.first != self.period.last
            && self.known.is_some_and(|known| known.first == known.last)
    }

    /// Returns the days between the first and the last session, where the last sessions of all lists are on the day `last`.
    fn days(&self, last: Option<Date>) -> DateRange {
        let Some(known) = self.known else {
            return self.period;
        };
        let last = last.map_or(known.last, |last| last.min(self.period.last));
        DateRange::new(known.first, last.max(known.last))
    }
}

impl Lists {
    /// Adds up lists that cover `covered` different days. `count` is the number of lists: a size can be that of several.
    pub(super) fn new(sizes: &[ListSize], count: u64, covered: u64, page_size: u32) -> Self {
        let with_sessions = || sizes.iter().filter(|size| size.sessions > 0);
        let known = || with_sessions().filter_map(|size| size.known);
        let last = known().map(|days| days.last).max();
        let first = with_sessions().map(|size| size.days(last).first).min();
        let between = first
            .zip(last)
            .map(|(first, last)| length(DateRange::new(first, last)));
        let total = sizes.iter().map(|size| size.sessions).sum::<u64>();
        let mut lists = Self {
            count,
            read: sizes.len() as u64,
            sessions: total.min(MAX_TOTAL),
            days: 0,
            list_days: 0,
            pages: 0,
            groups: 0,
            received: 0,
            position: 0,
        };
        lists.days = days_with_any(lists.sessions, between.unwrap_or(covered).min(covered));
        let page_size = u64::from(page_size);
        for size in sizes {
            let pages = size.sessions.div_ceil(page_size).max(1);
            lists.pages += pages;
            let days = days_with_any(size.sessions, length(size.days(last)));
            lists.list_days += days;
            lists.groups += days + pages - 1;
            let positions = (pages - 1).min(MAX_POSITION / page_size);
            lists.received += page_size * (positions * (positions + 1) / 2);
            lists.position = lists.position.max(page_size * positions / 2);
        }
        lists
    }

    /// Returns the files of a table that has rows of some of the sessions.
    pub(super) fn files(&self, sessions: u64) -> Files {
        let share = |all: u64| match sessions == self.sessions {
            true => all,
            false => days_with_any(sessions, all),
        };
        Files {
            count: share(self.days),
            sessions,
            assets: share(self.list_days),
        }
    }
}

fn length(days: DateRange) -> u64 {
    days.days().count() as u64
}

/// Returns the expected number of days with at least one of some sessions that are distributed randomly among the days.
fn days_with_any(sessions: u64, days: u64) -> u64 {
    if days <= 1 {
        return days.min(sessions);
    }
    let days = days as f64;
    let without = (sessions as f64 * (-1.0 / days).ln_1p()).exp();
    (days * (1.0 - without)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sessions_are_on_few_days() {
        for (sessions, days, expected) in [
            (0, 0, 0),
            (5, 0, 0),
            (0, 1, 0),
            (7, 1, 1),
            (0, 30, 0),
            (1, 30, 1),
            (30, 30, 19),
            (300, 30, 30),
            (161, 1_790, 154),
            (5_000_000, 3, 3),
        ] {
            assert_eq!(
                days_with_any(sessions, days),
                expected,
                "{sessions} in {days}"
            );
        }
    }

    #[test]
    fn days_are_between_the_first_and_the_last_session() {
        let session = |day: &str| -> Session {
            let at = format!("{day}T12:00:00Z");
            serde_json::from_value(serde_json::json!({
                "session": { "sessionId": "ps1", "loadedAt": at, "endedAt": at }
            }))
            .unwrap()
        };
        let period = "2020-01-01/2022-01-31".parse::<apivideo::Period>().unwrap();
        let list = |sessions| ListSize::new(sessions, period.into());
        let whole = Lists::new(&[list(10_000)], 1, 762, 100);
        assert_eq!((whole.days, whole.pages, whole.groups), (762, 100, 861));
        assert_eq!(whole.received, 82_000);
        let of_january = list(10_000).with(&[session("2022-01-01"), session("2022-01-30")]);
        // Of the second list, only the first session is known.
        let others = [list(150).with(&[session("2022-01-21")]), list(0)];
        let sizes = [&[of_january], &others[..]].concat();
        let lists = Lists::new(&sizes, 3, 762, 100);
        assert_eq!((lists.count, lists.sessions, lists.days), (3, 10_150, 30));
        assert_eq!((lists.pages, lists.groups), (103, 30 + 99 + 10 + 1));
    }
}
