//! Shared by the tests: a mock that records each request, and clients.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test uses a part of these helpers"
)]

pub(crate) mod raw_server;

use std::sync::{Arc, Mutex};

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ClientBuilder};
use httpmock::MockServer;

/// A mock server that is not generated from the document, so that its responses can differ from what the document describes.
pub(crate) struct Mock {
    pub(crate) server: MockServer,
    requests: Arc<Mutex<Vec<RecordedRequest>>>,
}

/// A request as it was received.
#[derive(Clone, Debug)]
pub(crate) struct RecordedRequest {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl RecordedRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Mock {
    /// Responds to the requests with these statuses and bodies in turn, and repeats the last one.
    pub(crate) fn responses(responses: &[(u16, &str)]) -> Self {
        Self::responses_of_type("application/json", responses)
    }

    /// Responds with a body that may be invalid UTF-8.
    pub(crate) fn bytes(body: &[u8]) -> Self {
        Self::of("application/json", vec![(200, body.to_vec())])
    }

    pub(crate) fn responses_of_type(content_type: &'static str, responses: &[(u16, &str)]) -> Self {
        let responses = responses.iter();
        let responses = responses.map(|(status, body)| (*status, body.as_bytes().to_vec()));
        Self::of(content_type, responses.collect())
    }

    fn of(content_type: &'static str, responses: Vec<(u16, Vec<u8>)>) -> Self {
        let server = MockServer::start();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        server.mock(|_when, then| {
            then.respond_with(move |request: &httpmock::HttpMockRequest| {
                let mut recorded = recorded.lock().unwrap();
                let (status, body) = &responses[recorded.len().min(responses.len() - 1)];
                recorded.push(RecordedRequest {
                    line: format!(
                        "{} {}",
                        request.method_str(),
                        request.uri().path_and_query().unwrap()
                    ),
                    headers: request.headers_vec().clone(),
                    body: request.body_string(),
                });
                httpmock::HttpMockResponse::builder()
                    .status(*status)
                    .header("content-type", content_type)
                    .header("x-ratelimit-remaining", "99")
                    .body(body.clone())
                    .build()
            });
        });
        Self { server, requests }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// The lines of all requests, with their queries.
    pub(crate) fn lines(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.line).collect()
    }

    /// A client without retries, since tests count requests.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .api_key("a key")
            .base_url(self.server.base_url())
            .with_retry_policy(RetryPolicy::none())
    }

    /// A client that does not exchange its key.
    pub(crate) fn client(&self) -> Client {
        self.builder().with_basic_auth().build().unwrap()
    }
}

/// The messages of an error and its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut messages = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        messages.push(error.to_string());
        cause = error.source();
    }
    messages
}
