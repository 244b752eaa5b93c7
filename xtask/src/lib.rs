//! The maintainers' tool, as a library so that tests can call it.
//!
//! `cargo xtask generate` reads the OpenAPI document ([`document`]), lowers a copy of it to what the generator takes
//! ([`fixups`]), generates ([`generate`]), looks at what came out ([`postconditions`]) and writes it, or compares it with
//! what is there ([`files`]).
//!
//! Which public items of the hand-written facade rest on which part of the document is written down ([`facade`]);
//! `cargo xtask coverage` makes the table of it ([`coverage`]). `cargo xtask diff` tells what a change of the document
//! means for programs that use what is generated, and for the facade ([`diff`]).
//! `cargo xtask check` looks at all that a change has to satisfy besides its tests ([`check`]), such as the rules of our own
//! for the document ([`lint`]).
//! `cargo xtask bench` builds and runs the package `apivideo-bench`.
//! `cargo xtask release --dry-run` rehearses a release ([`release`]).
//! `cargo xtask test-lake` lets other engines read a mirror ([`lake`]).

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
pub mod wire_names;
pub mod workspace;

pub use cli::{parse_command_line, run};
pub use error::Error;
