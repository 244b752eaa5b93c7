//! Fixups of the media types of responses.

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::schema::{operations_mut, resolve};

/// Normalizes every JSON media type to `application/json`, and keeps only that one if there is one.
pub(super) const JSON_RESPONSES: Fixup = Fixup {
    name: "json-responses",
    reason: "the generator types only responses of `application/json`, and returns the bytes of others",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let mut count = 0;
        operations_mut(&mut lowering.document, |_, _, operation| {
            for (_, response) in operation
                .get_mut("responses")
                .and_then(Value::as_object_mut)
                .into_iter()
                .flatten()
            {
                let Some(content) = response.get_mut("content").and_then(Value::as_object_mut)
                else {
                    continue;
                };
                let json = content
                    .keys()
                    .find(|kind| *kind == "application/json")
                    .or_else(|| content.keys().find(|kind| is_json(kind)))
                    .cloned()
                    .or_else(|| has_fields(&whole, content).then(|| ANYTHING.to_owned()));
                let Some(kind) = json else {
                    count += plain_bytes(content);
                    continue;
                };
                let Some(media) = content.remove(&kind) else {
                    continue;
                };
                count += usize::from(kind != "application/json") + content.len();
                content.clear();
                let (kind, media) = if media.get("schema").is_some() {
                    ("application/json", media)
                } else {
                    count += 1;
                    ("application/octet-stream", json!({}))
                };
                content.insert(kind.to_owned(), media);
                if let Some(media) = content[kind].as_object_mut() {
                    media.remove("encoding");
                }
            }
        });
        count
    },
};

/// The wildcard media type.
const ANYTHING: &str = "*/*";

/// Returns `true` if a response with the wildcard media type has a list or an object as schema, which is JSON.
fn has_fields(whole: &Value, content: &Map<String, Value>) -> bool {
    let Some(schema) = content.get(ANYTHING).and_then(|media| media.get("schema")) else {
        return false;
    };
    let schema = resolve(whole, schema);
    ["properties", "items", "additionalProperties", "allOf"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Describes other media types as bytes, and returns their number.
fn plain_bytes(content: &mut Map<String, Value>) -> usize {
    let bytes = Map::from_iter([("application/octet-stream".to_owned(), json!({}))]);
    if content.is_empty() || *content == bytes {
        return 0;
    }
    std::mem::replace(content, bytes).len()
}

fn is_json(kind: &str) -> bool {
    let plain = kind.split(';').next().unwrap_or_default().trim();
    plain == "application/json" || plain.starts_with("application/") && plain.ends_with("+json")
}

#[cfg(test)]
mod tests;
