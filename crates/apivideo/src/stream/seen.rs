//! Which items have been given, within a bounded memory.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// So many items are remembered: a collection can move by a hundred full pages between two replies.
const MEMORY: usize = 10_000;

/// The fingerprint of a text in 64 bits, the same in every release and on every machine, since cursors keep it.
///
/// As FNV-1a, but by words of eight bytes, the first byte lowest. The last word is the last eight bytes, some of which can
/// have been in the word before; a shorter text is filled up with zeros. So it begins with the length. A multiplication
/// carries nothing down, so that each is followed by a shift.
pub(crate) fn fingerprint(text: &str) -> u64 {
    /// Odd, so that multiplying by it loses nothing: the golden ratio's bits.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: [u8; 8]| {
        let hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(FACTOR);
        hash ^ (hash >> 32)
    };
    let bytes = text.as_bytes();
    let last = bytes.last_chunk().copied().unwrap_or_else(|| {
        let mut short = [0; 8];
        short[..bytes.len()].copy_from_slice(bytes);
        short
    });
    let hash = 0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64;
    let (words, _) = bytes.as_chunks();
    let hash = words.iter().fold(hash, |hash, word| mix(hash, *word));
    // Once more, so that the last bytes too reach all bits.
    mix(mix(hash, last), [0; 8])
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
        assert_eq!(fingerprint(""), 0x8603_89c5_7a9c_1205);
        assert_eq!(
            fingerprint("psEmFwGQUAXR2lFHj5nDOpy"),
            0xa6ca_1963_e6b8_55be
        );
        assert_eq!(fingerprint("a"), 0x3262_30de_fea7_634e);
    }

    #[test]
    fn texts_that_differ_in_little_have_nothing_in_common() {
        let all = (0..20_000)
            .flat_map(|n: u32| [format!("ps{n}"), format!("{n:022x}"), format!("{n:x<24}")]);
        let mut known: Vec<u64> = all.map(|text| fingerprint(&text)).collect();
        // Zeros are not what fills up, and what is read twice is not what stands twice.
        known.extend(["\0", "\0\0", "12345678", "1234567812345678"].map(fingerprint));
        let count = known.len();
        // The table of those that were seen takes its places from the lower bits, and its tags from the upper ones.
        for part in [0..64, 0..40, 24..64] {
            let width = part.end - part.start;
            let mut parts: Vec<u64> = known
                .iter()
                .map(|print| print << (64 - part.end) >> (64 - width))
                .collect();
            parts.sort_unstable();
            parts.dedup();
            assert!(
                count - parts.len() < 10,
                "{part:?}: {} of {count}",
                parts.len()
            );
        }
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
