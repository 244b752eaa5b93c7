//! A plain HTTP client for the tests: no client of the project, so that nothing agrees with itself.
#![allow(dead_code, unreachable_pub, reason = "each test uses its own part")]
#![allow(clippy::unwrap_used, reason = "this is test code, if not in a test")]

use apivideo_simulator::{Builder, Simulator};
use serde_json::Value;

/// A simulator and a token for it.
pub struct Bench {
    pub simulator: Simulator,
    pub http: reqwest::Client,
    pub token: String,
}

/// A reply, read to its end.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Checks a problem's status, content type and name, and gives it.
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

impl Bench {
    pub async fn start(builder: Builder) -> Self {
        let simulator = builder.start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut bench = Self {
            simulator,
            http,
            token: String::new(),
        };
        let tokens = bench.post("/auth/api-key", r#"{"apiKey":"any key"}"#).await;
        bench.token = tokens.json()["access_token"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        bench
    }

    /// Gets a path with the bearer token.
    pub async fn get(&self, path: &str) -> Got {
        self.get_as(path, Some(&format!("Bearer {}", self.token)))
            .await
    }

    pub async fn get_as(&self, path: &str, authorization: Option<&str>) -> Got {
        let url = format!("{}{path}", self.simulator.base_url());
        let mut request = self.http.get(url);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &str) -> Got {
        let url = format!("{}{path}", self.simulator.base_url());
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_owned());
        read(request.send().await.unwrap()).await
    }

    /// Walks through all pages of a list by their links, and checks what they say of themselves.
    pub async fn all(&self, path: &str, page_size: u64) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut uri = format!("{path}{separator}pageSize={page_size}");
        let mut items = Vec::new();
        for page in 1.. {
            let got = self.get(&uri).await;
            assert_eq!(got.status, 200, "{}", got.text);
            let reply = got.json();
            let data = reply["data"].as_array().unwrap();
            let pagination = &reply["pagination"];
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

async fn read(response: reqwest::Response) -> Got {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let length = response.content_length();
    let text = response.text().await.unwrap();
    assert_eq!(length, Some(text.len() as u64), "content-length");
    Got {
        status,
        headers,
        text,
    }
}
