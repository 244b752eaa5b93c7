use crate::document::{Document, Error, members};
use crate::operation::Operation;
use crate::parameter::Parameter;
use crate::reply::{Documented, Reply};
use crate::request::{self, Request};
use crate::violation::{Part, Violation};

/// Reads the document's methods; anything else beside a path is refused.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// A document, ready to check requests and replies.
#[derive(Debug)]
pub struct Contract {
    operations: Vec<Operation>,
    /// The reply to what is no operation.
    stray: Documented,
    /// The headers that the document knows.
    headers: Vec<String>,
}

impl Contract {
    /// The contract of `openapi/apivideo.yaml`.
    ///
    /// # Errors
    /// When the document has something that can't be checked.
    pub fn of_the_project() -> Result<Self, Error> {
        Self::parse(include_str!("../../../openapi/apivideo.yaml"))
    }

    /// The contract of another document, in YAML or JSON. It must have a reply `NotFound` among its components.
    ///
    /// # Errors
    /// When it can't be read, or has something that can't be checked.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let document = Document::parse(text)?;
        let mut operations = Vec::new();
        for (path, item) in members(&document.value, "paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    return Err(Error::new(format!(
                        "`{method}` of {path} is not understood"
                    )));
                }
                operations.push(Operation::new(&document, path, method, operation)?);
            }
        }
        // A path without parameters wins over one that could stand for it.
        operations.sort_by_key(|operation| operation.path.matches('{').count());
        let components = &document.value["components"];
        Ok(Self {
            operations,
            stray: Documented::new(&document, &components["responses"]["NotFound"])?,
            headers: members(components, "headers")
                .map(|(name, _)| name.to_owned())
                .collect(),
        })
    }

    /// The operations.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of a method and a path, if there is one.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.find(method, path).map(|(operation, _)| operation)
    }

    /// How a reply to a request of this method and path differs from the document.
    pub fn check_reply(&self, method: &str, path: &str, reply: &Reply) -> Vec<Violation> {
        let Some((operation, _)) = self.find(method, path) else {
            return vec![no_operation(method, path)];
        };
        match operation.replies.get(&reply.status) {
            Some(documented) => documented.check(reply, &self.headers),
            None => vec![Violation::new(
                Part::Status,
                "",
                "undocumented",
                format!("{} is not documented for {}", reply.status, operation.id),
            )],
        }
    }

    /// How a reply to what is no operation differs from a problem with the status 404, 405 or 429.
    ///
    /// The document speaks of no such requests; but whoever makes one has to understand the reply all the same.
    pub fn check_stray(&self, reply: &Reply) -> Vec<Violation> {
        match reply.status {
            404 | 405 | 429 => self.stray.check(reply, &self.headers),
            status => vec![Violation::new(
                Part::Status,
                "",
                "undocumented",
                format!("{status} is none of 404, 405 and 429"),
            )],
        }
    }

    /// How a request differs from the document.
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
