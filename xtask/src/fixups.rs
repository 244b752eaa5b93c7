//! The corrections that lower a document to what the generator takes and to what decodes leniently.
//!
//! Each is one function with a reason, and gives the number of places that it changed. They run in the order of
//! [`LIBRARY`], because some make things simpler for the later ones.

mod objects;
mod parameters;
mod replies;
mod structure;
#[cfg(test)]
mod testing;
mod values;

pub use parameters::METADATA_FILTER;
pub use structure::PRUNE;

use crate::lowering::Lowering;

/// One correction.
#[derive(Clone, Copy, Debug)]
pub struct Fixup {
    /// What it is called in reports.
    pub name: &'static str,
    /// Why it is there.
    pub reason: &'static str,
    /// Does it, and gives the number of places that changed.
    pub apply: fn(&mut Lowering) -> usize,
}

/// What is done before the library is generated.
pub const LIBRARY: &[Fixup] = &[
    structure::DROP_EXTENSIONS,
    structure::DROP_NOTES,
    structure::FENCE_CODE,
    structure::INLINE_REFERENCES,
    structure::SUCCESS_ONLY,
    structure::JSON_REPLIES,
    structure::KNOWN_BODIES,
    parameters::EXPAND_DEEP_OBJECTS,
    parameters::REPLACE_DEEP_MAPS,
    parameters::KNOWN_STYLES,
    parameters::PLAIN_SECRETS,
    values::DROP_DEFAULTS,
    values::DROP_BOUNDS,
    values::PLAIN_FORMATS,
    replies::OPEN_ENUMS,
    replies::OPEN_OBJECTS,
    replies::NULLABLE_COLLECTIONS,
    objects::HOIST_OBJECTS,
    objects::BOX_RECURSIONS,
    objects::KEEP_UNKNOWN_FIELDS,
    structure::PRUNE,
];

/// What is done besides, before the typed expectations are generated.
pub const EXPECTATIONS: &[Fixup] = &[
    parameters::PLAIN_EXPECTED_SECRETS,
    parameters::NO_LISTS,
    parameters::NO_FILTERS,
    structure::PRUNE,
];
