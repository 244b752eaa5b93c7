//! api.video's viewing statistics as streams of typed items.
//!
//! The raw statistics of [api.video](https://api.video) tell how people watched: every *player session* of a video
//! or a live stream, and every *event* of a session. This crate lists them completely and in order, and says clearly
//! when it can't.
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
//!     let events: Vec<Event> = client.session(&session.id).events().stream().try_collect().await?;
//!     println!("{} from {:?}: {} events", session.id, session.location.country, events.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! * [`Client`] is where everything begins: [`video`](Client::video), [`live_stream`](Client::live_stream),
//!   [`session`](Client::session), [`videos`](Client::videos), [`live_streams`](Client::live_streams), and the
//!   aggregates [`metric`](Client::metric), [`buckets`](Client::buckets), [`timeseries`](Client::timeseries).
//! * [`List`] is what they give: [`stream`](List::stream) for the items, [`pages`](List::pages), [`page`](List::page),
//!   [`total`](List::total), [`last`](List::last).
//! * [`ItemStream::with_events`] reads sessions with all their events, many at a time.
//! * [`Error`] says what happened and what to do.
//! * [`core`] is the generated crate below, for operations that this one does not wrap.
//!
//! # The state of raw statistics
//!
//! The service took its raw statistics out of the published interface in September 2023, and whether they still
//! answer is not known. Where they don't, [`Error::is_removed`] tells; the aggregates are their successors.
//!
//! # Features
//!
//! * `rustls` (default): TLS by rustls and the platform's certificates.
//! * `native-tls`: TLS by the platform's own library.
//! * `gzip`: asks for compressed replies. Less goes over the network, and more work is done here.
//! * `socks`: proxies that speak SOCKS4 or SOCKS5, such as `ALL_PROXY=socks5://127.0.0.1:1080`.
//! * `schemars`: `schemars::JsonSchema` on the models, for contracts with those who read their JSON.

pub mod _guide;
mod auth;
mod builder;
mod call;
mod cause;
mod client;
mod connection;
mod environment;
mod error;
mod get;
mod id;
mod list;
mod mask;
mod model;
mod observe;
mod pacer;
mod page;
mod period;
mod problem;
mod retry;
mod skew;
mod stream;
mod time;
pub mod trace;

/// The generated crate: types and one method per operation, for whoever needs an operation that this crate does not wrap.
pub use apivideo_core as core;
pub use builder::ClientBuilder;
pub use client::Client;
pub use environment::Environment;
pub use error::{Error, ErrorKind, Result};
pub use id::{LiveStreamId, SessionId, VideoId};
pub use jiff::{self, Timestamp};
pub use list::{
    Anything, AssetId, AssetSessions, Assets, Breakdown, BucketMetric, BucketOrder, Buckets,
    Continent, DeviceType, EventsOfSession, Filter, Interval, List, Listing, LiveStreamHandle,
    LiveStreamOrder, LiveStreamSessions, LiveStreams, MediaType, Metric, MetricRequest,
    SeriesMetric, SeriesOrder, SessionHandle, SortOrder, Timeseries, VideoHandle, VideoOrder,
    VideoSessions, Videos, ViewDuration, Window,
};
pub use model::{
    Bucket, Device, Event, Extra, LiveStream, Location, Metadata, MetricValue, Moment,
    OperatingSystem, OtherEvent, Point, Program, Referrer, Seek, Session, Text, Video,
};
pub use observe::{Observer, Received, Sent};
pub use pacer::RateLimit;
pub use page::{Page, PageSize, Pagination};
pub use period::Period;
pub use problem::Problem;
pub use reqwest;
pub use retry::RetryPolicy;
pub use stream::{
    AssetStream, AssetsCursor, Cursor, ItemStream, OfAsset, OkInto, PageStream, Progress,
    SessionEvents, SessionEventsStream, WaitReason, Waiting,
};

/// The examples of the README files are doctests.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct Package;
    #[doc = include_str!("../../../README.md")]
    struct Repository;
}
