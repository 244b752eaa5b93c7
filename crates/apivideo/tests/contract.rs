//! Every request that the facade makes is one that the OpenAPI document describes.
//!
//! `requests.rs` checks exact requests; this checks that all operations with all their options send only what the document
//! describes.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod document;
mod operations;
mod support;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use apivideo::Client;
use apivideo_contract::{Contract, Location, Request};
use apivideo_simulator::{Authorization, Behaviour, Simulator, TokenScope};
use serde_json::Value;
use support::{Mock, RecordedRequest};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::apivideo().unwrap());

/// A world without a limit on the age of data.
async fn simulator() -> Simulator {
    let mut behaviour = Behaviour::default();
    behaviour.data_retention_days = None;
    let builder = Simulator::builder().sessions(600).behaviour(behaviour);
    builder.start().await.unwrap()
}

fn client(simulator: &Simulator) -> Client {
    let builder = Client::builder().api_key("key");
    builder.base_url(simulator.base_url()).build().unwrap()
}

fn assert_documented(request: &Request) {
    let violations = CONTRACT.check_request(request);
    assert!(violations.is_empty(), "{request:?}\n{violations:?}");
}

/// Checks the requests to the simulator, except for their bodies, which it does not record. Returns the operations and the
/// names of their parameters that were sent: `filterBy` and `filterBy[country]` for a property of an object.
fn documented(simulator: &Simulator) -> BTreeSet<(&'static str, String)> {
    let mut seen = BTreeSet::new();
    for request in simulator.requests() {
        assert_eq!(request.status(), 200, "{request:?}");
        let operation = CONTRACT
            .operation(request.method(), request.path())
            .unwrap_or_else(|| panic!("{request:?}"));
        if operation.has_body() {
            continue;
        }
        assert_documented(&Request {
            method: request.method().to_owned(),
            path: request.path().to_owned(),
            query: request.query().map(ToOwned::to_owned),
            scheme: match request.authorization() {
                Authorization::None => None,
                Authorization::Bearer => Some("bearer".into()),
                Authorization::Basic => Some("basic".into()),
                Authorization::Other => Some("other".into()),
            },
            content_type: request.header("content-type").map(ToOwned::to_owned),
            body: Vec::new(),
        });
        let names = request.query().unwrap_or_default().split('&');
        for pair in names {
            let name = pair.split('=').next().unwrap();
            let name = name.replace("%5B", "[").replace("%5D", "]");
            let whole = name.split('[').next().unwrap().to_owned();
            let property = name.trim_end_matches("[]").to_owned();
            seen.extend([name, whole, property].map(|name| (operation.id.as_str(), name)));
        }
        seen.insert((operation.id.as_str(), String::new()));
    }
    seen
}

#[tokio::test]
async fn every_request_of_every_operation_is_documented() {
    let simulator = simulator().await;
    let client = client(&simulator);
    operations::request_all(&client).await;
    let seen = documented(&simulator);
    assert_eq!(
        differences(&document::document(), &document::map(), &seen),
        [""; 0]
    );
}

