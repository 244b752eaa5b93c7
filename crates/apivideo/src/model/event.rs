//! Something that happened in a session.

use apivideo_core::types;
use apivideo_core::wire::Object;
use jiff::Timestamp;
use serde::Serialize;

use super::{Extra, FromWire, Text, deserialize_as_wire, instant, number, rfc3339, try_from_wire};

/// Something that happened in a session, by its kind.
///
/// Events come in ascending order of their times, which the service gives to the second; several share
/// one, and then their order is not always the logical one: a seek comes after the resume that it belongs to.
/// A session may end without `Pause` or `End` (the tab was closed), and `Ready` comes again with every reload.
///
/// ```
/// use apivideo::Event;
///
/// let events: Vec<Event> = serde_json::from_str(
///     r#"[{"type":"pause","emittedAt":"2020-09-15T21:36:05+00:00","at":7},
///         {"type":"seek.forward","emittedAt":"2020-09-15T21:36:19+00:00","from":7,"to":21},
///         {"type":"player_session_vod.loaded","at":0}]"#,
/// )?;
/// match &events[1] {
///     Event::SeekForward(seek) => assert_eq!((seek.from, seek.to), (Some(7.0), Some(21.0))),
///     other => panic!("{other:?}"),
/// }
/// assert_eq!(events[0].at(), Some(7.0));
/// assert_eq!(events[2].name(), "player_session_vod.loaded");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The player is ready (`ready`): an impression, even if nothing is played.
    Ready(Moment),
    /// Playing begins (`play`), from the start or again after the end.
    Play(Moment),
    /// Playing stops (`pause`). While seeking, its position is where the seek goes.
    Pause(Moment),
    /// Playing goes on (`resume`).
    Resume(Moment),
    /// The viewer went ahead (`seek.forward`); rounding can make `from` and `to` equal.
    SeekForward(Seek),
    /// The viewer went back (`seek.backward`).
    SeekBackward(Seek),
    /// The end was reached (`end`).
    End(Moment),
    /// A kind that this crate does not know, kept as it came. The names of before October 2020
    /// (`player_session_vod.loaded` …) are among them.
    Other(OtherEvent),
}

/// What an event at one position has.
///
/// ```
/// # let event: apivideo::Event = serde_json::from_str(r#"{"type":"play","at":1.5}"#)?;
/// if let apivideo::Event::Play(moment) = event {
///     assert_eq!(moment.at, Some(1.5));
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Moment {
    /// When it was emitted, to the second as a rule.
    pub emitted_at: Option<Timestamp>,
    /// The position in seconds from the beginning: whole in recorded replies, fractional in the player.
    pub at: Option<f64>,
    /// Fields that this crate does not know, and a time that can't be read.
    pub extra: Extra,
}

/// What a seek has.
///
/// ```
/// # let event: apivideo::Event = serde_json::from_str(r#"{"type":"seek.backward","from":30,"to":0}"#)?;
/// if let apivideo::Event::SeekBackward(seek) = event {
///     assert_eq!((seek.from, seek.to), (Some(30.0), Some(0.0)));
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Seek {
    /// When it was emitted, to the second as a rule.
    pub emitted_at: Option<Timestamp>,
    /// The position before, in seconds.
    pub from: Option<f64>,
    /// The position after, in seconds.
    pub to: Option<f64>,
    /// Fields that this crate does not know, and a time that can't be read.
    pub extra: Extra,
}

/// An event of a kind that this crate does not know.
///
/// ```
/// # let event: apivideo::Event = serde_json::from_str(r#"{"type":"volume","at":3,"level":0.5}"#)?;
/// if let apivideo::Event::Other(other) = event {
///     assert_eq!((other.name.as_str(), other.at), ("volume", Some(3.0)));
///     assert_eq!(other.extra["level"], 0.5);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct OtherEvent {
    /// The kind, as the service names it (`type` on the wire); empty where it is missing or not a string.
    pub name: Text,
    /// When it was emitted.
    pub emitted_at: Option<Timestamp>,
    /// The position in seconds.
    pub at: Option<f64>,
    /// The position before a seek, in seconds.
    pub from: Option<f64>,
    /// The position after a seek, in seconds.
    pub to: Option<f64>,
    /// Fields that this crate does not know, and a time that can't be read.
    pub extra: Extra,
}

