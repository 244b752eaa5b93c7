//! Fixups before the typed expectations are generated.

use serde_json::Value;

use super::{Fixup, Need};
use crate::deep_object::METADATA_FILTER;
use crate::lowering::Lowering;
use crate::schema::{operation_pointer, operations_mut, reference_to, resolve, visit_all};

/// Replaces secrets by strings.
pub(super) const PLAIN_SECRETS: Fixup = Fixup {
    name: "plain-expected-secrets",
    reason: "expectations format what they compare, and secrets do not implement `Display`",
    need: Need::OwnDocument,
    apply: |lowering| {
        let mut places = Vec::new();
        visit_all(&mut lowering.document, &mut |pointer, schema| {
            if pointer.contains("/parameters/")
                && schema["format"] == "password"
                && let Some(fields) = schema.as_object_mut()
            {
                fields.remove("format");
                places.push(pointer.to_owned());
            }
        });
        places
    },
};

/// Omits list parameters.
pub(super) const NO_LISTS: Fixup = Fixup {
    name: "no-lists",
    reason: "generated expectations for lists do not compile; the hand-written extension supports them",
    need: Need::OwnDocument,
    apply: |lowering| {
        let whole = lowering.document.clone();
        let why = "a list; use the hand-written extension";
        leave_out_parameters(lowering, why, |parameter| {
            resolve(&whole, &parameter["schema"])["type"] == "array"
        })
    },
};

/// Omits filters with a hand-written type.
pub(super) const NO_FILTERS: Fixup = Fixup {
    name: "no-filters",
    reason: "generated expectations look for one parameter, but the filter sends a pair for each key; the \
             hand-written extension supports it",
    need: Need::OwnDocument,
    apply: |lowering| {
        let why = "a filter of pairs; use the hand-written extension";
        leave_out_parameters(lowering, why, |parameter| {
            parameter["schema"] == reference_to(METADATA_FILTER)
        })
    },
};

fn leave_out_parameters(
    lowering: &mut Lowering,
    why: &str,
    is_meant: impl Fn(&Value) -> bool,
) -> Vec<String> {
    let mut places = Vec::new();
    let left_out = &mut lowering.left_out;
    operations_mut(&mut lowering.document, |method, path, operation| {
        let place = operation_pointer(method, path);
        let name = crate::schema::operation_name(method, path, operation);
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        let Some(parameters) = parameters else { return };
        let all = std::mem::take(parameters).into_iter().enumerate();
        for (index, parameter) in all {
            if is_meant(&parameter) {
                places.push(format!("{place}/parameters/{index}"));
                let parameter = parameter["name"].as_str().unwrap_or_default();
                let what = format!("parameter `{parameter}` of {name}");
                left_out.push(crate::error::Refused {
                    what,
                    reason: why.to_owned(),
                });
            } else {
                parameters.push(parameter);
            }
        }
    });
    places
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixups::testing::{asking, lower};

    #[test]
    fn secrets_become_strings() {
        let parameters = json!([
            { "name": "a", "in": "query", "schema": { "type": "string", "format": "password" } },
        ]);
        let outcome = lower(PLAIN_SECRETS, &asking(parameters, json!({})));
        assert_eq!(outcome.places, ["/paths/~1things/get/parameters/0/schema"]);
        assert_eq!(
            outcome.parameters()[0]["schema"],
            json!({ "type": "string" })
        );
    }

    #[test]
    fn omits_lists_and_filters() {
        let parameters = json!([
            { "name": "tags[]", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
            { "name": "metadata", "in": "query", "schema": { "$ref": "#/components/schemas/MetadataFilter" } },
            { "name": "title", "in": "query", "schema": { "type": "string" } },
        ]);
        let schemas = json!({ "MetadataFilter": { "type": "object" } });
        let outcome = lower(NO_LISTS, &asking(parameters, schemas));
        assert_eq!(outcome.places, ["/paths/~1things/get/parameters/0"]);
        assert_eq!(
            outcome.left_out[0].what,
            "parameter `tags[]` of listThings (GET /things)"
        );
        let outcome = lower(NO_FILTERS, &outcome.document);
        assert_eq!(outcome.places, ["/paths/~1things/get/parameters/0"]);
        assert_eq!(outcome.parameters()[0]["name"], "title");
    }
}
