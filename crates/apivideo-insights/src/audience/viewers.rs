//! Unique viewers.

use std::hash::{DefaultHasher, Hasher};

use super::distinct::Distinct;
use crate::report::UniqueViewers;

/// The flag of an entry whose session was played, beside 63 bits of the hash of the key.
const PLAYED: u64 = 1;

/// Returns the hash of a viewer key. It is equal in all threads of a program.
pub(crate) fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish() & !PLAYED
}

/// The viewers of a cell: hashes of keys, and the number of sessions without a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewers {
    keys: Distinct<u64>,
    without_key: u64,
    without_key_played: u64,
}

impl Viewers {
    pub(crate) fn add(&mut self, viewer: Option<u64>, is_play: bool) {
        match viewer {
            Some(hash) => self.keys.insert(hash | u64::from(is_play)),
            None => {
                self.without_key += 1;
                self.without_key_played += u64::from(is_play);
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.keys.merge(other.keys);
        self.without_key += other.without_key;
        self.without_key_played += other.without_key_played;
    }

    pub(crate) fn finish(&mut self, key: &str) -> UniqueViewers {
        let (mut count, mut played) = (self.without_key, self.without_key_played);
        // The two entries of a viewer, without and with the flag, are neighbours.
        for viewer in self.keys.sorted().chunk_by(|a, b| a | PLAYED == b | PLAYED) {
            count += 1;
            played += u64::from(viewer.iter().any(|entry| entry & PLAYED != 0));
        }
        UniqueViewers {
            count,
            played,
            key: key.to_owned(),
            sessions_without_key: self.without_key,
            is_upper_bound: self.without_key > 0,
        }
    }
}
