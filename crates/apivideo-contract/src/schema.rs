use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use crate::document::{Document, Error};
use crate::format::is_period;
use crate::violation::{Part, Violation};

/// How deep schemas may lie in each other; deeper ones refer to themselves.
const DEPTH: usize = 32;

/// Says nothing of which values are valid.
const ANNOTATIONS: &[&str] = &["title", "description", "example", "default", "deprecated"];

/// Means the same in OpenAPI 3.0 and in JSON Schema.
const SHARED: &[&str] = &[
    "type",
    "enum",
    "format",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// A schema of the document, as JSON Schema and ready to check values.
#[derive(Debug)]
pub struct Schema {
    value: Value,
    validator: Validator,
}

impl Schema {
    pub(crate) fn new(document: &Document, schema: &Value) -> Result<Self, Error> {
        let value = translate(document, schema, DEPTH)?;
        let validator = jsonschema::options()
            // References and formats work as in OpenAPI 3.0.
            .with_draft(Draft::Draft7)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_format("password", |_: &str| true)
            .with_format("period", is_period)
            .build(&value)
            .map_err(|error| Error::new(format!("the schema {value} can't be used: {error}")))?;
        Ok(Self { value, validator })
    }

    /// The schema in the words of JSON Schema, with nothing left to look up.
    pub fn value(&self) -> &Value {
        &self.value
    }

    pub(crate) fn check(&self, part: Part, place: &str, value: &Value) -> Vec<Violation> {
        let errors = self.validator.iter_errors(value);
        let violation = |error: jsonschema::ValidationError<'_>| {
            let place = format!("{place}{}", error.instance_path());
            Violation::new(part, place, error.kind().keyword(), error.to_string())
        };
        errors.map(violation).collect()
    }

    /// Checks the text of a parameter or a header, read as the schema's type wants it.
    pub(crate) fn check_text(&self, part: Part, place: &str, text: &str) -> Vec<Violation> {
        match self.read(text) {
            Some(value) => self.check(part, place, &value),
            None => vec![Violation::new(
                part,
                place,
                "type",
                format!("{text:?} is not of type {}", self.value["type"]),
            )],
        }
    }

    /// A text as a value of the schema's type.
    pub(crate) fn read(&self, text: &str) -> Option<Value> {
        read(&self.value, text)
    }
}

/// A text as a value of a schema's type.
pub(crate) fn read(schema: &Value, text: &str) -> Option<Value> {
    match schema["type"].as_str() {
        Some("integer" | "number") => {
            let number = text.trim() == text;
            let value = number.then(|| serde_json::from_str(text).ok()).flatten();
            value.filter(Value::is_number)
        }
        Some("boolean") => text.parse().ok().map(Value::Bool),
        Some("array" | "object") => None,
        _ => Some(Value::String(text.to_owned())),
    }
}

