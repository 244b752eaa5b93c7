use crate::document::{Document, Error, members};
use crate::operation::Operation;
use crate::parameter::Parameter;
use crate::request::{self, Request};
use crate::response::{DocumentedResponse, Response};
use crate::violation::{Part, Violation};

/// The supported members of a path item.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// An OpenAPI document that requests and responses can be validated against.
#[derive(Debug)]
pub struct Contract {
    operations: Vec<Operation>,
    /// The documented response for requests that match no operation.
    unmatched: DocumentedResponse,
    /// The names of all documented headers.
    headers: Vec<String>,
}

impl Contract {
    /// Returns the contract of `openapi/apivideo.yaml`.
    ///
    /// # Errors
    ///
    /// Returns an error if the document is invalid or contains unsupported keywords.
    pub fn apivideo() -> Result<Self, Error> {
        Self::parse(include_str!("../../../openapi/apivideo.yaml"))
    }

    /// Parses a document in YAML or JSON. It must have a response component `NotFound`.
    ///
    /// # Errors
    ///
    /// Returns an error if the document is invalid or contains unsupported keywords.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document = Document::parse(text)?;
        let mut operations = Vec::new();
        for (path, item) in members(&document.value, "paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    return Err(Error::new(format!(
                        "unsupported member `{method}` of {path}"
                    )));
                }
                operations.push(Operation::new(&document, path, method, operation)?);
            }
        }
        // Paths without parameters take precedence.
        operations.sort_by_key(|operation| operation.path.matches('{').count());
        let components = &document.value["components"];
        Ok(Self {
            operations,
            unmatched: DocumentedResponse::new(&document, &components["responses"]["NotFound"])?,
            headers: members(components, "headers")
                .map(|(name, _)| name.to_owned())
                .collect(),
        })
    }

    /// Returns all operations.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Returns the operation of a method and path, or `None` if there is none.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.find(method, path).map(|(operation, _)| operation)
    }

    /// Validates a response to a request of this method and path. Returns an empty list if it is valid.
    pub fn check_response(&self, method: &str, path: &str, response: &Response) -> Vec<Violation> {
        let Some((operation, _)) = self.find(method, path) else {
            return vec![no_operation(method, path)];
        };
        match operation.responses.get(&response.status) {
            Some(documented) => documented.check(response, &self.headers),
            None => vec![Violation::new(
                Part::Status,
                "",
                "undocumented",
                format!("{} is not documented for {}", response.status, operation.id),
            )],
        }
    }

    /// Validates a response to a request that matches no operation: a problem with the status 404, 405 or 429.
    ///
    /// The document does not describe such requests, but clients have to decode the responses.
    pub fn check_unmatched(&self, response: &Response) -> Vec<Violation> {
        match response.status {
            404 | 405 | 429 => self.unmatched.check(response, &self.headers),
            status => vec![Violation::new(
                Part::Status,
                "",
                "undocumented",
                format!("{status} is not 404, 405 or 429"),
            )],
        }
    }

    /// Validates a request. Returns an empty list if it is valid.
    pub fn check_request(&self, request: &Request) -> Vec<Violation> {
        match self.find(&request.method, &request.path) {
            Some((operation, in_path)) => request::check(operation, &in_path, request),
            None => vec![no_operation(&request.method, &request.path)],
        }
    }

    fn find(&self, method: &str, path: &str) -> Option<(&Operation, Vec<(&Parameter, String)>)> {
        let mut of_method = self
            .operations
            .iter()
            .filter(|known| known.method == method);
        of_method.find_map(|operation| Some((operation, operation.matches(path)?)))
    }
}

fn no_operation(method: &str, path: &str) -> Violation {
    let message = format!("{method} {path} is not documented");
    Violation::new(Part::Operation, "", "undocumented", message)
}
