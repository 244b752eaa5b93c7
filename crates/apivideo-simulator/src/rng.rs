//! Random numbers with random access.
//!
//! Each item of the world has a generator of its own, derived from the seed and the coordinates of the item (asset,
//! day, number). Any session can therefore be computed on demand, without computing the sessions before it.

/// The finalizer of splitmix64: every bit of the output depends on every bit of the input.
pub(crate) const fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(STEP);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The purpose of a generator. Generators of different purposes are independent, even for the same coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Asset = 1,
    Traffic,
    LoadTime,
    Viewer,
    Metadata,
    Timeline,
    PlayerLoading,
    SessionId,
    SessionIdMask,
    Token,
    Fault,
    Broadcast,
    Chapters,
}

/// A random number generator, determined by the seed, its purpose and the coordinates of an item.
#[derive(Clone, Debug)]
pub(crate) struct Rng {
    state: u64,
}

impl Rng {
    pub(crate) fn new(seed: u64, purpose: Purpose, coordinates: &[u64]) -> Self {
        let mut state = mix(seed ^ mix(purpose as u64));
        for coordinate in coordinates {
            state = mix(state ^ coordinate.wrapping_mul(STEP));
        }
        Self { state }
    }

    pub(crate) fn next(&mut self) -> u64 {
        let value = mix(self.state);
        self.state = self.state.wrapping_add(STEP);
        value
    }

    /// Returns a number from 0 to `bound` - 1; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// Returns a number from `low` to `high`, inclusive.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as u64) as i64
    }

    /// Returns `true` with a probability of `percent` %.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns `true` with a probability of `share` / 10,000.
    pub(crate) fn per_ten_thousand(&mut self, share: u64) -> bool {
        self.below(10_000) < share
    }

    /// Returns one of `items`, which must not be empty.
    pub(crate) fn choose<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }
}

/// Appends `value` as 11 characters of `[0-9A-Za-z]`, least significant digit first.
pub(crate) fn push_base62(out: &mut Vec<u8>, mut value: u64) {
    for _ in 0..BASE62_LEN {
        out.push(DIGITS[(value % 62) as usize]);
        value /= 62;
    }
}

/// Parses the output of [`push_base62`]. Returns `None` for any other text.
pub(crate) fn parse_base62(text: &[u8]) -> Option<u64> {
    if text.len() != BASE62_LEN {
        return None;
    }
    text.iter().rev().try_fold(0u64, |value, character| {
        let digit = match character {
            b'0'..=b'9' => character - b'0',
            b'A'..=b'Z' => character - b'A' + 10,
            b'a'..=b'z' => character - b'a' + 36,
            _ => return None,
        };
        value.checked_mul(62)?.checked_add(u64::from(digit))
    })
}

pub(crate) const BASE62_LEN: usize = 11;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_depend_on_seed_purpose_and_coordinates() {
        let draw = |coordinates: &[u64]| Rng::new(7, Purpose::Viewer, coordinates).next();
        assert_eq!(draw(&[1, 2, 3]), draw(&[1, 2, 3]));
        assert_ne!(draw(&[1, 2, 3]), draw(&[1, 2, 4]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        assert_ne!(draw(&[1]), Rng::new(8, Purpose::Viewer, &[1]).next());
        assert_ne!(draw(&[1]), Rng::new(7, Purpose::Timeline, &[1]).next());
    }

    #[test]
    fn numbers_are_within_bounds() {
        let mut rng = Rng::new(1, Purpose::Viewer, &[]);
        for _ in 0..1_000 {
            assert!(rng.below(7) < 7);
            assert!((3..=5).contains(&rng.between(3, 5)));
        }
        assert_eq!(rng.below(0), 0);
    }

    #[test]
    fn base62_round_trips_and_rejects_other_strings() {
        for value in [0, 1, 61, 62, 12_345_678_901_234_567_890, u64::MAX] {
            let mut text = Vec::new();
            push_base62(&mut text, value);
            assert_eq!(parse_base62(&text), Some(value));
        }
        assert_eq!(parse_base62(b"zzzzzzzzzzz"), None, "exceeds u64");
        assert_eq!(parse_base62(b"0000000000"), None, "too short");
        assert_eq!(parse_base62(b"0000000000-"), None);
    }
}
