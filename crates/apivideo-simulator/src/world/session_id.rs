//! Session ids that carry their place in the world, so that nothing has to remember them.
//!
//! An id is `ps` and 22 characters of base 62: a tag computed from the place, and the place itself under a mask made
//! from the tag. An id that the world did not make has a wrong tag (one in 2^64 aside) and is not found.

use super::Place;
use crate::chance::{BASE62_LEN, Chance, Purpose, parse_base62, push_base62};

const PREFIX: &[u8] = b"ps";

pub(crate) fn encode(seed: u64, place: Place) -> String {
    let packed = (place.asset as u64) << 48 | u64::from(place.day) << 32 | u64::from(place.k);
    let tag = tag(seed, packed);
    let mut id = PREFIX.to_vec();
    push_base62(&mut id, tag);
    push_base62(&mut id, packed ^ mask(seed, tag));
    // Base 62 is ASCII.
    String::from_utf8_lossy(&id).into_owned()
}

pub(crate) fn decode(seed: u64, id: &str) -> Option<Place> {
    let digits = id.as_bytes().strip_prefix(PREFIX)?;
    let (first, second) = digits.split_at_checked(BASE62_LEN)?;
    let found = parse_base62(first)?;
    let packed = parse_base62(second)? ^ mask(seed, found);
    (found == tag(seed, packed)).then_some(Place {
        asset: (packed >> 48) as usize,
        day: (packed >> 32) as u32 & 0xffff,
        k: packed as u32,
    })
}

fn tag(seed: u64, packed: u64) -> u64 {
    Chance::new(seed, Purpose::SessionId, &[packed]).next()
}

fn mask(seed: u64, tag: u64) -> u64 {
    Chance::new(seed, Purpose::SessionIdMask, &[tag]).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_and_look_like_the_services() {
        for place in [(0, 0, 0), (65_535, 3_659, u32::MAX), (3, 14, 159)] {
            let (asset, day, k) = place;
            let place = Place { asset, day, k };
            let id = encode(7, place);
            assert_eq!(id.len(), 24);
            assert!(id.starts_with("ps") && id.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(decode(7, &id), Some(place));
            assert_eq!(decode(8, &id), None, "another seed's id");
        }
    }

    #[test]
    fn other_ids_are_nobodys() {
        let id = encode(
            7,
            Place {
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
