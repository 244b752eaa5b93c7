//! A plain HTTP client for the tests, independent of the project's own client.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test uses a part of this module"
)]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use apivideo_simulator::{Simulator, SimulatorBuilder};
use serde_json::Value;

/// A simulator and a token for it.
pub struct TestClient {
    pub simulator: Simulator,
    pub http: reqwest::Client,
    pub token: String,
}

/// A complete response.
#[derive(Debug)]
pub struct TestResponse {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl TestResponse {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts the status, content type and name of a problem, and returns it.
    pub fn problem(&self, status: u16, name: Option<&str>) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["name"].as_str(), name, "{problem}");
        assert!(problem["type"].is_string() && problem["title"].is_string());
        problem
    }
}

impl TestClient {
    pub async fn start(builder: SimulatorBuilder) -> Self {
        let simulator = builder.start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut client = Self {
            simulator,
            http,
            token: String::new(),
        };
        let tokens = client
            .post("/auth/api-key", r#"{"apiKey":"any key"}"#)
            .await;
        client.token = tokens.json()["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        client
    }

    /// Gets a path with the bearer token.
    pub async fn get(&self, path: &str) -> TestResponse {
        self.get_as(path, Some(&format!("Bearer {}", self.token)))
            .await
    }

    pub async fn get_as(&self, path: &str, authorization: Option<&str>) -> TestResponse {
        let url = format!("{}{path}", self.simulator.base_url());
        let mut request = self.http.get(url);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &str) -> TestResponse {
        let url = format!("{}{path}", self.simulator.base_url());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_owned());
        read(request.send().await.unwrap()).await
    }

    /// Returns all items of a list by following its links, and asserts that the pagination is consistent.
    pub async fn all(&self, path: &str, page_size: u64) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut uri = format!("{path}{separator}pageSize={page_size}");
        let mut items = Vec::new();
        for page in 1.. {
            let got = self.get(&uri).await;
            assert_eq!(got.status, 200, "{}", got.text);
            let response = got.json();
            let data = response["data"].as_array().unwrap();
            let pagination = &response["pagination"];
            assert_eq!(pagination["currentPage"], page);
            assert_eq!(pagination["currentPageItems"], data.len());
            assert_eq!(pagination["pageSize"], page_size);
            items.extend(data.iter().cloned());
            let link = |rel: &str| {
                let links = pagination["links"].as_array().unwrap();
                let link = links.iter().find(|link| link["rel"] == rel)?;
                Some(link["uri"].as_str().unwrap().to_owned())
            };
            assert_eq!(link("previous").is_some(), page > 1);
            for rel in ["self", "first", "last"] {
                assert!(link(rel).is_some(), "{rel}");
            }
            let pages = pagination["pagesTotal"].as_u64().unwrap();
            match link("next") {
                Some(next) => uri = next,
                None => {
                    assert_eq!(page, pages);
                    assert_eq!(pagination["itemsTotal"], items.len());
                    break;
                }
            }
        }
        items
    }
}

async fn read(response: reqwest::Response) -> TestResponse {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let length = response.content_length();
    let text = response.text().await.unwrap();
    assert_eq!(length, Some(text.len() as u64), "content-length");
    TestResponse {
        status,
        headers,
        text,
    }
}
