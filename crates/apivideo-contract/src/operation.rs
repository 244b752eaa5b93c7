use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::document::{Document, Error, members, text};
use crate::parameter::{Parameter, Place};
use crate::reply::Documented;
use crate::schema::Schema;

/// An operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// Its method, such as `GET`.
    pub method: String,
    /// Its path with names in braces, such as `/videos/{videoId}`.
    pub path: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The replies by their status.
    pub(crate) replies: BTreeMap<u16, Documented>,
    /// The schemas of the body by content type; none without a body.
    pub(crate) body: BTreeMap<String, Schema>,
    pub(crate) body_required: bool,
    /// The schemes of authorization, each of which is enough; none if there is to be no authorization.
    pub(crate) schemes: Vec<String>,
}

impl Operation {
    /// Whether a request of this operation has a body.
    pub fn has_body(&self) -> bool {
        !self.body.is_empty()
    }

    /// The statuses that are documented, in ascending order.
    pub fn statuses(&self) -> impl Iterator<Item = u16> {
        self.replies.keys().copied()
    }

    pub(crate) fn new(
        document: &Document,
        path: &str,
        method: &str,
        operation: &Value,
    ) -> Result<Self, Error> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut replies = BTreeMap::new();
        for (status, reply) in members(operation, "responses") {
            let number = status.parse().map_err(|_| {
                Error::new(format!("the status `{status}` of {path} is not understood"))
            })?;
            replies.insert(number, Documented::new(document, reply)?);
        }
        let request_body = document.resolve(&operation["requestBody"])?;
        Ok(Self {
            id: text(&operation["operationId"]),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            parameters: parameters
                .map(|parameter| Parameter::new(document, parameter))
                .collect::<Result<_, _>>()?,
            replies,
            body: contents(document, request_body)?,
            body_required: request_body["required"] == true,
            schemes: schemes(document, operation)?,
        })
    }

    /// The values of the path's parameters as they were sent, if a path is this operation's.
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
                    let of_name =
                        |known: &&Parameter| known.place == Place::Path && known.name == name;
                    let parameter = self.parameters.iter().find(of_name)?;
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

/// The schemas of a body by its content type.
pub(crate) fn contents(document: &Document, of: &Value) -> Result<BTreeMap<String, Schema>, Error> {
    members(of, "content")
        .map(|(kind, media)| {
            let schema = media
                .get("schema")
                .ok_or_else(|| Error::new(format!("a body of type {kind} has no schema")))?;
            Ok((kind.to_owned(), Schema::new(document, schema)?))
        })
        .collect()
}

/// Which schemes of HTTP authorization an operation takes.
fn schemes(document: &Document, operation: &Value) -> Result<Vec<String>, Error> {
    let security = operation
        .get("security")
        .unwrap_or(&document.value["security"]);
    let mut schemes = Vec::new();
    for alternative in security.as_array().into_iter().flatten() {
        let names: Vec<_> = alternative.as_object().into_iter().flatten().collect();
        let [(name, _)] = names.as_slice() else {
            return Err(Error::new(format!(
                "the security {alternative} is not understood: one scheme at a time is"
            )));
        };
        let scheme = &document.value["components"]["securitySchemes"][name.as_str()];
        match (scheme["type"].as_str(), scheme["scheme"].as_str()) {
            (Some("http"), Some(scheme)) => schemes.push(scheme.to_ascii_lowercase()),
            _ => {
                return Err(Error::new(format!(
                    "the security scheme {name} is not understood: those of HTTP are"
                )));
            }
        }
    }
    Ok(schemes)
}
