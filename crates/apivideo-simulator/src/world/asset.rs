use std::fmt;

use super::vocabulary::{METADATA, MetadataKey, TAGS, TITLE_FORMS, TITLE_SUBJECTS};
use crate::chance::{Chance, Purpose, push_base62};
use crate::time::{DAY, MINUTE, SECOND};

/// The video of the service's tutorial; it is in every world.
pub const TUTORIAL_VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
/// The live stream of the service's tutorial; it is in every world that has live streams.
pub const TUTORIAL_LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
/// The session of the service's tutorial: the first of [`TUTORIAL_VIDEO`] on 2022-01-01.
pub const TUTORIAL_SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

/// What a session can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssetKind {
    /// A video.
    Video,
    /// A live stream.
    LiveStream,
}

/// A video or a live stream of the world.
#[derive(Clone)]
pub struct Asset {
    pub(crate) id: String,
    pub(crate) kind: AssetKind,
    pub(crate) name: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) tags: Vec<&'static str>,
    /// The declared metadata, by place in [`METADATA`].
    pub(crate) metadata: Vec<usize>,
    /// The live stream that a video was recorded from.
    pub(crate) recorded_from: Option<String>,
    pub(crate) stream_key: String,
}

impl Asset {
    /// Its id, as in paths.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it is a video or a live stream.
    pub fn kind(&self) -> AssetKind {
        self.kind
    }

    /// The title of a video, the name of a live stream.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tags of a video; a live stream has none.
    pub fn tags(&self) -> &[&'static str] {
        &self.tags
    }

    /// The keys of the metadata that its sessions can have.
    pub fn metadata_keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.declared().map(|(_, key)| key.name)
    }

    pub(crate) fn declared(&self) -> impl Iterator<Item = (usize, &'static MetadataKey)> + '_ {
        self.metadata.iter().map(|&key| (key, &METADATA[key]))
    }

    /// Makes the `number`-th asset of its kind; the first of each has the tutorial's id.
    pub(crate) fn make(seed: u64, kind: AssetKind, number: u64, world_start_ms: i64) -> Self {
        let mut chance = Chance::new(seed, Purpose::Asset, &[kind as u64, number]);
        let first = number == 0;
        let id = match kind {
            AssetKind::Video if first => TUTORIAL_VIDEO.to_owned(),
            AssetKind::LiveStream if first => TUTORIAL_LIVE_STREAM.to_owned(),
            AssetKind::Video => long_id("vi", &mut chance),
            AssetKind::LiveStream => long_id("li", &mut chance),
        };
        let subject = chance.pick(TITLE_SUBJECTS);
        let form = chance.pick(TITLE_FORMS);
        // Created one after the other, all before the world begins.
        let created_ms =
            world_start_ms - 400 * DAY + number as i64 * MINUTE + chance.between(0, 59) * SECOND;
        let updated_ms = created_ms + chance.between(0, 300 * DAY / SECOND) * SECOND;
        let (duration_ms, tags) = match kind {
            AssetKind::Video if first => (5 * MINUTE, vec!["tutorial"]),
            AssetKind::Video => (
                chance.between(30, 1_200) * SECOND + chance.between(0, 999),
                TAGS.iter()
                    .copied()
                    .filter(|_| chance.percent(30))
                    .collect(),
            ),
            AssetKind::LiveStream => (2 * 60 * MINUTE, Vec::new()),
        };
        let metadata = (0..METADATA.len())
            .filter(|&key| (first && key < 2) || (!first && chance.percent(35)))
            .collect();
        Self {
            id,
            kind,
            name: format!("{subject} {form}"),
            created_ms,
            updated_ms,
            duration_ms,
            tags,
            metadata,
            recorded_from: None,
            stream_key: uuid(&mut chance),
        }
    }
}

impl fmt::Debug for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asset")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

fn long_id(prefix: &str, chance: &mut Chance) -> String {
    let mut id = prefix.as_bytes().to_vec();
    push_base62(&mut id, chance.next());
    push_base62(&mut id, chance.next());
    String::from_utf8_lossy(&id).into_owned()
}

fn uuid(chance: &mut Chance) -> String {
    let (high, low) = (chance.next(), chance.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
