//! Checks requests and replies against the OpenAPI document, for tests.
//!
//! It reads `openapi/apivideo.yaml` by itself and shares no code with the generated core, the facade or the simulator,
//! so that each of them can be held against the document from the outside.
//!
//! ```
//! # fn example() -> Result<(), apivideo_contract::Error> {
//! use apivideo_contract::{Contract, Reply};
//!
//! let contract = Contract::of_the_project()?;
//! let reply = Reply {
//!     status: 200,
//!     headers: vec![("content-type".to_owned(), "application/json".to_owned())],
//!     body: br#"{"videoId": 7}"#.to_vec(),
//! };
//! let violations = contract.check_reply("GET", "/videos/vi1", &reply);
//! assert_eq!(violations[0].to_string(), r#"body /videoId: 7 is not of type "string""#);
//! # Ok(())
//! # }
//! # example().unwrap();
//! ```
//!
//! A document is refused if it has anything that is not understood here: what is not checked can't be promised.

mod contract;
mod document;
mod format;
mod json;
mod operation;
mod parameter;
mod reply;
mod request;
mod schema;
mod violation;

pub use contract::Contract;
pub use document::Error;
pub use operation::Operation;
pub use parameter::{Parameter, Place, Style};
pub use reply::Reply;
pub use request::Request;
pub use schema::Schema;
pub use violation::{Part, Violation};
