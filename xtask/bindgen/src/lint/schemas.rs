//! Rules about schemas and other components.

use std::collections::BTreeSet;

use serde_json::Value;

use super::find::{all_operations, all_schemas, components, is_camel_case, parts};
use super::{Found, Rule, Subject};

pub(super) const NAMES: Rule = Rule {
    id: "schema-names",
    reason: "they determine the names of the generated types",
    check: names,
};

fn names(subject: &Subject<'_>, found: &mut Found) {
    for (name, at) in components(&subject.document.value, "schemas") {
        let small_first = name.replacen(|c: char| c.is_ascii_uppercase(), "a", 1);
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) || !is_camel_case(&small_first) {
            found.at(at.pointer, "its name is not in PascalCase");
        }
    }
}

pub(super) const DESCRIPTIONS: Rule = Rule {
    id: "descriptions",
    reason: "they are the documentation of the generated types and parameters",
    check: descriptions,
};

fn descriptions(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    let kinds = [
        "schemas",
        "parameters",
        "headers",
        "responses",
        "securitySchemes",
    ];
    let mut described: Vec<_> = kinds
        .iter()
        .flat_map(|kind| components(document, kind))
        .map(|(_, at)| at)
        .collect();
    for operation in all_operations(document) {
        described.extend(operation.parameters(document));
        described.extend(operation.responses(document).into_iter().map(|(_, at)| at));
    }
    described.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    described.dedup_by(|one, other| one.pointer == other.pointer);
    for at in described {
        match at.text("description").map(str::trim_end) {
            None | Some("") => found.at(at.pointer, "has no description; add one"),
            Some(text) if text.ends_with('.') && !text.contains('\n') && !text.contains(". ") => {
                found.at(
                    at.pointer + "/description",
                    "is not a sentence; remove the full stop",
                );
            }
            Some(_) => {}
        }
    }
}

pub(super) const REFERENCES: Rule = Rule {
    id: "references-alone",
    reason: "OpenAPI 3.0 ignores siblings of $ref",
    check: references,
};

fn references(subject: &Subject<'_>, found: &mut Found) {
    for at in parts(&subject.document.value) {
        let is_reference = at.node.get("$ref").is_some_and(Value::is_string);
        if is_reference && at.node.as_object().is_some_and(|fields| fields.len() > 1) {
            found.at(
                at.pointer,
                "has siblings of $ref, which are ignored; remove them",
            );
        }
    }
}

pub(super) const USED: Rule = Rule {
    id: "components-used",
    reason: "an unused component is not generated",
    check: used,
};

fn used(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    // Starts at the operations, so that components that only refer to each other are found too.
    let mut reached = BTreeSet::new();
    let mut ahead = vec![&document["paths"]];
    while let Some(node) = ahead.pop() {
        for (key, inside) in crate::schema::children(node) {
            if key == "$ref"
                && let Some(target) = inside.as_str().and_then(|text| text.strip_prefix('#'))
                && reached.insert(target.to_owned())
            {
                ahead.extend(document.pointer(target));
            }
            ahead.push(inside);
        }
    }
    for kind in [
        "schemas",
        "parameters",
        "headers",
        "responses",
        "requestBodies",
        "examples",
    ] {
        for (_, at) in components(document, kind) {
            if !reached.contains(&at.pointer) {
                found.at(at.pointer, "is used by no operation; remove it");
            }
        }
    }
}

pub(super) const REQUIRED: Rule = Rule {
    id: "required-properties",
    reason: "a required property without a description is missing in the generated type",
    check: required,
};

fn required(subject: &Subject<'_>, found: &mut Found) {
    for at in all_schemas(&subject.document.value) {
        for (_, name) in at.under("required") {
            let name_text = name.node.as_str().unwrap_or_default();
            if at.node["properties"].get(name_text).is_none() {
                found.at(
                    name.pointer,
                    format!("`{name_text}` is not a property of the schema"),
                );
            }
        }
    }
}

pub(super) const SECRETS: Rule = Rule {
    id: "secrets",
    reason: "only strings of format password are generated as a type with a masked `Debug`",
    check: secrets,
};

fn secrets(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    let of_schemas = all_schemas(document)
        .into_iter()
        .flat_map(|at| at.under("properties"));
    let of_queries = all_operations(document)
        .flat_map(|operation| operation.parameters(document))
        .filter_map(|at| Some((at.text("name")?.to_owned(), at.child("schema")?)));
    let mut reported = BTreeSet::new();
    for (name, at) in of_schemas.chain(of_queries) {
        let is_secret = ["Key", "Token", "_key", "_token", "assword", "ecret"]
            .iter()
            .any(|ending| name.ends_with(ending));
        if is_secret
            && at.node["type"] == "string"
            && at.node["format"] != "password"
            && reported.insert(at.pointer.clone())
        {
            found.at(
                at.pointer,
                format!("`{name}` is a secret by its name; give it `format: password`"),
            );
        }
    }
}

pub(super) const INSTANTS: Rule = Rule {
    id: "instants",
    reason: "only strings of format date-time are generated as times",
    check: instants,
};

fn instants(subject: &Subject<'_>, found: &mut Found) {
    for at in all_schemas(&subject.document.value) {
        for (name, property) in at.under("properties") {
            let is_time = name.ends_with("At") && property.node["type"] == "string";
            if is_time && property.node["format"] != "date-time" {
                found.at(
                    property.pointer,
                    format!("`{name}` is a time by its name; give it `format: date-time`"),
                );
            }
        }
    }
}
