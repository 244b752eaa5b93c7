//! The maintainers' tool, as a library so that tests can call it.
//!
//! `cargo xtask generate` reads the OpenAPI document ([`document`]), lowers a copy of it to what the generator supports
//! ([`fixups`]), runs the generator ([`generate`]), checks the result ([`postconditions`]) and writes it, or compares it with
//! the existing files ([`files`]).
//!
//! The coverage map ([`facade`]) lists the public items of the facade that depend on each part of the document.
//! `cargo xtask coverage` generates a table from it ([`coverage`]). `cargo xtask diff` classifies changes of the document for
//! users of the bindings and the facade ([`diff`]).
//! `cargo xtask check` runs all checks except tests ([`check`]), such as the lints of the document
//! ([`lint`]).
//! `cargo xtask bench` builds and runs the package `apivideo-bench`.
//! `cargo xtask release --dry-run` rehearses a release ([`release`]).
//! `cargo xtask test-lake` reads a lake with several query engines ([`query_engines`]).

pub mod bench_build;
pub mod catch_panic;
pub mod check;
mod cli;
pub mod coverage;
pub mod diff;
pub mod document;
pub mod error;
pub mod facade;
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
pub mod query_engines;
pub mod release;
pub mod report;
pub mod schema;
mod seal;
pub mod wire_names;
pub mod workspace;

pub use cli::{parse_command_line, run};
pub use error::Error;
