//! Reads a document in YAML or JSON, and checks the structure that later stages rely on.

mod locate_error;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Error;
use crate::catch_panic::catch;
use crate::error::Refused;
use crate::schema::{children, pointer_token};

/// A document with its path.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file.
    pub path: PathBuf,
    /// The content.
    pub value: Value,
}

impl Document {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, is neither YAML nor JSON, or is not an OpenAPI 3.0 document.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::File {
            path: path.to_owned(),
            tried: "failed to read",
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Parses and checks a document. `path` is used for messages and, by its extension, to detect JSON.
    ///
    /// # Errors
    /// Returns an error if the text is neither YAML nor JSON, or not an OpenAPI 3.0 document.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        catch(|| Self::parsed(path, text)).unwrap_or_else(|reason| {
            let what = format!("{} as a whole", path.display());
            Err(Error::Bug(vec![Refused { what, reason }]))
        })
    }

    fn parsed(path: &Path, text: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let value = if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
        {
            json(path, text)?
        } else {
            yaml(path, text)?
        };
        let mut document = Self {
            path: path.to_owned(),
            value,
        };
        document.check_version()?;
        document.check_references()?;
        document.check_circles()?;
        document.typed(&document.value)?;
        let unknown = locate_error::unknown_type(&document.value);
        if let Some((pointer, message)) = unknown.or_else(|| locate_error::misled(&document.value))
        {
            return Err(document.schema_error(pointer, message));
        }
        document.check_paths()?;
        // Fixups add components.
        if document.value["components"].is_null() {
            document.value["components"] = Value::Object(serde_json::Map::new());
        }
        Ok(document)
    }

    /// Converts the document, or a lowered copy of it, to the generator's types.
    ///
    /// # Errors
    /// Returns an error if a part is invalid OpenAPI.
    pub fn typed(&self, value: &Value) -> Result<openapiv3::OpenAPI, Error> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let (pointer, message) = locate_error::locate_error(value).unwrap_or_else(|| {
                (
                    locate_error::pointer_of(error.path()),
                    error.into_inner().to_string(),
                )
            });
            self.schema_error(pointer, message)
        })
    }

    fn check_version(&self) -> Result<(), Error> {
        match self.value.get("openapi") {
            Some(Value::String(version)) if version.starts_with("3.0.") => Ok(()),
            Some(other) => Err(self.schema_error(
                "/openapi".to_owned(),
                format!("version {other} is not supported, only 3.0 is"),
            )),
            None => Err(self.schema_error(String::new(), "`openapi` is missing".to_owned())),
        }
    }

    fn check_paths(&self) -> Result<(), Error> {
        let paths = self.value["paths"].as_object();
        let mut names = paths.into_iter().flatten().map(|(path, _)| path);
        match names.find(|path| !path.starts_with('/') && !path.starts_with("x-")) {
            None => Ok(()),
            Some(path) => Err(self.schema_error(
                format!("/paths/{}", pointer_token(path)),
                "a path begins with `/`".to_owned(),
            )),
        }
    }

    fn check_references(&self) -> Result<(), Error> {
        let mut broken = None;
        walk(&self.value, &mut String::new(), &mut |pointer, node| {
            if let Some(Value::String(reference)) = node.get("$ref")
                && broken.is_none()
                && !is_example(pointer)
            {
                let found = reference
                    .strip_prefix('#')
                    .and_then(|inside| self.value.pointer(inside));
                if found.is_none() {
                    broken = Some((format!("{pointer}/$ref"), reference.clone()));
                }
            }
        });
        match broken {
            None => Ok(()),
            Some((pointer, reference)) => {
                let why = if reference.starts_with('#') {
                    "there is nothing at that place"
                } else {
                    "it leads outside of the document"
                };
                Err(self.schema_error(pointer, format!("`{reference}` cannot be followed: {why}")))
            }
        }
    }

    /// Rejects circular references and schemas that are composed of themselves. A schema that contains itself in a field is
    /// valid.
    fn check_circles(&self) -> Result<(), Error> {
        let mut found = None;
        walk(&self.value, &mut String::new(), &mut |pointer, node| {
            if found.is_some() || is_example(pointer) {
                return;
            }
            if let Some(Value::String(reference)) = node.get("$ref")
                && self.leads_to(node, node, &[])
            {
                found = Some((
                    format!("{pointer}/$ref"),
                    format!("`{reference}` is circular"),
                ));
            }
            for (index, part) in node["allOf"].as_array().into_iter().flatten().enumerate() {
                if found.is_none() && self.leads_to(part, node, &["allOf", "anyOf", "oneOf"]) {
                    found = Some((
                        format!("{pointer}/allOf/{index}"),
                        "this part contains the whole composition, so it is recursive".to_owned(),
                    ));
                }
            }
        });
        found.map_or(Ok(()), |(pointer, message)| {
            Err(self.schema_error(pointer, message))
        })
    }

    /// Returns `true` if references and the elements of these lists lead from one node to the other.
    fn leads_to(&self, from: &Value, to: &Value, lists: &[&str]) -> bool {
        let mut seen = BTreeSet::new();
        let mut ahead = vec![from];
        while let Some(node) = ahead.pop() {
            let behind = node
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| self.value.pointer(reference.strip_prefix('#')?));
            let parts = lists
                .iter()
                .filter_map(|list| node.get(*list)?.as_array())
                .flatten();
            for next in behind.into_iter().chain(parts) {
                if std::ptr::eq(next, to) {
                    return true;
                }
                if seen.insert(std::ptr::from_ref(next)) {
                    ahead.push(next);
                }
            }
        }
        false
    }

    fn schema_error(&self, pointer: String, message: String) -> Error {
        Error::Schema {
            path: self.path.clone(),
            pointer,
            message,
        }
    }
}

fn json(path: &Path, text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Syntax {
        path: path.to_owned(),
        place: Some((error.line() as u64, error.column() as u64)),
        message: error.to_string(),
    })
}

/// Parses YAML; `path` is for messages.
///
/// # Errors
/// Returns an error with line and column if the text is not valid YAML.
pub fn yaml(path: &Path, text: &str) -> Result<Value, Error> {
    // OpenAPI uses YAML 1.2, in which `no` is a string.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| Error::Syntax {
        path: path.to_owned(),
        place: error.location().map(|place| (place.line(), place.column())),
        message: error.without_snippet().to_string(),
    })
}

/// Examples, extensions, defaults and enum values may contain anything, including a `$ref` that is not a reference. A property
/// or a component may have such a name.
fn is_example(pointer: &str) -> bool {
    const NAMED: [&str; 9] = [
        "properties",
        "schemas",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
        "content",
        "encoding",
        "paths",
    ];
    let mut is_name = false;
    for token in pointer.split('/') {
        let is_free =
            matches!(token, "example" | "examples" | "default" | "enum") || token.starts_with("x-");
        if is_free && !is_name {
            return true;
        }
        is_name = !is_name && NAMED.contains(&token);
    }
    false
}

fn walk(node: &Value, pointer: &mut String, seen: &mut dyn FnMut(&str, &Value)) {
    seen(pointer, node);
    for (key, child) in children(node) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&pointer_token(&key));
        walk(child, pointer, seen);
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests;