/// A schema of OpenAPI 3.0 as one of JSON Schema.
///
/// `nullable` becomes a type, references are replaced by what they stand for, and a keyword that is not known is an
/// error rather than a promise that nobody checks.
fn translate(document: &Document, schema: &Value, depth: usize) -> Result<Value, Error> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::new("a schema refers to itself"));
    };
    let schema = document
        .resolve(schema)?
        .as_object()
        .ok_or_else(|| Error::new(format!("{schema} is no schema")))?;
    let inner = |schema: &Value| translate(document, schema, depth);
    let mut out = Map::new();
    for (keyword, value) in schema {
        let value = match keyword.as_str() {
            keyword if ANNOTATIONS.contains(&keyword) || keyword == "nullable" => continue,
            keyword if SHARED.contains(&keyword) => value.clone(),
            "additionalProperties" if value.is_boolean() => value.clone(),
            "items" | "additionalProperties" | "not" => inner(value)?,
            "allOf" | "anyOf" | "oneOf" => {
                let parts = value.as_array().into_iter().flatten().map(inner);
                Value::Array(parts.collect::<Result<_, _>>()?)
            }
            "properties" => {
                let members = value.as_object().into_iter().flatten();
                let members = members.map(|(name, schema)| Ok((name.clone(), inner(schema)?)));
                Value::Object(members.collect::<Result<_, Error>>()?)
            }
            _ => {
                return Err(Error::new(format!(
                    "the keyword `{keyword}` of a schema is not understood"
                )));
            }
        };
        out.insert(keyword.clone(), value);
    }
    // Without a type of its own, `nullable` has no effect.
    if schema.get("nullable") == Some(&Value::Bool(true))
        && let Some(kind) = out.get_mut("type")
    {
        *kind = Value::Array(vec![kind.take(), "null".into()]);
    }
    Ok(Value::Object(out))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(schema: &Value) -> Result<Schema, Error> {
        let text = json!({"components": {"schemas": {
            "Word": {"type": "string", "enum": ["a", "b"]},
            "Self": {"type": "array", "items": {"$ref": "#/components/schemas/Self"}},
        }}});
        Schema::new(&Document::parse(&text.to_string())?, schema)
    }

    /// The keywords that a value breaks.
    fn broken(of: &Value, value: &Value) -> Vec<String> {
        let violations = schema(of).unwrap().check(Part::Body, "", value);
        violations.into_iter().map(|found| found.rule).collect()
    }

    #[test]
    fn null_is_valid_where_nullable_says_so() {
        let text = json!({"type": "string", "nullable": true, "description": "a text"});
        assert!(broken(&text, &json!(null)).is_empty());
        assert!(broken(&text, &json!("x")).is_empty());
        assert_eq!(broken(&text, &json!(7)), ["type"]);
        assert_eq!(broken(&json!({"type": "string"}), &json!(null)), ["type"]);
        let word = json!({"type": "string", "nullable": true, "enum": ["a"]});
        assert_eq!(broken(&word, &json!(null)), ["enum"]);
    }

    #[test]
    fn times_are_strict() {
        let time = json!({"type": "string", "format": "date-time"});
        for good in [
            "2022-01-05T12:52:21+00:00",
            "2022-01-05T12:52:21.890Z",
            "2018-07-31T15:17:49.822000+02:00",
        ] {
            assert!(broken(&time, &json!(good)).is_empty(), "{good}");
        }
        for bad in [
            "2019-06-24T11:45:01.109+00",
            "2018-09-11 13:04:37.89+00",
            "2018-09-11 13:04:37+00:00",
            "2018-02-30T13:04:37Z",
            "2018-09-11",
            "",
        ] {
            assert_eq!(broken(&time, &json!(bad)), ["format"], "{bad}");
        }
    }

    #[test]
    fn the_other_keywords_keep_their_meaning() {
        let object = json!({
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"$ref": "#/components/schemas/Word"}},
            "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 3},
        });
        assert!(broken(&object, &json!({"a": "b", "n": 3})).is_empty());
        assert_eq!(broken(&object, &json!({"n": 3})), ["required"]);
        assert_eq!(broken(&object, &json!({"a": "c"})), ["enum"]);
        assert_eq!(broken(&object, &json!({"a": "a", "n": 4})), ["maximum"]);
        assert_eq!(broken(&object, &json!({"a": "a", "n": "x"})), ["type"]);
        let closed =
            json!({"type": "object", "properties": {"b": {}}, "additionalProperties": false});
        assert_eq!(broken(&closed, &json!({"a": 1})), ["additionalProperties"]);
        let one = json!({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 1}]});
        assert!(broken(&one, &json!("xy")).is_empty());
        assert_eq!(broken(&one, &json!("x")), ["oneOf"]);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for (bad, message) in [
            (
                json!({"type": "string", "discriminator": {}}),
                "the keyword `discriminator` of a schema is not understood",
            ),
            (
                json!({"$ref": "#/components/schemas/None"}),
                "there is no #/components/schemas/None",
            ),
            (
                json!({"$ref": "#/components/schemas/Self"}),
                "a schema refers to itself",
            ),
            (json!(7), "7 is no schema"),
        ] {
            assert_eq!(schema(&bad).unwrap_err().to_string(), message);
        }
        let format = schema(&json!({"type": "string", "format": "shoe-size"})).unwrap_err();
        assert!(format.to_string().contains("shoe-size"), "{format}");
    }

    #[test]
    fn texts_are_read_by_type() {
        let read = |kind: &str, text: &str| schema(&json!({"type": kind})).unwrap().read(text);
        assert_eq!(read("integer", "7"), Some(json!(7)));
        assert_eq!(read("boolean", "true"), Some(json!(true)));
        assert_eq!(read("string", "7"), Some(json!("7")));
        for (kind, text) in [
            ("integer", ""),
            ("integer", " 7"),
            ("integer", "+7"),
            ("integer", "x"),
            ("boolean", "1"),
            ("array", "x"),
        ] {
            assert_eq!(read(kind, text), None, "{kind} {text:?}");
        }
    }
}
