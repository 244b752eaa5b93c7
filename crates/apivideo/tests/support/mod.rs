//! What the tests share: a mock that notes each request, and clients.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "helpers of tests, each of which uses a part of them"
)]

pub(crate) mod raw_server;

use std::sync::{Arc, Mutex};

use apivideo::retry::RetryPolicy;
use apivideo::{Client, ClientBuilder};
use httpmock::MockServer;

/// A plain mock server, not made from the document: it can contradict how the document is handled.
pub(crate) struct Mock {
    pub(crate) server: MockServer,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request as it was on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl Mock {
    /// Answers every request with this status and body, in turn; the last one again and again.
    pub(crate) fn replies(replies: &[(u16, &str)]) -> Self {
        Self::replies_of_type("application/json", replies)
    }

    /// Bodies that need not be text.
    pub(crate) fn bytes(body: &[u8]) -> Self {
        Self::of("application/json", vec![(200, body.to_vec())])
    }

    pub(crate) fn replies_of_type(content_type: &'static str, replies: &[(u16, &str)]) -> Self {
        let replies = replies.iter();
        let replies = replies.map(|(status, body)| (*status, body.as_bytes().to_vec()));
        Self::of(content_type, replies.collect())
    }

    fn of(content_type: &'static str, replies: Vec<(u16, Vec<u8>)>) -> Self {
        let server = MockServer::start();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&asked);
        server.mock(|_when, then| {
            then.respond_with(move |request: &httpmock::HttpMockRequest| {
                let mut noted = noted.lock().unwrap();
                let (status, body) = &replies[noted.len().min(replies.len() - 1)];
                noted.push(Asked {
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
        Self { server, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }

    /// A client that tries nothing twice: each test counts requests.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .api_key("a key")
            .base_url(self.server.base_url())
            .with_retry_policy(RetryPolicy::none())
    }

    /// A client that needs no exchange of its key.
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
