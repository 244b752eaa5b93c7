use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::operation::Operation;
use crate::parameter::{Parameter, Place};
use crate::reply::{check_body, essence};
use crate::violation::{Part, Violation};

/// A request as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query as it was sent, without its question mark.
    pub query: Option<String>,
    /// The scheme of the authorization, such as `Bearer`, if there is one.
    pub scheme: Option<String>,
    /// The content type, if there is one.
    pub content_type: Option<String>,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

/// Checks a request of an operation, given the values in its path.
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
                .check_text(Part::Path, &parameter.name, value),
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
                format!("{pair} is not encoded as it should be"),
            )),
        }
    }
    let parameters = operation.parameters.iter();
    let parameters: Vec<_> = parameters
        .filter(|parameter| parameter.place == Place::Query)
        .collect();
    for (name, _) in &pairs {
        if !parameters.iter().any(|parameter| parameter.owns(name)) {
            violations.push(Violation::new(
                Part::Query,
                name,
                "undocumented",
                "it is not documented",
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

/// A name or a value of a query; `None` if an escape is not one or its bytes are no text.
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
    let fault = |rule, message: String| Some(Violation::new(Part::Security, "", rule, message));
    match scheme.map(str::to_ascii_lowercase) {
        None if operation.schemes.is_empty() => None,
        None => fault("missing", "there is none".into()),
        Some(scheme) if operation.schemes.contains(&scheme) => None,
        Some(scheme) => fault("undocumented", format!("{scheme} is not documented")),
    }
}

fn check_content(operation: &Operation, request: &Request) -> Vec<Violation> {
    let fault = |part, rule, message: &str| vec![Violation::new(part, "", rule, message)];
    if request.body.is_empty() {
        return match operation.body_required {
            true => fault(Part::Body, "missing", "it is required"),
            false => Vec::new(),
        };
    }
    if operation.body.is_empty() {
        return fault(Part::Body, "undocumented", "it is documented to have none");
    }
    let kind = request.content_type.as_deref().map(essence);
    match kind.and_then(|kind| operation.body.get(&kind)) {
        Some(schema) => check_body(schema, &request.body),
        None => fault(
            Part::ContentType,
            "undocumented",
            "it is none of the documented ones",
        ),
    }
}
