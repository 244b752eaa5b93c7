//! Sessions that are inserted into the world and deleted from it while the simulator runs.
//!
//! The world itself is immutable: inserted sessions are computed from their key like all others. Only the lists of the
//! days that changed are stored.

use std::collections::{HashMap, HashSet};
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::World;
use super::list_position::ListPosition;
use super::session_key::{MAX_INSERTED, SessionKey};
use crate::time::{DAY, SECOND};

/// The list of sessions of an asset in a period.
#[derive(Clone, Debug)]
pub(crate) struct ListRange {
    pub(crate) asset: usize,
    /// The days, counted from the epoch.
    pub(crate) days: RangeInclusive<i32>,
}

/// The changes since the start of the simulator.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// The number of inserted and deleted sessions.
    count: AtomicU64,
    state: Mutex<ChangeState>,
}

#[derive(Debug, Default)]
struct ChangeState {
    /// The sessions of the changed days by asset and day, as their `k`, in the order of the service.
    days: HashMap<(usize, u32), Vec<u32>>,
    inserted: HashSet<SessionKey>,
    deleted: HashSet<SessionKey>,
}

impl Changes {
    /// Returns the number of changes so far; 0 for an unchanged world.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Returns the current sessions of a range.
    pub(crate) fn list(&self, world: &World, range: &ListRange, now_ms: i64) -> Vec<SessionKey> {
        self.lock().list(world, range, now_ms)
    }

    /// Whether a session currently exists: it is in the world or was inserted, and was not deleted.
    pub(crate) fn contains(&self, key: SessionKey) -> bool {
        if self.count() == 0 {
            return key.inserted_second().is_none();
        }
        let state = self.lock();
        let existed = key.inserted_second().is_none() || state.inserted.contains(&key);
        existed && !state.deleted.contains(&key)
    }

    /// Returns the sessions that a range has contained at all times since the start, and those that it has contained at
    /// any time.
    pub(crate) fn history(
        &self,
        world: &World,
        range: &ListRange,
        start_ms: i64,
        now_ms: i64,
    ) -> (Vec<SessionKey>, Vec<SessionKey>) {
        let state = self.lock();
        let mut ever = state.list(world, range, now_ms);
        let mut throughout = ever.clone();
        throughout
            .retain(|key| key.inserted_second().is_none() && world.loaded_ms(*key) <= start_ms);
        ever.extend(state.deleted.iter().filter(|key| {
            key.asset == range.asset && days_within(world, range).contains(&key.day)
        }));
        ever.sort_by_cached_key(|key| (world.loaded_ms(*key), key.k));
        (throughout, ever)
    }

    /// Inserts new sessions with the load time of their neighbour, and returns how many were inserted: 0 if the range
    /// has no day up to now, and fewer than requested if the total would exceed [`MAX_INSERTED`].
    pub(crate) fn insert(
        &self,
        world: &World,
        range: &ListRange,
        count: u32,
        at: ListPosition,
        now_ms: i64,
    ) -> u64 {
        let mut state = self.lock();
        let list = state.list(world, range, now_ms);
        let index = at.index(list.len(), 0);
        let before = index.checked_sub(1).map(|index| list[index]);
        let Some(point) =
            InsertionPoint::between(world, range, before, list.get(index).copied(), now_ms)
        else {
            return 0;
        };
        let numbers = state.inserted.len() as u32..MAX_INSERTED;
        let new: Vec<SessionKey> = numbers
            .take(count as usize)
            .map(|number| SessionKey::inserted(range.asset, point.day, point.second, number))
            .collect();
        let day = state.day(world, range.asset, point.day);
        let before = point
            .after
            .and_then(|before| day.iter().position(|k| *k == before.k));
        let index = before.map_or(0, |before| before + 1);
        day.splice(index..index, new.iter().map(|key| key.k));
        let inserted = new.len() as u64;
        state.inserted.extend(new);
        self.count.fetch_add(inserted, Ordering::Release);
        inserted
    }

    /// Deletes sessions, and returns how many were deleted.
    pub(crate) fn delete(
        &self,
        world: &World,
        range: &ListRange,
        count: u32,
        at: ListPosition,
        now_ms: i64,
    ) -> u64 {
        let mut state = self.lock();
        let list = state.list(world, range, now_ms);
        let index = at.index(list.len(), count as usize);
        let end = list.len().min(index + count as usize);
        for key in &list[index..end] {
            state.day(world, key.asset, key.day).retain(|k| *k != key.k);
            state.deleted.insert(*key);
        }
        let deleted = (end - index) as u64;
        self.count.fetch_add(deleted, Ordering::Release);
        deleted
    }

    fn lock(&self) -> MutexGuard<'_, ChangeState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ChangeState {
    fn list(&self, world: &World, range: &ListRange, now_ms: i64) -> Vec<SessionKey> {
        let asset = range.asset;
        let mut list = Vec::new();
        for day in days_within(world, range) {
            let key = |k| SessionKey { asset, day, k };
            match self.days.get(&(asset, day)) {
                Some(day) => list.extend(day.iter().copied().map(key)),
                None => list.extend((0..world.count(asset, day)).map(key)),
            }
        }
        if now_ms < world.end_ms() {
            let loaded = list.partition_point(|key| world.loaded_ms(*key) <= now_ms);
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

/// Returns the days of the world in a range, counted from its first day.
fn days_within(world: &World, range: &ListRange) -> Range<u32> {
    let first = world.first_day_number();
    let end = world.last_day_number() + 1;
    let from = (*range.days.start()).clamp(first, end) - first;
    let to = range.days.end().saturating_add(1).clamp(first, end) - first;
    from as u32..to.max(from) as u32
}

/// Where sessions are inserted: the day, the session before them on that day, and their second of the day.
struct InsertionPoint {
    day: u32,
    after: Option<SessionKey>,
    second: u32,
}

impl InsertionPoint {
    fn between(
        world: &World,
        range: &ListRange,
        before: Option<SessionKey>,
        next: Option<SessionKey>,
        now_ms: i64,
    ) -> Option<Self> {
        let time_of_day = |key: SessionKey| world.loaded_ms(key).rem_euclid(DAY);
        if let Some(before) = before {
            // Inserted sessions are loaded at a whole second: the next one, unless that exceeds the load time of the
            // next session.
            let later = (time_of_day(before) + SECOND - 1) / SECOND * SECOND;
            let midnight = world.loaded_ms(before) - time_of_day(before);
            let latest = next
                .map_or(now_ms, |next| world.loaded_ms(next))
                .min(now_ms);
            let is_in_order = later < DAY && midnight + later <= latest;
            let ms = if is_in_order {
                later
            } else {
                time_of_day(before)
            };
            return Some(Self {
                day: before.day,
                after: Some(before),
                second: (ms / SECOND) as u32,
            });
        }
        let (day, second) = match next {
            Some(next) => (next.day, (time_of_day(next) / SECOND) as u32),
            None => (days_within(world, range).next()?, 0),
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
