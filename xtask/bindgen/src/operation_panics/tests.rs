use std::path::Path;

use super::*;

fn document() -> Document {
    let text = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\npaths:\n  /a:\n    get: { operationId: good, responses: {} }\n    \
                put: { operationId: bad, responses: {} }\n";
    Document::parse(Path::new("a.yaml"), text).unwrap()
}

#[test]
fn reports_a_panic_as_a_bug_with_its_operation() {
    let error = with_panics_caught(&document(), |document| {
        let is_bad = |operation: &serde_json::Value| operation["operationId"] == "bad";
        assert!(
            !operations(&document.value).any(|(_, _, operation)| is_bad(operation)),
            "too bad"
        );
        Ok(())
    })
    .unwrap_err()
    .to_string();
    assert!(
        error.starts_with(
            "a bug of this tool: it panicked for the operations below; nothing was written; fix the bug, or \
             remove the operations from the document until then:\n  bad (PUT /a): it panicked: too bad (tests.rs:"
        ),
        "{error}"
    );
    assert!(!error.contains("good"), "{error}");
}

#[test]
fn reports_a_panic_without_an_operation_for_the_whole_document() {
    let error = with_panics_caught(&document(), |document| {
        assert!(operations(&document.value).count() < 2, "too many");
        Ok(())
    })
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("\n  the document as a whole: it panicked: too many ("),
        "{error}"
    );
}

#[test]
fn passes_results_and_errors_on() {
    assert_eq!(with_panics_caught(&document(), |_| Ok(1)).unwrap(), 1);
    let error = with_panics_caught(&document(), |_| -> Result<(), _> {
        Err(Error::Output(Vec::new()))
    })
    .unwrap_err();
    assert!(matches!(error, Error::Output(_)), "{error}");
}
