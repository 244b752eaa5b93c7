//! Benchmarks: whole programs that do the same job against the same server, each in a separate process.
//!
//! `apivideo-bench run` starts the simulator in a separate process ([`serve`]), then the programs in turn ([`client`]) for
//! several rounds of each job ([`jobs`]), and prints medians and ratios as one table ([`table`]). `apivideo-bench build` measures
//! what the facade adds to the build of an application ([`build`]).

pub mod build;
pub mod cli;
pub mod client;
pub mod insights;
pub mod jobs;
pub mod machine;
pub mod serve;
pub mod stats;
pub mod table;

/// An error ends the program with a message.
pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;
