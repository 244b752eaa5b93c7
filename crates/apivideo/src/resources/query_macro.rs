//! The macro [`query!`], which declares each parameter of a query once, and the types that parameters have.

use apivideo_core::wire::{DateTime, MetadataFilter};
use jiff::Timestamp;
use serde::Serialize;

use crate::id::LiveStreamId;

/// Declares a query by the parameters of its operation: a line `field: Type => method` for each, where `method` is the
/// setter of the generated request. The field, the request and the fingerprint of the filters come from that line; the public
/// setter is an ordinary method of the list. The fingerprint contains only what is set, so that saved cursors stay valid when
/// an optional parameter is added.
///
/// `of Builder` names the generated request. Parts of the path are fields before the `;`.
macro_rules! query {
    (
        $(#[$meta:meta])*
        pub struct $name:ident of $builder:ident {
            $($part:ident: $part_type:ty,)*
            ;
            $($field:ident: $type:ty => $method:ident,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($part: $part_type,)*
            $($field: $type,)*
        }

        impl $name {
            /// Sets the parameters of a request.
            fn set_on<'a>(
                &self,
                call: apivideo_core::builder::$builder<'a>,
            ) -> apivideo_core::builder::$builder<'a> {
                $(
                    let call = match $crate::resources::query_macro::Parameter::value(&self.$field) {
                        Some(value) => call.$method(value),
                        None => call,
                    };
                )*
                call
            }

            /// Describes the parameters as a string that is the same for the same filters.
            fn fingerprint_text(&self) -> String {
                let mut text = String::new();
                $(
                    $crate::resources::query_macro::describe(
                        stringify!($method),
                        &self.$field,
                        &mut text,
                    );
                )*
                text
            }
        }
    };
}
pub(crate) use query;

/// An optional parameter.
#[diagnostic::on_unimplemented(
    note = "add a string enum to `string_parameters!` in resources/params.rs, and implement `Parameter` for another type"
)]
pub(crate) trait Parameter {
    /// The type that the generated request accepts. The fingerprint of the filters contains its JSON.
    type Value: Serialize;

    /// Returns the value to send, or `None` if the parameter is not set.
    fn value(&self) -> Option<Self::Value>;
}

/// Appends a parameter to the description of the filters if it is set.
pub(crate) fn describe(name: &str, parameter: &impl Parameter, text: &mut String) {
    if let Some(value) = parameter.value() {
        text.push_str(name);
        text.push('=');
        // The values are strings, lists and maps of strings, which cannot fail.
        text.push_str(&serde_json::to_string(&value).unwrap_or_default());
        text.push(';');
    }
}

impl Parameter for Option<String> {
    type Value = String;

    fn value(&self) -> Option<String> {
        self.clone()
    }
}

impl Parameter for Option<LiveStreamId> {
    type Value = String;

    fn value(&self) -> Option<String> {
        self.as_ref().map(LiveStreamId::to_string)
    }
}

impl Parameter for Vec<String> {
    type Value = Self;

    fn value(&self) -> Option<Self> {
        (!self.is_empty()).then(|| self.clone())
    }
}

/// The pairs of a metadata filter. `Debug` shows the keys only, because values can be personal.
#[derive(Clone, Default)]
pub(crate) struct MetadataPairs(Vec<(String, String)>);

impl MetadataPairs {
    pub(crate) fn push(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.push((key.into(), value.into()));
    }
}

impl Parameter for MetadataPairs {
    type Value = MetadataFilter;

    fn value(&self) -> Option<MetadataFilter> {
        (!self.0.is_empty()).then(|| MetadataFilter::from_iter(self.0.iter().cloned()))
    }
}

impl std::fmt::Debug for MetadataPairs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(key, _)| key))
            .finish()
    }
}

/// Implements `Parameter` for optional string enums.
macro_rules! string_parameters {
    ($($name:ty),* $(,)?) => {$(
        impl $crate::resources::query_macro::Parameter for Option<$name> {
            type Value = String;

            fn value(&self) -> Option<String> {
                self.as_ref().map(|value| value.as_str().to_owned())
            }
        }
    )*};
}
pub(crate) use string_parameters;

impl Parameter for Option<bool> {
    type Value = bool;

    fn value(&self) -> Option<bool> {
        *self
    }
}

impl Parameter for Option<Timestamp> {
    type Value = DateTime;

    fn value(&self) -> Option<DateTime> {
        self.map(DateTime::Known)
    }
}

/// Strings that become values of a generated enum.
#[derive(Serialize)]
pub(crate) struct Values(pub(crate) Vec<String>);

/// Implements `Parameter` for lists of string enums.
macro_rules! list_parameters {
    ($($name:ident),* $(,)?) => {$(
        impl $crate::resources::query_macro::Parameter for Vec<$name> {
            type Value = $crate::resources::query_macro::Values;

            fn value(&self) -> Option<Self::Value> {
                let values = self.iter().map(|value| value.as_str().to_owned());
                let values = (!self.is_empty()).then(|| values.collect());
                values.map($crate::resources::query_macro::Values)
            }
        }

        impl TryFrom<$crate::resources::query_macro::Values>
            for Vec<::apivideo_core::types::$name>
        {
            type Error = ::apivideo_core::types::error::ConversionError;

            fn try_from(
                values: $crate::resources::query_macro::Values,
            ) -> std::result::Result<Self, Self::Error> {
                values.0.iter().map(|value| value.parse()).collect()
            }
        }
    )*};
}
pub(crate) use list_parameters;
