//! Streams: pages, their items, and sessions with their events.

mod events;
mod items;
pub(crate) mod ordered;
pub(crate) mod pager;
mod pages;

pub use events::{SessionEvents, SessionEventsStream};
pub use items::{ItemStream, OkInto};
pub use pages::PageStream;
