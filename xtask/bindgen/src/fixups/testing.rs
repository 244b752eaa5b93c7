//! Helpers for tests of fixups.

use serde_json::{Value, json};

use super::Fixup;
use crate::error::Refused;
use crate::lowering::Lowering;

/// Returns a document with one operation, `GET /things`, named `listThings`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
pub(super) fn document(operation: Value, schemas: Value) -> Value {
    let mut operation = operation;
    operation["operationId"] = json!("listThings");
    json!({ "paths": { "/things": { "get": operation } }, "components": { "schemas": schemas } })
}

/// Returns a document with one operation that responds with `schema`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
pub(super) fn replying(schema: Value, schemas: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    document(
        json!({ "responses": { "200": { "content": content } } }),
        schemas,
    )
}

/// Returns a document with one operation with these parameters.
#[expect(
    clippy::needless_pass_by_value,
    reason = "calls with json!(…) in place read better"
)]
pub(super) fn asking(parameters: Value, schemas: Value) -> Value {
    document(
        json!({ "parameters": parameters, "responses": {} }),
        schemas,
    )
}

/// Applies a fixup to a document.
pub(super) struct Outcome {
    pub places: Vec<String>,
    pub document: Value,
    pub left_out: Vec<Refused>,
}

impl Outcome {
    pub(super) fn operation(&self) -> &Value {
        &self.document["paths"]["/things"]["get"]
    }

    pub(super) fn response(&self) -> &Value {
        &self.operation()["responses"]["200"]["content"]["application/json"]["schema"]
    }

    pub(super) fn parameters(&self) -> &Value {
        &self.operation()["parameters"]
    }

    pub(super) fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }
}

/// Applies a fixup, and checks that a second run changes nothing.
pub(super) fn lower(fixup: Fixup, document: &Value) -> Outcome {
    let mut lowering = Lowering::whole(document);
    let places = (fixup.apply)(&mut lowering);
    let done = lowering.document.clone();
    let left_out = lowering.left_out.clone();
    assert_eq!(
        (fixup.apply)(&mut lowering),
        [""; 0],
        "a second run of {} finds nothing",
        fixup.name
    );
    assert_eq!(
        lowering.document, done,
        "a second run of {} changes nothing",
        fixup.name
    );
    Outcome {
        places,
        document: done,
        left_out,
    }
}
