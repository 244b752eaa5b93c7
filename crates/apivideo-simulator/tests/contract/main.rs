//! Every reply, to good and to bad requests, is one that the OpenAPI document describes.
//!
//! What a fault script spoils is spoiled on purpose and no part of this.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "../common/mod.rs"]
mod common;

mod asked;
mod checked;
mod random;
mod raw;
mod settings;
