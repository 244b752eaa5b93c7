//! The client, its builder, and the handles of videos, live streams, sessions and assets.

mod base_url;
pub(crate) mod builder;
#[expect(clippy::module_inception, reason = "the file of the type `Client`")]
pub(crate) mod client;
pub(crate) mod environment;
mod http_client;
mod origin;
mod variables;

pub use crate::resources::handles::*;
