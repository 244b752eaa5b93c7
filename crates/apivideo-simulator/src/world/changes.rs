//! What came into the world and left it while the simulator ran.
//!
//! The world itself never changes: an inserted session is made from its place like any other. Kept are only the days
//! that were touched, each as the list of its sessions.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{NUMBER_BITS, Place, World};
use crate::fault::At;
use crate::time::{DAY, SECOND};

/// An asset's list of sessions in a period.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) asset: usize,
    /// Counted from the epoch.
    pub(crate) days: RangeInclusive<i32>,
}

#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// How many changes there were.
    count: AtomicU64,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The sessions of the touched days by `k`, in the order of the service.
    days: HashMap<(usize, u32), Vec<u32>>,
    inserted: HashSet<Place>,
    deleted: HashSet<Place>,
}

impl Changes {
    /// How many changes there were so far; 0 for a world as it was made.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// The sessions of a span as they are now.
    pub(crate) fn list(&self, world: &World, span: &Span, now_ms: i64) -> Vec<Place> {
        self.kept().list(world, span, now_ms)
    }

    /// Whether a session of the world, or one that could be inserted, is there now.
    pub(crate) fn has(&self, place: Place) -> bool {
        if self.count() == 0 {
            return place.inserted_second().is_none();
        }
        let kept = self.kept();
        let came = place.inserted_second().is_none() || kept.inserted.contains(&place);
        came && !kept.deleted.contains(&place)
    }

    /// Those of a span that were there from the start and still are, and those that were there at any time.
    pub(crate) fn history(
        &self,
        world: &World,
        span: &Span,
        start_ms: i64,
        now_ms: i64,
    ) -> (Vec<Place>, Vec<Place>) {
        let kept = self.kept();
        let mut ever = kept.list(world, span, now_ms);
        let mut throughout = ever.clone();
        throughout.retain(|place| {
            place.inserted_second().is_none() && world.loaded_ms(*place) <= start_ms
        });
        ever.extend(kept.deleted.iter().filter(|place| {
            place.asset == span.asset && days_within(world, span).contains(&place.day)
        }));
        ever.sort_by_cached_key(|place| (world.loaded_ms(*place), place.k));
        (throughout, ever)
    }

    /// Puts new sessions into a span's list, each with the load time of its neighbour. Gives how many they were: none
    /// if the span has no day up to now, and no more once 16,384 were inserted altogether.
    pub(crate) fn insert(
        &self,
        world: &World,
        span: &Span,
        count: u32,
        at: At,
        now_ms: i64,
    ) -> u64 {
        let mut kept = self.kept();
        let list = kept.list(world, span, now_ms);
        let index = at.index(list.len(), 0);
        let before = index.checked_sub(1).map(|index| list[index]);
        let Some(slot) = Slot::between(world, span, before, list.get(index).copied(), now_ms)
        else {
            return 0;
        };
        let numbers = kept.inserted.len() as u32..1 << NUMBER_BITS;
        let new: Vec<Place> = numbers
            .take(count as usize)
            .map(|number| Place::inserted(span.asset, slot.day, slot.second, number))
            .collect();
        let day = kept.day(world, span.asset, slot.day);
        let before = slot
            .after
            .and_then(|before| day.iter().position(|k| *k == before.k));
        let index = before.map_or(0, |before| before + 1);
        day.splice(index..index, new.iter().map(|place| place.k));
        let inserted = new.len() as u64;
        kept.inserted.extend(new);
        self.count.fetch_add(inserted, Ordering::Release);
        inserted
    }

    /// Takes sessions out of a span's list. Gives how many they were.
    pub(crate) fn delete(
        &self,
        world: &World,
        span: &Span,
        count: u32,
        at: At,
        now_ms: i64,
    ) -> u64 {
        let mut kept = self.kept();
        let list = kept.list(world, span, now_ms);
        let index = at.index(list.len(), count as usize);
        let end = list.len().min(index + count as usize);
        for place in &list[index..end] {
            kept.day(world, place.asset, place.day)
                .retain(|k| *k != place.k);
            kept.deleted.insert(*place);
        }
        let deleted = (end - index) as u64;
        self.count.fetch_add(deleted, Ordering::Release);
        deleted
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn list(&self, world: &World, span: &Span, now_ms: i64) -> Vec<Place> {
        let asset = span.asset;
        let mut list = Vec::new();
        for day in days_within(world, span) {
            let place = |k| Place { asset, day, k };
            match self.days.get(&(asset, day)) {
                Some(day) => list.extend(day.iter().copied().map(place)),
                None => list.extend((0..world.count(asset, day)).map(place)),
            }
        }
        if now_ms < world.end_ms() {
            let loaded = list.partition_point(|place| world.loaded_ms(*place) <= now_ms);
            list.truncate(loaded);
        }
        list
    }

    fn day(&mut self, world: &World, asset: usize, day: u32) -> &mut Vec<u32> {
        self.days
            .entry((asset, day))
            .or_insert_with(|| (0..world.count(asset, day)).collect())
    }
}

/// The world's days in a span, counted from its first.
fn days_within(world: &World, span: &Span) -> Range<u32> {
    let first = world.first_day_number();
    let end = world.last_day_number() + 1;
    let from = (*span.days.start()).clamp(first, end) - first;
    let to = span.days.end().saturating_add(1).clamp(first, end) - first;
    from as u32..to.max(from) as u32
}

/// Where new sessions go: a day, the one before them on that day, and their second of the day.
struct Slot {
    day: u32,
    after: Option<Place>,
    second: u32,
}

impl Slot {
    fn between(
        world: &World,
        span: &Span,
        before: Option<Place>,
        next: Option<Place>,
        now_ms: i64,
    ) -> Option<Self> {
        let of_day = |place: Place| world.loaded_ms(place).rem_euclid(DAY);
        if let Some(before) = before {
            // The next whole second, if that is not too late.
            let later = (of_day(before) + SECOND - 1) / SECOND * SECOND;
            let midnight = world.loaded_ms(before) - of_day(before);
            let latest = next
                .map_or(now_ms, |next| world.loaded_ms(next))
                .min(now_ms);
            let fits = later < DAY && midnight + later <= latest;
            let ms = if fits { later } else { of_day(before) };
            return Some(Self {
                day: before.day,
                after: Some(before),
                second: (ms / SECOND) as u32,
            });
        }
        let (day, second) = match next {
            Some(next) => (next.day, (of_day(next) / SECOND) as u32),
            None => (days_within(world, span).next()?, 0),
        };
        let midnight = i64::from(world.first_day_number() + day as i32) * DAY;
        (midnight <= now_ms).then_some(Self {
            day,
            after: None,
            second,
        })
    }
}

#[cfg(test)]
mod tests;
