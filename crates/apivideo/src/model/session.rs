//! A player session.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Event;
use super::metadata::{self, Metadata};
use super::session_groups::{ClientInfo, Device, Group, Location, OperatingSystem, Referrer};
use super::wire::{FromWire, instant, model, rfc3339};
use crate::id::{AssetId, LiveStreamId, SessionId, VideoId, is_id};

/// A player session: one browser tab or app of a viewer with one video or live stream.
///
/// A session continues across reloads and can last for days, with any number of plays. It is not the same as a view.
///
/// ```
/// use apivideo::Session;
///
/// let session: Session = serde_json::from_str(
///     r#"{
///         "session": {"sessionId": "ps4mPLq8bZzjXlxwJG4cg4vl", "loadedAt": "2018-09-11 13:04:37.89+00"},
///         "location": {"country": "France", "city": null},
///         "device": {"type": "desktop", "vendor": "unknown"}
///     }"#,
/// )?;
/// assert_eq!(session.id.as_str(), "ps4mPLq8bZzjXlxwJG4cg4vl");
/// assert_eq!(session.loaded_at.unwrap().to_string(), "2018-09-11T13:04:37.89Z");
/// assert_eq!(session.location.country.as_deref(), Some("France"));
/// assert_eq!(session.device.vendor, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Session {
    /// The identifier.
    pub id: SessionId,
    /// The video or live stream of the session, set by the client. In JSON it is `videoId` or `liveStreamId`, and omitted if `None`.
    pub asset: Option<AssetId>,
    /// The time when the player was loaded.
    pub loaded_at: Option<Timestamp>,
    /// The time of the last report of the player, which reports every 10 seconds during playback.
    pub ended_at: Option<Timestamp>,
    /// The metadata that the page with the player set for its viewer.
    pub metadata: Vec<Metadata>,
    /// The location of the viewer.
    pub location: Location,
    /// The page or campaign that the viewer came from.
    pub referrer: Referrer,
    /// The device of the viewer.
    pub device: Device,
    /// The operating system of the device.
    pub os: OperatingSystem,
    /// The program with the player.
    pub client: ClientInfo,
    /// The events of the session. `None` unless the list includes them; omitted from JSON if `None`.
    pub events: Option<Vec<Event>>,
    /// Unknown fields of the group `session`, and fields that could not be read.
    pub session_extra: Extra,
    /// Unknown groups, and groups that could not be read.
    pub extra: Extra,
}

impl Session {
    /// Creates a session without any data, for tests.
    ///
    /// ```
    /// use apivideo::{Session, SessionId};
    ///
    /// let mut session = Session::new(SessionId::new("ps4mPLq8bZzjXlxwJG4cg4vl")?);
    /// session.location.country = Some("France".into());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            asset: None,
            loaded_at: None,
            ended_at: None,
            metadata: Vec::new(),
            location: Location::default(),
            referrer: Referrer::default(),
            device: Device::default(),
            os: OperatingSystem::default(),
            client: ClientInfo::default(),
            events: None,
            session_extra: Extra::new(),
            extra: Extra::new(),
        }
    }

    /// Returns the metadata value of a key, if it is a string.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1","metadata":[{"key":"hats","value":"green"}]}}"#)?;
    /// assert_eq!(session.metadata("hats"), Some("green"));
    /// assert_eq!(session.metadata("shoes"), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata
            .iter()
            .find(|pair| pair.key == key)?
            .value
            .as_ref()?
            .as_str()
    }

    /// Returns the events, or an empty slice if they are not included.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"events":[{"type":"play","at":0}]}"#)?;
    /// for event in session.events() {
    ///     println!("{} at {:?}", event.kind, event.at);
    /// }
    /// # assert_eq!(session.events().len(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn events(&self) -> &[Event] {
        self.events.as_deref().unwrap_or_default()
    }
}

/// The names of the fields that this crate adds to a session.
const VIDEO_ID: &str = "videoId";
const LIVE_STREAM_ID: &str = "liveStreamId";
const EVENTS: &str = "events";

/// Moves a valid identifier of an asset out of the additional fields.
fn take_asset(extra: &mut Extra) -> Option<AssetId> {
    let id = |value: Option<&Value>| {
        let id = value?.as_str()?;
        is_id(id).then(|| id.into())
    };
    let asset = match (extra.get(VIDEO_ID), extra.get(LIVE_STREAM_ID)) {
        (video, None) => AssetId::Video(VideoId::checked(id(video)?)),
        (None, live_stream) => AssetId::LiveStream(LiveStreamId::checked(id(live_stream)?)),
        (Some(_), Some(_)) => return None,
    };
    extra.remove(VIDEO_ID);
    extra.remove(LIVE_STREAM_ID);
    Some(asset)
}

/// Moves readable events out of the additional fields.
fn take_events(extra: &mut Extra) -> Option<Vec<Event>> {
    let events = extra.get(EVENTS)?.as_array()?;
    let events = events.iter().map(Event::deserialize);
    let events = events.collect::<Result<_, _>>().ok()?;
    extra.remove(EVENTS);
    Some(events)
}

