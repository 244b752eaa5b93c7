use jsonschema::{Draft, Validator};
use serde_json::{Map, Value};

use crate::document::{Document, Error};
use crate::period::is_period;
use crate::violation::{Part, Violation};

/// The maximum nesting depth of schemas, which recursive schemas exceed.
const MAX_DEPTH: usize = 32;

/// Keywords without effect on validation.
const ANNOTATIONS: &[&str] = &["title", "description", "example", "default", "deprecated"];

/// Keywords with the same meaning in OpenAPI 3.0 and JSON Schema.
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

/// A schema of the document, translated to JSON Schema.
#[derive(Debug)]
pub struct Schema {
    value: Value,
    validator: Validator,
}

impl Schema {
    pub(crate) fn new(document: &Document, schema: &Value) -> Result<Self, Error> {
        let value = translate(document, schema, MAX_DEPTH)?;
        let validator = jsonschema::options()
            // In this draft, references and formats work as in OpenAPI 3.0.
            .with_draft(Draft::Draft7)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_format("password", |_: &str| true)
            .with_format("period", is_period)
            .build(&value)
            .map_err(|error| Error::new(format!("invalid schema {value}: {error}")))?;
        Ok(Self { value, validator })
    }

    /// Returns the JSON Schema, with all references resolved.
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

    /// Validates the string of a parameter or header, parsed by the type of the schema.
    pub(crate) fn check_string(&self, part: Part, place: &str, text: &str) -> Vec<Violation> {
        match self.parse(text) {
            Some(value) => self.check(part, place, &value),
            None => vec![Violation::new(
                part,
                place,
                "type",
                format!("{text:?} is not of type {}", self.value["type"]),
            )],
        }
    }

    /// Parses a string as a value of the type of the schema.
    pub(crate) fn parse(&self, text: &str) -> Option<Value> {
        parse(&self.value, text)
    }
}

/// Parses a string as a value of the type of a schema.
pub(crate) fn parse(schema: &Value, text: &str) -> Option<Value> {
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

/// Translates a schema of OpenAPI 3.0 to JSON Schema.
///
/// `nullable` becomes a type and references are resolved. Unknown keywords are errors, because ignoring them would
/// leave values unchecked.
fn translate(document: &Document, schema: &Value, depth: usize) -> Result<Value, Error> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Error::new("unsupported recursive schema"));
    };
    let schema = document
        .resolve(schema)?
        .as_object()
        .ok_or_else(|| Error::new(format!("invalid schema {schema}")))?;
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
                    "unsupported schema keyword `{keyword}`"
                )));
            }
        };
        out.insert(keyword.clone(), value);
    }
    // `nullable` has no effect on schemas without a type.
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

    /// Returns the keywords that a value violates.
    fn violated(of: &Value, value: &Value) -> Vec<String> {
        let violations = schema(of).unwrap().check(Part::Body, "", value);
        violations.into_iter().map(|found| found.rule).collect()
    }

    #[test]
    fn null_is_valid_for_nullable_schemas() {
        let text = json!({"type": "string", "nullable": true, "description": "a string"});
        assert!(violated(&text, &json!(null)).is_empty());
        assert!(violated(&text, &json!("x")).is_empty());
        assert_eq!(violated(&text, &json!(7)), ["type"]);
        assert_eq!(violated(&json!({"type": "string"}), &json!(null)), ["type"]);
        let word = json!({"type": "string", "nullable": true, "enum": ["a"]});
        assert_eq!(violated(&word, &json!(null)), ["enum"]);
    }

    #[test]
    fn times_are_strict() {
        let time = json!({"type": "string", "format": "date-time"});
        for valid in [
            "2022-01-05T12:52:21+00:00",
            "2022-01-05T12:52:21.890Z",
            "2018-07-31T15:17:49.822000+02:00",
        ] {
            assert!(violated(&time, &json!(valid)).is_empty(), "{valid}");
        }
        for invalid in [
            "2019-06-24T11:45:01.109+00",
            "2018-09-11 13:04:37.89+00",
            "2018-09-11 13:04:37+00:00",
            "2018-02-30T13:04:37Z",
            "2018-09-11",
            "",
        ] {
            assert_eq!(violated(&time, &json!(invalid)), ["format"], "{invalid}");
        }
    }

    #[test]
    fn other_keywords_keep_their_meaning() {
        let object = json!({
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"$ref": "#/components/schemas/Word"}},
            "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 3},
        });
        assert!(violated(&object, &json!({"a": "b", "n": 3})).is_empty());
        assert_eq!(violated(&object, &json!({"n": 3})), ["required"]);
        assert_eq!(violated(&object, &json!({"a": "c"})), ["enum"]);
        assert_eq!(violated(&object, &json!({"a": "a", "n": 4})), ["maximum"]);
        assert_eq!(violated(&object, &json!({"a": "a", "n": "x"})), ["type"]);
        let closed =
            json!({"type": "object", "properties": {"b": {}}, "additionalProperties": false});
        assert_eq!(
            violated(&closed, &json!({"a": 1})),
            ["additionalProperties"]
        );
        let one = json!({"oneOf": [{"type": "string"}, {"type": "string", "maxLength": 1}]});
        assert!(violated(&one, &json!("xy")).is_empty());
        assert_eq!(violated(&one, &json!("x")), ["oneOf"]);
    }

    #[test]
    fn unsupported_schemas_are_rejected() {
        for (invalid, message) in [
            (
                json!({"type": "string", "discriminator": {}}),
                "unsupported schema keyword `discriminator`",
            ),
            (
                json!({"$ref": "#/components/schemas/None"}),
                "unresolved reference #/components/schemas/None",
            ),
            (
                json!({"$ref": "#/components/schemas/Self"}),
                "unsupported recursive schema",
            ),
            (json!(7), "invalid schema 7"),
        ] {
            assert_eq!(schema(&invalid).unwrap_err().to_string(), message);
        }
        let format = schema(&json!({"type": "string", "format": "shoe-size"})).unwrap_err();
        assert!(format.to_string().contains("shoe-size"), "{format}");
    }

    #[test]
    fn strings_are_parsed_by_type() {
        let parse = |kind: &str, text: &str| schema(&json!({"type": kind})).unwrap().parse(text);
        assert_eq!(parse("integer", "7"), Some(json!(7)));
        assert_eq!(parse("boolean", "true"), Some(json!(true)));
        assert_eq!(parse("string", "7"), Some(json!("7")));
        for (kind, text) in [
            ("integer", ""),
            ("integer", " 7"),
            ("integer", "+7"),
            ("integer", "x"),
            ("boolean", "1"),
            ("array", "x"),
        ] {
            assert_eq!(parse(kind, text), None, "{kind} {text:?}");
        }
    }
}
