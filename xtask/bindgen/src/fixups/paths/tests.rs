use serde_json::json;

use super::*;
use crate::fixups::testing::lower;

#[test]
fn omits_operations_with_other_servers_or_invalid_paths() {
    let own = json!([{ "url": "https://upload.example.com" }]);
    let common = json!([{ "url": "https://example.com" }]);
    let document = json!({
        "servers": common,
        "paths": {
            "/a": { "get": {}, "post": { "servers": own } },
            "/b": { "servers": own, "get": { "servers": common }, "put": {} },
            "/c#d": { "get": {} },
        },
    });
    let outcome = lower(OWN_SERVERS, &document);
    assert_eq!(outcome.count, 3);
    let listed: Vec<_> = outcome
        .left_out
        .iter()
        .map(|one| (one.what.as_str(), one.reason.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            ("POST /a", "it has its own servers"),
            ("PUT /b", "it has its own servers"),
            ("GET /c#d", "a path cannot contain `#`"),
        ]
    );
    assert!(outcome.document["paths"]["/b"].get("get").is_some());
}

#[test]
fn omits_operations_with_unsupported_methods() {
    let document =
        json!({ "paths": { "/a": { "get": {}, "options": {}, "trace": {}, "head": {} } } });
    let outcome = lower(KNOWN_METHODS, &document);
    assert_eq!(outcome.count, 2);
    assert_eq!(
        outcome.document["paths"]["/a"],
        json!({ "get": {}, "head": {} })
    );
    assert_eq!(outcome.left_out[0].what, "OPTIONS /a");
    assert_eq!(
        outcome.left_out[0].reason,
        "the HTTP client does not support this method"
    );
}

#[test]
fn path_parameters_match_the_path() {
    let parameters = json!([
        { "name": "id", "in": "path" },
        { "name": "gone", "in": "path", "required": true },
        { "name": "gone", "in": "query" },
    ]);
    let document =
        json!({ "paths": { "/a/{id}/{other}": { "get": { "parameters": parameters } } } });
    let outcome = lower(PATH_PARAMETERS, &document);
    assert_eq!(outcome.count, 3);
    let schema = json!({ "type": "string" });
    assert_eq!(
        outcome.document["paths"]["/a/{id}/{other}"]["get"]["parameters"],
        json!([
            { "name": "id", "in": "path", "required": true },
            { "name": "gone", "in": "query" },
            { "name": "other", "in": "path", "required": true, "schema": schema },
        ])
    );
}
