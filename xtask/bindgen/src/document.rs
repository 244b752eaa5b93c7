//! Reads a document in YAML or JSON, and checks the structure that later stages rely on.

mod locate_error;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Error;
use crate::schema::{children, pointer_token, resolve};

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
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut value = if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
        {
            json(path, text)?
        } else {
            yaml(path, text)?
        };
        decode_references(&mut value);
        let mut document = Self {
            path: path.to_owned(),
            value,
        };
        document.check_version()?;
        document.check_references()?;
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
        let text = |version: &Value| version.to_string().replace('"', "");
        let message = match (self.value.get("openapi"), self.value.get("swagger")) {
            (Some(Value::String(version)), _) if version.starts_with("3.0.") => return Ok(()),
            (Some(Value::Number(version)), _) => {
                format!(
                    "{version} is a number; write the whole version as a string, such as \"3.0.3\""
                )
            }
            (Some(version), _) => format!(
                "OpenAPI {} is not supported, only 3.0 is, such as \"3.0.3\"",
                text(version)
            ),
            (None, Some(version)) => format!(
                "Swagger {} is not supported, only OpenAPI 3.0 is; convert the document",
                text(version)
            ),
            (None, None) => "`openapi` is missing".to_owned(),
        };
        let pointer = match self.value.get("openapi") {
            Some(_) => "/openapi",
            None => "",
        };
        Err(self.schema_error(pointer.to_owned(), message))
    }

    fn check_paths(&self) -> Result<(), Error> {
        for (path, item) in self.value["paths"].as_object().into_iter().flatten() {
            let pointer = format!("/paths/{}", pointer_token(path));
            if !path.starts_with('/') && !path.starts_with("x-") {
                return Err(self.schema_error(pointer, "a path begins with `/`".to_owned()));
            }
            if item.get("$ref").is_some() {
                let message = "a reference to the operations of a path is not supported".to_owned();
                return Err(self.schema_error(format!("{pointer}/$ref"), message));
            }
        }
        Ok(())
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
                let why = match found {
                    Some(_) if resolve(&self.value, node).get("$ref").is_none() => None,
                    Some(_) => Some("it is circular"),
                    None if reference.starts_with('#') => Some("there is nothing at that place"),
                    None => Some("it leads outside of the document"),
                };
                broken = why.map(|why| {
                    let message = format!("`{reference}` cannot be followed: {why}");
                    (format!("{pointer}/$ref"), message)
                });
            }
        });
        broken.map_or(Ok(()), |(pointer, message)| {
            Err(self.schema_error(pointer, message))
        })
    }

    fn schema_error(&self, pointer: String, message: String) -> Error {
        Error::Schema {
            path: self.path.clone(),
            pointer,
            message,
        }
    }
}

/// Decodes percent-encoded references, as they are URIs.
fn decode_references(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                *reference = percent_decoded(reference);
            }
            fields
                .iter_mut()
                .for_each(|(_, child)| decode_references(child));
        }
        Value::Array(items) => items.iter_mut().for_each(decode_references),
        _ => {}
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let code = more.get(..2).filter(|_| *first == b'%');
        let code = code.filter(|code| code.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|code| str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = code.map_or(more, |_| &more[2..]);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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
