use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use crate::chance::{Chance, Purpose};
use crate::time::{self, DAY, SECOND};

mod asset;
mod calendar;
pub(crate) mod changes;
mod session_id;
pub(crate) mod timeline;
mod truth;
pub(crate) mod viewer;
pub(crate) mod vocabulary;

pub use asset::{Asset, AssetKind, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO};
pub use timeline::EventKind;
pub use truth::{Event, Session};

use timeline::{LONGEST_SESSION, Screening, Timeline};
use viewer::Viewer;

/// The day of the tutorial, 2022-01-01, counted from the epoch.
const TUTORIAL_DAY: i32 = 18_993;

/// Sessions before a day that can still run on that day.
pub(crate) const LOOK_BACK_DAYS: i32 = (LONGEST_SESSION / DAY) as i32;

/// Everything there is to be told: assets, sessions, events, computed from the seed when asked for.
///
/// Nothing here goes through HTTP and nothing depends on the simulator's clock: it is the whole truth, against which
/// tests compare what a client got. Times are cut to the second, as the service tells them.
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
    /// For each asset the number of its sessions before each day, and of all at the end.
    starts: Vec<Vec<u32>>,
}

/// Sizes of a world.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) videos: usize,
    pub(crate) live_streams: usize,
    pub(crate) sessions: u64,
    pub(crate) days: u32,
    /// Whether all days are equally busy.
    pub(crate) even_days: bool,
}

/// Where a session is in the world: the `k`-th of an asset on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) asset: usize,
    /// Counted from the world's first day.
    pub(crate) day: u32,
    /// Of an inserted session: its second of the day, and its number among all that were inserted.
    pub(crate) k: u32,
}

/// Set in the `k` of sessions that were inserted later. So they are made from their place like all others.
const INSERTED: u32 = 1 << 31;

/// Bits of an inserted session's `k` that hold its number.
const NUMBER_BITS: u32 = 14;

impl Place {
    /// The place of the `number`-th session that was inserted, loaded at a second of a day.
    pub(crate) fn inserted(asset: usize, day: u32, second: u32, number: u32) -> Self {
        let k = INSERTED | second << NUMBER_BITS | number;
        Self { asset, day, k }
    }

    /// The second of the day at which an inserted session was loaded; `None` for all others.
    pub(crate) fn inserted_second(self) -> Option<u32> {
        (self.k & INSERTED != 0).then_some((self.k & !INSERTED) >> NUMBER_BITS)
    }
}

const TUTORIAL_PLACE: (usize, u32) = (0, 0);

impl World {
    pub(crate) fn new(plan: &Plan) -> Self {
        // Half of the days lie after the tutorial's, so that it is never at the edge of a longer world.
        let last_day = TUTORIAL_DAY + plan.days as i32 / 2;
        let first_day = last_day + 1 - plan.days as i32;
        let start_ms = i64::from(first_day) * DAY;
        let make = |kind, count: usize| {
            (0..count as u64).map(move |number| Asset::make(plan.seed, kind, number, start_ms))
        };
        let mut assets: Vec<Asset> = make(AssetKind::Video, plan.videos)
            .chain(make(AssetKind::LiveStream, plan.live_streams))
            .collect();
        // Every sixth video is the recording of a live stream.
        for video in (5..plan.videos)
            .step_by(6)
            .filter(|_| plan.live_streams > 0)
        {
            let live = plan.videos + (video / 6) % plan.live_streams;
            assets[video].recorded_from = Some(assets[live].id.clone());
        }
        let by_id = (assets.iter().enumerate())
            .map(|(place, asset)| (asset.id.clone(), place))
            .collect();
        // Videos and live streams share Zipf's ranks, a live stream after every second video.
        let ranks: Vec<u64> = (0..plan.videos as u64)
            .map(|video| video + video / 2 + 1)
            .chain((0..plan.live_streams as u64).map(|live| 3 * live + 3))
            .collect();
        let tutorial_day = (TUTORIAL_DAY - first_day) as usize;
        let mut reserved = vec![(0, tutorial_day)];
        if plan.live_streams > 0 {
            reserved.push((plan.videos, tutorial_day));
        }
        let starts = calendar::share_out(
            plan.sessions,
            &ranks,
            &calendar::busyness(plan.seed, plan.days, plan.even_days),
            &reserved,
        );
        Self {
            seed: plan.seed,
            first_day,
            days: plan.days,
            assets,
            videos: plan.videos,
            by_id,
            starts,
        }
    }

    /// The videos, oldest first.
    pub fn videos(&self) -> &[Asset] {
        &self.assets[..self.videos]
    }

    /// The live streams, oldest first.
    pub fn live_streams(&self) -> &[Asset] {
        &self.assets[self.videos..]
    }

    /// The first day with sessions.
    pub fn first_day(&self) -> Date {
        time::date(self.first_day)
    }

    /// The last day with sessions. No session is seen after it.
    pub fn last_day(&self) -> Date {
        time::date(self.last_day_number())
    }

    /// How many sessions there are altogether.
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

/// What the service needs to know.
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

