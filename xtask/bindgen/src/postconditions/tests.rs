use serde_json::json;

use super::*;

/// A library as the generator lays it out: one type, its builder, one call.
fn library(field: &str, response: &str) -> syn::File {
    syn::parse_str(&format!(
        "pub mod types {{
            pub struct Thing {{ pub field: {field} }}
            pub mod builder {{ pub struct Thing {{ pub field: Result<{field}, String> }} }}
        }}
        pub mod builder {{
            pub struct GetThing {{ one: u8 }}
            impl GetThing {{ pub async fn send(self) -> Result<ResponseValue<{response}>, Error<()>> {{ crate::response::read(response).await }} }}
        }}"
    ))
    .unwrap()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
fn lowered(field: Value) -> Value {
    let wrapped =
        json!({ "type": "object", "x-rust-type": { "path": "apivideo_core::wire::Object" } });
    let content = json!({ "application/json": { "schema": wrapped } });
    json!({
        "paths": { "/thing": { "get": { "responses": { "200": { "content": content } } } } },
        "components": { "schemas": { "Thing": { "properties": { "field": field } } } },
    })
}

fn complaints(lowered: &Value, file: &syn::File) -> String {
    match check(lowered, file) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    }
}

const RESPONSE: &str = "::apivideo_core::wire::Object<types::Thing>";

#[test]
fn accepts_valid_output() {
    let date = json!({ "type": "string", "format": "date-time", "nullable": true });
    let file = library("Option<::apivideo_core::wire::DateTime>", RESPONSE);
    assert_eq!(complaints(&lowered(date), &file), "");
}

#[test]
fn reports_responses_decoded_by_other_code() {
    let date = json!({ "type": "string", "format": "date-time" });
    let code = prettyplease::unparse(&library("::apivideo_core::wire::DateTime", RESPONSE));
    for (instead, complaint) in [
        (
            "ResponseValue::from_response",
            "it contains `::from_response`",
        ),
        (
            "client.exec(request, &info).await; read",
            "it contains `.exec(request`",
        ),
        (
            "ResponseValue::read",
            "responses are not read by `crate::response::read`",
        ),
    ] {
        let file = syn::parse_file(&code.replace("crate::response::read", instead)).unwrap();
        let complaints = complaints(&lowered(date.clone()), &file);
        assert!(complaints.contains(complaint), "{complaints}");
    }
}

#[test]
fn reports_an_unconverted_string() {
    let text = json!({ "type": "string", "format": RESPONSE_STRING });
    let good = library("::apivideo_core::wire::Text", RESPONSE);
    assert_eq!(complaints(&lowered(text.clone()), &good), "");
    let plain = library("::std::string::String", RESPONSE);
    let complaints = complaints(&lowered(text), &plain);
    let expected = "`::apivideo_core::wire::Text` is used in 0 places of the types, expected 1";
    assert!(complaints.contains(expected), "{complaints}");
}

#[test]
fn reports_an_unconverted_date() {
    let date = json!({ "type": "string", "format": "date-time" });
    let file = library("::chrono::DateTime<::chrono::offset::Utc>", RESPONSE);
    let complaints = complaints(&lowered(date), &file);
    assert!(
        complaints.contains(
            "`::apivideo_core::wire::DateTime` is used in 0 places of the types, expected 1"
        ),
        "{complaints}"
    );
    assert!(
        complaints.contains("it contains `chrono::`"),
        "{complaints}"
    );
}

#[test]
fn reports_an_unconverted_secret() {
    let secret = json!({ "type": "string", "format": "password" });
    let complaints = complaints(&lowered(secret), &library("String", RESPONSE));
    assert!(
        complaints.contains("wire::Secret` is used in 0 places"),
        "{complaints}"
    );
}

#[test]
fn reports_an_unwrapped_response() {
    let complaints = complaints(
        &lowered(json!({ "type": "string" })),
        &library("String", "types::Thing"),
    );
    assert!(
        complaints.contains("wire::Object` is used in 0 places of the types, expected 1"),
        "{complaints}"
    );
}

#[test]
fn counts_the_fields_of_an_inline_response() {
    let object =
        json!({ "type": "object", "x-rust-type": { "path": "apivideo_core::wire::Object" } });
    let date = json!({ "type": "string", "format": "date-time" });
    for (schema, response) in [
        (
            json!({ "type": "array", "items": object }),
            "Vec<::apivideo_core::wire::Object<types::Thing>>",
        ),
        (
            json!({ "type": "object", "additionalProperties": object }),
            "BTreeMap<String, ::apivideo_core::wire::Object<types::Thing>>",
        ),
        (
            json!({ "type": "array", "items": { "type": "array", "items": date } }),
            "Vec<Vec<::apivideo_core::wire::DateTime>>",
        ),
        (date.clone(), "::apivideo_core::wire::DateTime"),
    ] {
        let mut lowered = lowered(json!({ "type": "string" }));
        lowered["paths"]["/thing"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] =
            schema;
        assert_eq!(
            complaints(&lowered, &library("String", response)),
            "",
            "{response}"
        );
        let complaints = complaints(&lowered, &library("String", "()"));
        assert!(
            complaints.contains("is used in 0 places of the types, expected 1"),
            "{complaints}"
        );
    }
}

#[test]
fn counts_the_fields_of_an_inline_request() {
    let date = json!({ "type": "string", "format": "date-time" });
    let dates = json!({ "type": "array", "items": date });
    let file = library("Option<Vec<::apivideo_core::wire::DateTime>>", RESPONSE);
    let mut asking = lowered(json!({ "type": "string" }));
    asking["paths"]["/thing"]["get"]["parameters"] = json!([{ "name": "on", "schema": dates }]);
    assert_eq!(complaints(&asking, &file), "");
    let mut sending = lowered(json!({ "type": "string" }));
    let body = json!({ "properties": { "on": dates } });
    sending["paths"]["/thing"]["get"]["requestBody"] =
        json!({ "content": { "application/json": { "schema": body } } });
    assert_eq!(complaints(&sending, &file), "");
}

#[test]
fn reports_an_unreplaced_filter() {
    let mut lowered = lowered(json!({ "type": "string" }));
    lowered["paths"]["/thing"]["get"]["parameters"] = json!([{ "name": "metadata", "schema": { "$ref": "#/components/schemas/MetadataFilter" } }]);
    let complaints = complaints(&lowered, &library("String", RESPONSE));
    assert!(
        complaints.contains("wire::MetadataFilter` is used in 0 places"),
        "{complaints}"
    );
}

#[test]
fn reports_a_missing_call() {
    let mut lowered = lowered(json!({ "type": "string" }));
    lowered["paths"]["/other"] = json!({ "get": { "responses": {} } });
    let complaints = complaints(&lowered, &library("String", RESPONSE));
    assert!(
        complaints.contains("it has 1 calls and the document 2 operations"),
        "{complaints}"
    );
}
