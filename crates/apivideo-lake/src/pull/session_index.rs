//! The sessions of a day in the order of its files, with what reading their events needs: about 60 bytes for each.

use std::cmp::Ordering;

use apivideo::Timestamp;

use super::sort::KeyRef;
use crate::table::Key;

/// The sessions of a day, sorted by their keys.
#[derive(Default)]
pub(super) struct SessionIndex {
    assets: Vec<(String, String)>,
    /// The identifiers of all sessions.
    ids: String,
    entries: Vec<Entry>,
}

struct Entry {
    asset: u32,
    is_kept: bool,
    source: Source,
    /// Where the identifier ends in `ids`; it starts where that of the entry before ends.
    id_end: usize,
    ended_at: Option<i64>,
}

/// Where the events of a session are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// They are requested, unless they are staged.
    Service,
    /// The stored ones are those of the current state of the session.
    Stored,
    /// They are not part of the lake.
    None,
}

/// The state of a session whose events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SessionState {
    /// When it ended, in microseconds since the Unix epoch.
    pub(super) ended_at: Option<i64>,
    /// Whether it was stored before and was not listed again.
    pub(super) is_kept: bool,
    pub(super) source: Source,
}

impl SessionIndex {
    /// Adds a session whose key is after all others.
    pub(super) fn push(&mut self, (kind, id, session): KeyRef<'_>, state: SessionState) {
        let is_same = |asset: &(String, String)| asset.0 == kind && asset.1 == id;
        if !self.assets.last().is_some_and(is_same) {
            self.assets.push((kind.to_owned(), id.to_owned()));
        }
        self.ids.push_str(session);
        self.entries.push(Entry {
            asset: u32::try_from(self.assets.len() - 1).unwrap_or(u32::MAX),
            is_kept: state.is_kept,
            source: state.source,
            id_end: self.ids.len(),
            ended_at: state.ended_at,
        });
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the key of the session at an index.
    pub(super) fn key_ref(&self, index: usize) -> Option<KeyRef<'_>> {
        let entry = self.entries.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => self.entries.get(before)?.id_end,
            None => 0,
        };
        let (kind, id) = self.assets.get(usize::try_from(entry.asset).ok()?)?;
        Some((kind, id, self.ids.get(start..entry.id_end)?))
    }

    /// Returns a copy of the key of the session at an index.
    pub(super) fn key(&self, index: usize) -> Option<Key> {
        let (asset_kind, asset_id, session_id) = self.key_ref(index)?;
        Some(Key {
            asset_kind: asset_kind.to_owned(),
            asset_id: asset_id.to_owned(),
            session_id: session_id.to_owned(),
        })
    }

    pub(super) fn state(&self, index: usize) -> Option<SessionState> {
        self.entries.get(index).map(|entry| SessionState {
            ended_at: entry.ended_at,
            is_kept: entry.is_kept,
            source: entry.source,
        })
    }

    /// Returns the index of a key.
    pub(super) fn find(&self, key: KeyRef<'_>) -> Option<usize> {
        let (mut low, mut high) = (0, self.entries.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.key_ref(middle)?.cmp(&key) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

/// Returns an instant of a row, which has microseconds.
pub(super) fn micros(time: Option<Timestamp>) -> Option<i64> {
    time.map(Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_their_order() {
        let mut index = SessionIndex::default();
        let mut keys = Vec::new();
        for kind in ["live-stream", "video"] {
            for asset in ["a", "b"] {
                for session in ["", "ps1", "ps22", "ps3"] {
                    keys.push((kind, asset, session));
                }
            }
        }
        for (number, key) in keys.iter().enumerate() {
            let state = SessionState {
                ended_at: number
                    .checked_sub(1)
                    .and_then(|number| number.try_into().ok()),
                is_kept: number % 2 == 0,
                source: Source::Service,
            };
            index.push(*key, state);
        }
        assert_eq!((index.len(), index.assets.len()), (keys.len(), 4));
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(
                (index.key_ref(number), index.find(*key)),
                (Some(*key), Some(number))
            );
            assert_eq!(index.state(number).unwrap().is_kept, number % 2 == 0);
        }
        assert_eq!(index.find(("video", "a", "ps2")), None);
        assert_eq!(index.find(("video", "c", "")), None);
        assert_eq!(
            (index.key(keys.len()), index.state(keys.len())),
            (None, None)
        );
    }

    #[test]
    fn a_session_takes_at_most_64_bytes() {
        // The identifiers of the service have 25 characters.
        assert!(size_of::<Entry>() + 25 <= 64, "{}", size_of::<Entry>());
    }
}
