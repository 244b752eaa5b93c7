use std::fmt;

use serde_json::Value;

/// An error of a document that is invalid or contains unsupported keywords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// A parsed OpenAPI document.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) value: Value,
}

impl Document {
    /// Parses YAML, of which JSON is a subset.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let options = serde_saphyr::options! { strict_booleans: true };
        let value = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| Error::new(format!("invalid YAML: {error}")))?;
        Ok(Self { value })
    }

    /// Returns the target of a reference, or the value itself.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> Result<&'a Value, Error> {
        let Some(reference) = value.get("$ref") else {
            return Ok(value);
        };
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
        let found = pointer.and_then(|pointer| self.value.pointer(pointer));
        match found {
            Some(found) if found.get("$ref").is_none() => Ok(found),
            Some(_) => Err(Error::new(format!(
                "unsupported reference {}: its target is another reference",
                text(reference)
            ))),
            None => Err(Error::new(format!(
                "unresolved reference {}",
                text(reference)
            ))),
        }
    }
}

/// Returns the members of an object in a value; none if it is absent.
pub(crate) fn members<'a>(
    of: &'a Value,
    name: &str,
) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    let members = of.get(name).and_then(Value::as_object);
    let members = members.into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

/// Formats a value for messages: strings without quotes.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}
