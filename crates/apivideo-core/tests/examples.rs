//! The document's own examples decode into the types that were generated from it.

use apivideo_core::types;
use apivideo_core::wire::Object;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Decodes and encodes, and demands that no field has become one that the types do not know.
fn round<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, serde_json::Error> {
    let object: Object<T> = serde_json::from_value(value.clone())?;
    assert_eq!(
        Value::Object(object.extra.clone().into()),
        Value::Object(serde_json::Map::new())
    );
    serde_json::to_value(&object)
}

fn round_by_name(schema: &str, value: &Value) -> Result<Value, serde_json::Error> {
    macro_rules! by_name {
        ($($name:ident)*) => {
            match schema {
                $(stringify!($name) => round::<types::$name>(value),)*
                other => panic!("no type is named {other}: add it to the list"),
            }
        };
    }
    by_name! {
        AccessToken BucketPage EventPage LiveStream LiveStreamPage MetricReply SessionPage TimeseriesPage Video
        VideoPage
    }
}

fn document() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/apivideo.yaml");
    let text = std::fs::read_to_string(path).expect("the document is there");
    serde_saphyr::from_str(&text).expect("the document is YAML")
}

#[test]
fn every_example_of_a_success_decodes_and_loses_no_field() {
    let document = document();
    let mut seen = 0;
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("a path").values() {
            let mut reply = &operation["responses"]["200"];
            if let Some(reference) = reply["$ref"].as_str() {
                reply = document
                    .pointer(&reference[1..])
                    .expect("the reply is there");
            }
            let media = &reply["content"]["application/json"];
            let schema = media["schema"]["$ref"].as_str().expect("a named schema");
            let schema = schema.rsplit('/').next().expect("a name");
            for (title, example) in media["examples"].as_object().expect("examples") {
                let value = &example["value"];
                let again =
                    round_by_name(schema, value).unwrap_or_else(|error| panic!("{title}: {error}"));
                assert_kept(value, &again, title);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 12, "every operation has an example of its success");
}

/// Every field of `before` is in `after`: dates may be written in another form, and null may have gone.
fn assert_kept(before: &Value, after: &Value, place: &str) {
    match before {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                assert_kept(value, &after[name], &format!("{place}/{name}"));
            }
        }
        Value::Array(items) => {
            assert_eq!(Some(items.len()), after.as_array().map(Vec::len), "{place}");
            for (index, item) in items.iter().enumerate() {
                assert_kept(item, &after[index], &format!("{place}/{index}"));
            }
        }
        Value::Number(number) => assert_eq!(number.as_f64(), after.as_f64(), "{place}"),
        Value::String(_) if place.ends_with("At") || place.contains("/timeframe/") => {
            assert!(after.is_string(), "{place}");
        }
        other => assert_eq!(other, after, "{place}"),
    }
}
