//! Low-level bindings of api.video's viewing statistics: one method per operation, the types of its parameters and
//! responses, and the few hand-written types that both rest on.
//!
//! Applications want the crate `apivideo`, which stands on this one and adds authorization, paging, retries and models
//! to work with. Here a method makes one request and gives what the service responded.
//!
//! | where | what |
//! |---|---|
//! | [`Client`] | one method per operation; each gives a builder from [`builder`] |
//! | [`types`] | parameters and responses |
//! | [`wire`] | the hand-written types inside them: dates, secrets, filters, objects that keep what they do not know |
//! | [`Inner`] | what a [`Client`] sends along with every request |
//!
//! The generated modules come from `openapi/apivideo.yaml` by `cargo xtask generate`; nobody edits them by hand. Every
//! status but a success comes back as [`Error::UnexpectedResponse`] with the response untouched.
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

// The generated code names the hand-written types by the crate's name, from wherever it stands.
extern crate self as apivideo_core;

#[rustfmt::skip]
#[allow(
    missing_docs,
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
    reason = "generated code: the document says what is documented, the generator how it is written"
)]
mod generated;
mod hook;
mod response;
pub mod wire;

pub use generated::{ByteStream, Client, ClientInfo, Error, ResponseValue, builder, types};
pub use hook::Inner;
pub use response::BodyError;
