use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::timeline::Position;
use super::viewer::City;
use super::{EventKind, Place, World};
use crate::time::{self, SECOND};
use crate::{Error, period};

/// A session as it truly was.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// Its id, as in paths.
    pub id: String,
    /// The id of the video or live stream.
    pub asset: String,
    /// When the page was loaded.
    pub loaded_at: Timestamp,
    /// The last heartbeat or event.
    pub ended_at: Timestamp,
    /// Keys and values; a value can be null. Those of live streams are sent only where
    /// [`Behaviour::live_stream_metadata`](crate::Behaviour::live_stream_metadata) is set.
    pub metadata: Vec<(&'static str, Option<&'static str>)>,
    /// The English name of the country, if it is known.
    pub country: Option<&'static str>,
    /// The city, if it is known.
    pub city: Option<&'static str>,
    /// How many events it has.
    pub events: usize,
}

impl Session {
    /// Whether the session's metadata has this value under this key.
    pub fn has_metadata(&self, key: &str, value: &str) -> bool {
        self.metadata.contains(&(key, Some(value)))
    }
}

/// An event as it truly was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub emitted_at: Timestamp,
    /// The position in seconds; `None` for seeks.
    pub at: Option<u32>,
    /// Where a seek began, in seconds.
    pub from: Option<u32>,
    /// Where a seek went, in seconds.
    pub to: Option<u32>,
}

/// What tests compare with.
impl World {
    /// The sessions that an asset's viewers began in a period, in the order of the service.
    ///
    /// The period is written as in requests: `2022-01-01`, `2022-W01`, `2022-01`, `2022`,
    /// `2022-01-01/2022-01-15`. It is an error if it can't be read or the asset is not in this world.
    pub fn sessions<'w>(
        &'w self,
        asset: &str,
        period: &str,
    ) -> Result<impl ExactSizeIterator<Item = Session> + use<'w>, Error> {
        let (place, days) = self.span(asset, period)?;
        let ordinals = self.ordinals_of_days(place, *days.start(), *days.end());
        Ok(ordinals.map(move |ordinal| self.describe(self.place(place, ordinal))))
    }

    /// The asset of an id and the days of a period.
    pub(crate) fn span(
        &self,
        asset: &str,
        period: &str,
    ) -> Result<(usize, RangeInclusive<i32>), Error> {
        let place = self
            .asset(asset)
            .ok_or_else(|| Error::new(format!("no asset `{asset}` in this world")))?;
        let days = period::parse(period)
            .ok_or_else(|| Error::new(format!("`{period}` is not a period")))?;
        Ok((place, days))
    }

    /// The session of an id, one that was inserted while the simulator ran as well.
    pub fn session(&self, id: &str) -> Option<Session> {
        Some(self.describe(self.find_session(id)?))
    }

    /// All events of a session, in the order of the service.
    pub fn events(&self, session: &str) -> Option<Vec<Event>> {
        let place = self.find_session(session)?;
        let happenings = self.timeline(place, i64::MAX).happenings;
        let told = happenings.into_iter().map(|happening| {
            let (at, from, to) = match happening.position {
                Position::At(at) => (Some(at), None, None),
                Position::Moved { from, to } => (None, Some(from), Some(to)),
            };
            Event {
                kind: happening.kind,
                emitted_at: whole_seconds(happening.ms),
                at,
                from,
                to,
            }
        });
        Some(told.collect())
    }

    pub(crate) fn describe(&self, place: Place) -> Session {
        let timeline = self.timeline(place, i64::MAX);
        let viewer = self.viewer(place);
        Session {
            id: self.session_id(place),
            asset: self.assets[place.asset].id.clone(),
            loaded_at: whole_seconds(self.loaded_ms(place)),
            ended_at: whole_seconds(timeline.ended_ms),
            metadata: self.metadata(place).collect(),
            country: viewer.country.map(|country| country.name),
            city: match (viewer.country, viewer.city) {
                (Some(_), City::Named(city)) => Some(city),
                _ => None,
            },
            events: timeline.happenings.len(),
        }
    }
}

fn whole_seconds(ms: i64) -> Timestamp {
    time::timestamp(ms.div_euclid(SECOND) * SECOND)
}
