//! Generates the bindings from an OpenAPI document.
//!
//! The document is read and validated ([`document`], [`lint`]), operations that the generator
//! does not support are omitted ([`unsupported`]), a copy is lowered ([`fixups`], [`lowering`]), the generator runs ([`generate`]), the result is checked ([`postconditions`]), and the files
//! are written or compared with existing ones ([`generated_crates`], [`files`]).

mod catch_panic;
mod deep_object;
pub mod document;
pub mod error;
pub mod files;
pub mod fixup_places;
pub mod fixups;
pub mod generate;
pub mod generated_crates;
pub mod lint;
pub mod lowering;
pub mod naming;
pub mod postconditions;
pub mod schema;
mod seal;
pub mod unsupported;

pub use error::Error;
