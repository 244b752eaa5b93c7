//! Validates responses to valid and invalid requests against the OpenAPI document.
//!
//! Responses changed by a fault script are not covered: they violate the document on purpose.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

#[path = "../common/mod.rs"]
mod common;

mod checked_client;
mod random;
mod raw;
mod requests;
mod settings;
