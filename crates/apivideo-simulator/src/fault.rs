//! Fault scripts: rules that select requests and change what happens to them. [`crate::service`] applies them.

pub(crate) mod edit;
mod effects;
pub(crate) mod injector;
pub(crate) mod rule;
mod script;
mod selection;
pub(crate) mod types;
mod validate;

pub(crate) use injector::Injector;
pub use rule::Rule;
pub use script::FaultScript;
pub use types::Reset;