/// Returns the operations and parameters of the query that the coverage map covers and no request had, and the reverse.
fn differences(
    document: &Value,
    map: &Value,
    seen: &BTreeSet<(&'static str, String)>,
) -> Vec<String> {
    let mut found = Vec::new();
    for operation in CONTRACT.operations() {
        let id = operation.id.as_str();
        if operation.has_body() {
            continue;
        }
        let line = &map["operations"][id];
        let mut expected = vec![(String::new(), line["items"].is_string())];
        for parameter in &operation.parameters {
            let name = &parameter.name;
            if parameter.location != Location::Query {
                continue;
            }
            expected.push((name.clone(), line["parameters"][name].is_string()));
            let schema = document::schema_of_parameter(document, id, name);
            let properties = parameter.schema.value()["properties"].as_object();
            for property in properties.into_iter().flatten().map(|(name, _)| name) {
                let is_omitted = document::not_carried(map, schema, property).is_some();
                expected.push((format!("{name}[{property}]"), is_omitted));
            }
        }
        for (name, is_omitted) in expected {
            match (seen.contains(&(id, name.clone())), is_omitted) {
                (false, false) => found.push(format!(
                    "{id} {name} is covered, and no request sends it: send it in tests/operations/mod.rs, or write the reason in \
                     openapi/facade.yaml"
                )),
                (true, true) => found.push(format!(
                    "{id} {name} has a reason in openapi/facade.yaml, and a request sends it: remove the reason"
                )),
                _ => {}
            }
        }
    }
    found
}

#[test]
fn parameters_that_are_covered_and_not_sent_are_reported() {
    let (document, mut map) = (document::document(), document::map());
    map["operations"]["getVideo"]["items"] = "not yet".into();
    map["operations"]["listVideos"]["parameters"]["title"] = "not yet".into();
    map["operations"]["listVideos"]["parameters"]["description"] = Value::Null;
    map["fields"]["Filter"] = serde_json::json!({ "tag": "not yet" });
    let sent = |id, names: &[&str]| -> Vec<_> {
        names.iter().map(|name| (id, (*name).to_owned())).collect()
    };
    let seen = [
        sent("getVideo", &[""]),
        sent("listVideos", &["", "title", "tags[]", "currentPage"]),
        sent("getMetric", &["", "filterBy", "filterBy[tag]"]),
    ];
    let found = differences(&document, &map, &seen.into_iter().flatten().collect());
    for expected in [
        "getVideo  has a reason",
        "listVideos title has a reason",
        "listVideos description is covered",
        "listVideos pageSize is covered",
        "getMetric filterBy[tag] has a reason",
        "getMetric filterBy[country] is covered",
        "listBuckets  is covered",
    ] {
        let is_there = found.iter().any(|line| line.starts_with(expected));
        assert!(is_there, "{expected}\n{found:#?}");
    }
    for unexpected in [
        "listVideos tags[]",
        "listVideos streamKey",
        "listLiveStreams streamKey",
    ] {
        let is_there = found.iter().any(|line| line.starts_with(unexpected));
        assert!(!is_there, "{unexpected}\n{found:#?}");
    }
}

#[tokio::test]
async fn requests_with_basic_authorization_are_documented() {
    let simulator = simulator().await;
    let builder = Client::builder().api_key("key").with_basic_auth();
    let client = builder.base_url(simulator.base_url()).build().unwrap();
    operations::request_assets(&client).await;
    assert!(documented(&simulator).len() > 5);
    let by_key =
        |request: &apivideo_simulator::Request| request.authorization() == Authorization::Basic;
    assert!(simulator.requests().iter().all(by_key));
}

#[tokio::test]
async fn repeated_requests_are_documented() {
    let simulator = simulator().await;
    let client = client(&simulator);
    for _ in 0..3 {
        client.videos().page(1).await.unwrap();
        client.live_streams().page(1).await.unwrap();
        simulator.expire_tokens(TokenScope::Access);
    }
    let mut statuses = BTreeSet::new();
    for request in simulator.requests() {
        statuses.insert((request.path().to_owned(), request.status()));
        let is_token = request.method() == "POST";
        assert_eq!(request.authorization() == Authorization::None, is_token);
        assert!(
            CONTRACT
                .operation(request.method(), request.path())
                .is_some()
        );
    }
    assert!(
        statuses.contains(&("/auth/refresh".to_owned(), 200)),
        "{statuses:?}"
    );
    assert!(
        statuses.contains(&("/videos".to_owned(), 401)),
        "{statuses:?}"
    );
}

/// A request as the mock recorded it.
fn recorded(request: &RecordedRequest) -> Request {
    let (method, target) = request.line.split_once(' ').unwrap();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let scheme = request.header("authorization");
    Request {
        method: method.into(),
        path: path.into(),
        query,
        scheme: scheme.map(|header| header.split(' ').next().unwrap().to_owned()),
        content_type: request.header("content-type").map(ToOwned::to_owned),
        body: request.body.clone().into_bytes(),
    }
}

#[tokio::test]
async fn requests_for_tokens_are_documented() {
    const TOKENS: &str = r#"{"access_token":"a","expires_in":3600,"refresh_token":"r"}"#;
    const PAGE: &str = r#"{"data":[]}"#;
    let mock = Mock::responses(&[
        (200, TOKENS),
        (401, "{}"),
        (200, TOKENS),
        (200, PAGE),
        (401, "{}"),
        (401, "{}"),
        (200, TOKENS),
        (200, PAGE),
    ]);
    let builder = Client::builder().api_key("a \"key\" \\ é\n");
    let client = builder.base_url(mock.server.base_url()).build().unwrap();
    client.videos().page(1).await.unwrap();
    client.videos().page(1).await.unwrap();
    let requests = mock.requests();
    for request in &requests {
        assert_documented(&recorded(request));
    }
    let paths: Vec<_> = requests
        .iter()
        .map(|request| recorded(request).path)
        .collect();
    assert_eq!(
        paths,
        [
            "/auth/api-key",
            "/videos",
            "/auth/refresh",
            "/videos",
            "/videos",
            "/auth/refresh",
            "/auth/api-key",
            "/videos",
        ]
    );
    for operation in CONTRACT.operations() {
        let is_sent = paths.contains(&operation.path);
        assert!(is_sent || !operation.has_body(), "{}", operation.id);
    }
}
