//! Fingerprints of items, to drop duplicates: of the newest items, and of all items of a window.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// The number of remembered items: a list can move by a hundred full pages between two responses.
const MEMORY: usize = 10_000;

/// Returns the fingerprint of a string in 64 bits. It is the same in every release and on every machine, because cursors
/// contain it.
///
/// It is FNV-1a over little-endian words of eight bytes. The last word is the last eight bytes, which can overlap the word before;
/// a shorter string is padded with zeros, so the length is hashed first. A multiplication does not change lower bits by higher
/// ones, so each is followed by a shift.
pub(crate) fn fingerprint(text: &str) -> u64 {
    /// The bits of the golden ratio. It is odd, so multiplying by it is reversible.
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
    // Once more, so that the last bytes reach all bits as well.
    mix(mix(hash, last), [0; 8])
}

/// Returns the digest of a sequence with this digest, extended by a part with that one.
pub(crate) fn fold(digest: u64, part: u64) -> u64 {
    (digest.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set of fingerprints.
pub(crate) type Fingerprints = HashSet<u64, BuildHasherDefault<IdentityHasher>>;

/// The fingerprints of the newest items. Two of 10,000 collide in fewer than one of 10^11 streams.
#[derive(Debug, Default)]
pub(crate) struct RecentItems {
    known: Fingerprints,
    order: VecDeque<u64>,
}

impl RecentItems {
    /// Remembers an item, and returns whether it is new.
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

    /// Whether an item is one of the newest.
    pub(crate) fn contains(&self, fingerprint: u64) -> bool {
        self.known.contains(&fingerprint)
    }
}

/// The fingerprints of all items of one window, so that the window can be read a second time.
///
/// At first they are a list with 8 bytes per item. With the first duplicate they become a set: from then on, every item of the
/// window is recognized, not only the newest 10,000.
#[derive(Debug)]
pub(crate) struct Known {
    kept: Kept,
    whole: bool,
}

#[derive(Debug)]
enum Kept {
    List(Vec<u64>),
    Set(Fingerprints),
    /// There were too many.
    Dropped,
}

/// The number of fingerprints that one stream keeps for all of its open windows: 1 MB as lists, 2.4 MB as sets.
pub(crate) const MAX_KNOWN: usize = 131_072;

impl Known {
    /// Creates an empty set; `whole` means that nothing was read before.
    pub(crate) fn new(whole: bool) -> Self {
        Self {
            kept: Kept::List(Vec::new()),
            whole,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.kept {
            Kept::List(list) => list.len(),
            Kept::Set(set) => set.len(),
            Kept::Dropped => 0,
        }
    }

    /// Whether every item that was read of the window is known.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Adds an item, and returns whether it is new to the window. `recent` means that it is one of the newest items of all windows.
    pub(crate) fn insert(&mut self, fingerprint: u64, recent: bool) -> bool {
        if recent {
            self.index();
        }
        match &mut self.kept {
            Kept::List(list) => {
                list.push(fingerprint);
                true
            }
            Kept::Set(set) => set.insert(fingerprint),
            Kept::Dropped => !recent,
        }
    }

    /// Whether an item is known, as far as it was indexed.
    pub(crate) fn contains(&self, fingerprint: u64) -> bool {
        matches!(&self.kept, Kept::Set(set) if set.contains(&fingerprint))
    }

    /// Turns the list into a set, with 9 to 18 bytes per item.
    pub(crate) fn index(&mut self) {
        if let Kept::List(list) = &mut self.kept {
            self.kept = Kept::Set(std::mem::take(list).into_iter().collect());
        }
    }

    /// Drops all fingerprints: the window is too long.
    pub(crate) fn forget(&mut self) {
        self.kept = Kept::Dropped;
        self.whole = false;
    }
}

/// A hasher for fingerprints, which are hashes already.
#[derive(Default)]
pub(crate) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
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
    fn similar_strings_have_independent_fingerprints() {
        let all = (0..20_000)
            .flat_map(|n: u32| [format!("ps{n}"), format!("{n:022x}"), format!("{n:x<24}")]);
        let mut known: Vec<u64> = all.map(|text| fingerprint(&text)).collect();
        // Padding differs from zeros, and an overlap differs from a repetition.
        known.extend(["\0", "\0\0", "12345678", "1234567812345678"].map(fingerprint));
        let count = known.len();
        // Hash tables take their buckets from the lower bits and their tags from the upper ones.
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
    fn items_of_a_window_are_indexed_at_the_first_duplicate() {
        let mut known = Known::new(true);
        for number in 0..30 {
            assert!(known.insert(number, false));
        }
        assert!(!known.contains(3), "a list is not searched");
        assert!(!known.insert(3, true));
        assert!(known.contains(29) && !known.insert(29, false));
        assert!(known.insert(100, true), "received in another window");
        assert_eq!((known.len(), known.is_whole()), (31, true));
        known.forget();
        assert_eq!((known.len(), known.is_whole()), (0, false));
        assert!(known.insert(3, false) && !known.insert(3, true));
    }

    #[test]
    fn remembers_only_the_newest_items() {
        let mut recent_items = RecentItems::default();
        for number in 0..25_000 {
            assert!(recent_items.insert(number), "{number} is new");
            assert!(!recent_items.insert(number));
        }
        assert_eq!(
            (recent_items.known.len(), recent_items.order.len()),
            (MEMORY, MEMORY)
        );
        assert!(!recent_items.insert(24_999 - 9_999));
        assert!(recent_items.insert(0), "no longer remembered");
    }
}
