//! Faults on demand: a script of rules, each with a *when* and a *what*, and how they reach the wire.

mod check;
mod edit;
mod injector;
mod kinds;
mod rule;
mod script;
mod spoil;
mod when;

pub(crate) use injector::Injector;
pub use kinds::{At, Expire, Reset};
pub use rule::Rule;
pub use script::FaultScript;
