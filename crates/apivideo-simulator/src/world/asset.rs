use std::fmt;
use std::time::Duration;

use super::catalog::{METADATA, MetadataKey, TAGS, TITLE_FORMS, TITLE_SUBJECTS};
use super::chapters::{self, Chapter};
use crate::rng::{Purpose, Rng, push_base62};
use crate::time::{DAY, MINUTE, SECOND};

/// The identifier of the tutorial's video, which every world contains.
pub const TUTORIAL_VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
/// The identifier of the tutorial's live stream, which every world with live streams contains.
pub const TUTORIAL_LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
/// The identifier of the tutorial's session: the first session of [`TUTORIAL_VIDEO`] on 2022-01-01.
pub const TUTORIAL_SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

/// The kind of an [`Asset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AssetKind {
    /// A video.
    Video,
    /// A live stream.
    LiveStream,
}

/// A video or live stream of the world.
///
/// Returned by [`World::videos`](crate::World::videos) and [`World::live_streams`](crate::World::live_streams).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Asset {
    pub(crate) id: String,
    pub(crate) kind: AssetKind,
    pub(crate) name: String,
    pub(crate) created_ms: i64,
    pub(crate) updated_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) tags: Vec<&'static str>,
    /// The indices of the declared metadata in [`METADATA`].
    pub(crate) metadata: Vec<usize>,
    /// The live stream of which a video is the recording.
    pub(crate) recorded_from: Option<String>,
    pub(crate) stream_key: String,
    /// The chapters of a video; empty if it has none.
    pub(crate) chapters: Vec<Chapter>,
}

impl Asset {
    /// Returns the identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the kind of asset.
    pub fn kind(&self) -> AssetKind {
        self.kind
    }

    /// Returns the title of a video or the name of a live stream.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the duration of a video, in whole milliseconds; `None` for a live stream. Responses do not contain it.
    pub fn duration(&self) -> Option<Duration> {
        match self.kind {
            AssetKind::Video => Some(Duration::from_millis(self.duration_ms.unsigned_abs())),
            AssetKind::LiveStream => None,
        }
    }

    /// Returns the tags of a video. A live stream has no tags.
    pub fn tags(&self) -> &[&'static str] {
        &self.tags
    }

    /// Returns the languages in which a video has chapters, as BCP 47 tags: those of the tutorial's video and of every third
    /// video, on average, are English and French. A live stream has no chapters.
    pub fn chapter_languages(&self) -> &'static [&'static str] {
        match self.chapters.is_empty() {
            true => &[],
            false => &chapters::LANGUAGES,
        }
    }

    /// Returns the WebVTT file of the chapters in a language.
    pub(crate) fn chapters_file(&self, language: &str) -> Option<String> {
        chapters::web_vtt(&self.chapters, self.duration_ms, language)
    }

    /// Returns the metadata keys that its sessions can have.
    pub fn metadata_keys(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.declared().map(|(_, key)| key.name)
    }

    pub(crate) fn declared(&self) -> impl Iterator<Item = (usize, &'static MetadataKey)> + '_ {
        self.metadata.iter().map(|&key| (key, &METADATA[key]))
    }

    /// Generates the `number`-th asset of its kind. The first of each kind has the tutorial's identifier.
    pub(crate) fn generate(seed: u64, kind: AssetKind, number: u64, world_start_ms: i64) -> Self {
        let mut rng = Rng::new(seed, Purpose::Asset, &[kind as u64, number]);
        let first = number == 0;
        let id = match kind {
            AssetKind::Video if first => TUTORIAL_VIDEO.to_owned(),
            AssetKind::LiveStream if first => TUTORIAL_LIVE_STREAM.to_owned(),
            AssetKind::Video => long_id("vi", &mut rng),
            AssetKind::LiveStream => long_id("li", &mut rng),
        };
        let subject = rng.choose(TITLE_SUBJECTS);
        let form = rng.choose(TITLE_FORMS);
        // Assets are created one after the other, before the first day.
        let created_ms =
            world_start_ms - 400 * DAY + number as i64 * MINUTE + rng.between(0, 59) * SECOND;
        let updated_ms = created_ms + rng.between(0, 300 * DAY / SECOND) * SECOND;
        let (duration_ms, tags) = match kind {
            AssetKind::Video if first => (5 * MINUTE, vec!["tutorial"]),
            AssetKind::Video => (
                rng.between(30, 1_200) * SECOND + rng.between(0, 999),
                TAGS.iter().copied().filter(|_| rng.percent(30)).collect(),
            ),
            AssetKind::LiveStream => (2 * 60 * MINUTE, Vec::new()),
        };
        let metadata = (0..METADATA.len())
            .filter(|&key| (first && key < 2) || (!first && rng.percent(35)))
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
            stream_key: uuid(&mut rng),
            chapters: match kind {
                AssetKind::Video => chapters::generate(seed, number, duration_ms),
                AssetKind::LiveStream => Vec::new(),
            },
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

fn long_id(prefix: &str, rng: &mut Rng) -> String {
    let mut id = prefix.as_bytes().to_vec();
    push_base62(&mut id, rng.next());
    push_base62(&mut id, rng.next());
    String::from_utf8_lossy(&id).into_owned()
}

fn uuid(rng: &mut Rng) -> String {
    let (high, low) = (rng.next(), rng.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        (low >> 48) & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
