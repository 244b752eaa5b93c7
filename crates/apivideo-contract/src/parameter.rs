use serde_json::{Map, Value};

use crate::document::{Document, Error, text};
use crate::schema::{self, Schema};
use crate::violation::{Part, Violation};

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name as it is written, such as `tags[]`.
    pub name: String,
    /// Where it is sent.
    pub place: Place,
    /// How it is written.
    pub style: Style,
    /// Whether a request without it is wrong.
    pub required: bool,
    /// Which values are valid.
    pub schema: Schema,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
}

/// How a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `name=value`
    Single,
    /// `name=value&name=value`, once for each item
    List,
    /// `name[key]=value` (`deepObject`), and `name[key][]=value` for each item of a list
    Object,
}

impl Parameter {
    pub(crate) fn new(document: &Document, parameter: &Value) -> Result<Self, Error> {
        let parameter = document.resolve(parameter)?;
        let name = text(&parameter["name"]);
        let not_understood = |what: &str| {
            Error::new(format!(
                "the {what} of the parameter {name} is not understood"
            ))
        };
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            _ => return Err(not_understood("place")),
        };
        let schema = parameter
            .get("schema")
            .ok_or_else(|| not_understood("form"))?;
        let schema = Schema::new(document, schema)?;
        let kind = schema.value()["type"].as_str().unwrap_or_default();
        let explode = parameter.get("explode").and_then(Value::as_bool);
        let style = match (place, parameter["style"].as_str(), kind) {
            (_, Some("deepObject"), "object") if explode == Some(true) => Style::Object,
            (Place::Query, None | Some("form"), "array") if explode != Some(false) => Style::List,
            (_, _, "array" | "object") | (_, Some(_), _) => return Err(not_understood("style")),
            (_, None, _) => Style::Single,
        };
        Ok(Self {
            required: parameter["required"] == true,
            name,
            place,
            style,
            schema,
        })
    }

    /// Whether a name in a query is of this parameter.
    pub(crate) fn owns(&self, name: &str) -> bool {
        match self.style {
            Style::Single | Style::List => name == self.name,
            Style::Object => name
                .strip_prefix(&self.name)
                .is_some_and(|rest| rest.starts_with('[')),
        }
    }

    /// Checks what a query says of this parameter: the names and values that are its own.
    pub(crate) fn check_query(&self, pairs: &[(&str, &str)]) -> Vec<Violation> {
        let fault =
            |rule, message: String| vec![Violation::new(Part::Query, &*self.name, rule, message)];
        match (self.style, pairs) {
            (_, []) if self.required => fault("missing", "it is required".into()),
            (_, []) => Vec::new(),
            (Style::Single, [(_, value)]) => self.schema.check_text(Part::Query, &self.name, value),
            (Style::Single, _) => fault("repeated", "it is there more than once".into()),
            (Style::List, _) => {
                let items = &self.schema.value()["items"];
                let items: Option<Vec<_>> = pairs
                    .iter()
                    .map(|(_, value)| schema::read(items, value))
                    .collect();
                match items {
                    Some(items) => {
                        let list = Value::Array(items);
                        self.schema.check(Part::Query, &self.name, &list)
                    }
                    None => fault("type", "an item is not of its type".into()),
                }
            }
            (Style::Object, _) => match self.object(pairs) {
                Ok(object) => self
                    .schema
                    .check(Part::Query, &self.name, &Value::Object(object)),
                Err((rule, message)) => fault(rule, message),
            },
        }
    }

    /// The object that names such as `name[key]` and `name[key][]` spell.
    fn object(&self, pairs: &[(&str, &str)]) -> Result<Map<String, Value>, (&'static str, String)> {
        let mut object = Map::new();
        for (name, value) in pairs {
            let unreadable = || ("unreadable", format!("{name} is not of the form name[key]"));
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
            let of = if is_list { &schema["items"] } else { schema };
            let value = schema::read(of, value)
                .ok_or_else(|| ("type", format!("{name} is not of its type")))?;
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
                        return Err(("repeated", format!("{name} is there more than once")));
                    }
                }
                _ => return Err(unreadable()),
            }
        }
        Ok(object)
    }
}
