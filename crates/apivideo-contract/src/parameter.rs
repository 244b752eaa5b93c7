use serde_json::{Map, Value};

use crate::document::{Document, Error, text};
use crate::schema::{self, Schema};
use crate::violation::{Part, Violation};

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// The name as sent, such as `tags[]`.
    pub name: String,
    /// The location.
    pub location: Location,
    /// The serialization.
    pub style: Style,
    /// Whether the parameter is required.
    pub required: bool,
    /// The schema of its values.
    pub schema: Schema,
}

/// The location of a parameter (`in`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// A segment of the path.
    Path,
    /// The query.
    Query,
}

/// The serialization of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `name=value`
    Single,
    /// `name=value&name=value`, for each item
    List,
    /// `name[key]=value` (`deepObject`), and `name[key][]=value` for each item of a list
    Object,
}

impl Parameter {
    pub(crate) fn new(document: &Document, parameter: &Value) -> Result<Self, Error> {
        let parameter = document.resolve(parameter)?;
        let name = text(&parameter["name"]);
        let unsupported =
            |what: &str| Error::new(format!("unsupported {what} of the parameter {name}"));
        let location = match parameter["in"].as_str() {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            _ => return Err(unsupported("location")),
        };
        let schema = parameter
            .get("schema")
            .ok_or_else(|| unsupported("content"))?;
        let schema = Schema::new(document, schema)?;
        let kind = schema.value()["type"].as_str().unwrap_or_default();
        let explode = parameter.get("explode").and_then(Value::as_bool);
        let style = match (location, parameter["style"].as_str(), kind) {
            (_, Some("deepObject"), "object") if explode == Some(true) => Style::Object,
            (Location::Query, None | Some("form"), "array") if explode != Some(false) => {
                Style::List
            }
            (_, _, "array" | "object") | (_, Some(_), _) => return Err(unsupported("style")),
            (_, None, _) => Style::Single,
        };
        Ok(Self {
            required: parameter["required"] == true,
            name,
            location,
            style,
            schema,
        })
    }

    /// Whether a name in a query belongs to this parameter.
    pub(crate) fn owns(&self, name: &str) -> bool {
        match self.style {
            Style::Single | Style::List => name == self.name,
            Style::Object => name
                .strip_prefix(&self.name)
                .is_some_and(|rest| rest.starts_with('[')),
        }
    }

    /// Validates the names and values of a query that belong to this parameter.
    pub(crate) fn check_query(&self, pairs: &[(&str, &str)]) -> Vec<Violation> {
        let violation =
            |rule, message: String| vec![Violation::new(Part::Query, &*self.name, rule, message)];
        match (self.style, pairs) {
            (_, []) if self.required => violation("missing", "is required".into()),
            (_, []) => Vec::new(),
            (Style::Single, [(_, value)]) => {
                self.schema.check_string(Part::Query, &self.name, value)
            }
            (Style::Single, _) => violation("repeated", "must not be repeated".into()),
            (Style::List, _) => {
                let items = &self.schema.value()["items"];
                let items: Option<Vec<_>> = pairs
                    .iter()
                    .map(|(_, value)| schema::parse(items, value))
                    .collect();
                match items {
                    Some(items) => {
                        let list = Value::Array(items);
                        self.schema.check(Part::Query, &self.name, &list)
                    }
                    None => violation("type", "an item has an invalid type".into()),
                }
            }
            (Style::Object, _) => match self.object(pairs) {
                Ok(object) => self
                    .schema
                    .check(Part::Query, &self.name, &Value::Object(object)),
                Err((rule, message)) => violation(rule, message),
            },
        }
    }

    /// Parses an object from names such as `name[key]` and `name[key][]`.
    fn object(&self, pairs: &[(&str, &str)]) -> Result<Map<String, Value>, (&'static str, String)> {
        let mut object = Map::new();
        for (name, value) in pairs {
            let unreadable = || {
                (
                    "unreadable",
                    format!("{name} is not of the form `name[key]`"),
                )
            };
            let inside = name[self.name.len()..].strip_prefix('[');
            let (key, rest) = inside
                .and_then(|inside| inside.split_once(']'))
                .ok_or_else(unreadable)?;
            let schema = &self.schema.value()["properties"][key];
            let others = &self.schema.value()["additionalProperties"];
            let schema = match (schema, others) {
                (Value::Null, Value::Object(_)) => others,
                (Value::Null, _) => {
                    return Err(("undocumented", format!("{key} is not documented")));
                }
                (schema, _) => schema,
            };
            let is_list = schema["type"] == "array";
            let item_schema = if is_list { &schema["items"] } else { schema };
            let value = schema::parse(item_schema, value)
                .ok_or_else(|| ("type", format!("{name} has an invalid type")))?;
            match (is_list, rest) {
                (true, "[]") => {
                    let list = object
                        .entry(key)
                        .or_insert_with(|| Value::Array(Vec::new()));
                    list.as_array_mut()
                        .into_iter()
                        .for_each(|list| list.push(value.clone()));
                }
                (false, "") => {
                    if object.insert(key.to_owned(), value).is_some() {
                        return Err(("repeated", format!("{name} must not be repeated")));
                    }
                }
                _ => return Err(unreadable()),
            }
        }
        Ok(object)
    }
}
