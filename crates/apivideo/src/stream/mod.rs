//! Streams: pages, their items, and sessions with their events.

pub(crate) mod dedup;
mod items;
pub(crate) mod ledger;
mod multi_asset;
pub(crate) mod ordered;
pub(crate) mod pager;
mod pages;
pub(crate) mod plan;
mod reader;
pub(crate) mod records;
mod until_error;
mod with_events;
mod yield_once;

pub use items::ItemStream;
pub use multi_asset::{AssetStream, AssetsCursor, OfAsset};
pub(crate) use multi_asset::{Open, Part};
pub use pages::PageStream;
pub use until_error::OkInto;
pub use with_events::{SessionEvents, SessionEventsStream};
