//! The sessions of a day, each once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::date_range::DateRange;
use crate::format;
use crate::manifest::OutOfPeriod;
use crate::row::Row;
use crate::table::Key;

/// The sessions of a day, in the order of its file.
#[derive(Default)]
pub(super) struct DaySessions(BTreeMap<Key, DaySession>);

/// A session of a day.
pub(super) struct DaySession {
    pub(super) row: Row,
    /// The period for which the session was listed, if the day is not part of it.
    pub(super) out_of_period: Option<DateRange>,
    /// Whether it was stored before and was not listed again.
    pub(super) is_kept: bool,
}

impl DaySessions {
    /// Adds a session; the same session from two lists is merged.
    pub(super) fn add(&mut self, session: DaySession) {
        match self.0.entry(session.row.key()) {
            Entry::Vacant(entry) => drop(entry.insert(session)),
            Entry::Occupied(mut entry) => entry.get_mut().merge(session),
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<&DaySession> {
        self.0.get(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.0.keys()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Key, &DaySession)> {
        self.0.iter()
    }

    /// Returns the entries of the manifest for sessions that were only listed for a period of other days.
    pub(super) fn out_of_period(&self) -> Vec<OutOfPeriod> {
        let entry = |(key, session): (&Key, &DaySession)| {
            Some(OutOfPeriod {
                asset: key.asset_id()?,
                session: key.session_id.clone(),
                period: session.out_of_period?,
            })
        };
        self.0.iter().filter_map(entry).collect()
    }
}

impl DaySession {
    /// Merges the same session from another list: the later state is kept.
    fn merge(&mut self, other: Self) {
        // The session is in its period as soon as one of the lists has it there.
        let out_of_period = match (self.out_of_period, other.out_of_period) {
            (Some(one), Some(two)) => Some(if other.is_kept { one } else { two }),
            _ => None,
        };
        let rank = |session: &Self| {
            let mut line = String::new();
            format::write_row(&session.row, &mut line);
            (session.row.ended_at(), line)
        };
        if rank(&other) > rank(self) {
            *self = other;
        }
        self.out_of_period = out_of_period;
    }
}
