//! Rewriting stored days: without the sessions of persons who are to be forgotten, or in another format.

pub(crate) mod convert;
pub(crate) mod data_subject;
pub(crate) mod forget;
mod forget_day;

#[cfg(test)]
mod tests;
