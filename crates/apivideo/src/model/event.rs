//! An event of a session.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object};
use jiff::Timestamp;
use serde::Serialize;

use super::wire::{FromWire, instant, model, number, rfc3339};
use crate::string_enum::string_enum;

string_enum! {
    /// The kind of an [`Event`].
    ///
    /// Every string is a valid kind, because the service can add some, and has had others: until October 2020 the names were
    /// of the form `player_session_vod.loaded`.
    ///
    /// ```
    /// use apivideo::model::EventKind;
    ///
    /// assert_eq!("seek.forward".parse::<EventKind>()?, EventKind::SeekForward);
    /// assert_eq!("volume".parse::<EventKind>()?.as_str(), "volume");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    received EventKind {
        /// The player is ready: an impression, even if nothing is played. Every reload emits another one.
        Ready = "ready",
        /// Playback starts, from the beginning or again after the end.
        Play = "play",
        /// Playback pauses. While seeking, the position is the target of the seek.
        Pause = "pause",
        /// Playback resumes.
        Resume = "resume",
        /// The viewer seeks forward. Rounding can make `from` and `to` equal.
        SeekForward = "seek.forward",
        /// The viewer seeks backward.
        SeekBackward = "seek.backward",
        /// Playback reaches the end.
        End = "end",
    }
}

/// An event of a session.
///
/// Events are in ascending order of `emitted_at`, which has a precision of one second. Events of the same second are not always in
/// their logical order: a seek follows the resume that it belongs to. A session can end without a pause or an end, for example when
/// the tab is closed.
///
/// Positions are in seconds from the beginning: whole numbers in recorded responses, fractional in the player. Seeks have `from` and
/// `to`, other events have `at`, as far as the service sends them.
///
/// ```
/// use apivideo::{Event, model::EventKind};
///
/// let events: Vec<Event> = serde_json::from_str(
///     r#"[{"type":"pause","emittedAt":"2020-09-15T21:36:05+00:00","at":7},
///         {"type":"seek.forward","emittedAt":"2020-09-15T21:36:19+00:00","from":7,"to":21}]"#,
/// )?;
/// assert_eq!((&events[0].kind, events[0].at), (&EventKind::Pause, Some(7.0)));
/// assert_eq!((events[1].from, events[1].to), (Some(7.0), Some(21.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The kind (`type` in JSON). It is empty if the service does not send a string.
    pub kind: EventKind,
    /// The time of the event.
    pub emitted_at: Option<Timestamp>,
    /// The position, in seconds.
    pub at: Option<f64>,
    /// The position before a seek, in seconds.
    pub from: Option<f64>,
    /// The position after a seek, in seconds.
    pub to: Option<f64>,
    /// Unknown fields, and fields that could not be read.
    pub extra: Extra,
}

impl Event {
    /// Creates an event without a time and positions, for tests.
    ///
    /// ```
    /// use apivideo::{Event, model::EventKind};
    ///
    /// let mut event = Event::new(EventKind::Pause);
    /// event.at = Some(7.0);
    /// assert_eq!(serde_json::to_string(&event)?, r#"{"type":"pause","at":7}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn new(kind: EventKind) -> Self {
        Self {
            kind,
            emitted_at: None,
            at: None,
            from: None,
            to: None,
            extra: Extra::new(),
        }
    }
}

impl FromWire<Object<types::Event>> for Event {
    // An event has no identifier: it is valid without any field.
    const OPTIONAL: &[&str] = &["type"];

    fn from_wire(wire: Object<types::Event>) -> Self {
        let Object {
            value:
                types::Event {
                    type_,
                    emitted_at,
                    at,
                    from,
                    to,
                },
            mut extra,
        } = wire;
        Self {
            kind: EventKind::received(type_),
            emitted_at: instant(emitted_at, "emittedAt", &mut extra),
            at,
            from,
            to,
            extra,
        }
    }
}

model!(Event from types::Event, optional: "type");

/// An event as the service writes it.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "Event")
)]
#[serde(rename_all = "camelCase")]
struct Flat<'a> {
    /// Omitted if the service did not send a string: `extra` contains its value then.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "EventKind"))]
    kind: Option<&'a EventKind>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    emitted_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<f64>"))]
    at: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<f64>"))]
    from: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<f64>"))]
    to: Option<f64>,
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    extra: &'a Extra,
}

impl Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let has_kind = !self.kind.as_str().is_empty() || self.extra.get("type").is_none();
        Flat {
            kind: has_kind.then_some(&self.kind),
            emitted_at: self.emitted_at,
            at: self.at,
            from: self.from,
            to: self.to,
            extra: &self.extra,
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Event {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Flat::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Flat::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
