//! Rules about operations.

use std::collections::BTreeMap;

use super::find::{At, all_operations, is_camel_case};
use super::{Found, Rule, Subject};

pub(super) const IDS: Rule = Rule {
    id: "operation-id",
    reason: "they determine the names of the generated methods",
    check: ids,
};

fn ids(subject: &Subject<'_>, found: &mut Found) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for operation in all_operations(&subject.document.value) {
        let place = operation.at.pointer.clone();
        match operation.at.text("operationId") {
            None => found.at(place, "has no operationId; give it one"),
            Some(id) if !is_camel_case(id) => {
                found.at(
                    place + "/operationId",
                    format!("`{id}` is not in camelCase"),
                );
            }
            Some(id) => {
                if let Some(first) = seen.insert(id, place.clone()) {
                    let message = format!("`{id}` is the operationId of {first} already");
                    found.at(place + "/operationId", message);
                }
            }
        }
    }
}

pub(super) const SUMMARIES: Rule = Rule {
    id: "operation-text",
    reason: "summary and description are the documentation of the generated methods",
    check: summaries,
};

fn summaries(subject: &Subject<'_>, found: &mut Found) {
    for operation in all_operations(&subject.document.value) {
        let place = &operation.at.pointer;
        match operation.at.text("summary").map(str::trim) {
            None | Some("") => found.at(place, "has no summary; add one"),
            Some(text) if text.ends_with('.') || text.len() > 60 => found.at(
                format!("{place}/summary"),
                "is not a headline; use up to 60 characters without a full stop",
            ),
            Some(_) => {}
        }
        match operation.at.text("description").map(str::trim_end) {
            None | Some("") => found.at(place, "has no description; add one"),
            Some(text) if !text.ends_with('.') => found.at(
                format!("{place}/description"),
                "consists of sentences; end it with a full stop",
            ),
            Some(_) => {}
        }
    }
}

pub(super) const TAGS: Rule = Rule {
    id: "operation-tags",
    reason: "they group the operations for readers",
    check: tags,
};

fn tags(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    let top = At {
        pointer: String::new(),
        node: document,
    };
    let declared: Vec<_> = top
        .under("tags")
        .filter_map(|(_, at)| Some((at.text("name")?, at.pointer)))
        .collect();
    let mut used = Vec::new();
    for operation in all_operations(document) {
        let of_operation: Vec<_> = operation.at.under("tags").collect();
        if of_operation.len() != 1 {
            found.at(&operation.at.pointer, "must have one tag");
        }
        for (_, at) in of_operation {
            let name = at.node.as_str().unwrap_or_default();
            used.push(name);
            if !declared.iter().any(|(declared, _)| *declared == name) {
                found.at(at.pointer, format!("`{name}` is not declared under /tags"));
            }
        }
    }
    for (name, pointer) in declared {
        if !used.contains(&name) {
            found.at(
                pointer,
                format!("no operation has the tag `{name}`; remove it"),
            );
        }
    }
}

pub(super) const PATHS: Rule = Rule {
    id: "path-style",
    reason: "the service uses this style, and a typo results in a 404",
    check: paths,
};

fn paths(subject: &Subject<'_>, found: &mut Found) {
    for operation in all_operations(&subject.document.value) {
        let fits = |segment: &str| match segment.strip_prefix('{') {
            Some(name) => name.strip_suffix('}').is_some_and(is_camel_case),
            None => {
                !segment.is_empty()
                    && segment
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            }
        };
        let segments = operation.path.strip_prefix('/');
        if !segments.is_some_and(|segments| segments.split('/').all(fits)) {
            found.at(
                operation.at.pointer,
                "its path must consist of segments in kebab-case and parameters in camelCase",
            );
        }
    }
}

pub(super) const PAGING: Rule = Rule {
    id: "paging",
    reason: "the pager needs both parameters, and both fields of the response",
    check: paging,
};

fn paging(subject: &Subject<'_>, found: &mut Found) {
    let document = &subject.document.value;
    for operation in all_operations(document) {
        let parameters = operation.parameters(document);
        let has = |name: &str| parameters.iter().any(|at| at.text("name") == Some(name));
        let place = &operation.at.pointer;
        let is_list = has("currentPage");
        if is_list != has("pageSize") {
            found.at(
                place,
                "currentPage and pageSize go together; add the other one",
            );
        }
        let id = operation.at.text("operationId").unwrap_or_default();
        if is_list != id.starts_with("list") {
            found.at(
                place,
                "an operation is called list… if it has pages, and not otherwise",
            );
        }
        if !is_list {
            continue;
        }
        let fields = operation
            .responses(document)
            .into_iter()
            .find(|(status, _)| status == "200")
            .and_then(|(_, response)| {
                let schema = response
                    .child("content")?
                    .child("application/json")?
                    .child("schema")?;
                schema.resolved(document).child("properties")
            });
        for field in ["data", "pagination"] {
            if fields
                .as_ref()
                .is_none_or(|at| at.node.get(field).is_none())
            {
                found.at(
                    place,
                    format!("its response lacks `{field}`, which every page has"),
                );
            }
        }
    }
}
