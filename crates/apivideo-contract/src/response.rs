use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Error, members};
use crate::media_type::{self, check_body, essence};
use crate::schema::Schema;
use crate::violation::{Part, Violation};

/// A received response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, including repeated ones. Names are case-insensitive.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the values of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.headers.iter();
        headers
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A response of the document.
#[derive(Debug)]
pub(crate) struct DocumentedResponse {
    headers: Vec<Header>,
    contents: BTreeMap<String, Schema>,
}

#[derive(Debug)]
struct Header {
    name: String,
    required: bool,
    schema: Schema,
}

impl DocumentedResponse {
    pub(crate) fn new(document: &Document, response: &Value) -> Result<Self, Error> {
        let response = document.resolve(response)?;
        let headers = members(response, "headers").map(|(name, header)| {
            let header = document.resolve(header)?;
            Ok(Header {
                name: name.to_owned(),
                required: header["required"] == true,
                schema: Schema::new(document, &header["schema"])?,
            })
        });
        Ok(Self {
            headers: headers.collect::<Result<_, Error>>()?,
            contents: media_type::schemas(document, response)?,
        })
    }

    /// Validates a response. `known` are the names of all documented headers, which other responses must not have.
    pub(crate) fn check(&self, response: &Response, known: &[String]) -> Vec<Violation> {
        let mut violations = Vec::new();
        for header in &self.headers {
            violations.extend(header.check(response));
        }
        for name in known {
            let documented = self.headers.iter().any(|header| header.name == *name);
            if !documented && response.header(name).next().is_some() {
                violations.push(Violation::new(
                    Part::Header,
                    name,
                    "undocumented",
                    "is not documented for this response",
                ));
            }
        }
        match self.content(response) {
            Ok(None) if response.body.is_empty() => {}
            Ok(None) => violations.push(Violation::new(
                Part::Body,
                "",
                "undocumented",
                "must be empty",
            )),
            Ok(Some(schema)) => violations.extend(check_body(schema, &response.body)),
            Err(violation) => violations.push(violation),
        }
        violations
    }

    /// Returns the schema for the content type of a response; `None` if no body is documented.
    fn content(&self, response: &Response) -> Result<Option<&Schema>, Violation> {
        if self.contents.is_empty() {
            return Ok(None);
        }
        let violation =
            |rule, message: String| Violation::new(Part::ContentType, "", rule, message);
        let found: Vec<_> = response.header("content-type").collect();
        match found.as_slice() {
            [] => Err(violation("missing", "is missing".into())),
            [kind] => match self.contents.get(&essence(kind)) {
                Some(schema) => Ok(Some(schema)),
                None => Err(violation(
                    "undocumented",
                    format!("{kind} is not documented"),
                )),
            },
            _ => Err(violation("repeated", "must not be repeated".into())),
        }
    }
}

impl Header {
    fn check(&self, response: &Response) -> Vec<Violation> {
        let violation =
            |rule, message| vec![Violation::new(Part::Header, &*self.name, rule, message)];
        let found: Vec<_> = response.header(&self.name).collect();
        match found.as_slice() {
            [] if self.required => violation("missing", "is required"),
            [] => Vec::new(),
            [value] => self.schema.check_string(Part::Header, &self.name, value),
            _ => violation("repeated", "must not be repeated"),
        }
    }
}
