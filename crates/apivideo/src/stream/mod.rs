//! Streams: pages, their items, and sessions with their events.

mod across;
pub(crate) mod cursor;
mod events;
mod items;
pub(crate) mod ordered;
pub(crate) mod pager;
mod pages;
mod plain;
pub(crate) mod plan;
pub(crate) mod progress;
mod reader;
pub(crate) mod records;
pub(crate) mod seen;
mod turn;

pub use across::{AssetStream, AssetsCursor, OfAsset};
pub(crate) use across::{Open, Part};
pub use cursor::Cursor;
pub use events::{SessionEvents, SessionEventsStream};
pub use items::ItemStream;
pub use pages::PageStream;
pub use plain::OkInto;
pub use progress::{Progress, WaitReason, Waiting};
