use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use crate::rng::{Purpose, Rng};
use crate::time::{self, DAY, SECOND};

mod asset;
pub(crate) mod broadcast;
pub(crate) mod catalog;
pub(crate) mod changes;
pub(crate) mod chapters;
pub(crate) mod list_position;
pub(crate) mod playback;
mod queries;
mod session;
pub(crate) mod session_key;
pub(crate) mod timeline;
mod traffic;
pub(crate) mod viewer;

pub use asset::{Asset, AssetKind, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO};
pub use broadcast::Broadcast;
pub use playback::{Playback, PlaybackTotals, PlayedStretch};
pub use session::{Event, Session};
pub use timeline::EventKind;

use session_key::SessionKey;
use timeline::{MAX_SESSION_MS, Timeline, Viewing};
use viewer::Viewer;

/// The day of the tutorial, 2022-01-01, counted from the epoch.
const TUTORIAL_DAY: i32 = 18_993;

/// The number of days before a day on which sessions that end on it can have been loaded.
pub(crate) const LOOK_BACK_DAYS: i32 = (MAX_SESSION_MS / DAY) as i32;

/// The data that a simulator serves: assets, sessions and events, computed from the seed on demand.
///
/// Tests compare the results of a client with the world. Its methods do not use HTTP and do not depend on the
/// simulator's clock: they include sessions that the clock has not reached. Times are truncated to seconds, as in
/// responses.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::{Simulator, TUTORIAL_VIDEO};
///
/// let simulator = Simulator::builder().start().await?;
/// let world = simulator.world();
/// let green = world
///     .sessions(TUTORIAL_VIDEO, "2022-01-01")?
///     .filter(|session| session.has_metadata("hats", "green"))
///     .count();
/// assert!(green > 0);
/// # Ok(())
/// # }
/// ```
pub struct World {
    seed: u64,
    /// The first day, counted from the epoch.
    first_day: i32,
    days: u32,
    /// Videos first, then live streams.
    assets: Vec<Asset>,
    videos: usize,
    by_id: HashMap<String, usize>,
    /// For each asset, the number of its sessions before each day, followed by their total.
    starts: Vec<Vec<u32>>,
}

/// The size of a world.
#[derive(Clone, Debug)]
pub(crate) struct WorldConfig {
    pub(crate) seed: u64,
    pub(crate) videos: usize,
    pub(crate) live_streams: usize,
    pub(crate) sessions: u64,
    /// The number of additional sessions at the broadcast of the tutorial's live stream on the tutorial's day.
    pub(crate) broadcast_viewers: u64,
    pub(crate) days: u32,
    /// Whether sessions are distributed uniformly over the days.
    pub(crate) uniform_days: bool,
}

const TUTORIAL_KEY: (usize, u32) = (0, 0);

impl World {
    pub(crate) fn new(config: &WorldConfig) -> Self {
        // The tutorial's day is in the middle, so that it is not at the edge of a longer world.
        let last_day = TUTORIAL_DAY + config.days as i32 / 2;
        let first_day = last_day + 1 - config.days as i32;
        let start_ms = i64::from(first_day) * DAY;
        let generate = |kind, count: usize| {
            (0..count as u64)
                .map(move |number| Asset::generate(config.seed, kind, number, start_ms))
        };
        let mut assets: Vec<Asset> = generate(AssetKind::Video, config.videos)
            .chain(generate(AssetKind::LiveStream, config.live_streams))
            .collect();
        // Every sixth video is the recording of a live stream.
        for video in (5..config.videos)
            .step_by(6)
            .filter(|_| config.live_streams > 0)
        {
            let live = config.videos + (video / 6) % config.live_streams;
            assets[video].recorded_from = Some(assets[live].id.clone());
        }
        let by_id = (assets.iter().enumerate())
            .map(|(index, asset)| (asset.id.clone(), index))
            .collect();
        // Ranks of Zipf's law: a live stream follows every second video.
        let ranks: Vec<u64> = (0..config.videos as u64)
            .map(|video| video + video / 2 + 1)
            .chain((0..config.live_streams as u64).map(|live| 3 * live + 3))
            .collect();
        let tutorial_day = (TUTORIAL_DAY - first_day) as usize;
        let mut reserved = vec![(0, tutorial_day)];
        if config.live_streams > 0 {
            reserved.push((config.videos, tutorial_day));
        }
        let mut starts = traffic::distribute_sessions(
            config.sessions,
            &ranks,
            &traffic::day_weights(config.seed, config.days, config.uniform_days),
            &reserved,
        );
        if let Some(starts) = starts.get_mut(config.videos) {
            let later = starts.iter_mut().skip(tutorial_day + 1);
            later.for_each(|start| *start += config.broadcast_viewers as u32);
        }
        Self {
            seed: config.seed,
            first_day,
            days: config.days,
            assets,
            videos: config.videos,
            by_id,
            starts,
        }
    }

