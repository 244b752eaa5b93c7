//! Fingerprints of items: which were yielded lately, and all of a window.

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

/// The digest of a sequence that is followed by a part with this digest.
pub(crate) fn fold(digest: u64, part: u64) -> u64 {
    (digest.rotate_left(5) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A set of fingerprints.
pub(crate) type Fingerprints = HashSet<u64, BuildHasherDefault<Through>>;

/// The newest items by their fingerprints. Two of 10,000 share one in fewer than one of 10^11 streams.
#[derive(Debug, Default)]
pub(crate) struct RecentItems {
    known: Fingerprints,
    order: VecDeque<u64>,
}

impl RecentItems {
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

    /// Whether it is one of the newest.
    pub(crate) fn contains(&self, fingerprint: u64) -> bool {
        self.known.contains(&fingerprint)
    }
}

/// The fingerprints of all items of one window, so that the window can be read a second time.
///
/// In order they are a plain list of 8 bytes an item. They become a set once an item comes again: from then on it is
/// known of every item of the window whether it is new, not of the newest 10,000 alone.
#[derive(Debug)]
pub(crate) struct Known {
    kept: Kept,
    whole: bool,
}

#[derive(Debug)]
enum Kept {
    List(Vec<u64>),
    Set(Fingerprints),
    /// Too many to be kept.
    Dropped,
}

/// The number of fingerprints that one stream keeps, over all windows that it has open: 1 MB as lists, 2.4 MB as sets.
pub(crate) const MAX_KNOWN: usize = 131_072;

impl Known {
    /// Nothing is known yet; `whole` says that nothing was read before.
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

    /// Whether every item that was read of the window is known here.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Adds an item, and returns whether it is new to the window. `recent` says that it was seen lately, in this window or
    /// another one.
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

    /// Turns the list into a set: 9 to 18 bytes an item.
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

/// Fingerprints are hashes already.
#[derive(Default)]
pub(crate) struct Through(u64);

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
    fn items_of_a_window_are_known_exactly_once_one_came_again() {
        let mut known = Known::new(true);
        for number in 0..30 {
            assert!(known.insert(number, false));
        }
        assert!(!known.contains(3), "a list is not searched");
        assert!(!known.insert(3, true));
        assert!(known.contains(29) && !known.insert(29, false));
        assert!(known.insert(100, true), "seen in another window");
        assert_eq!((known.len(), known.is_whole()), (31, true));
        known.forget();
        assert_eq!((known.len(), known.is_whole()), (0, false));
        assert!(known.insert(3, false) && !known.insert(3, true));
    }

    #[test]
    fn the_newest_are_remembered_and_no_more() {
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
        assert!(recent_items.insert(0), "long forgotten");
    }
}
