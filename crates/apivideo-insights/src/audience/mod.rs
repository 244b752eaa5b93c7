//! Accumulation of sessions.

mod accumulate;
mod arrival;
mod assets;
mod cell;
mod clip;
mod clock;
mod cohorts;
mod day;
mod dimension;
mod distinct;
mod evaluate;
mod filter;
mod finish;
mod intervals;
mod merge;
mod options;
mod part;
mod peak;
mod retention;
mod settings;
mod spans;
mod steps;
mod sweep;
mod viewers;

pub use accumulate::Audience;
pub use dimension::{Dimension, InvalidDimension};
pub use filter::{Filter, InvalidFilter};
pub use merge::MergeError;
pub use options::MidnightRule;