impl Event {
    /// The kind, as the service names it: `seek.forward`.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"seek.forward","from":7,"to":21}"#)?;
    /// assert_eq!(event.name(), "seek.forward");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Ready(_) => "ready",
            Self::Play(_) => "play",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::SeekForward(_) => "seek.forward",
            Self::SeekBackward(_) => "seek.backward",
            Self::End(_) => "end",
            Self::Other(other) => &other.name,
        }
    }

    /// When it was emitted.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"play","emittedAt":"2020-09-15T21:36:05+00:00"}"#)?;
    /// assert_eq!(event.emitted_at().unwrap().to_string(), "2020-09-15T21:36:05Z");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn emitted_at(&self) -> Option<Timestamp> {
        self.flat().emitted_at
    }

    /// The position in seconds from the beginning; seeks have none.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"pause","at":7}"#)?;
    /// assert_eq!(event.at(), Some(7.0));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn at(&self) -> Option<f64> {
        self.flat().at
    }

    /// The position before a seek, in seconds.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"seek.forward","from":7,"to":21}"#)?;
    /// assert_eq!(event.seek_from(), Some(7.0));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn seek_from(&self) -> Option<f64> {
        self.flat().from
    }

    /// The position after a seek, in seconds.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"seek.forward","from":7,"to":21}"#)?;
    /// assert_eq!(event.seek_to(), Some(21.0));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn seek_to(&self) -> Option<f64> {
        self.flat().to
    }

    /// Fields that this crate does not know, and a time that can't be read.
    ///
    /// ```
    /// let event: apivideo::Event = serde_json::from_str(r#"{"type":"play","at":0,"volume":0.5}"#)?;
    /// assert_eq!(event.extra()["volume"], 0.5);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn extra(&self) -> &Extra {
        self.flat().extra
    }

    fn flat(&self) -> Flat<'_> {
        let (emitted_at, at, from, to, extra) = match self {
            Self::Ready(e) | Self::Play(e) | Self::Pause(e) | Self::Resume(e) | Self::End(e) => {
                (e.emitted_at, e.at, None, None, &e.extra)
            }
            Self::SeekForward(e) | Self::SeekBackward(e) => {
                (e.emitted_at, None, e.from, e.to, &e.extra)
            }
            Self::Other(e) => (e.emitted_at, e.at, e.from, e.to, &e.extra),
        };
        let name = self.name();
        Flat {
            name: (!name.is_empty() || extra.get("type").is_none()).then_some(name),
            emitted_at,
            at,
            from,
            to,
            extra,
        }
    }
}

/// An event as the service writes it.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "Event")
)]
#[serde(rename_all = "camelCase")]
struct Flat<'a> {
    /// Not written where the kind is not a string: `extra` has it then.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schemars", schemars(with = "&str"))]
    name: Option<&'a str>,
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
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    extra: &'a Extra,
}

impl Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.flat().serialize(serializer)
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

impl FromWire<Object<types::Event>> for Event {
    // An event has no id: whatever it lacks, it is one.
    const OPTIONAL: &[&str] = &["type"];

    fn from_wire(wire: Object<types::Event>) -> Self {
        let Object {
            value:
                types::Event {
                    type_: name,
                    emitted_at,
                    at,
                    from,
                    to,
                },
            mut extra,
        } = wire;
        let emitted_at = instant(emitted_at, "emittedAt", &mut extra);
        let moment = |mut extra: Extra| {
            keep(&mut extra, "from", from);
            keep(&mut extra, "to", to);
            Moment {
                emitted_at,
                at,
                extra,
            }
        };
        let seek = |mut extra: Extra| {
            keep(&mut extra, "at", at);
            Seek {
                emitted_at,
                from,
                to,
                extra,
            }
        };
        match name.as_str() {
            "ready" => Self::Ready(moment(extra)),
            "play" => Self::Play(moment(extra)),
            "pause" => Self::Pause(moment(extra)),
            "resume" => Self::Resume(moment(extra)),
            "end" => Self::End(moment(extra)),
            "seek.forward" => Self::SeekForward(seek(extra)),
            "seek.backward" => Self::SeekBackward(seek(extra)),
            _ => Self::Other(OtherEvent {
                name,
                emitted_at,
                at,
                from,
                to,
                extra,
            }),
        }
    }
}

try_from_wire!(Event, types::Event);

/// Keeps a position that this kind of event has no field for.
fn keep(extra: &mut Extra, name: &str, position: Option<f64>) {
    if let Some(position) = position {
        extra.insert(name, position);
    }
}

deserialize_as_wire!(Event, types::Event, "type");

#[cfg(test)]
#[path = "event/tests.rs"]
mod tests;
