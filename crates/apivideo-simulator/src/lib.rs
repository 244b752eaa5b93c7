//! A local api.video over real HTTP, with deterministic viewers, faults on demand and replay of recordings.
//!
//! It answers the operations that statistics work needs (authorization, raw statistics, videos, live streams and the
//! aggregates) the way the service does, from a world that is made of a seed: the same seed gives the same bytes. It
//! knows the wire and nothing of any client, so that the two can contradict each other in tests.
//!
//! ```
//! # async fn example() -> Result<(), apivideo_simulator::Error> {
//! use apivideo_simulator::{Simulator, TUTORIAL_VIDEO};
//!
//! let simulator = Simulator::builder().seed(7).sessions(10_000).start().await?;
//! println!("ask {}/analytics/videos/{TUTORIAL_VIDEO}?period=2022-01-01", simulator.base_url());
//! # Ok(())
//! # }
//! ```
//!
//! Every world has the ids of the service's own tutorial: [`TUTORIAL_VIDEO`], [`TUTORIAL_LIVE_STREAM`] and
//! [`TUTORIAL_SESSION`], all with viewers on 2022-01-01. What nobody outside the service knows is a setting:
//! [`Behaviour`]. What is to go wrong is a script: [`FaultScript`].

mod api;
mod builder;
mod chance;
mod clock;
pub mod doctest;
mod error;
mod fault;
mod http;
mod json;
mod period;
mod replay;
mod settings;
mod simulator;
mod time;
mod world;

pub use builder::Builder;
pub use error::Error;
pub use fault::{At, Expire, FaultScript, Reset, Rule};
pub use http::log::{Authorization, Request};
pub use replay::Recording;
pub use settings::{
    Behaviour, Invalid, PastTheEnd, PeriodSelects, RateLimit, RunningSession, Vintage,
};
pub use simulator::Simulator;
pub use world::{
    Asset, AssetKind, Event, EventKind, Session, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION,
    TUTORIAL_VIDEO, World,
};