    /// Returns the videos, oldest first.
    pub fn videos(&self) -> &[Asset] {
        &self.assets[..self.videos]
    }

    /// Returns the live streams, oldest first.
    pub fn live_streams(&self) -> &[Asset] {
        &self.assets[self.videos..]
    }

    /// Returns the first day with sessions.
    pub fn first_day(&self) -> Date {
        time::date(self.first_day)
    }

    /// Returns the last day with sessions. All sessions end on it or before.
    pub fn last_day(&self) -> Date {
        time::date(self.last_day_number())
    }

    /// Returns the total number of sessions.
    pub fn sessions_total(&self) -> u64 {
        (0..self.assets.len())
            .map(|asset| u64::from(self.ordinals(asset).end))
            .sum()
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("seed", &self.seed)
            .field("first_day", &self.first_day())
            .field("last_day", &self.last_day())
            .field("videos", &self.videos().len())
            .field("live_streams", &self.live_streams().len())
            .field("sessions", &self.sessions_total())
            .finish_non_exhaustive()
    }
}

/// Access for handlers.
impl World {
    pub(crate) fn assets(&self) -> &[Asset] {
        &self.assets
    }

    pub(crate) fn asset(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn last_day_number(&self) -> i32 {
        self.first_day + self.days as i32 - 1
    }

    pub(crate) fn first_day_number(&self) -> i32 {
        self.first_day
    }

    /// Returns the midnight after the last day. Nothing happens from then on.
    pub(crate) fn end_ms(&self) -> i64 {
        i64::from(self.last_day_number() + 1) * DAY
    }

    /// Returns the ordinals of an asset's sessions, which are numbered by load time.
    pub(crate) fn ordinals(&self, asset: usize) -> Range<u32> {
        0..self.starts[asset][self.days as usize]
    }

    /// Returns the ordinals of the sessions loaded from one day to another, inclusive and counted from the epoch.
    pub(crate) fn ordinals_of_days(&self, asset: usize, first: i32, last: i32) -> Range<u32> {
        let index = |day: i32| (day - self.first_day).clamp(0, self.days as i32) as usize;
        let starts = &self.starts[asset];
        starts[index(first)]..starts[index(last.saturating_add(1))]
    }

    pub(crate) fn session_key(&self, asset: usize, ordinal: u32) -> SessionKey {
        let starts = &self.starts[asset];
        let day = starts.partition_point(|&start| start <= ordinal) - 1;
        SessionKey {
            asset,
            day: day as u32,
            k: ordinal - starts[day],
        }
    }

    /// Returns the number of sessions of an asset on a day, counted from the first day of the world.
    pub(crate) fn count(&self, asset: usize, day: u32) -> u32 {
        let starts = &self.starts[asset];
        starts[day as usize + 1] - starts[day as usize]
    }

    pub(crate) fn loaded_ms(&self, key: SessionKey) -> i64 {
        let midnight = (i64::from(self.first_day) + i64::from(key.day)) * DAY;
        if let Some(second) = key.inserted_second() {
            return midnight + i64::from(second) * SECOND;
        }
        let count = self.count(key.asset, key.day);
        let rng = self.rng_for(Purpose::LoadTime, key, 0);
        let time = match self.broadcast_of(key) {
            Some(broadcast) => traffic::load_time(rng, key.k, count, &broadcast.arrivals()),
            None => traffic::load_time(rng, key.k, count, &traffic::hours()),
        };
        midnight + time
    }

    /// Returns the broadcast of a live stream on the day on which a session was loaded.
    fn broadcast_of(&self, key: SessionKey) -> Option<broadcast::Times> {
        let day = self.first_day + key.day as i32;
        self.broadcast(key.asset, day)
    }

    /// Returns the broadcast of a live stream on a day counted from the epoch; `None` for a video.
    pub(crate) fn broadcast(&self, asset: usize, day: i32) -> Option<broadcast::Times> {
        let is_live = self.assets[asset].kind == AssetKind::LiveStream;
        is_live.then(|| broadcast::Times::on_day(self.seed, asset, day))
    }

    /// Returns the events of a session up to `until_ms` and the end of the world.
    pub(crate) fn timeline(&self, key: SessionKey, until_ms: i64) -> Timeline {
        let asset = &self.assets[key.asset];
        let end_ms = self.end_ms();
        let viewing = Viewing {
            loaded_ms: self.loaded_ms(key),
            duration_ms: asset.duration_ms,
            broadcast: self.broadcast_of(key),
            always_plays: self.is_tutorial(key),
            end_ms,
        };
        let mut timeline =
            Timeline::generate(self.rng_for(Purpose::Timeline, key, 0), viewing, until_ms);
        // Sessions that run at the end of the world end there.
        timeline.continues &= until_ms < end_ms;
        timeline
    }

    pub(crate) fn viewer(&self, key: SessionKey) -> Viewer {
        Viewer::generate(self.rng_for(Purpose::Viewer, key, 0))
    }

    /// Returns the metadata of a session for the keys of its asset. Some values are null, and some keys are absent.
    pub(crate) fn metadata(
        &self,
        key: SessionKey,
    ) -> impl Iterator<Item = (&'static str, Option<&'static str>)> + '_ {
        let declared = self.assets[key.asset].declared();
        declared.filter_map(move |(number, declared)| {
            if number == 0 && self.is_tutorial(key) {
                return Some((declared.name, Some(declared.values[0])));
            }
            let mut rng = self.rng_for(Purpose::Metadata, key, number as u64);
            match rng.below(100) {
                0..12 => None,
                12..16 => Some((declared.name, None)),
                _ => Some((declared.name, Some(*rng.choose(declared.values)))),
            }
        })
    }

