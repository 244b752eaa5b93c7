//! The wire: connections, the way of a request through the simulator, and what replies are made of.

pub(crate) mod cache;
pub(crate) mod gate;
pub(crate) mod limiter;
pub(crate) mod log;
pub(crate) mod outgoing;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod reply;
pub(crate) mod route;
pub(crate) mod server;
pub(crate) mod service;
