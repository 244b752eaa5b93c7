//! Low-level bindings of api.video's viewing statistics: one method per operation, the types of its parameters and
//! responses, and the hand-written types that they contain.
//!
//! Applications use the crate `apivideo`, which is built on this one and adds authorization, pagination, retries and models.
//! A method of this crate sends one request and returns the response.
//!
//! | item | contents |
//! |---|---|
//! | [`Client`] | one method per operation; each returns a builder from [`builder`] |
//! | [`types`] | parameters and responses |
//! | [`wire`] | hand-written types: dates, secrets, filters, objects that keep unknown fields |
//! | [`Inner`] | headers, observers and limits of all requests of a [`Client`] |
//!
//! `cargo xtask generate` generates the modules [`builder`] and [`types`] from `openapi/apivideo.yaml`. A response with any
//! other status than the documented success is an [`Error::UnexpectedResponse`] that contains the response.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use apivideo_core::{Client, Inner};
//!
//! let client = Client::new_with_client("https://ws.api.video", reqwest::Client::new(), Inner::default());
//! let response = client
//!     .list_video_sessions()
//!     .video_id("vi4k0jvEUuaTdRAEjQ4Prklg")
//!     .period("2022-01-01")
//!     .send()
//!     .await?;
//! for session in &response.data {
//!     println!("{}", session.session.session_id);
//! }
//! # Ok(())
//! # }
//! ```

// Generated code refers to the hand-written types by the name of the crate.
extern crate self as apivideo_core;

#[rustfmt::skip]
#[allow(
    missing_docs,
    deprecated,
    unused_imports,
    unreachable_pub,
    rust_2018_idioms,
    clippy::all,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::redundant_closure_for_method_calls,
    clippy::semicolon_if_nothing_returned,
    clippy::uninlined_format_args,
    clippy::manual_let_else,
    reason = "generated code: its documentation comes from the document, its style from the generator"
)]
mod generated;
mod hook;
mod inner;
mod response;
pub mod wire;

pub use generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, builder, types};
pub use inner::Inner;
pub use response::BodyError;

/// The examples of the README are doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
