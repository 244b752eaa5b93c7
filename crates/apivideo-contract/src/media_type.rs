//! Bodies by media type.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Error, members};
use crate::json;
use crate::schema::Schema;
use crate::violation::{Part, Violation};

/// Returns the schemas of a request body or response by media type.
pub(crate) fn schemas(document: &Document, of: &Value) -> Result<BTreeMap<String, Schema>, Error> {
    members(of, "content")
        .map(|(media_type, content)| {
            let schema = content
                .get("schema")
                .ok_or_else(|| Error::new(format!("a body of type {media_type} has no schema")))?;
            Ok((media_type.to_owned(), Schema::new(document, schema)?))
        })
        .collect()
}

/// Returns a content type in lower case, without its parameters.
pub(crate) fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Validates a JSON body.
pub(crate) fn check_body(schema: &Schema, body: &[u8]) -> Vec<Violation> {
    let violation = |rule, message| vec![Violation::new(Part::Body, "", rule, message)];
    match json::parse(body) {
        Ok((value, None)) => schema.check(Part::Body, "", &value),
        Ok((_, Some(name))) => violation("repeated", format!("duplicate member {name:?}")),
        Err(error) => violation("unreadable", format!("invalid JSON: {error}")),
    }
}
