use std::fmt;

/// A difference between a request or response and the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The part of the request or response.
    pub part: Part,
    /// The place in the part: a JSON pointer into the body, or the name of a header or parameter. May be empty.
    pub place: String,
    /// The violated rule: a schema keyword such as `format`, or `undocumented`, `missing`, `unreadable` or `repeated`.
    pub rule: String,
    /// The description.
    pub message: String,
}

/// A part of a request or response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The method and the path together.
    Operation,
    /// A parameter in the path.
    Path,
    /// A parameter in the query.
    Query,
    /// The authentication.
    Security,
    /// The status of a response.
    Status,
    /// The content type.
    ContentType,
    /// Another header.
    Header,
    /// The body.
    Body,
}

impl Violation {
    pub(crate) fn new(
        part: Part,
        place: impl Into<String>,
        rule: &str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            part,
            place: place.into(),
            rule: rule.to_owned(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = match self.part {
            Part::Operation => "operation",
            Part::Path => "path",
            Part::Query => "query",
            Part::Security => "security",
            Part::Status => "status",
            Part::ContentType => "content type",
            Part::Header => "header",
            Part::Body => "body",
        };
        match self.place.as_str() {
            "" => write!(f, "{part}: {}", self.message),
            place => write!(f, "{part} {place}: {}", self.message),
        }
    }
}
