//! A player session.

use apivideo_core::types;
use apivideo_core::wire::Object;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::{
    Extra, FromWire, Text, deserialize_as_wire, forget_unknown, instant, rfc3339, try_from_wire,
};
use crate::id::SessionId;

/// One viewer's tab on one video or live stream, as the service counts it.
///
/// It survives reloads and can last for days, with many plays or none: a session is not a view.
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
    /// The identifier, by which its events are asked for.
    pub id: SessionId,
    /// When the player was loaded.
    pub loaded_at: Option<Timestamp>,
    /// When the session was last heard of: a player that plays reports every 10 seconds.
    pub ended_at: Option<Timestamp>,
    /// What the page with the player told of its viewer.
    pub metadata: Vec<Metadata>,
    /// Where the viewer was.
    pub location: Location,
    /// Where the viewer came from.
    pub referrer: Referrer,
    /// What the viewer watched on.
    pub device: Device,
    /// The operating system of the device.
    pub os: OperatingSystem,
    /// The program that played.
    pub client: Program,
    /// Fields of the group `session` that this crate does not know or can't read.
    pub session_extra: Extra,
    /// Groups that this crate does not know or can't read.
    pub extra: Extra,
}

impl Session {
    /// The value of a metadata key, where it is a text.
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
}

/// A key and its value, as the page with the player gave them.
///
/// ```
/// let pair: apivideo::Metadata = serde_json::from_str(r#"{"key":"age","value":null}"#)?;
/// assert_eq!((pair.key.as_str(), pair.value), ("age", None));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Metadata {
    /// The key.
    pub key: Text,
    /// The value: a text as a rule; older replies have had objects and null.
    pub value: Option<Value>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    pub extra: Extra,
}

impl FromWire<Object<types::Metadata>> for Metadata {
    #[inline]
    fn from_wire(wire: Object<types::Metadata>) -> Self {
        let Object {
            value: types::Metadata { key, value },
            extra,
        } = wire;
        Self {
            key: key.unwrap_or_default(),
            value: value.filter(|value| !value.is_null()),
            extra,
        }
    }
}

try_from_wire!(Metadata, types::Metadata);

deserialize_as_wire!(Metadata, types::Metadata);

/// Metadata under its present name and its old one.
pub(super) fn metadata(lists: [Option<Vec<Object<types::Metadata>>>; 2]) -> Vec<Metadata> {
    // One list alone, the usual case, is mapped where it is.
    let mapped = |list: Vec<_>| list.into_iter().map(Metadata::from_wire).collect();
    match lists {
        [Some(pairs), None] | [None, Some(pairs)] => mapped(pairs),
        [None, None] => Vec::new(),
        [Some(mut pairs), Some(older)] => {
            pairs.extend(older);
            mapped(pairs)
        }
    }
}

/// A group of texts, as the service sends it. What is not known is taken out where it is, before anything is moved: a
/// session is large, and each copy of it is felt.
trait Group: Sized {
    type Model: Default;

    /// Takes out the texts that say that they are not known.
    fn forget(&mut self);

    /// The model of what is left.
    fn moved(wire: Object<Self>) -> Self::Model;
}

/// A group of texts.
macro_rules! group {
    (
        $(#[$doc:meta])*
        $name:ident from $wire:path {
            $($(#[$field_doc:meta])* $field:ident / $wire_field:ident = $wire_name:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(rename = $wire_name, skip_serializing_if = "Option::is_none")]
                pub $field: Option<Text>,
            )*
            /// Fields that this crate does not know.
            #[serde(flatten)]
            #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
            pub extra: Extra,
        }

        impl $name {
            /// Whether nothing is known.
            ///
            /// ```
            #[doc = concat!("let nothing: apivideo::", stringify!($name), " = serde_json::from_str(\"{}\")?;")]
            /// assert!(nothing.is_empty());
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            #[must_use]
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_none() &&)* self.extra.is_empty()
            }
        }

        impl Group for $wire {
            type Model = $name;

            #[inline]
            fn forget(&mut self) {
                $(forget_unknown(&mut self.$wire_field);)*
            }

            #[inline]
            fn moved(wire: Object<Self>) -> $name {
                let Object { value: $wire { $($wire_field,)* }, extra } = wire;
                $name { $($field: $wire_field,)* extra }
            }
        }

        impl From<Object<$wire>> for $name {
            fn from(mut wire: Object<$wire>) -> Self {
                wire.value.forget();
                Group::moved(wire)
            }
        }

        deserialize_as_wire!($name, $wire);
    };
}