    /// Returns the time the player took to load, for the `visit`-th load of the page.
    pub(crate) fn loading_ms(&self, key: SessionKey, visit: u64) -> i64 {
        self.rng_for(Purpose::PlayerLoading, key, visit)
            .between(80, 1_500)
    }

    pub(crate) fn session_id(&self, key: SessionKey) -> String {
        if self.is_tutorial(key) {
            return TUTORIAL_SESSION.to_owned();
        }
        session_key::encode(self.seed, key)
    }

    /// Returns the key of a session in the world, or of one that could have been inserted.
    pub(crate) fn find_session(&self, id: &str) -> Option<SessionKey> {
        if id == TUTORIAL_SESSION {
            let (asset, k) = TUTORIAL_KEY;
            let day = (TUTORIAL_DAY - self.first_day) as u32;
            return Some(SessionKey { asset, day, k });
        }
        let key = session_key::decode(self.seed, id)?;
        if key.asset >= self.assets.len() || key.day >= self.days {
            return None;
        }
        let exists = match key.inserted_second() {
            Some(second) => i64::from(second) * SECOND < DAY,
            None => key.k < self.count(key.asset, key.day) && !self.is_tutorial(key),
        };
        exists.then_some(key)
    }

    fn is_tutorial(&self, key: SessionKey) -> bool {
        (key.asset, key.k) == TUTORIAL_KEY && self.first_day + key.day as i32 == TUTORIAL_DAY
    }

    fn rng_for(&self, purpose: Purpose, key: SessionKey, more: u64) -> Rng {
        let coordinates = [key.asset as u64, u64::from(key.day), u64::from(key.k), more];
        Rng::new(self.seed, purpose, &coordinates)
    }
}

#[cfg(test)]
mod tests;
