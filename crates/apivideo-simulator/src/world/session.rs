use jiff::Timestamp;

use super::timeline::EventKind;

/// A session of the world, as the service should return it.
///
/// Returned by [`World::sessions`](crate::World::sessions) and [`World::session`](crate::World::session). Times are
/// truncated to seconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Session {
    /// The identifier.
    pub id: String,
    /// The identifier of the video or live stream.
    pub asset: String,
    /// When the page with the player was loaded.
    pub loaded_at: Timestamp,
    /// The time of the last heartbeat or event.
    pub ended_at: Timestamp,
    /// Keys and values; a value can be `null`. The metadata of live streams is sent only if
    /// [`Behaviour::live_stream_metadata`](crate::Behaviour::live_stream_metadata) is set.
    pub metadata: Vec<(&'static str, Option<&'static str>)>,
    /// The English name of the country, if known.
    pub country: Option<&'static str>,
    /// The city, if known.
    pub city: Option<&'static str>,
    /// The number of events.
    pub events: usize,
}

impl Session {
    /// Whether the metadata contains this key with this value.
    pub fn has_metadata(&self, key: &str, value: &str) -> bool {
        self.metadata.contains(&(key, Some(value)))
    }
}

/// An event of a session, as the service should return it.
///
/// Returned by [`World::events`](crate::World::events). Positions are in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Event {
    /// The kind of event.
    pub kind: EventKind,
    /// When the event happened, truncated to seconds.
    pub emitted_at: Timestamp,
    /// The position; `None` for seeks.
    pub at: Option<u32>,
    /// The position before a seek; `None` for other events.
    pub from: Option<u32>,
    /// The position after a seek; `None` for other events.
    pub to: Option<u32>,
}
