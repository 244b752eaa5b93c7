//! What kinds responses are of.

use serde_json::{Map, Value, json};

use super::{Fixup, Need};
use crate::schema::{operations_mut, resolve};

/// Gives every kind of JSON the plain name, and keeps only that where there is one.
pub(super) const JSON_RESPONSES: Fixup = Fixup {
    name: "json-responses",
    reason: "the generator types responses of `application/json` only, and gives the bytes of all others",
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

/// The kind of those who do not say which.
const ANYTHING: &str = "*/*";

/// Whether a response of any kind is described as lists or objects are, which is JSON wherever nothing else is said.
fn has_fields(whole: &Value, content: &Map<String, Value>) -> bool {
    let Some(schema) = content.get(ANYTHING).and_then(|media| media.get("schema")) else {
        return false;
    };
    let schema = resolve(whole, schema);
    ["properties", "items", "additionalProperties", "allOf"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Makes bytes, of which nothing more is said, of other kinds; gives how many there were.
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
