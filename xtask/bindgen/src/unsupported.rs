//! Finds the operations that can't be generated, before fixups are applied.
//!
//! The generator panics, does not terminate or is silently wrong for many documents. What the documents of the service do
//! not use is therefore not supported, and is reported with its place.

mod parameters;
mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::error::Refused;
use crate::naming::{RESERVED_BUILDERS, RESERVED_METHODS, RESERVED_TYPES, pascal, snake};
use crate::schema::{Scope, operation_name, operation_pointer, operations, pointer_token, resolve};
use schemas::{Schemas, Unsupported};

/// Returns the unsupported operations: method, path, and the reason with its place.
#[must_use]
pub fn unsupported(document: &Value) -> Vec<(&str, String, Refused)> {
    let mut names = Names::default();
    let mut schemas = Schemas::of(document);
    let mut found = Vec::new();
    for (method, path, operation) in operations(document) {
        let checked = check(document, method, path, operation, &mut names, &mut schemas);
        if let Err((place, reason)) = checked {
            let refused = Refused {
                what: operation_name(method, path, operation),
                reason: format!("{place}: {reason}"),
            };
            found.push((method, path.to_owned(), refused));
        }
    }
    found
}

/// The Rust names that are taken.
struct Names {
    methods: BTreeSet<String>,
    builders: BTreeSet<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            methods: RESERVED_METHODS.map(str::to_owned).into(),
            builders: RESERVED_TYPES
                .into_iter()
                .chain(RESERVED_BUILDERS)
                .map(str::to_owned)
                .collect(),
        }
    }
}

fn check<'a>(
    document: &'a Value,
    method: &str,
    path: &str,
    operation: &'a Value,
    names: &mut Names,
    schemas: &mut Schemas<'a>,
) -> Result<(), Unsupported> {
    let place = operation_pointer(method, path);
    let item = &document["paths"][path];
    let fail = |part: &str, reason: &str| Err((format!("{place}{part}"), reason.to_owned()));
    let Some(id) = operation["operationId"]
        .as_str()
        .filter(|id| has_letters(id))
    else {
        return fail("", "an operation requires an `operationId`");
    };
    if !names.methods.insert(snake(id)) || !names.builders.insert(pascal(id)) {
        return fail(
            "/operationId",
            "the name is used by another operation or by the generated client",
        );
    }
    if matches!(method, "options" | "trace") {
        return fail("", "the HTTP client does not support this method");
    }
    for (part, servers) in [
        ("/servers", operation.get("servers")),
        ("", item.get("servers")),
    ] {
        if servers.is_some_and(|own| Some(own) != document.get("servers")) {
            return fail(
                part,
                "a client has one base URL, and the operation has its own servers",
            );
        }
    }
    schemas.scope = Scope::Requests;
    parameters::check(document, path, item, operation, &place, schemas)?;
    if let Some(body) = operation.get("requestBody") {
        contents(document, &format!("{place}/requestBody"), body, schemas)?;
    }
    let mut successes = operation["responses"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(status, response)| (status, schemas_of(document, response)));
    let Some((status, content)) = successes.next() else {
        return fail(
            "/responses",
            "no response has a status of success, such as 200",
        );
    };
    if let Some((other, _)) = successes.find(|(_, other)| *other != content) {
        let reason = "responses of success with different contents are not supported";
        return fail(&format!("/responses/{other}"), reason);
    }
    schemas.scope = Scope::Responses;
    let response = &operation["responses"][status];
    contents(
        document,
        &format!("{place}/responses/{status}"),
        response,
        schemas,
    )
}

fn has_letters(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Returns the schemas of a response by media type.
fn schemas_of<'a>(document: &'a Value, response: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let content = resolve(document, response)["content"].as_object();
    let schemas = content.into_iter().flatten();
    schemas
        .map(|(kind, media)| (kind.as_str(), &media["schema"]))
        .collect()
}

/// Checks the contents of a body or a response.
fn contents<'a>(
    document: &'a Value,
    place: &str,
    holder: &'a Value,
    schemas: &mut Schemas<'a>,
) -> Result<(), Unsupported> {
    for (kind, media) in resolve(document, holder)["content"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let place = format!("{place}/content/{}", pointer_token(kind));
        if kind != "application/json" {
            return Err((
                place,
                "only bodies of `application/json` are supported".to_owned(),
            ));
        }
        let Some(schema) = media.get("schema") else {
            return Err((place, "a schema is required".to_owned()));
        };
        schemas.check(&format!("{place}/schema"), schema)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
