//! Tolerant JSON: a tree that keeps numbers as they were written, and a parser that recovers from damage.

mod lenient;
mod mismatch;
mod page;
mod parse;
mod value;

pub use lenient::decode;
pub use mismatch::Mismatch;
pub use page::{Page, Record};
pub use parse::{Damage, is_cut_short, parse};
pub use value::{Json, Member};

#[cfg(test)]
mod tests;
