//! Fallible construction of identifiers.

use std::str::FromStr;

use super::{AssetId, LiveStreamId, MAX_LENGTH, SessionId, VideoId, invalid};
use crate::error::Error;

macro_rules! parse {
    ($name:ident, $what:literal, $example:literal) => {
        impl $name {
            /// Creates an identifier from a string.
            ///
            /// ```
            #[doc = concat!("let id = apivideo::", stringify!($name), "::new(\"", $example, "\")?;")]
            #[doc = concat!("assert!(id == \"", $example, "\");")]
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            ///
            /// # Errors
            /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the string is not a valid identifier.
            pub fn new(id: impl AsRef<str>) -> Result<Self, Error> {
                let id = id.as_ref();
                Self::check(id)?;
                Ok(Self::checked(id.into()))
            }

            /// Returns an error with the reason if `id` is not a valid identifier.
            pub(crate) fn check(id: &str) -> Result<(), Error> {
                match invalid($what, id) {
                    None => Ok(()),
                    Some(message) => Err(Error::input(message)),
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Error;

            fn try_from(id: &str) -> Result<Self, Error> {
                Self::new(id)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(id: String) -> Result<Self, Error> {
                Self::new(id)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(id: &str) -> Result<Self, Error> {
                Self::new(id)
            }
        }
    };
}

parse!(VideoId, "video", "vi4k0jvEUuaTdRAEjQ4Prklg");
parse!(LiveStreamId, "live stream", "li4k0jvEUuaTdRAEjQ4Jfrgz");
parse!(SessionId, "session", "psEmFwGQUAXR2lFHj5nDOpy");

impl FromStr for AssetId {
    type Err = Error;

    fn from_str(asset: &str) -> Result<Self, Error> {
        match asset.split_once('/') {
            Some(("video", id)) => VideoId::new(id).map(Self::Video),
            Some(("live-stream", id)) => LiveStreamId::new(id).map(Self::LiveStream),
            _ => {
                let shown: String = asset.chars().take(MAX_LENGTH).collect();
                Err(Error::input(format!(
                    "invalid asset id {shown:?}: expected video/ID or live-stream/ID"
                )))
            }
        }
    }
}
