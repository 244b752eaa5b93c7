//! The hand-written items of the core, by their paths in generated code.

/// The type of every object of a response.
pub(crate) const OBJECT: &str = "::apivideo_core::wire::Object";
/// The type of instants.
pub(crate) const DATE_TIME: &str = "::apivideo_core::wire::DateTime";
/// The type of passwords and keys.
pub(crate) const SECRET: &str = "::apivideo_core::wire::Secret";
/// The type of filters by metadata.
pub(crate) const FILTER: &str = "::apivideo_core::wire::MetadataFilter";
/// The type of strings of responses.
pub(crate) const TEXT: &str = "::apivideo_core::wire::Text";
/// The segments of the path of the function that reads responses.
pub(crate) const READ: [&str; 3] = ["crate", "response", "read"];
