//! Fixups: changes that lower a document to the subset that the generator supports, with types that decode leniently.
//!
//! Each fixup is one function with a reason, and returns the number of places that it changed. Fixups run in the order of
//! [`LIBRARY`], because some simplify the document for later ones.

mod bodies;
mod compositions;
mod deep_objects;
mod fields;
mod fixup;
mod media_types;
mod names;
mod objects;
mod parameters;
mod paths;
mod responses;
mod structure;
#[cfg(test)]
mod testing;
mod types;
mod values;

pub use deep_objects::{METADATA_FILTER, PAIRS};
pub use fixup::{Fixup, Need};
pub use responses::RESPONSE_STRING;
pub use structure::PRUNE;

/// The fixups applied before the library is generated.
pub const LIBRARY: &[Fixup] = &[
    names::METHOD_NAMES,
    structure::DROP_EXTENSIONS,
    structure::DROP_NOTES,
    structure::FENCE_CODE,
    structure::PLAIN_VERSION,
    types::NAME_REFERENCES,
    types::DISTINCT_COMPONENTS,
    structure::INLINE_REFERENCES,
    names::NAME_OPERATIONS,
    paths::OWN_SERVERS,
    paths::KNOWN_METHODS,
    paths::PATH_PARAMETERS,
    structure::SUCCESS_ONLY,
    media_types::JSON_RESPONSES,
    bodies::KNOWN_BODIES,
    bodies::FLAT_FORMS,
    parameters::IGNORED_HEADERS,
    deep_objects::EXPAND_DEEP_OBJECTS,
    deep_objects::REPLACE_DEEP_MAPS,
    parameters::JOINED_LISTS,
    parameters::KNOWN_STYLES,
    parameters::PLAIN_PARAMETERS,
    parameters::PLAIN_SECRETS,
    names::DISTINCT_PARAMETERS,
    fields::DISTINCT_FIELDS,
    values::DROP_DEFAULTS,
    values::DROP_BOUNDS,
    values::DROP_EXCLUSIONS,
    values::PLAIN_FORMATS,
    bodies::RAW_BODIES,
    responses::OPEN_ENUMS,
    values::PLAIN_ENUMS,
    responses::SHORT_STRINGS,
    responses::OPEN_OBJECTS,
    responses::NULLABLE_COLLECTIONS,
    types::MOVE_NULLS,
    objects::HOIST_OBJECTS,
    types::NAME_TYPES,
    objects::BOX_RECURSIONS,
    objects::KEEP_UNKNOWN_FIELDS,
    compositions::RECURSIVE_COMPOSITIONS,
    structure::PRUNE,
];

/// The fixups applied in addition before the typed expectations are generated.
pub const EXPECTATIONS: &[Fixup] = &[
    parameters::PLAIN_EXPECTED_SECRETS,
    parameters::NO_LISTS,
    parameters::NO_FILTERS,
    structure::PRUNE,
];
