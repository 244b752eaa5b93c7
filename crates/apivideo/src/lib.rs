//! Client library for the viewing statistics of [api.video](https://api.video), as streams of typed items.
//!
//! The raw statistics describe how people watched: every *player session* of a video or a live stream, and every *event* of a
//! session. This crate lists them completely and in order, or returns an error.
//!
//! ```
//! use apivideo::Event;
//! use futures::TryStreamExt;
//! # use apivideo_simulator::Simulator;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let simulator = Simulator::builder().start().await?;
//! # let key = "key";
//!
//! let client = apivideo::Client::builder()
//!     .api_key(key)
//! #   .base_url(simulator.base_url())
//!     .build()?;
//! let mut sessions = client
//!     .video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?)
//!     .sessions("2022-01".parse()?)
//!     .metadata("hats", "green")
//!     .stream();
//! while let Some(session) = sessions.try_next().await? {
//!     let events: Vec<Event> = client.session(session.id.clone()).events().stream().try_collect().await?;
//!     println!("{} from {:?}: {} events", session.id, session.location.country, events.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! * [`Client`] is the entry point: [`video`](Client::video), [`live_stream`](Client::live_stream),
//!   [`assets`](Client::assets), [`session`](Client::session), [`videos`](Client::videos),
//!   [`live_streams`](Client::live_streams), and the aggregates [`metric`](Client::metric), [`buckets`](Client::buckets) and
//!   [`timeseries`](Client::timeseries).
//! * [`List`] is configured once and can be read many times: as a [`stream`](List::stream) of items, by
//!   [`pages`](List::pages), one [`page`](List::page), the [`last`](List::last) items, or the [`total`](List::total).
//! * [`Error`] has a kind, predicates for what a caller can do, and a cause.
//! * [`Client::get`] and [`Client::list`] send raw requests to operations that this crate does not wrap.
//!
//! # State of the raw statistics
//!
//! The service removed its raw statistics from the published API in September 2023. It is not known whether they are still
//! available. If they are not, requests fail with an error for which [`Error::is_removed`] returns `true`; use the aggregates
//! instead.
//!
//! # Features
//!
//! * `rustls` (default): TLS by rustls, with the platform's certificates.
//! * `native-tls`: TLS by the platform's library. Without a TLS feature, [`ClientBuilder::build`] fails for an `https` URL.
//! * `gzip`: requests compressed responses, which reduces network traffic and increases CPU time.
//! * `socks`: SOCKS4 and SOCKS5 proxies, such as `ALL_PROXY=socks5://127.0.0.1:1080`.
//! * `schemars`: `schemars::JsonSchema` on the models, for contracts with programs that read their JSON.
//! * `insights`: watch time, retention, concurrency and other measures of sessions, as the module `insights`. It adds no
//!   third-party package.
//! * `raw`: the generated crate, as the module `raw`. It is exempt from the semver promise.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod _guide;
pub mod aggregates;
pub mod client;
mod cursor;
mod error;
mod id;
#[cfg(feature = "insights")]
#[cfg_attr(docsrs, doc(cfg(feature = "insights")))]
pub mod insights;
mod list;
pub mod model;
mod page;
mod period;
mod problem;
mod progress;
pub mod query;
pub mod request;
mod resources;
pub mod stream;
mod string_enum;
mod transport;

pub use client::builder::ClientBuilder;
pub use client::client::Client;
pub use client::environment::Environment;
pub use cursor::Cursor;
pub use error::{Error, ErrorKind, Result};
pub use id::{AssetId, LiveStreamId, SessionId, VideoId};
pub use jiff::{self, Timestamp};
pub use list::List;
pub use model::event::Event;
pub use model::live_stream::LiveStream;
pub use model::session::Session;
pub use model::video::Video;
pub use page::{Page, PageSize};
pub use period::Period;
pub use progress::Progress;
pub use stream::items::ItemStream;
pub use transport::{observe, rate_limit, retry, trace};

/// The generated crate: the types of the OpenAPI document, and one method per operation.
///
/// It changes with the document and its generator, and is exempt from the semver promise of this crate.
#[cfg(feature = "raw")]
#[cfg_attr(docsrs, doc(cfg(feature = "raw")))]
pub mod raw {
    pub use apivideo_core::*;
}

/// The examples of the README files are doctests.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct Package;
    #[doc = include_str!("../../../README.md")]
    struct Repository;
}
