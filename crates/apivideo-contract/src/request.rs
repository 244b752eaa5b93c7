use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::media_type::{check_body, essence};
use crate::operation::Operation;
use crate::parameter::{Location, Parameter};
use crate::violation::{Part, Violation};

/// A sent request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, percent-encoded.
    pub path: String,
    /// The query, percent-encoded, without its question mark.
    pub query: Option<String>,
    /// The authentication scheme, such as `Bearer`.
    pub scheme: Option<String>,
    /// The content type.
    pub content_type: Option<String>,
    /// The body; empty if there is none.
    pub body: Vec<u8>,
}

/// Validates a request of an operation.
pub(crate) fn check(
    operation: &Operation,
    in_path: &[(&Parameter, String)],
    request: &Request,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (parameter, value) in in_path {
        violations.extend(
            parameter
                .schema
                .check_string(Part::Path, &parameter.name, value),
        );
    }
    violations.extend(check_query(operation, request.query.as_deref()));
    violations.extend(check_scheme(operation, request.scheme.as_deref()));
    violations.extend(check_content(operation, request));
    violations
}

fn check_query(operation: &Operation, query: Option<&str>) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut pairs = Vec::new();
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (decode(name), decode(value)) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            _ => violations.push(Violation::new(
                Part::Query,
                name,
                "unreadable",
                format!("{pair} has an invalid percent-encoding"),
            )),
        }
    }
    let parameters = operation.parameters.iter();
    let parameters: Vec<_> = parameters
        .filter(|parameter| parameter.location == Location::Query)
        .collect();
    for (name, _) in &pairs {
        if !parameters.iter().any(|parameter| parameter.owns(name)) {
            violations.push(Violation::new(
                Part::Query,
                name,
                "undocumented",
                "is not documented",
            ));
        }
    }
    for parameter in parameters {
        let own: Vec<_> = pairs
            .iter()
            .filter(|(name, _)| parameter.owns(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        violations.extend(parameter.check_query(&own));
    }
    violations
}

/// Decodes a name or value of a query; `None` if the percent-encoding or the UTF-8 is invalid.
fn decode(text: &str) -> Option<String> {
    let escapes = text.match_indices('%');
    let is_escape = |at: usize| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !escapes.map(|(at, _)| at).all(is_escape) {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok();
    decoded.map(Cow::into_owned)
}

fn check_scheme(operation: &Operation, scheme: Option<&str>) -> Option<Violation> {
    let violation = |rule, message: String| Some(Violation::new(Part::Security, "", rule, message));
    match scheme.map(str::to_ascii_lowercase) {
        None if operation.schemes.is_empty() => None,
        None => violation("missing", "is missing".into()),
        Some(scheme) if operation.schemes.contains(&scheme) => None,
        Some(scheme) => violation("undocumented", format!("{scheme} is not documented")),
    }
}

fn check_content(operation: &Operation, request: &Request) -> Vec<Violation> {
    let violation = |part, rule, message: &str| vec![Violation::new(part, "", rule, message)];
    if request.body.is_empty() {
        return match operation.body_required {
            true => violation(Part::Body, "missing", "is required"),
            false => Vec::new(),
        };
    }
    if operation.body.is_empty() {
        return violation(Part::Body, "undocumented", "must be empty");
    }
    let kind = request.content_type.as_deref().map(essence);
    match kind.and_then(|kind| operation.body.get(&kind)) {
        Some(schema) => check_body(schema, &request.body),
        None => violation(Part::ContentType, "undocumented", "is not documented"),
    }
}
