use serde_json::json;

use super::*;
use crate::fixups::testing::{asking, lower};

/// A document with operations that have these ids and names in an extension.
fn operations_with(names: &[(Option<&str>, Option<&str>)]) -> Value {
    let mut document = json!({ "paths": {} });
    for (index, (id, name)) in names.iter().enumerate() {
        let operation = &mut document["paths"][format!("/{index}")]["get"];
        *operation = json!({ "responses": {} });
        if let Some(id) = id {
            operation["operationId"] = json!(id);
        }
        if let Some(name) = name {
            operation["x-name"] = json!(name);
        }
    }
    document
}

fn ids(document: &Value) -> Vec<&str> {
    operations(document)
        .filter_map(|(_, _, operation)| operation["operationId"].as_str())
        .collect()
}

#[test]
fn operations_get_unique_ids() {
    let document = operations_with(&[
        (Some("listThings"), None),
        (Some("list-things"), None),
        (None, None),
        (Some("¿"), None),
        (Some("new"), None),
        (Some("error"), None),
        (Some("2things"), None),
    ]);
    let outcome = lower(NAME_OPERATIONS, &document);
    assert_eq!(outcome.count, 5);
    assert_eq!(
        ids(&outcome.document),
        [
            "listThings",
            "list_things_2",
            "get_2",
            "get_3",
            "new_2",
            "error_2",
            "2things"
        ]
    );
}

#[test]
fn uses_valid_unique_names_of_an_extension() {
    let mut lowering = Lowering::of(&operations_with(&[
        (Some("GET_things"), Some("listThings")),
        (Some("GET_thing"), Some("get")),
        (Some("GET_other"), Some("get")),
        (Some("PUT_thing"), Some("¿")),
        (Some("kept"), None),
        (Some("DELETE_thing"), Some("kept")),
    ]));
    lowering.method_names = Some("x-name".to_owned());
    assert_eq!((METHOD_NAMES.apply)(&mut lowering), 1);
    assert_eq!(
        ids(&lowering.document),
        [
            "listThings",
            "GET_thing",
            "GET_other",
            "PUT_thing",
            "kept",
            "DELETE_thing"
        ]
    );
    let listed: Vec<&str> = lowering
        .notes
        .iter()
        .map(|note| note.reason.as_str())
        .collect();
    assert_eq!(
        listed,
        [
            "its x-name `get` is not unique",
            "its x-name `get` is not unique",
            "its x-name is not a valid name: \"¿\"",
            "its x-name `kept` is not unique",
        ]
    );
}

#[test]
fn ids_are_unchanged_by_default() {
    let document = operations_with(&[(Some("a"), Some("b"))]);
    assert_eq!(lower(METHOD_NAMES, &document).count, 0);
}

#[test]
fn renames_colliding_parameters_of_an_operation() {
    let parameters = json!([
        { "name": "tags", "in": "query" },
        { "name": "tags[]", "in": "query" },
        { "name": "Tags", "in": "header" },
        { "name": "send", "in": "query" },
        { "name": "body", "in": "query" },
    ]);
    let mut lowering = Lowering::of(&asking(parameters, json!({})));
    assert_eq!((DISTINCT_PARAMETERS.apply)(&mut lowering), 3);
    let named: Vec<_> = lowering.document["paths"]["/things"]["get"]["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|parameter| parameter["name"].as_str())
        .map(|name| (snake(name), lowering.wire_names.wire(name)))
        .collect();
    let wanted = [
        ("tags", "tags"),
        ("tags_2", "tags[]"),
        ("tags_3", "Tags"),
        ("send_2", "send"),
        ("body", "body"),
    ];
    assert_eq!(named, wanted.map(|(rust, wire)| (rust.to_owned(), wire)));
}

#[test]
fn renames_path_parameters_in_the_path() {
    let parameter = |name: &str| json!({ "name": name, "in": "path", "required": true });
    let parameters = json!([parameter("body"), parameter("a-b"), parameter("aB")]);
    let path = "/x/{body}/{a-b}/{aB}/{a-b}";
    let document = json!({ "paths": { path: { "get": { "parameters": parameters } } } });
    let outcome = lower(DISTINCT_PARAMETERS, &document);
    assert_eq!(outcome.count, 2);
    let item = &outcome.document["paths"]["/x/{body_2}/{a-b}/{a_b_2}/{a-b}"];
    assert_eq!(
        item["get"]["parameters"],
        json!([parameter("body_2"), parameter("a-b"), parameter("a_b_2")])
    );
}
