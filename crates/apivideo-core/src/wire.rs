//! The hand-written types inside the generated ones: what a generator cannot know of this service.

mod date_time;
mod exact;
mod extra;
pub mod json;
mod metadata_filter;
mod object;
mod secret;
mod text;

pub use date_time::DateTime;
pub use extra::Extra;
pub use metadata_filter::MetadataFilter;
pub use object::Object;
pub use secret::Secret;
pub use text::Text;
