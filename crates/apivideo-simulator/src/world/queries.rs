//! The public queries of a world, which return expected results.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::World;
use super::broadcast::Broadcast;
use super::session::{Event, Session};
use super::session_key::SessionKey;
use super::timeline::Position;
use super::viewer::City;
use crate::error::Error;
use crate::period;
use crate::time::{self, SECOND};

impl World {
    /// Returns the sessions of an asset that were loaded in a period, in the order of the service.
    ///
    /// The period is written as in requests, in UTC: a day (`2022-01-01`), an ISO week (`2022-W01`), a month
    /// (`2022-01`), a year (`2022`) or a range of days (`2022-01-01/2022-01-15`).
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn sessions<'w>(
        &'w self,
        asset: &str,
        period: &str,
    ) -> Result<impl ExactSizeIterator<Item = Session> + use<'w>, Error> {
        let (asset, days) = self.list_range(asset, period)?;
        let ordinals = self.ordinals_of_days(asset, *days.start(), *days.end());
        Ok(ordinals.map(move |ordinal| self.describe(self.session_key(asset, ordinal))))
    }

    /// Returns the broadcasts of a live stream on the days of a period, oldest first; none for a video.
    ///
    /// There is one on each day of the world. Sessions of a day are those of its broadcast.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn broadcasts(&self, asset: &str, period: &str) -> Result<Vec<Broadcast>, Error> {
        let (asset, days) = self.list_range(asset, period)?;
        let first = *days.start().max(&self.first_day_number());
        let last = *days.end().min(&self.last_day_number());
        let broadcasts = (first..=last).filter_map(|day| self.broadcast(asset, day));
        Ok(broadcasts.map(Broadcast::from).collect())
    }

    /// Returns the session with this identifier, including inserted sessions; `None` if it does not exist.
    pub fn session(&self, id: &str) -> Option<Session> {
        Some(self.describe(self.find_session(id)?))
    }

    /// Returns all events of a session, in the order of the service; `None` if the session does not exist.
    pub fn events(&self, session: &str) -> Option<Vec<Event>> {
        let key = self.find_session(session)?;
        let events = self.timeline(key, i64::MAX).events.into_iter();
        let events = events.map(|event| {
            let (at, from, to) = match event.position {
                Position::At(at) => (Some(at), None, None),
                Position::Seek { from, to } => (None, Some(from), Some(to)),
            };
            Event {
                kind: event.kind,
                emitted_at: truncate_to_seconds(event.ms),
                at,
                from,
                to,
            }
        });
        Some(events.collect())
    }

    /// Resolves the identifier of an asset and a period.
    pub(crate) fn list_range(
        &self,
        asset: &str,
        period: &str,
    ) -> Result<(usize, RangeInclusive<i32>), Error> {
        let index = self
            .asset(asset)
            .ok_or_else(|| Error::new(format!("asset {asset:?} does not exist in this world")))?;
        let days =
            period::parse(period).ok_or_else(|| Error::new(period::error_message(period)))?;
        Ok((index, days))
    }

    pub(crate) fn describe(&self, key: SessionKey) -> Session {
        let timeline = self.timeline(key, i64::MAX);
        let viewer = self.viewer(key);
        Session {
            id: self.session_id(key),
            asset: self.assets[key.asset].id.clone(),
            loaded_at: truncate_to_seconds(self.loaded_ms(key)),
            ended_at: truncate_to_seconds(timeline.ended_ms),
            metadata: self.metadata(key).collect(),
            country: viewer.country.map(|country| country.name),
            city: match (viewer.country, viewer.city) {
                (Some(_), City::Named(city)) => Some(city),
                _ => None,
            },
            events: timeline.events.len(),
        }
    }
}

fn truncate_to_seconds(ms: i64) -> Timestamp {
    time::timestamp(ms.div_euclid(SECOND) * SECOND)
}
