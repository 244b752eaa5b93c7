use serde_json::json;

use super::*;

/// A library as the generator lays it out: one type, its builder, one call.
fn library(field: &str, reply: &str) -> syn::File {
    syn::parse_str(&format!(
        "pub mod types {{
            pub struct Thing {{ pub field: {field} }}
            pub mod builder {{ pub struct Thing {{ pub field: Result<{field}, String> }} }}
        }}
        pub mod builder {{
            pub struct GetThing {{ one: u8 }}
            impl GetThing {{ pub async fn send(self) -> Result<ResponseValue<{reply}>, Error<()>> {{ todo!() }} }}
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

const REPLY: &str = "::apivideo_core::wire::Object<types::Thing>";

#[test]
fn what_is_as_it_should_be_passes() {
    let date = json!({ "type": "string", "format": "date-time", "nullable": true });
    let file = library("Option<::apivideo_core::wire::DateTime>", REPLY);
    assert_eq!(complaints(&lowered(date), &file), "");
}

#[test]
fn a_date_that_was_not_converted_is_told() {
    let date = json!({ "type": "string", "format": "date-time" });
    let file = library("::chrono::DateTime<::chrono::offset::Utc>", REPLY);
    let complaints = complaints(&lowered(date), &file);
    assert!(
        complaints.contains(
            "`::apivideo_core::wire::DateTime` stands in 0 places of the types and 1 were meant"
        ),
        "{complaints}"
    );
    assert!(
        complaints.contains("it contains `chrono::`"),
        "{complaints}"
    );
}

#[test]
fn a_secret_that_was_not_converted_is_told() {
    let secret = json!({ "type": "string", "format": "password" });
    let complaints = complaints(&lowered(secret), &library("String", REPLY));
    assert!(
        complaints.contains("wire::Secret` stands in 0 places"),
        "{complaints}"
    );
}

#[test]
fn a_reply_that_was_not_wrapped_is_told() {
    let complaints = complaints(
        &lowered(json!({ "type": "string" })),
        &library("String", "types::Thing"),
    );
    assert!(
        complaints.contains("wire::Object` stands in 0 places of the types and 1 were meant"),
        "{complaints}"
    );
}

#[test]
fn a_filter_that_was_not_replaced_is_told() {
    let mut lowered = lowered(json!({ "type": "string" }));
    lowered["paths"]["/thing"]["get"]["parameters"] = json!([{ "name": "metadata", "schema": { "$ref": "#/components/schemas/MetadataFilter" } }]);
    let complaints = complaints(&lowered, &library("String", REPLY));
    assert!(
        complaints.contains("wire::MetadataFilter` stands in 0 places"),
        "{complaints}"
    );
}

#[test]
fn a_lost_call_is_told() {
    let mut lowered = lowered(json!({ "type": "string" }));
    lowered["paths"]["/other"] = json!({ "get": { "responses": {} } });
    let complaints = complaints(&lowered, &library("String", REPLY));
    assert!(
        complaints.contains("it has 1 calls and the document 2 operations"),
        "{complaints}"
    );
}
