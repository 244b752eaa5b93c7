use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::{Document, Error, members, text};
use crate::media_type;
use crate::parameter::{Location, Parameter};
use crate::response::DocumentedResponse;
use crate::schema::Schema;

/// An operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: String,
    /// The method, such as `GET`.
    pub method: String,
    /// The path template, such as `/videos/{videoId}`.
    pub path: String,
    /// The parameters of the path and the query.
    pub parameters: Vec<Parameter>,
    /// The responses by status.
    pub(crate) responses: BTreeMap<u16, DocumentedResponse>,
    /// The schemas of the request body by media type; empty if there is no body.
    pub(crate) body: BTreeMap<String, Schema>,
    pub(crate) body_required: bool,
    /// The accepted HTTP authentication schemes; empty if requests are not authenticated.
    pub(crate) schemes: Vec<String>,
}

impl Operation {
    /// Whether requests have a body.
    pub fn has_body(&self) -> bool {
        !self.body.is_empty()
    }

    /// Returns the documented statuses, in ascending order.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.responses.keys().copied()
    }

    pub(crate) fn new(
        document: &Document,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Self, Error> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut responses = BTreeMap::new();
        for (status, response) in members(operation, "responses") {
            let number = status
                .parse()
                .map_err(|_| Error::new(format!("unsupported status `{status}` of {path}")))?;
            responses.insert(number, DocumentedResponse::new(document, response)?);
        }
        let request_body = document.resolve(&operation["requestBody"])?;
        Ok(Self {
            id: text(&operation["operationId"]),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters: parameters
                .map(|parameter| Parameter::new(document, parameter))
                .collect::<Result<_, _>>()?,
            responses,
            body: media_type::schemas(document, request_body)?,
            body_required: request_body["required"] == true,
            schemes: schemes(document, operation)?,
        })
    }

    /// Returns the decoded parameters of a path; `None` if the path does not match.
    pub(crate) fn matches(&self, path: &str) -> Option<Vec<(&Parameter, String)>> {
        let mut found = Vec::new();
        let mut segments = path.split('/');
        for expected in self.path.split('/') {
            let segment = segments.next()?;
            let name = expected
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'));
            match name {
                Some(name) if !segment.is_empty() => {
                    let has_name =
                        |known: &&Parameter| known.location == Location::Path && known.name == name;
                    let parameter = self.parameters.iter().find(has_name)?;
                    let value = percent_decode_str(segment).decode_utf8_lossy();
                    found.push((parameter, value.into_owned()));
                }
                None if segment == expected => {}
                _ => return None,
            }
        }
        segments.next().is_none().then_some(found)
    }
}

/// Returns the HTTP authentication schemes of an operation.
fn schemes(document: &Document, operation: &Value) -> Result<Vec<String>, Error> {
    let security = operation
        .get("security")
        .unwrap_or(&document.value["security"]);
    let mut schemes = Vec::new();
    for alternative in security.as_array().into_iter().flatten() {
        let names: Vec<_> = alternative.as_object().into_iter().flatten().collect();
        let [(name, _)] = names.as_slice() else {
            return Err(Error::new(format!(
                "unsupported security requirement {alternative}: must have one scheme"
            )));
        };
        let scheme = &document.value["components"]["securitySchemes"][name.as_str()];
        match (scheme["type"].as_str(), scheme["scheme"].as_str()) {
            (Some("http"), Some(scheme)) => schemes.push(scheme.to_ascii_lowercase()),
            _ => {
                return Err(Error::new(format!(
                    "unsupported security scheme {name}: must be of type `http`"
                )));
            }
        }
    }
    Ok(schemes)
}
