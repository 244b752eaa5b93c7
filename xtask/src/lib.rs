//! The maintainers' tool: thin commands over two libraries, as a library so that tests can call it.
//!
//! `cargo xtask generate` generates the bindings from the document ([`xtask_bindgen`]), and `cargo xtask diff` classifies
//! changes of the document for users of the bindings and the facade ([`xtask_apidiff`]). `cargo xtask upstream` compares it with
//! the document that the service publishes.
//!
//! The coverage map ([`facade`]) lists the public items of the facade that depend on each part of the document.
//! `cargo xtask coverage` generates a table from it ([`coverage`]).
//! `cargo xtask todo` lists the work that remains for a change of the document ([`mod@todo`]).
//! `cargo xtask check` runs all checks except tests ([`check`]).
//! `cargo xtask release --dry-run` rehearses a release ([`release`]).

pub mod check;
mod cli;
pub mod coverage;
pub mod facade;
mod provenance;
pub mod release;
pub mod report;
pub mod todo;
pub mod workspace;

pub use cli::{parse_command_line, run};
pub use xtask_bindgen::Error;
