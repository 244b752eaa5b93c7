//! Hand-written types for values that a generator cannot express: dates, secrets, filters, and objects that keep unknown
//! fields.

mod date_time;
mod exact;
mod extra;
mod forward;
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
