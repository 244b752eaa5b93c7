//! A client that validates all responses.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use apivideo_contract::{Contract, Response, Violation};
use apivideo_simulator::SimulatorBuilder;
use reqwest::Method;

use crate::common::TestClient;

pub(crate) static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::apivideo().unwrap());

/// A request to send.
#[derive(Clone, Debug)]
pub(crate) struct TestRequest {
    pub(crate) method: &'static str,
    /// The path and query.
    pub(crate) target: String,
    /// The `Authorization` header; `None` for a valid token.
    pub(crate) authorization: Option<Option<String>>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl TestRequest {
    pub(crate) fn get(target: impl Into<String>) -> Self {
        Self {
            method: "GET",
            target: target.into(),
            authorization: None,
            content_type: None,
            body: Vec::new(),
        }
    }

    pub(crate) fn post(target: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            authorization: Some(None),
            content_type: Some("application/json"),
            body: body.into(),
            ..Self::get(target)
        }
    }

    pub(crate) fn method(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// Sets the `Authorization` header, or removes it.
    pub(crate) fn authorized(self, header: Option<&str>) -> Self {
        Self {
            authorization: Some(header.map(ToOwned::to_owned)),
            ..self
        }
    }
}

/// A client, with the responses it has received.
pub(crate) struct CheckedClient {
    pub(crate) client: TestClient,
    /// The operations and the statuses of their responses.
    pub(crate) seen: RefCell<BTreeSet<(&'static str, u16)>>,
}

impl CheckedClient {
    pub(crate) async fn start(builder: SimulatorBuilder) -> Self {
        Self {
            client: TestClient::start(builder).await,
            seen: RefCell::default(),
        }
    }

    /// Sends a request, asserts that the response is valid, and returns its status.
    pub(crate) async fn send(&self, test_request: &TestRequest) -> u16 {
        let (response, violations) = self.validate(test_request).await;
        assert!(
            violations.is_empty(),
            "{test_request:?}\n{} {}\n{}",
            response.status,
            String::from_utf8_lossy(&response.body),
            list(&violations)
        );
        response.status
    }

    /// Sends a request, and returns the response and its violations of the document.
    pub(crate) async fn validate(&self, test_request: &TestRequest) -> (Response, Vec<Violation>) {
        let http = &self.client.http;
        let method = Method::from_bytes(test_request.method.as_bytes()).unwrap();
        let url = format!(
            "{}{}",
            self.client.simulator.base_url(),
            test_request.target
        );
        let mut request = http.request(method, url).body(test_request.body.clone());
        let token = format!("Bearer {}", self.client.token);
        if let Some(header) = test_request.authorization.clone().unwrap_or(Some(token)) {
            request = request.header("authorization", header);
        }
        if let Some(content_type) = test_request.content_type {
            request = request.header("content-type", content_type);
        }
        let request = request.build().unwrap();
        // The path as sent, after the client has normalized dot segments.
        let path = request.url().path().to_owned();
        let response = http.execute(request).await.unwrap();
        let headers = response.headers().iter();
        let response = Response {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: response.bytes().await.unwrap().to_vec(),
        };
        let violations = match CONTRACT.operation(test_request.method, &path) {
            Some(operation) => {
                let seen = (operation.id.as_str(), response.status);
                self.seen.borrow_mut().insert(seen);
                CONTRACT.check_response(test_request.method, &path, &response)
            }
            None => CONTRACT.check_unmatched(&response),
        };
        (response, violations)
    }
}

pub(crate) fn list(violations: &[Violation]) -> String {
    let lines = violations.iter().map(ToString::to_string);
    lines.collect::<Vec<_>>().join("\n")
}
