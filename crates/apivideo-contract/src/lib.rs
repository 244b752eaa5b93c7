//! Validates HTTP requests and responses against the OpenAPI document, for tests.
//!
//! The document `openapi/apivideo.yaml` is parsed independently: this crate shares no code with the generated core, the
//! facade or the simulator, so that each of them can be validated against the document.
//!
//! ```
//! # fn main() -> Result<(), apivideo_contract::Error> {
//! use apivideo_contract::{Contract, Response};
//!
//! let contract = Contract::apivideo()?;
//! let response = Response {
//!     status: 200,
//!     headers: vec![("content-type".to_owned(), "application/json".to_owned())],
//!     body: br#"{"videoId": 7}"#.to_vec(),
//! };
//! let violations = contract.check_response("GET", "/videos/vi1", &response);
//! assert_eq!(violations[0].to_string(), r#"body /videoId: 7 is not of type "string""#);
//! # Ok(())
//! # }
//! ```
//!
//! A document with unsupported keywords is an error, so that nothing is silently left unchecked.

mod contract;
mod document;
mod json;
mod media_type;
mod operation;
mod parameter;
mod period;
mod request;
mod response;
mod schema;
mod violation;

pub use contract::Contract;
pub use document::Error;
pub use operation::Operation;
pub use parameter::{Location, Parameter, Style};
pub use request::Request;
pub use response::Response;
pub use schema::Schema;
pub use violation::{Part, Violation};
