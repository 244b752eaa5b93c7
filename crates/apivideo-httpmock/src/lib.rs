//! Typed expectations for tests against api.video's statistics: what a program should ask, and what it should get.
//!
//! [`MockServerExt`] adds a method for each operation to [`httpmock::MockServer`]. The expectations come from the same
//! document as the bindings, by `cargo xtask generate`; [`filters`] adds by hand what the generator cannot write, lists
//! and filters of pairs.
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
//! let asked = server.list_video_sessions(|when, then| {
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
//! asked.assert();
//! assert_eq!(response.data[0].session.session_id, "psEmFwGQUAXR2lFHj5nDOpy");
//! # Ok(())
//! # }
//! ```
//!
//! A client of the crate `apivideo` exchanges its key for a token before its first request: answer that by
//! `create_access_token`, or build the client with `basic_authorization()`.

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
    reason = "generated code: the document says what is documented, the generator how it is written"
)]
mod generated;

pub use generated::{MockServerExt, operations};
