//! Locates errors in a document. The document's types accept many parts as "either a reference or an inline value", which
//! loses the location; so each part is checked separately, in descending size.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::schema::{METHODS, pointer_token};

/// The kind of a part.
#[derive(Clone, Copy)]
enum Kind {
    Document,
    Path,
    Operation,
    Parameter,
    Body,
    Response,
    Media,
    Schema,
}

/// Returns the JSON pointer of the smallest invalid part, and the reason.
pub(super) fn locate_error(document: &Value) -> Option<(String, String)> {
    smallest(Kind::Document, document, "")
}

/// Returns the first schema with a type that OpenAPI does not define, which the document's types would accept as "any".
pub(super) fn unknown_type(document: &Value) -> Option<(String, String)> {
    unknown_type_in(Kind::Document, document, "")
}

/// Returns the first reference to a component of the wrong kind.
pub(super) fn misled(document: &Value) -> Option<(String, String)> {
    misled_in(document, Kind::Document, document, "")
}

fn misled_in(
    document: &Value,
    kind: Kind,
    node: &Value,
    pointer: &str,
) -> Option<(String, String)> {
    if let Some(Value::String(reference)) = node.get("$ref") {
        let meant = crate::schema::resolve(document, node);
        let (place, message) = wrong(kind, meant).or_else(|| unknown_type_in(kind, meant, ""))?;
        return Some((
            format!("{pointer}/$ref"),
            format!(
                "`{reference}` refers to a component of another kind: {message} (at `{place}` of it)"
            ),
        ));
    }
    let mut inside = parts(kind, node).into_iter();
    inside
        .find_map(|(path, kind, part)| misled_in(document, kind, part, &format!("{pointer}{path}")))
}

fn unknown_type_in(kind: Kind, node: &Value, pointer: &str) -> Option<(String, String)> {
    const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];
    if matches!(kind, Kind::Schema)
        && let Some(named) = node.get("type")
        && !named.as_str().is_some_and(|named| TYPES.contains(&named))
    {
        return Some((
            format!("{pointer}/type"),
            format!("{named} is not a type; valid are {}", TYPES.join(", ")),
        ));
    }
    let mut inside = parts(kind, node).into_iter();
    inside.find_map(|(path, kind, part)| unknown_type_in(kind, part, &format!("{pointer}{path}")))
}

fn smallest(kind: Kind, node: &Value, pointer: &str) -> Option<(String, String)> {
    let (place, message) = wrong(kind, node)?;
    let inside = parts(kind, node)
        .into_iter()
        .find_map(|(path, kind, part)| smallest(kind, part, &format!("{pointer}{path}")));
    Some(inside.unwrap_or_else(|| (format!("{pointer}{place}"), message)))
}

/// Returns the location and reason of the error in a part.
fn wrong(kind: Kind, node: &Value) -> Option<(String, String)> {
    if node.get("$ref").is_some() {
        return None;
    }
    match kind {
        Kind::Document => read::<openapiv3::OpenAPI>(node),
        Kind::Path => read::<openapiv3::PathItem>(node),
        Kind::Operation => read::<openapiv3::Operation>(node),
        Kind::Parameter => read::<openapiv3::Parameter>(node),
        Kind::Body => read::<openapiv3::RequestBody>(node),
        Kind::Response => read::<openapiv3::Response>(node),
        Kind::Media => read::<openapiv3::MediaType>(node),
        Kind::Schema => read::<openapiv3::Schema>(node),
    }
}

pub(super) fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .fold(String::new(), |pointer, segment| match segment {
            Segment::Seq { index } => format!("{pointer}/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                format!("{pointer}/{}", pointer_token(key))
            }
            Segment::Unknown => pointer,
        })
}

fn read<T: DeserializeOwned>(node: &Value) -> Option<(String, String)> {
    let error = serde_path_to_error::deserialize::<_, T>(node).err()?;
    let pointer = pointer_of(error.path());
    Some((pointer, error.into_inner().to_string()))
}

/// Returns the parts inside a part, with their relative pointers.
fn parts(kind: Kind, node: &Value) -> Vec<(String, Kind, &Value)> {
    let mut found = Vec::new();
    let mut named = |place: &str, kind: Kind| {
        if let Some(part) = node.pointer(place) {
            found.push((place.to_owned(), kind, part));
        }
    };
    match kind {
        Kind::Document => {
            each(node, "/paths", Kind::Path, &mut found);
            each(node, "/components/schemas", Kind::Schema, &mut found);
            each(node, "/components/parameters", Kind::Parameter, &mut found);
            each(node, "/components/responses", Kind::Response, &mut found);
            each(node, "/components/requestBodies", Kind::Body, &mut found);
        }
        Kind::Path => {
            METHODS
                .iter()
                .for_each(|method| named(&format!("/{method}"), Kind::Operation));
            each(node, "/parameters", Kind::Parameter, &mut found);
        }
        Kind::Operation => {
            named("/requestBody", Kind::Body);
            each(node, "/parameters", Kind::Parameter, &mut found);
            each(node, "/responses", Kind::Response, &mut found);
        }
        Kind::Parameter => {
            named("/schema", Kind::Schema);
            each(node, "/content", Kind::Media, &mut found);
        }
        Kind::Body | Kind::Response => each(node, "/content", Kind::Media, &mut found),
        Kind::Media => named("/schema", Kind::Schema),
        Kind::Schema => {
            ["/items", "/not"]
                .iter()
                .for_each(|place| named(place, Kind::Schema));
            if node["additionalProperties"].is_object() {
                named("/additionalProperties", Kind::Schema);
            }
            for list in ["/properties", "/allOf", "/anyOf", "/oneOf"] {
                each(node, list, Kind::Schema, &mut found);
            }
        }
    }
    found
}

fn each<'a>(node: &'a Value, place: &str, kind: Kind, found: &mut Vec<(String, Kind, &'a Value)>) {
    let Some(parts) = node.pointer(place) else {
        return;
    };
    for (key, part) in crate::schema::children(parts) {
        if !key.starts_with("x-") || matches!(kind, Kind::Schema) {
            found.push((format!("{place}/{}", pointer_token(&key)), kind, part));
        }
    }
}
