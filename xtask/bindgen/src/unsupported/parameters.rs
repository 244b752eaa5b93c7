//! Checks parameters.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schemas::{Schemas, Unsupported};
use crate::deep_object::{expanded, is_metadata, is_scalar};
use crate::naming::{RESERVED_PARAMETERS, snake};
use crate::schema::resolve;

/// Checks the parameters of an operation and those of its path.
pub(super) fn check<'a>(
    document: &'a Value,
    path: &str,
    item: &'a Value,
    operation: &'a Value,
    place: &str,
    schemas: &mut Schemas<'a>,
) -> Result<(), Unsupported> {
    let of = |node: &'a Value| node["parameters"].as_array().into_iter().flatten();
    let place_of_item = place.rsplit_once('/').map_or(place, |(item, _)| item);
    let own = of(operation).enumerate().map(|one| (place, one));
    let shared = of(item).enumerate().map(|one| (place_of_item, one));
    let mut seen = BTreeSet::new();
    let mut setters: BTreeSet<String> = RESERVED_PARAMETERS.map(str::to_owned).into();
    let mut in_path = BTreeSet::new();
    for (place, (index, parameter)) in own.chain(shared) {
        let place = format!("{place}/parameters/{index}");
        let parameter = resolve(document, parameter);
        let name = parameter["name"].as_str().unwrap_or_default();
        // A parameter of the operation overrides one of its path.
        if !seen.insert((name, parameter["in"].as_str())) {
            continue;
        }
        for name in names(document, parameter, &place, schemas)? {
            if !setters.insert(snake(&name)) {
                let reason =
                    format!("the Rust name of `{name}` is used by another parameter, or reserved");
                return Err((place, reason));
            }
        }
        if parameter["in"] == "path" {
            in_path.insert(name);
        }
    }
    if path.contains(['#', '?']) || in_path != names_in(path) {
        let reason = "the parameters in the path differ from the described ones";
        return Err((place.to_owned(), reason.to_owned()));
    }
    Ok(())
}

/// Returns the names of the parameters that a parameter is generated as.
fn names<'a>(
    document: &'a Value,
    parameter: &'a Value,
    place: &str,
    schemas: &mut Schemas<'a>,
) -> Result<Vec<String>, Unsupported> {
    let fail = |part: &str, reason: &str| Err((format!("{place}{part}"), reason.to_owned()));
    let name = parameter["name"].as_str().unwrap_or_default();
    let location = parameter["in"].as_str().unwrap_or_default();
    let Some(schema) = parameter.get("schema") else {
        return fail("", "a parameter requires a schema");
    };
    let meant = resolve(document, schema);
    let is_query = location == "query";
    let style = parameter["style"].as_str();
    match (location, style) {
        ("query", Some("deepObject")) if is_metadata(document, parameter) => {
            return Ok(vec![name.to_owned()]);
        }
        ("query", Some("deepObject")) => {
            schemas.check(&format!("{place}/schema"), schema)?;
            let reason = "a deepObject has scalars and lists of scalars, or is the map `metadata`";
            return expanded(document, parameter)
                .map(|plain| {
                    let names = plain.iter().filter_map(|plain| plain["name"].as_str());
                    names.map(str::to_owned).collect()
                })
                .ok_or((format!("{place}/schema"), reason.to_owned()));
        }
        ("query", None | Some("form")) | ("path" | "header", None | Some("simple")) => {}
        ("cookie", _) => return fail("", "cookies are not supported"),
        _ => return fail("/style", "this style is not supported"),
    }
    if location == "header" && !is_supported_header(name) {
        return fail(
            "/name",
            "the name is invalid, or a header that OpenAPI ignores",
        );
    }
    schemas.check(&format!("{place}/schema"), schema)?;
    let is_list = meant["type"] == "array" && is_query;
    let scalar = if is_list {
        resolve(document, &meant["items"])
    } else {
        meant
    };
    if !is_scalar(scalar) || meant["nullable"] == true {
        return fail(
            "/schema",
            "a parameter is a scalar or, in the query, a list of scalars",
        );
    }
    if is_list && parameter["explode"] == false {
        return fail(
            "/explode",
            "a list in one parameter is not supported; describe it as a string",
        );
    }
    if !is_query && scalar["format"] == "password" {
        return fail("/schema/format", "secrets are supported in the query only");
    }
    Ok(vec![name.to_owned()])
}

fn is_supported_header(name: &str) -> bool {
    const IGNORED: [&str; 3] = ["accept", "content-type", "authorization"];
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !name.is_empty()
        && name.bytes().all(is_token)
        && !IGNORED.contains(&name.to_ascii_lowercase().as_str())
}

fn names_in(path: &str) -> BTreeSet<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}
