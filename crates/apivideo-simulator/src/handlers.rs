//! The handlers of the operations: they validate the parameters of a request and render the response.

pub(crate) mod aggregates;
pub(crate) mod chapters;
pub(crate) mod events;
mod filters;
pub(crate) mod live_streams;
mod pagination;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod videos;
