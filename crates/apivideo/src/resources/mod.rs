//! What can be listed: one file per resource, with its query, its setters and its request.

pub(crate) mod aggregates;
pub(crate) mod events;
pub(crate) mod live_streams;
pub(crate) mod multi_asset;
pub(crate) mod parameters;
pub(crate) mod params;
pub(crate) mod raw;
pub(crate) mod sessions;
pub(crate) mod videos;

pub use events::{EventsOfSession, SessionHandle};
pub use live_streams::{LiveStreamHandle, LiveStreams};
pub use multi_asset::{AssetSessions, Assets};
pub use raw::Anything;
pub use sessions::{LiveStreamSessions, VideoSessions};
pub use videos::{VideoHandle, Videos};
