//! The groups of a session: location, referrer, device, operating system and client.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use serde::Serialize;

use super::wire::{FromWire, model, unknown_to_none};

/// A group of strings, as the service sends it. Unknown values are removed in place before anything is moved, because a session is
/// large and every copy of it costs time.
pub(super) trait Group: Sized {
    type Model: Default;

    /// Replaces strings that mean "not known" by `None`.
    fn remove_unknown(&mut self);

    /// Converts the group after `remove_unknown`.
    fn into_model(wire: Object<Self>) -> Self::Model;
}

/// Defines a group of strings.
macro_rules! group {
    (
        $(#[$doc:meta])*
        $name:ident from $wire:path {
            $($(#[$field_doc:meta])* $field:ident / $wire_field:ident = $wire_name:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(rename = $wire_name, skip_serializing_if = "Option::is_none")]
                pub $field: Option<Text>,
            )*
            /// Unknown fields.
            #[serde(flatten)]
            #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
            pub extra: Extra,
        }

        impl $name {
            /// Returns whether every field is empty.
            ///
            /// ```
            #[doc = concat!("assert!(apivideo::model::", stringify!($name), "::default().is_empty());")]
            /// ```
            #[must_use]
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_none() &&)* self.extra.is_empty()
            }
        }

        impl Group for $wire {
            type Model = $name;

            #[inline]
            fn remove_unknown(&mut self) {
                $(unknown_to_none(&mut self.$wire_field);)*
            }

            #[inline]
            fn into_model(wire: Object<Self>) -> $name {
                let Object { value: $wire { $($wire_field,)* .. }, extra } = wire;
                $name { $($field: $wire_field,)* extra }
            }
        }

        // Fails to compile if the document has another field. Unlike a pattern in a macro, an expression makes the compiler name it.
        const _: fn($name) -> $wire = |model| {
            type Wire = $wire;
            Wire { $($wire_field: model.$field,)* }
        };

        impl FromWire<Object<$wire>> for $name {
            fn from_wire(mut wire: Object<$wire>) -> Self {
                wire.value.remove_unknown();
                Group::into_model(wire)
            }
        }

        model!($name from $wire);
    };
}

group! {
    /// The location of the viewer.
    ///
    /// ```
    /// let location: apivideo::model::Location = serde_json::from_str(r#"{"country":"France","city":"unknown"}"#)?;
    /// assert_eq!(location.country.as_deref(), Some("France"));
    /// assert_eq!(location.city, None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Location from types::Location {
        /// The English name of the country.
        country / country = "country",
        /// The city.
        city / city = "city",
    }
}

group! {
    /// The page or campaign that the viewer came from.
    ///
    /// ```
    /// let referrer: apivideo::model::Referrer = serde_json::from_str(r#"{"url":null,"medium":"organic"}"#)?;
    /// assert_eq!(referrer.medium.as_deref(), Some("organic"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Referrer from types::Referrer {
        /// The URL of the page.
        url / url = "url",
        /// The kind of referrer, such as `organic`.
        medium / medium = "medium",
        /// The site or campaign.
        source / source = "source",
        /// The search term.
        search_term / search_term = "searchTerm",
    }
}

group! {
    /// The device of the viewer.
    ///
    /// ```
    /// let device: apivideo::model::Device = serde_json::from_str(r#"{"type":"smartphone"}"#)?;
    /// assert_eq!(device.kind.as_deref(), Some("smartphone"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    Device from types::Device {
        /// The kind of device (`type` in JSON), such as `desktop` or `smartphone`.
        kind / type_ = "type",
        /// The vendor.
        vendor / vendor = "vendor",
        /// The model.
        model / model = "model",
    }
}

group! {
    /// The operating system of the device.
    ///
    /// ```
    /// let os: apivideo::model::OperatingSystem = serde_json::from_str(r#"{"shortname":"W10"}"#)?;
    /// assert_eq!(os.short_name.as_deref(), Some("W10"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    OperatingSystem from types::OperatingSystem {
        /// The name.
        name / name = "name",
        /// The short name (`shortname` in JSON), such as `W10`.
        short_name / shortname = "shortname",
        /// The version.
        version / version = "version",
    }
}

group! {
    /// The program with the player, usually a browser.
    ///
    /// ```
    /// let client: apivideo::model::ClientInfo = serde_json::from_str(r#"{"name":"Firefox","version":"67.0"}"#)?;
    /// assert_eq!(client.name.as_deref(), Some("Firefox"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ClientInfo from types::ClientInfo {
        /// The kind of program (`type` in JSON), such as `browser`.
        kind / type_ = "type",
        /// The name.
        name / name = "name",
        /// The version: a string, even if it looks like a number.
        version / version = "version",
    }
}