impl FromWire<Object<types::Session>> for Session {
    fn from_wire(mut wire: Object<types::Session>) -> Self {
        #[inline]
        fn remove_unknown<W: Group>(wire: &mut Option<Object<W>>) {
            if let Some(wire) = wire {
                wire.value.remove_unknown();
            }
        }
        #[inline]
        fn group<W: Group>(wire: Option<Object<W>>) -> W::Model {
            match wire {
                Some(wire) => W::into_model(wire),
                None => W::Model::default(),
            }
        }
        let groups = &mut wire.value;
        remove_unknown(&mut groups.location);
        remove_unknown(&mut groups.referrer);
        remove_unknown(&mut groups.device);
        remove_unknown(&mut groups.os);
        remove_unknown(&mut groups.client);
        let Object {
            value: info,
            extra: session_extra,
        } = &mut groups.session;
        let loaded_at = instant(info.loaded_at.take(), "loadedAt", session_extra);
        let ended_at = instant(info.ended_at.take(), "endedAt", session_extra);
        #[expect(deprecated, reason = "the only field in responses of 2018 and 2019")]
        let pairs = metadata::joined([info.metadata.take(), info.metadatas.take()]);
        // The pairs are serialized as `metadata`, so an unreadable list under that name moves to its old name.
        if !pairs.is_empty()
            && let Some(unreadable) = session_extra.remove("metadata")
        {
            session_extra.insert("metadatas", unreadable);
        }
        let (mut asset, mut events) = (None, None);
        if !wire.extra.is_empty() {
            asset = take_asset(&mut wire.extra);
            events = take_events(&mut wire.extra);
        }
        let Object {
            value:
                types::Session {
                    session,
                    location,
                    referrer,
                    device,
                    os,
                    client,
                },
            extra,
        } = wire;
        Self {
            id: SessionId::checked(session.value.session_id),
            asset,
            loaded_at,
            ended_at,
            metadata: pairs,
            location: group(location),
            referrer: group(referrer),
            device: group(device),
            os: group(os),
            client: group(client),
            events,
            session_extra: session.extra,
            extra,
        }
    }
}

model!(Session from types::Session, id: SessionId at session.session_id);

/// A session with the nesting of the service.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "Session")
)]
#[serde(rename_all = "camelCase")]
struct Nested<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<VideoId>"))]
    video_id: Option<&'a VideoId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<LiveStreamId>"))]
    live_stream_id: Option<&'a LiveStreamId>,
    session: NestedInfo<'a>,
    #[serde(skip_serializing_if = "Location::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Location>"))]
    location: &'a Location,
    #[serde(skip_serializing_if = "Referrer::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Referrer>"))]
    referrer: &'a Referrer,
    #[serde(skip_serializing_if = "Device::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Device>"))]
    device: &'a Device,
    #[serde(skip_serializing_if = "OperatingSystem::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<OperatingSystem>"))]
    os: &'a OperatingSystem,
    #[serde(skip_serializing_if = "ClientInfo::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<ClientInfo>"))]
    client: &'a ClientInfo,
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    extra: AdditionalGroups<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Vec<Event>>"))]
    events: Option<&'a [Event]>,
}

/// The group `session` of a session.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "SessionInfo")
)]
#[serde(rename_all = "camelCase")]
struct NestedInfo<'a> {
    session_id: &'a SessionId,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    loaded_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "<[Metadata]>::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Vec<Metadata>>"))]
    metadata: &'a [Metadata],
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    extra: &'a Extra,
}

/// The additional groups, without those whose names the fields of this crate use.
struct AdditionalGroups<'a> {
    extra: &'a Extra,
    has_asset: bool,
    has_events: bool,
}

impl Serialize for AdditionalGroups<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_additional = |name: &str| match name {
            VIDEO_ID | LIVE_STREAM_ID => !self.has_asset,
            EVENTS => !self.has_events,
            _ => true,
        };
        serializer.collect_map(self.extra.iter().filter(|(name, _)| is_additional(name)))
    }
}

impl Serialize for Session {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (video_id, live_stream_id) = match &self.asset {
            Some(AssetId::Video(id)) => (Some(id), None),
            Some(AssetId::LiveStream(id)) => (None, Some(id)),
            None => (None, None),
        };
        Nested {
            video_id,
            live_stream_id,
            session: NestedInfo {
                session_id: &self.id,
                loaded_at: self.loaded_at,
                ended_at: self.ended_at,
                metadata: &self.metadata,
                extra: &self.session_extra,
            },
            location: &self.location,
            referrer: &self.referrer,
            device: &self.device,
            os: &self.os,
            client: &self.client,
            extra: AdditionalGroups {
                extra: &self.extra,
                has_asset: self.asset.is_some(),
                has_events: self.events.is_some(),
            },
            events: self.events.as_deref(),
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Session {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Nested::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Nested::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