group! {
    /// Where the viewer was.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"location":{"country":"France"}}"#)?;
    /// assert_eq!(session.location.country.as_deref(), Some("France"));
    /// assert_eq!(session.location.city, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Location from types::Location {
        /// The country, by its English name.
        country / country = "country",
        /// The city.
        city / city = "city",
    }
}

group! {
    /// Where the viewer came from.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"referrer":{"url":null,"medium":"unknown"}}"#)?;
    /// assert!(session.referrer.is_empty());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Referrer from types::Referrer {
        /// The page.
        url / url = "url",
        /// The kind of referrer, such as `organic`.
        medium / medium = "medium",
        /// The site or the campaign.
        source / source = "source",
        /// What was searched for.
        search_term / search_term = "searchTerm",
    }
}

group! {
    /// What the viewer watched on.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"device":{"type":"smartphone"}}"#)?;
    /// assert_eq!(session.device.kind.as_deref(), Some("smartphone"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Device from types::Device {
        /// The kind of device (`type` on the wire), such as `desktop` or `smartphone`.
        kind / type_ = "type",
        /// Who made it.
        vendor / vendor = "vendor",
        /// The model.
        model / model = "model",
    }
}

group! {
    /// The operating system of the device.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"os":{"shortname":"W10"}}"#)?;
    /// assert_eq!(session.os.short_name.as_deref(), Some("W10"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    OperatingSystem from types::OperatingSystem {
        /// The name.
        name / name = "name",
        /// The name in short (`shortname` on the wire), such as `W10`.
        short_name / shortname = "shortname",
        /// The version.
        version / version = "version",
    }
}

group! {
    /// The program that played.
    ///
    /// ```
    /// # let session: apivideo::Session = serde_json::from_str(
    /// #     r#"{"session":{"sessionId":"ps1"},"client":{"name":"Firefox","version":"67.0"}}"#)?;
    /// assert_eq!(session.client.name.as_deref(), Some("Firefox"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Program from types::ClientInfo {
        /// The kind of program (`type` on the wire), such as `browser`.
        kind / type_ = "type",
        /// The name.
        name / name = "name",
        /// The version: a text, even where it looks like a number.
        version / version = "version",
    }
}

impl FromWire<Object<types::Session>> for Session {
    fn from_wire(mut wire: Object<types::Session>) -> Self {
        #[inline]
        fn forget<W: Group>(wire: &mut Option<Object<W>>) {
            if let Some(wire) = wire {
                wire.value.forget();
            }
        }
        #[inline]
        fn group<W: Group>(wire: Option<Object<W>>) -> W::Model {
            match wire {
                Some(wire) => W::moved(wire),
                None => W::Model::default(),
            }
        }
        let groups = &mut wire.value;
        forget(&mut groups.location);
        forget(&mut groups.referrer);
        forget(&mut groups.device);
        forget(&mut groups.os);
        forget(&mut groups.client);
        let Object {
            value: info,
            extra: session_extra,
        } = &mut groups.session;
        let loaded_at = instant(info.loaded_at.take(), "loadedAt", session_extra);
        let ended_at = instant(info.ended_at.take(), "endedAt", session_extra);
        let pairs = metadata([info.metadata.take(), info.metadatas.take()]);
        // Written out, the pairs are `metadata`, and a list of that name that can't be read has to make room.
        if !pairs.is_empty()
            && let Some(unreadable) = session_extra.remove("metadata")
        {
            session_extra.insert("metadatas", unreadable);
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
            loaded_at,
            ended_at,
            metadata: pairs,
            location: group(location),
            referrer: group(referrer),
            device: group(device),
            os: group(os),
            client: group(client),
            session_extra: session.extra,
            extra,
        }
    }
}

try_from_wire!(Session, types::Session, SessionId from session.session_id);

deserialize_as_wire!(Session, types::Session);

/// A session as the service nests it.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "Session")
)]
struct Nested<'a> {
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
    #[serde(skip_serializing_if = "Program::is_empty")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<Program>"))]
    client: &'a Program,
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    extra: &'a Extra,
}

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
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    extra: &'a Extra,
}

impl Serialize for Session {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Nested {
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
            extra: &self.extra,
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
#[path = "session/tests.rs"]
mod tests;
