//! Fixups of request bodies.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Fixup, Need};
use crate::lowering::Lowering;
use crate::schema::{operation_name, operations_mut, resolve};

/// Keeps one media type of a request body, and omits operations without a supported one.
pub(super) const KNOWN_BODIES: Fixup = Fixup {
    name: "known-bodies",
    reason: "the generator supports one media type per body, and no multipart forms",
    need: Need::OtherDocuments,
    apply: known_bodies,
};

const KNOWN: [&str; 4] = [
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
];

fn known_bodies(lowering: &mut Lowering) -> usize {
    let mut count = lowering.leave_out_operations(|operation| {
        let content = operation["requestBody"]["content"].as_object()?;
        let known = content.keys().any(|kind| known(kind).is_some());
        let kinds: Vec<_> = content.keys().map(String::as_str).collect();
        (!known && !kinds.is_empty())
            .then(|| format!("unsupported media type of a body: {}", kinds.join(" or ")))
    });
    let mut dropped = Vec::new();
    operations_mut(&mut lowering.document, |method, path, operation| {
        let name = operation_name(method, path, operation);
        let content = operation
            .pointer_mut("/requestBody/content")
            .and_then(Value::as_object_mut);
        let Some(content) = content else { return };
        let kept = content
            .keys()
            .filter_map(|kind| known(kind).map(|plain| (plain, kind.clone())))
            .min();
        let Some((plain, kept)) = kept else { return };
        count += usize::from(KNOWN[plain] != kept);
        let media = content.remove(&kept).unwrap_or_default();
        for (kind, _) in std::mem::take(content) {
            let what = format!("the body {kind} of {name}");
            let why = format!(
                "the generator supports one media type per body, {}",
                KNOWN[plain]
            );
            dropped.push((what, why));
        }
        content.insert(KNOWN[plain].to_owned(), media);
        if let Some(media) = content[KNOWN[plain]].as_object_mut() {
            media.remove("encoding");
            media.entry("schema").or_insert_with(|| json!({}));
        }
    });
    count += dropped.len();
    for (what, why) in dropped {
        lowering.leave_out(what, why);
    }
    count
}

/// Returns the index of a media type, without its parameters, among the supported ones.
fn known(kind: &str) -> Option<usize> {
    let plain = kind.split(';').next().unwrap_or_default().trim();
    KNOWN
        .iter()
        .position(|known| plain.eq_ignore_ascii_case(known))
}

/// Omits operations with form fields that are not scalars.
pub(super) const FLAT_FORMS: Fixup = Fixup {
    name: "flat-forms",
    reason: "the generated code serializes forms of scalars only",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let whole = lowering.document.clone();
        lowering.leave_out_operations(|operation| {
            let media = operation
                .pointer("/requestBody/content/application~1x-www-form-urlencoded/schema")?;
            let field = nested(&whole, media)?;
            Some(format!(
                "unsupported form field `{field}`, a list or an object"
            ))
        })
    },
};

/// Returns the first form field that is not a scalar.
fn nested(whole: &Value, form: &Value) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut ahead = vec![form];
    while let Some(schema) = ahead.pop() {
        let schema = resolve(whole, schema);
        if !seen.insert(std::ptr::from_ref(schema)) {
            continue;
        }
        let own = schema["properties"].as_object().into_iter().flatten();
        let mut own = own.filter(|(_, property)| !is_scalar(whole, property, 0));
        if let Some((name, _)) = own.next() {
            return Some(name.clone());
        }
        for list in ["allOf", "anyOf", "oneOf"] {
            ahead.extend(schema[list].as_array().into_iter().flatten());
        }
    }
    None
}

fn is_scalar(whole: &Value, schema: &Value, depth: usize) -> bool {
    let schema = resolve(whole, schema);
    let mut parts = ["allOf", "anyOf", "oneOf"]
        .into_iter()
        .filter_map(|list| schema[list].as_array())
        .flatten();
    depth < 16
        && schema.get("properties").is_none()
        && schema.get("additionalProperties").is_none()
        && !matches!(schema["type"].as_str(), Some("array" | "object"))
        && parts.all(|part| is_scalar(whole, part, depth + 1))
}

/// Describes binary and text bodies as the generator requires.
pub(super) const RAW_BODIES: Fixup = Fixup {
    name: "raw-bodies",
    reason: "the generator requires a specific schema for binary and text bodies",
    need: Need::OtherDocuments,
    apply: |lowering| {
        let mut count = 0;
        operations_mut(&mut lowering.document, |_, _, operation| {
            for (kind, plain) in [
                (
                    "application~1octet-stream",
                    json!({ "type": "string", "format": "binary" }),
                ),
                ("text~1plain", json!({ "type": "string" })),
            ] {
                let media = operation.pointer_mut(&format!("/requestBody/content/{kind}"));
                if let Some(media) = media
                    && media.get("schema") != Some(&plain)
                {
                    media["schema"] = plain;
                    count += 1;
                }
            }
        });
        count
    },
};

#[cfg(test)]
mod tests;
