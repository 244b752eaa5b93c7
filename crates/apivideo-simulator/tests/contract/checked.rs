//! A simulator whose replies are all checked.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use apivideo_contract::{Contract, Reply, Violation};
use apivideo_simulator::Builder;
use reqwest::Method;

use crate::common::Bench;

pub(crate) static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| Contract::of_the_project().unwrap());

/// A request as it is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) target: String,
    /// `None` for a valid token.
    pub(crate) authorization: Option<Option<String>>,
    pub(crate) content_type: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
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

    /// With this authorization, or with none.
    pub(crate) fn authorized(self, header: Option<&str>) -> Self {
        Self {
            authorization: Some(header.map(ToOwned::to_owned)),
            ..self
        }
    }
}

/// A simulator, and what it answered so far.
pub(crate) struct Checked {
    pub(crate) bench: Bench,
    /// The operations and the statuses of their replies.
    pub(crate) seen: RefCell<BTreeSet<(&'static str, u16)>>,
}

impl Checked {
    pub(crate) async fn start(builder: Builder) -> Self {
        Self {
            bench: Bench::start(builder).await,
            seen: RefCell::default(),
        }
    }

    /// Sends a request, and gives the status of its reply, which is as documented.
    pub(crate) async fn ask(&self, asked: &Asked) -> u16 {
        let (reply, violations) = self.compare(asked).await;
        assert!(
            violations.is_empty(),
            "{asked:?}\n{} {}\n{}",
            reply.status,
            String::from_utf8_lossy(&reply.body),
            list(&violations)
        );
        reply.status
    }

    /// Sends a request, and gives the reply and how it differs from the document.
    pub(crate) async fn compare(&self, asked: &Asked) -> (Reply, Vec<Violation>) {
        let http = &self.bench.http;
        let method = Method::from_bytes(asked.method.as_bytes()).unwrap();
        let url = format!("{}{}", self.bench.simulator.base_url(), asked.target);
        let mut request = http.request(method, url).body(asked.body.clone());
        let token = format!("Bearer {}", self.bench.token);
        if let Some(header) = asked.authorization.clone().unwrap_or(Some(token)) {
            request = request.header("authorization", header);
        }
        if let Some(kind) = asked.content_type {
            request = request.header("content-type", kind);
        }
        let request = request.build().unwrap();
        // As it is sent: dots are taken out of a path.
        let path = request.url().path().to_owned();
        let response = http.execute(request).await.unwrap();
        let headers = response.headers().iter();
        let reply = Reply {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                .collect(),
            body: response.bytes().await.unwrap().to_vec(),
        };
        let violations = match CONTRACT.operation(asked.method, &path) {
            Some(operation) => {
                let seen = (operation.id.as_str(), reply.status);
                self.seen.borrow_mut().insert(seen);
                CONTRACT.check_reply(asked.method, &path, &reply)
            }
            None => CONTRACT.check_stray(&reply),
        };
        (reply, violations)
    }
}

pub(crate) fn list(violations: &[Violation]) -> String {
    let lines = violations.iter().map(ToString::to_string);
    lines.collect::<Vec<_>>().join("\n")
}
