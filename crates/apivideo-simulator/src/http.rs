//! The HTTP side: requests, responses, authentication, rate limit, and the request log.

pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod cache;
pub(crate) mod endpoint;
pub(crate) mod path;
pub(crate) mod problem;
pub(crate) mod query;
pub(crate) mod rate_limit;
pub(crate) mod request_log;
pub(crate) mod response;
