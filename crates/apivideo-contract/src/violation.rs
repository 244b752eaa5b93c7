use std::fmt;

/// One way in which a request or a reply differs from the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The part that is at fault.
    pub part: Part,
    /// Where in it: a pointer into the body, the name of a header or a parameter; may be empty.
    pub place: String,
    /// What was broken: a keyword of the schema such as `format`, or `undocumented`, `missing`, `unreadable`,
    /// `repeated`.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}

/// A part of a request or a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The method and the path together.
    Operation,
    /// A parameter in the path.
    Path,
    /// A parameter in the query.
    Query,
    /// The authorization.
    Security,
    /// The status of a reply.
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
