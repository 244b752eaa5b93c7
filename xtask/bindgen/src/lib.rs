//! Generates the bindings from an OpenAPI document.
//!
//! The document is read and validated ([`document`], [`lint`]), a copy is lowered to what the generator supports
//! ([`fixups`], [`lowering`]), the generator runs ([`generate`]), the result is checked ([`postconditions`]), and the files
//! are written or compared with existing ones ([`generated_crates`], [`files`]).

mod catch_panic;
pub mod document;
pub mod error;
pub mod files;
pub mod fixup_counts;
pub mod fixups;
pub mod generate;
pub mod generated_crates;
pub mod lint;
pub mod lowering;
pub mod naming;
mod operation_panics;
pub mod pair_filters;
pub mod postconditions;
pub mod schema;
mod seal;
pub mod wire_names;

pub use error::Error;
