//! The items of lists: sessions, events, videos, their chapters, live streams and measurements.
//!
//! An unknown value is `None`, whether the service sends `"unknown"`, `null`, `[]` for an object, or omits the field.
//!
//! Decoding is tolerant. Unknown fields, and values of an unexpected type, are kept in `extra`
//! under the names of the service. A number or boolean is read as the string of a string field, and a numeric string as the number
//! of a number field; metadata can be an object. A number whose digits `u64`, `i64` and `f64` cannot represent is kept as a string.
//!
//! Every model serializes with the names and the nesting of the service, with times in RFC 3339 in UTC, and deserializes to an equal
//! value.

mod aggregates;
mod chapters;
pub(crate) mod event;
pub(crate) mod live_stream;
mod metadata;
pub(crate) mod session;
mod session_groups;
pub(crate) mod video;
pub(crate) mod wire;

pub use apivideo_core::wire::{Extra, Text};

pub use crate::error::InvalidRecord;
pub use crate::problem::Problem;
// The root of the crate exports `Event`, `LiveStream`, `Session` and `Video`.
pub use aggregates::*;
pub use chapters::*;
pub(crate) use event::Event;
pub use event::EventKind;
pub(crate) use live_stream::LiveStream;
pub use metadata::*;
pub(crate) use session::Session;
pub use session_groups::*;
pub(crate) use video::Video;
