use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::{Document, Error, members};
use crate::json;
use crate::operation::contents;
use crate::schema::Schema;
use crate::violation::{Part, Violation};

/// A reply as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers, as often as they came; names in any case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The values of a header.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let headers = self.headers.iter();
        headers
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// A reply as the document has it.
#[derive(Debug)]
pub(crate) struct Documented {
    headers: Vec<Header>,
    contents: BTreeMap<String, Schema>,
}

#[derive(Debug)]
struct Header {
    name: String,
    required: bool,
    schema: Schema,
}

impl Documented {
    pub(crate) fn new(document: &Document, reply: &Value) -> Result<Self, Error> {
        let reply = document.resolve(reply)?;
        let headers = members(reply, "headers").map(|(name, header)| {
            let header = document.resolve(header)?;
            Ok(Header {
                name: name.to_owned(),
                required: header["required"] == true,
                schema: Schema::new(document, &header["schema"])?,
            })
        });
        Ok(Self {
            headers: headers.collect::<Result<_, Error>>()?,
            contents: contents(document, reply)?,
        })
    }

    /// Checks a reply; `known` are the names of all headers of the document, which belong only where they are documented.
    pub(crate) fn check(&self, reply: &Reply, known: &[String]) -> Vec<Violation> {
        let mut violations = Vec::new();
        for header in &self.headers {
            violations.extend(header.check(reply));
        }
        for name in known {
            let documented = self.headers.iter().any(|header| header.name == *name);
            if !documented && reply.header(name).next().is_some() {
                violations.push(Violation::new(
                    Part::Header,
                    name,
                    "undocumented",
                    "this reply is not documented to have it",
                ));
            }
        }
        match self.content(reply) {
            Ok(None) if reply.body.is_empty() => {}
            Ok(None) => violations.push(Violation::new(
                Part::Body,
                "",
                "undocumented",
                "this reply is documented to have none",
            )),
            Ok(Some(schema)) => violations.extend(check_body(schema, &reply.body)),
            Err(violation) => violations.push(violation),
        }
        violations
    }

    /// The schema of the reply's content type; `None` where no body is documented.
    fn content(&self, reply: &Reply) -> Result<Option<&Schema>, Violation> {
        if self.contents.is_empty() {
            return Ok(None);
        }
        let fault = |rule, message: String| Violation::new(Part::ContentType, "", rule, message);
        let found: Vec<_> = reply.header("content-type").collect();
        match found.as_slice() {
            [] => Err(fault("missing", "there is none".into())),
            [kind] => match self.contents.get(&essence(kind)) {
                Some(schema) => Ok(Some(schema)),
                None => Err(fault("undocumented", format!("{kind} is not documented"))),
            },
            _ => Err(fault("repeated", "there is more than one".into())),
        }
    }
}

impl Header {
    fn check(&self, reply: &Reply) -> Vec<Violation> {
        let fault = |rule, message| vec![Violation::new(Part::Header, &*self.name, rule, message)];
        let found: Vec<_> = reply.header(&self.name).collect();
        match found.as_slice() {
            [] if self.required => fault("missing", "it is required"),
            [] => Vec::new(),
            [value] => self.schema.check_text(Part::Header, &self.name, value),
            _ => fault("repeated", "it is there more than once"),
        }
    }
}

/// A content type without its parameters.
pub(crate) fn essence(kind: &str) -> String {
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

pub(crate) fn check_body(schema: &Schema, body: &[u8]) -> Vec<Violation> {
    let fault = |rule, message| vec![Violation::new(Part::Body, "", rule, message)];
    match json::read(body) {
        Ok((value, None)) => schema.check(Part::Body, "", &value),
        Ok((_, Some(name))) => fault("repeated", format!("an object has {name:?} twice")),
        Err(error) => fault("unreadable", format!("it is not JSON: {error}")),
    }
}
