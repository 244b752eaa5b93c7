use std::path::Path;

use super::*;

/// A document with operations that differ in the schema of one query parameter.
fn document(parameters: &[(&str, &str)]) -> Document {
    let mut text = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\npaths:\n".to_owned();
    for (name, schema) in parameters {
        text.push_str(&format!(
            "  /{name}:\n    get:\n      operationId: {name}\n      parameters:\n        - {{ name: q, in: query, schema: \
             {schema} }}\n      responses: {{ '200': {{ description: d }} }}\n"
        ));
    }
    Document::parse(Path::new("a.yaml"), &text).unwrap()
}

fn refused(document: &Document) -> Vec<Refused> {
    match generate(document, &document.value, Product::Library) {
        Err(Error::Generator(refused)) => refused,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("it was taken"),
    }
}

#[test]
fn reports_a_panic_with_its_operation() {
    let refused = refused(&document(&[
        ("good", "{ type: string }"),
        ("bad", "{ type: string, enum: [a, A] }"),
    ]));
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].what, "bad (GET /bad)");
    assert!(
        refused[0].reason.starts_with("it panicked: "),
        "{}",
        refused[0].reason
    );
    assert!(
        !refused[0].reason.contains('/'),
        "no path of this machine: {}",
        refused[0].reason
    );
}

#[test]
fn reports_a_rejected_operation() {
    let deep = document(&[("bad", "{ type: string }")]);
    let mut lowered = deep.value.clone();
    lowered["paths"]["/bad"]["get"]["parameters"][0]["style"] = "deepObject".into();
    let Err(Error::Generator(refused)) = generate(&deep, &lowered, Product::Library) else {
        panic!("it was taken")
    };
    assert_eq!(refused[0].what, "bad (GET /bad)");
    assert!(
        refused[0].reason.contains("unsupported style"),
        "{}",
        refused[0].reason
    );
}

#[test]
fn reports_two_operations_with_one_name_together() {
    let mut document = document(&[("one", "{ type: string }"), ("two", "{ type: string }")]);
    document.value["paths"]["/two"]["get"]["operationId"] = "one".into();
    let refused = refused(&document);
    assert_eq!(refused[0].what, "all operations together");
}

#[test]
fn the_output_does_not_depend_on_the_order_of_keys() {
    let document = document(&[("one", "{ type: string }"), ("two", "{ type: integer }")]);
    let lowered = Lowering::of(&document.value).document;
    let code = |value: &Value| {
        prettyplease::unparse(&generate(&document, value, Product::Library).unwrap())
    };
    assert_eq!(code(&lowered), code(&sorted(&lowered)));
}
