//! Session keys, and the session identifiers that encode them.

use crate::rng::{BASE62_LEN, Purpose, Rng, parse_base62, push_base62};

/// The coordinates of a session in the world, from which everything about it is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey {
    pub(crate) asset: usize,
    /// The day, counted from the first day of the world.
    pub(crate) day: u32,
    /// The number of the session among those of its asset and day. For an inserted session: its second of the day, and
    /// its number among all inserted sessions.
    pub(crate) k: u32,
}

/// The bit of `k` that is set for inserted sessions.
const INSERTED: u32 = 1 << 31;

/// The number of bits of `k` that contain the number of an inserted session.
const NUMBER_BITS: u32 = 14;

/// The maximum number of inserted sessions.
pub(crate) const MAX_INSERTED: u32 = 1 << NUMBER_BITS;

impl SessionKey {
    /// Returns the key of the `number`-th inserted session, loaded at a second of a day.
    pub(crate) fn inserted(asset: usize, day: u32, second: u32, number: u32) -> Self {
        let k = INSERTED | second << NUMBER_BITS | number;
        Self { asset, day, k }
    }

    /// Returns the second of the day at which an inserted session was loaded; `None` for other sessions.
    pub(crate) fn inserted_second(self) -> Option<u32> {
        (self.k & INSERTED != 0).then_some((self.k & !INSERTED) >> NUMBER_BITS)
    }
}

const PREFIX: &[u8] = b"ps";

/// Returns the identifier of a session: `ps` and 22 base-62 digits, which are a tag computed from the key, and the key
/// itself, masked with a number computed from the tag. Identifiers that do not belong to the world have a wrong tag,
/// except for one in 2^64.
pub(crate) fn encode(seed: u64, key: SessionKey) -> String {
    let packed = (key.asset as u64) << 48 | u64::from(key.day) << 32 | u64::from(key.k);
    let tag = tag(seed, packed);
    let mut id = PREFIX.to_vec();
    push_base62(&mut id, tag);
    push_base62(&mut id, packed ^ mask(seed, tag));
    String::from_utf8_lossy(&id).into_owned()
}

/// Returns the key that an identifier encodes.
pub(crate) fn decode(seed: u64, id: &str) -> Option<SessionKey> {
    let digits = id.as_bytes().strip_prefix(PREFIX)?;
    let (first, second) = digits.split_at_checked(BASE62_LEN)?;
    let found = parse_base62(first)?;
    let packed = parse_base62(second)? ^ mask(seed, found);
    (found == tag(seed, packed)).then_some(SessionKey {
        asset: (packed >> 48) as usize,
        day: (packed >> 32) as u32 & 0xffff,
        k: packed as u32,
    })
}

fn tag(seed: u64, packed: u64) -> u64 {
    Rng::new(seed, Purpose::SessionId, &[packed]).next()
}

fn mask(seed: u64, tag: u64) -> u64 {
    Rng::new(seed, Purpose::SessionIdMask, &[tag]).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_round_trip_and_have_the_format_of_the_service() {
        for key in [(0, 0, 0), (65_535, 3_659, u32::MAX), (3, 14, 159)] {
            let (asset, day, k) = key;
            let key = SessionKey { asset, day, k };
            let id = encode(7, key);
            assert_eq!(id.len(), 24);
            assert!(id.starts_with("ps") && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(decode(7, &id), Some(key));
            assert_eq!(decode(8, &id), None, "identifier of another seed");
        }
    }

    #[test]
    fn other_identifiers_are_rejected() {
        let id = encode(
            7,
            SessionKey {
                asset: 1,
                day: 2,
                k: 3,
            },
        );
        let swapped: String = id[..23].chars().chain(['-']).collect();
        let changed = id.replacen(&id[5..6], if &id[5..6] == "x" { "y" } else { "x" }, 1);
        for other in [
            "",
            "ps",
            "psEmFwGQUAXR2lFHj5nDOpy",
            &id[..23],
            &swapped,
            &changed,
            "pé",
            "ps00000000000é0000000000",
        ] {
            assert_eq!(decode(7, other), None, "{other}");
        }
    }
}
