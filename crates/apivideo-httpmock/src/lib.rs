//! Typed mocks for tests of clients of api.video's statistics.
//!
//! [`MockServerExt`] adds a method for each operation to [`httpmock::MockServer`]. It is generated from the same document as
//! the bindings, by `cargo xtask generate`; [`filters`] adds lists and filters of pairs, which the generator does not
//! support.
//!
//! ```
//! use apivideo_core::types::{Session, SessionInfo, SessionPage};
//! use apivideo_core::{Client, Inner};
//! use apivideo_httpmock::MockServerExt;
//! use apivideo_httpmock::filters::MetadataExt;
//! use httpmock::MockServer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = MockServer::start();
//! let info: SessionInfo = SessionInfo::builder().session_id("psEmFwGQUAXR2lFHj5nDOpy").try_into()?;
//! let session: Session = Session::builder().session(info).try_into()?;
//! let page: SessionPage = SessionPage::builder().data(vec![session.into()]).try_into()?;
//! let mock = server.list_video_sessions(|when, then| {
//!     when.video_id("vi4k0jvEUuaTdRAEjQ4Prklg").period("2022-01-01").metadata("hats", "green");
//!     then.ok(&page.into());
//! });
//!
//! let client = Client::new_with_client(&server.base_url(), reqwest::Client::new(), Inner::default());
//! let filter = apivideo_core::wire::MetadataFilter::new().with("hats", "green");
//! let response = client
//!     .list_video_sessions()
//!     .video_id("vi4k0jvEUuaTdRAEjQ4Prklg")
//!     .period("2022-01-01")
//!     .metadata(filter)
//!     .send()
//!     .await?;
//!
//! mock.assert();
//! assert_eq!(response.data[0].session.session_id, "psEmFwGQUAXR2lFHj5nDOpy");
//! # Ok(())
//! # }
//! ```
//!
//! A client of the crate `apivideo` requests an access token before its first request: mock it with
//! `create_access_token`, or build the client with `with_basic_auth()`.

pub mod filters;
#[rustfmt::skip]
#[allow(
    missing_docs,
    unreachable_pub,
    rust_2018_idioms,
    clippy::all,
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    clippy::redundant_closure_for_method_calls,
    clippy::semicolon_if_nothing_returned,
    clippy::uninlined_format_args,
    reason = "generated code: its documentation comes from the document, its style from the generator"
)]
mod generated;
mod sealed;

pub use generated::{MockServerExt, operations};

/// The examples of the README are doctests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
