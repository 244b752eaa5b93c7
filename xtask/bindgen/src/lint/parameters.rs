//! Rules about parameters.

use super::find::{At, all_operations, components};
use super::{Found, Rule, Subject};
use crate::schema::resolve;

pub(super) const PATH: Rule = Rule {
    id: "path-parameters",
    reason: "a name that is not replaced is sent unchanged",
    check: path,
};

fn path(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    for operation in all_operations(document) {
        let wanted: Vec<_> = operation
            .path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
            .collect();
        let mut declared = Vec::new();
        for at in operation.parameters(document) {
            if at.text("in") != Some("path") {
                continue;
            }
            let name = at.text("name").unwrap_or_default();
            declared.push(name);
            if !wanted.contains(&name) {
                found.at(&operation.at.pointer, format!("its path has no {{{name}}}"));
            }
            if at.node["required"] != true {
                found.at(&at.pointer, "is in a path, so it needs `required: true`");
            }
        }
        for name in wanted {
            if !declared.contains(&name) {
                found.at(
                    &operation.at.pointer,
                    format!("{{{name}}} of its path is not a declared parameter; declare it"),
                );
            }
        }
    }
}

pub(super) const UNIQUE: Rule = Rule {
    id: "unique-parameters",
    reason: "one of two parameters with the same name is lost",
    check: unique,
};

fn unique(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    for operation in all_operations(document) {
        let mut seen = Vec::new();
        for at in operation.parameters(document) {
            let key = (at.text("in"), at.text("name"));
            if seen.contains(&key) {
                let name = at.text("name").unwrap_or_default();
                found.at(
                    &operation.at.pointer,
                    format!("has the parameter `{name}` twice"),
                );
            }
            seen.push(key);
        }
    }
}

pub(super) const ARRAYS: Rule = Rule {
    id: "array-parameters",
    reason: "the service reads arrays only from `name[]=…&name[]=…`",
    check: arrays,
};

fn arrays(subject: &Subject<'_>, found: &mut Found) {
    for at in in_query(subject) {
        let name = at.text("name").unwrap_or_default();
        let is_array = type_of(subject, &at) == Some("array");
        if is_array != name.ends_with("[]") {
            found.at(
                &at.pointer,
                format!(
                    "`{name}`: the name of an array in the query ends with [], and no other does"
                ),
            );
        }
        if is_array && (at.text("style") != Some("form") || at.node["explode"] != true) {
            found.at(
                &at.pointer,
                "is an array, so it needs `style: form` and `explode: true`",
            );
        }
    }
}

pub(super) const OBJECTS: Rule = Rule {
    id: "object-parameters",
    reason: "the service reads objects only from `name[key]=…`",
    check: objects,
};

fn objects(subject: &Subject<'_>, found: &mut Found) {
    for at in in_query(subject) {
        let is_object = type_of(subject, &at) == Some("object");
        let is_deep = at.text("style") == Some("deepObject");
        if is_object != is_deep || is_deep && at.node["explode"] != true {
            found.at(
                &at.pointer,
                "objects in the query, and nothing else, have `style: deepObject` and `explode: true`",
            );
        }
    }
}

/// Returns the query parameters without duplicates.
fn in_query<'a>(subject: &Subject<'a>) -> Vec<At<'a>> {
    let document = &subject.document.value;
    let mut all: Vec<_> = components(document, "parameters")
        .map(|(_, at)| at)
        .chain(all_operations(document).flat_map(|operation| operation.parameters(document)))
        .filter(|at| at.text("in") == Some("query"))
        .collect();
    all.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    all.dedup_by(|one, other| one.pointer == other.pointer);
    all
}

fn type_of<'a>(subject: &Subject<'a>, at: &At<'a>) -> Option<&'a str> {
    resolve(&subject.document.value, at.node.get("schema")?)
        .get("type")?
        .as_str()
}
