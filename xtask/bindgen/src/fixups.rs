//! Fixups: changes that lower a document to the subset that the generator supports, with types that decode leniently.
//!
//! Each fixup is one function with a reason, and returns the places that it changed. Fixups run in the order of
//! [`LIBRARY`], because some simplify the document for later ones. What no fixup supports is not generated
//! ([`unsupported`](crate::unsupported)).

mod compositions;
mod deep_objects;
mod expectations;
mod fixup;
mod objects;
mod responses;
mod structure;
#[cfg(test)]
mod testing;
mod values;

pub use fixup::{Fixup, Need};
pub use responses::RESPONSE_STRING;
pub use structure::PRUNE;

/// The fixups applied before the library is generated.
pub const LIBRARY: &[Fixup] = &[
    structure::DROP_NOTES,
    structure::INLINE_REFERENCES,
    structure::SUCCESS_ONLY,
    compositions::MERGE_PARTS,
    deep_objects::EXPAND_DEEP_OBJECTS,
    deep_objects::REPLACE_DEEP_MAPS,
    values::DROP_DEFAULTS,
    values::DROP_BOUNDS,
    values::PLAIN_FORMATS,
    responses::OPEN_ENUMS,
    responses::SHORT_STRINGS,
    responses::NULLABLE_COLLECTIONS,
    objects::NAME_TYPES,
    objects::KEEP_UNKNOWN_FIELDS,
    structure::PRUNE,
];

/// The fixups applied in addition before the typed expectations are generated.
pub const EXPECTATIONS: &[Fixup] = &[
    expectations::PLAIN_SECRETS,
    expectations::NO_LISTS,
    expectations::NO_FILTERS,
    structure::PRUNE,
];
