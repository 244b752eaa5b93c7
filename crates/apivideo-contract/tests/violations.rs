//! Requests and responses with one violation each, all of which are detected.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use apivideo_contract::{Contract, Part, Request, Response, Violation};
use serde_json::{Value, json};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::apivideo().unwrap());

const SESSIONS: &str = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg";

fn page() -> Value {
    json!({
        "data": [{
            "session": {
                "sessionId": "ps1",
                "loadedAt": "2022-01-01T00:00:00+00:00",
                "metadata": [{"key": "hats", "value": "green"}],
            },
            "location": {"country": "France", "city": null},
        }],
        "pagination": {
            "currentPage": 1,
            "currentPageItems": 1,
            "pageSize": 25,
            "pagesTotal": 1,
            "itemsTotal": 1,
            "links": [{"rel": "self", "uri": "/analytics/videos/vi1?currentPage=1"}],
        },
    })
}

fn valid() -> Response {
    Response {
        status: 200,
        headers: [
            ("Content-Type", "application/json; charset=utf-8"),
            ("x-ratelimit-limit", "500"),
            ("x-ratelimit-remaining", "499"),
            ("x-ratelimit-retry-after", "60"),
            ("date", "Sat, 01 Jan 2022 00:00:00 GMT"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: page().to_string().into_bytes(),
    }
}

/// Returns the part, place and rule of each violation.
fn summary(violations: &[Violation]) -> Vec<(Part, &str, &str)> {
    violations
        .iter()
        .map(|found| (found.part, found.place.as_str(), found.rule.as_str()))
        .collect()
}

#[test]
fn violations_of_a_body_are_detected() {
    assert_eq!(CONTRACT.check_response("GET", SESSIONS, &valid()), []);
    for (pointer, value, place, rule) in [
        ("", json!([]), "", "type"),
        ("", json!({}), "", "required"),
        ("/data", json!(null), "/data", "type"),
        ("/data/0/session", json!({}), "/data/0/session", "required"),
        (
            "/data/0/session/sessionId",
            json!(7),
            "/data/0/session/sessionId",
            "type",
        ),
        (
            "/data/0/session/sessionId",
            json!(null),
            "/data/0/session/sessionId",
            "type",
        ),
        (
            "/data/0/session/loadedAt",
            json!("2022-01-01 00:00:00+00"),
            "/data/0/session/loadedAt",
            "format",
        ),
        (
            "/data/0/session/metadata",
            json!({}),
            "/data/0/session/metadata",
            "type",
        ),
        (
            "/data/0/location/country",
            json!(["France"]),
            "/data/0/location/country",
            "type",
        ),
        (
            "/pagination/currentPage",
            json!(0),
            "/pagination/currentPage",
            "minimum",
        ),
        (
            "/pagination/itemsTotal",
            json!("1"),
            "/pagination/itemsTotal",
            "type",
        ),
        (
            "/pagination/itemsTotal",
            json!(1.5),
            "/pagination/itemsTotal",
            "type",
        ),
        (
            "/pagination/links/0/rel",
            json!("up"),
            "/pagination/links/0/rel",
            "enum",
        ),
        (
            "/pagination/links/0/uri",
            json!("a b"),
            "/pagination/links/0/uri",
            "format",
        ),
    ] {
        let mut body = page();
        *body.pointer_mut(pointer).unwrap() = value.clone();
        let response = Response {
            body: body.to_string().into_bytes(),
            ..valid()
        };
        let found = CONTRACT.check_response("GET", SESSIONS, &response);
        assert_eq!(
            summary(&found),
            [(Part::Body, place, rule)],
            "{pointer} = {value}"
        );
    }
}

#[test]
fn violations_of_a_response_are_detected() {
    let check = |change: fn(&mut Response)| {
        let mut response = valid();
        change(&mut response);
        CONTRACT.check_response("GET", SESSIONS, &response)
    };
    for (change, expected) in [
        (
            (|response| response.status = 418) as fn(&mut Response),
            (Part::Status, "", "undocumented"),
        ),
        (
            |response| response.headers[0].1 = "text/html".into(),
            (Part::ContentType, "", "undocumented"),
        ),
        (
            // Documented for problems, not for a page.
            |response| response.headers[0].1 = "application/problem+json".into(),
            (Part::ContentType, "", "undocumented"),
        ),
        (
            |response| {
                response.headers.remove(0);
            },
            (Part::ContentType, "", "missing"),
        ),
        (
            |response| response.headers.push(response.headers[0].clone()),
            (Part::ContentType, "", "repeated"),
        ),
        (
            |response| response.headers[2].1 = "many".into(),
            (Part::Header, "X-RateLimit-Remaining", "type"),
        ),
        (
            |response| response.headers[2].1 = "-1".into(),
            (Part::Header, "X-RateLimit-Remaining", "minimum"),
        ),
        (
            |response| response.headers.push(response.headers[1].clone()),
            (Part::Header, "X-RateLimit-Limit", "repeated"),
        ),
        (
            |response| response.body.clear(),
            (Part::Body, "", "unreadable"),
        ),
        (
            |response| response.body.truncate(40),
            (Part::Body, "", "unreadable"),
        ),
        (
            |response| response.body = b"<html></html>".to_vec(),
            (Part::Body, "", "unreadable"),
        ),
        (
            |response| response.body = br#"{"data":[],"data":[]}"#.to_vec(),
            (Part::Body, "", "repeated"),
        ),
    ] {
        assert_eq!(summary(&check(change)), [expected]);
    }
    // Requests for tokens do not count against the rate limit.
    let tokens = Response {
        body: br#"{"access_token":"a"}"#.to_vec(),
        ..valid()
    };
    let found = CONTRACT.check_response("POST", "/auth/api-key", &tokens);
    let [limit, remaining, retry_after] =
        ["Limit", "Remaining", "Retry-After"].map(|name| format!("X-RateLimit-{name}"));
    assert_eq!(
        summary(&found),
        [&limit, &remaining, &retry_after].map(|name| (
            Part::Header,
            name.as_str(),
            "undocumented"
        ))
    );
    let found = CONTRACT.check_response("DELETE", SESSIONS, &valid());
    assert_eq!(summary(&found), [(Part::Operation, "", "undocumented")]);
}

#[test]
fn responses_to_unmatched_requests_must_be_problems() {
    let unmatched = |status, kind: &str, body: &str| Response {
        status,
        headers: vec![("content-type".into(), kind.into())],
        body: body.into(),
    };
    let problem = "application/problem+json";
    assert_eq!(CONTRACT.check_unmatched(&unmatched(404, problem, "{}")), []);
    for (response, expected) in [
        (
            unmatched(200, problem, "{}"),
            (Part::Status, "", "undocumented"),
        ),
        (
            unmatched(405, "text/plain", "{}"),
            (Part::ContentType, "", "undocumented"),
        ),
        (unmatched(404, problem, ""), (Part::Body, "", "unreadable")),
        (
            unmatched(404, problem, r#"{"status":"x"}"#),
            (Part::Body, "/status", "type"),
        ),
    ] {
        assert_eq!(
            summary(&CONTRACT.check_unmatched(&response)),
            [expected],
            "{response:?}"
        );
    }
}

/// The violations of a GET with a bearer token.
fn get(target: &str) -> Vec<Violation> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    CONTRACT.check_request(&Request {
        method: "GET".into(),
        path: path.into(),
        query,
        scheme: Some("Bearer".into()),
        ..Request::default()
    })
}

#[test]
fn violations_of_a_query_are_detected() {
    for target in [
        "/analytics/videos/vi1?period=2022-01-01%2F2022-01-02&metadata[a]=b+c&metadata%5Bd%5D=%C3%B6",
        "/videos?tags%5B%5D=a&tags[]=b&sortBy=title&pageSize=100",
        "/data/buckets/play/country?filterBy[country][]=FR&filterBy[country][]=DE&filterBy[tag]=x&unique=true",
        "/data/metrics/play/count?from=2024-05-29T11%3A15%3A07%2B02%3A00",
    ] {
        assert_eq!(get(target), [], "{target}");
    }
    for (target, part, place, rule) in [
        ("/nowhere", Part::Operation, "", "undocumented"),
        ("/videos/", Part::Operation, "", "undocumented"),
        ("/data/metrics/plays/count", Part::Path, "metric", "enum"),
        (
            "/data/metrics/play/count?from=2024-05-29",
            Part::Query,
            "from",
            "format",
        ),
        (
            "/data/metrics/play/count?unique=1",
            Part::Query,
            "unique",
            "type",
        ),
        (SESSIONS, Part::Query, "period", "missing"),
        (
            "/analytics/videos/vi1?period=May",
            Part::Query,
            "period",
            "format",
        ),
        ("/videos?page=1", Part::Query, "page", "undocumented"),
        (
            "/videos?currentPage=0",
            Part::Query,
            "currentPage",
            "minimum",
        ),
        ("/videos?pageSize=101", Part::Query, "pageSize", "maximum"),
        ("/videos?pageSize=ten", Part::Query, "pageSize", "type"),
        (
            "/videos?pageSize=1&pageSize=2",
            Part::Query,
            "pageSize",
            "repeated",
        ),
        ("/videos?sortBy=views", Part::Query, "sortBy", "enum"),
        ("/videos?tags=a", Part::Query, "tags", "undocumented"),
        (
            "/videos?metadata=a",
            Part::Query,
            "metadata",
            "undocumented",
        ),
        (
            "/videos?metadata[a][]=b",
            Part::Query,
            "metadata",
            "unreadable",
        ),
        (
            "/videos?metadata[a=b",
            Part::Query,
            "metadata",
            "unreadable",
        ),
        (
            "/videos?metadata[a]=b&metadata[a]=c",
            Part::Query,
            "metadata",
            "repeated",
        ),
        ("/videos?title=%F", Part::Query, "title", "unreadable"),
        ("/videos?title=%FF", Part::Query, "title", "unreadable"),
        (
            "/live-streams?metadata[a]=b",
            Part::Query,
            "metadata[a]",
            "undocumented",
        ),
        (
            "/data/timeseries/play?filterBy[country]=FR",
            Part::Query,
            "filterBy",
            "unreadable",
        ),
        (
            "/data/timeseries/play?filterBy[mediaType]=tv",
            Part::Query,
            "filterBy/mediaType",
            "enum",
        ),
        (
            "/data/timeseries/play?filterBy[continent][]=EU&filterBy[continent][]=XX",
            Part::Query,
            "filterBy/continent/1",
            "enum",
        ),
        (
            "/data/timeseries/play?filterBy[city][]=Paris",
            Part::Query,
            "filterBy",
            "undocumented",
        ),
    ] {
        assert_eq!(summary(&get(target)), [(part, place, rule)], "{target}");
    }
}

#[test]
fn violations_of_authentication_and_request_body_are_detected() {
    let valid = Request {
        method: "POST".into(),
        path: "/auth/api-key".into(),
        content_type: Some("application/json".into()),
        body: br#"{"apiKey":"k"}"#.to_vec(),
        ..Request::default()
    };
    assert_eq!(CONTRACT.check_request(&valid), []);
    let list = Request {
        method: "GET".into(),
        path: "/videos".into(),
        scheme: Some("basic".into()),
        ..Request::default()
    };
    assert_eq!(CONTRACT.check_request(&list), []);
    let with = |request: &Request, change: fn(&mut Request)| {
        let mut request = request.clone();
        change(&mut request);
        CONTRACT.check_request(&request)
    };
    for (request, change, expected) in [
        (
            &valid,
            (|request| request.scheme = Some("bearer".into())) as fn(&mut Request),
            (Part::Security, "", "undocumented"),
        ),
        (
            &valid,
            |request| request.body.clear(),
            (Part::Body, "", "missing"),
        ),
        (
            &valid,
            |request| request.content_type = Some("text/plain".into()),
            (Part::ContentType, "", "undocumented"),
        ),
        (
            &valid,
            |request| request.content_type = None,
            (Part::ContentType, "", "undocumented"),
        ),
        (
            &valid,
            |request| request.body = b"{".to_vec(),
            (Part::Body, "", "unreadable"),
        ),
        (
            &valid,
            |request| request.body = br#"{"key":"k"}"#.to_vec(),
            (Part::Body, "", "required"),
        ),
        (
            &list,
            |request| request.scheme = None,
            (Part::Security, "", "missing"),
        ),
        (
            &list,
            |request| request.scheme = Some("digest".into()),
            (Part::Security, "", "undocumented"),
        ),
        (
            &list,
            |request| request.body = b"{}".to_vec(),
            (Part::Body, "", "undocumented"),
        ),
    ] {
        let found = with(request, change);
        assert_eq!(summary(&found), [expected], "{found:?}");
    }
}

#[test]
fn all_operations_are_parsed() {
    let document = include_str!("../../../openapi/apivideo.yaml");
    let documented: BTreeSet<_> = document
        .lines()
        .filter_map(|line| line.trim().strip_prefix("operationId: "))
        .collect();
    let ids = CONTRACT.operations().iter();
    let ids: BTreeSet<_> = ids.map(|operation| &*operation.id).collect();
    assert_eq!(ids, documented);
    let statuses = CONTRACT.operation("GET", SESSIONS).unwrap().statuses();
    assert!(statuses.into_iter().eq([200, 400, 401, 403, 404, 429, 500]));
}

#[test]
fn unsupported_documents_are_rejected() {
    let with = |parameter: &str| {
        let text = format!(
            r##"{{"paths": {{"/a": {{"get": {{"parameters": [{parameter}], "responses": {{}}}}}}}}, "components": {{}}}}"##
        );
        Contract::parse(&text).unwrap_err().to_string()
    };
    for (parameter, message) in [
        (
            r#"{"name": "a", "in": "cookie", "schema": {}}"#,
            "unsupported location of the parameter a",
        ),
        (
            r#"{"name": "a", "in": "query", "content": {}}"#,
            "unsupported content of the parameter a",
        ),
        (
            r#"{"name": "a", "in": "query", "style": "pipeDelimited", "schema": {"type": "array"}}"#,
            "unsupported style of the parameter a",
        ),
        (
            r#"{"name": "a", "in": "query", "schema": {"type": "object"}}"#,
            "unsupported style of the parameter a",
        ),
    ] {
        assert_eq!(with(parameter), message);
    }
    for (text, message) in [
        (
            r#"{"paths": {"/a": {"parameters": []}}}"#,
            "unsupported member `parameters` of /a",
        ),
        (
            r#"{"paths": {"/a": {"get": {"responses": {"default": {}}}}}}"#,
            "unsupported status `default` of /a",
        ),
    ] {
        assert_eq!(Contract::parse(text).unwrap_err().to_string(), message);
    }
}
