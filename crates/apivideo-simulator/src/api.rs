//! The operations: what each reads from a request and writes into a reply.

pub(crate) mod auth;
pub(crate) mod data;
pub(crate) mod events;
mod filters;
pub(crate) mod live_streams;
pub(crate) mod paging;
pub(crate) mod sessions;
pub(crate) mod videos;
