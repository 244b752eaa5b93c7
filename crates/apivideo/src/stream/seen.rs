//! Which items have been given, within a bounded memory.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// So many items are remembered: a collection can move by a hundred full pages between two replies.
const MEMORY: usize = 10_000;

/// The fingerprint of a text: FNV-1a in 64 bits, the same in every release, since cursors keep it.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The newest items by their fingerprints. Two of 10,000 share one in fewer than one of 10^11 streams.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    known: HashSet<u64, BuildHasherDefault<Through>>,
    order: VecDeque<u64>,
}

impl Seen {
    /// Whether it is new; remembers it.
    pub(crate) fn insert(&mut self, fingerprint: u64) -> bool {
        if !self.known.insert(fingerprint) {
            return false;
        }
        if self.order.len() == MEMORY
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(fingerprint);
        true
    }
}

/// Fingerprints are hashes already.
#[derive(Default)]
struct Through(u64);

impl Hasher for Through {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_never_change() {
        assert_eq!(fingerprint(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint("psEmFwGQUAXR2lFHj5nDOpy"), 0xd647c1adcc7acf24);
        assert_eq!(fingerprint("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn the_newest_are_remembered_and_no_more() {
        let mut seen = Seen::default();
        for number in 0..25_000 {
            assert!(seen.insert(number), "{number} is new");
            assert!(!seen.insert(number));
        }
        assert_eq!((seen.known.len(), seen.order.len()), (MEMORY, MEMORY));
        assert!(!seen.insert(24_999 - 9_999));
        assert!(seen.insert(0), "long forgotten");
    }
}
