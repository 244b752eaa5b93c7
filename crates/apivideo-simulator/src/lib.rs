//! A local api.video over real HTTP, for tests and demonstrations without an account.
//!
//! The simulator implements the operations that viewing statistics need: authentication, raw statistics (sessions and
//! their events), videos, their chapters, live streams, and aggregates. It serves a *world* that is generated from a
//! seed: the same seed and options give the same bytes. It shares no code with any client, so that a client and the
//! simulator can contradict each other in tests.
//!
//! ```
//! # async fn example() -> Result<(), apivideo_simulator::Error> {
//! use apivideo_simulator::{Simulator, TUTORIAL_VIDEO};
//!
//! let simulator = Simulator::builder().seed(7).sessions(10_000).start().await?;
//! // Any non-empty API key is accepted.
//! println!("GET {}/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01", simulator.base_url());
//!
//! // The expected result, computed without HTTP.
//! let expected = simulator.world().sessions(TUTORIAL_VIDEO, "2022-01-01")?;
//! println!("{} sessions, {} requests so far", expected.len(), simulator.requests_total());
//! # Ok(())
//! # }
//! ```
//!
//! # Options
//!
//! [`Simulator::builder`] returns a [`SimulatorBuilder`] with the size of the world, the clock, the rate limit and the
//! lifetime of tokens. Every world contains the identifiers of the service's tutorial: [`TUTORIAL_VIDEO`],
//! [`TUTORIAL_LIVE_STREAM`] and [`TUTORIAL_SESSION`], all with viewers on 2022-01-01.
//!
//! Where the behaviour of the service is undocumented, [`Behaviour`] selects one of the possibilities, and
//! [`ResponseFormat`] selects the year whose date and field formats are used.
//!
//! # Fault scripts
//!
//! A [`FaultScript`] is a list of [`Rule`]s, in code or as JSON. A rule selects requests (by path, page, number or
//! probability) and changes what happens: latency, statuses, headers, truncated or slow bodies, connection resets,
//! edited pages, expired tokens, or sessions that are inserted and deleted while a list is read.
//!
//! ```
//! use apivideo_simulator::{FaultScript, Rule, Simulator};
//!
//! let script = FaultScript::new().rule(Rule::new().path("/analytics/videos/*").page(2).times(1).status(503));
//! let builder = Simulator::builder().faults(script);
//! ```
//!
//! # Replay
//!
//! [`SimulatorBuilder::replay`] serves recorded responses from a directory instead of a world; see [`Recording`].
//!
//! # Limits
//!
//! - The server listens on 127.0.0.1 only, speaks HTTP/1.1 without TLS, and runs on the tokio runtime that started it.
//! - The operations are read-only, except for the tokens. Uploads, players, webhooks and watermarks do not exist.
//! - Up to 10,000 videos, 10,000 live streams, 3,660 days and 100 million sessions. Sessions are computed on demand and
//!   not stored.
//! - The request log contains the newest 65,536 requests.

mod behaviour;
mod builder;
mod clock;
pub mod doctest;
mod error;
mod fault;
mod handlers;
mod http;
mod json;
mod period;
mod recording;
mod rng;
mod server;
mod service;
mod simulator;
mod state;
mod time;
mod world;

pub use behaviour::{
    Behaviour, InvalidInput, PastTheEnd, PeriodSelects, ResponseFormat, RunningSession,
};
pub use builder::SimulatorBuilder;
pub use error::Error;
pub use fault::{FaultScript, Reset, Rule};
pub use http::auth::TokenScope;
pub use http::rate_limit::RateLimit;
pub use http::request_log::{Authorization, Request};
pub use recording::Recording;
pub use simulator::Simulator;
pub use world::list_position::ListPosition;
pub use world::{
    Asset, AssetKind, Broadcast, Event, EventKind, Playback, PlaybackTotals, PlayedStretch,
    Session, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO, World,
};

/// The package README, whose examples are tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