    /// The moment after the last day: nothing happens from here on.
    pub(crate) fn end_ms(&self) -> i64 {
        i64::from(self.last_day_number() + 1) * DAY
    }

    /// An asset's sessions are numbered through all days, in the order of their loading.
    pub(crate) fn ordinals(&self, asset: usize) -> Range<u32> {
        0..self.starts[asset][self.days as usize]
    }

    /// The sessions loaded from one day to another, both included and counted from the epoch.
    pub(crate) fn ordinals_of_days(&self, asset: usize, first: i32, last: i32) -> Range<u32> {
        let index = |day: i32| (day - self.first_day).clamp(0, self.days as i32) as usize;
        let starts = &self.starts[asset];
        starts[index(first)]..starts[index(last.saturating_add(1))]
    }

    pub(crate) fn place(&self, asset: usize, ordinal: u32) -> Place {
        let starts = &self.starts[asset];
        let day = starts.partition_point(|&start| start <= ordinal) - 1;
        Place {
            asset,
            day: day as u32,
            k: ordinal - starts[day],
        }
    }

    /// How many sessions an asset has on a day, counted from the world's first.
    pub(crate) fn count(&self, asset: usize, day: u32) -> u32 {
        let starts = &self.starts[asset];
        starts[day as usize + 1] - starts[day as usize]
    }

    pub(crate) fn loaded_ms(&self, place: Place) -> i64 {
        let midnight = (i64::from(self.first_day) + i64::from(place.day)) * DAY;
        if let Some(second) = place.inserted_second() {
            return midnight + i64::from(second) * SECOND;
        }
        let count = self.count(place.asset, place.day);
        midnight + calendar::load_time(self.chance(Purpose::LoadTime, place, 0), place.k, count)
    }

    /// A session's events, as far as `until_ms` and never beyond the world's end.
    pub(crate) fn timeline(&self, place: Place, until_ms: i64) -> Timeline {
        let asset = &self.assets[place.asset];
        let screening = Screening {
            loaded_ms: self.loaded_ms(place),
            duration_ms: asset.duration_ms,
            live: asset.kind == AssetKind::LiveStream,
            keen: self.is_tutorial(place),
        };
        let end_ms = self.end_ms();
        let mut timeline = Timeline::walk(
            self.chance(Purpose::Timeline, place, 0),
            screening,
            until_ms.min(end_ms),
        );
        // At the world's end everybody goes home.
        timeline.cut &= until_ms < end_ms;
        timeline
    }

    pub(crate) fn viewer(&self, place: Place) -> Viewer {
        Viewer::draw(self.chance(Purpose::Viewer, place, 0))
    }

    /// What a session brought for the keys that its asset declares. A few values are null, a few keys absent.
    pub(crate) fn metadata(
        &self,
        place: Place,
    ) -> impl Iterator<Item = (&'static str, Option<&'static str>)> + '_ {
        let declared = self.assets[place.asset].declared();
        declared.filter_map(move |(number, key)| {
            if number == 0 && self.is_tutorial(place) {
                return Some((key.name, Some(key.values[0])));
            }
            let mut chance = self.chance(Purpose::Metadata, place, number as u64);
            match chance.below(100) {
                0..12 => None,
                12..16 => Some((key.name, None)),
                _ => Some((key.name, Some(*chance.pick(key.values)))),
            }
        })
    }

    /// The time that a player took to load, for the `visit`-th load of the page.
    pub(crate) fn loading_ms(&self, place: Place, visit: u64) -> i64 {
        self.chance(Purpose::PlayerLoading, place, visit)
            .between(80, 1_500)
    }

    pub(crate) fn session_id(&self, place: Place) -> String {
        if self.is_tutorial(place) {
            return TUTORIAL_SESSION.to_owned();
        }
        session_id::encode(self.seed, place)
    }

    /// The place of an id: of the world's own sessions, and of all that could have been inserted.
    pub(crate) fn find_session(&self, id: &str) -> Option<Place> {
        if id == TUTORIAL_SESSION {
            let (asset, k) = TUTORIAL_PLACE;
            let day = (TUTORIAL_DAY - self.first_day) as u32;
            return Some(Place { asset, day, k });
        }
        let place = session_id::decode(self.seed, id)?;
        if place.asset >= self.assets.len() || place.day >= self.days {
            return None;
        }
        let possible = match place.inserted_second() {
            Some(second) => i64::from(second) * SECOND < DAY,
            None => place.k < self.count(place.asset, place.day) && !self.is_tutorial(place),
        };
        possible.then_some(place)
    }

    fn is_tutorial(&self, place: Place) -> bool {
        (place.asset, place.k) == TUTORIAL_PLACE
            && self.first_day + place.day as i32 == TUTORIAL_DAY
    }

    fn chance(&self, purpose: Purpose, place: Place, more: u64) -> Chance {
        let at = [
            place.asset as u64,
            u64::from(place.day),
            u64::from(place.k),
            more,
        ];
        Chance::new(self.seed, purpose, &at)
    }
}

#[cfg(test)]
mod tests;
