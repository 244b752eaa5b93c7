//! Random requests, valid and invalid, generated from the parameters of the document.

use apivideo_contract::{Location, Operation, Parameter, Style};
use apivideo_simulator::{
    Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO, World,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::checked_client::{CONTRACT, CheckedClient, TestRequest, list};
use crate::common::TestClient;

/// The number of requests, which are the same in each run.
const CASES: u32 = 1_200;

/// Strings that exist in the world, and times around the present.
#[derive(Clone, Debug)]
struct Values {
    strings: Vec<String>,
    times: Vec<String>,
}

impl Values {
    fn of(client: &TestClient) -> Self {
        let world: &World = client.simulator.world();
        let mut strings = vec![
            TUTORIAL_VIDEO.to_owned(),
            TUTORIAL_LIVE_STREAM.to_owned(),
            TUTORIAL_SESSION.to_owned(),
        ];
        for asset in world.videos().iter().chain(world.live_streams()) {
            strings.extend([asset.id().to_owned(), asset.name().to_owned()]);
            strings.extend(asset.tags().iter().map(ToString::to_string));
            strings.extend(asset.metadata_keys().map(ToOwned::to_owned));
        }
        let strings_of_viewers = [
            "green",
            "FR",
            "DE",
            "firefox",
            "windows",
            "https://api.video",
            "e",
        ];
        strings.extend(strings_of_viewers.map(ToOwned::to_owned));
        let now = client.simulator.now();
        let hours = (0..30 * 24).step_by(7);
        let ago = |hours: u64| now - std::time::Duration::from_secs(hours * 3_600);
        let times = hours.map(|hours| ago(hours).strftime("%FT%T+00:00").to_string());
        Self {
            strings,
            times: times.collect(),
        }
    }
}

/// Invalid suffixes of the name of an object.
const MALFORMED_KEYS: &[&str] = &[
    "",
    "[",
    "[a",
    "[]",
    "[a][b]",
    "[a][",
    "]",
    "[a][0][]",
    "[\u{1b}\"\\",
];

/// Values that are invalid for most parameters.
const UNUSUAL: &[&str] = &[
    "",
    "0",
    "-1",
    "1.5",
    "1e3",
    "+1",
    " 1",
    "101",
    "99999999999999999999",
    "null",
    "true",
    "[]",
    "{}",
    "../..",
    "%",
    "\0",
    "\"",
    "\\",
    "\u{202e}",
    "é",
    "🎬",
    "2022-02-30",
    "2022-W54",
    "9999-12-31T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "-009999-01-01T00:00:00Z",
    "2022-01-01T00:00:00+00",
    "a&b=c",
    "a]b[",
    "NaN",
];

/// An invalid value.
fn unusual_value() -> BoxedStrategy<String> {
    prop_oneof![
        3 => select(UNUSUAL).prop_map(ToOwned::to_owned),
        1 => vec(any::<char>(), 0..30).prop_map(String::from_iter),
    ]
    .boxed()
}

/// A valid value of a schema.
fn valid(schema: &Value, values: &Values) -> BoxedStrategy<String> {
    if let Some(choices) = schema["enum"].as_array() {
        let choices = choices.iter().filter_map(Value::as_str);
        return select(choices.map(ToOwned::to_owned).collect::<Vec<_>>()).boxed();
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("integer"), _) => {
            let (low, high) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
            let (low, high) = (low.unwrap_or(-1_000), high.unwrap_or(1_000));
            prop_oneof![low..=high, low..=high.min(low + 3)]
                .prop_map(|number| number.to_string())
                .boxed()
        }
        (Some("boolean"), _) => select(vec!["true", "false"]).prop_map(Into::into).boxed(),
        (_, Some("date-time")) => select(values.times.clone()).boxed(),
        (_, Some("period")) => prop_oneof![
            (1_u8..=12, 1_u8..=28).prop_map(|(month, day)| format!("2022-{month:02}-{day:02}")),
            (1_u8..=52).prop_map(|week| format!("2021-W{week:02}")),
            (1_u8..=12).prop_map(|month| format!("2022-{month:02}")),
            (0_u16..=9_999).prop_map(|year| format!("{year:04}")),
            (1_u8..=28).prop_map(|day| format!("2021-12-{day:02}/2022-01-01")),
        ]
        .boxed(),
        _ => select(values.strings.clone()).boxed(),
    }
}

/// A value that is usually valid.
fn value(schema: &Value, values: &Values) -> BoxedStrategy<String> {
    prop_oneof![12 => valid(schema, values), 1 => unusual_value()].boxed()
}

/// The names and values of a parameter in a query.
fn pairs(parameter: &Parameter, values: &Values) -> BoxedStrategy<Vec<(String, String)>> {
    let (name, schema) = (parameter.name.clone(), parameter.schema.value());
    match parameter.style {
        Style::Single => value(schema, values)
            .prop_map(move |value| vec![(name.clone(), value)])
            .boxed(),
        Style::List => vec(value(&schema["items"], values), 1..3)
            .prop_map(move |values| {
                let pair = |value| (name.clone(), value);
                values.into_iter().map(pair).collect()
            })
            .boxed(),
        Style::Object => vec(member(parameter, values), 1..4).boxed(),
    }
}

/// The name and value of a member: with a documented key, any key where allowed, or a malformed name.
fn member(parameter: &Parameter, values: &Values) -> BoxedStrategy<(String, String)> {
    let (name, schema) = (parameter.name.clone(), parameter.schema.value());
    let broken = (select(MALFORMED_KEYS), unusual_value()).prop_map({
        let name = name.clone();
        move |(rest, value)| (format!("{name}{rest}"), value)
    });
    let members: Vec<(String, Value)> = match schema["properties"].as_object() {
        Some(members) => members.clone().into_iter().collect(),
        None => {
            let keys = values
                .strings
                .iter()
                .cloned()
                .chain(["".into(), "x".into()]);
            let others = &schema["additionalProperties"];
            keys.map(|key| (key, others.clone())).collect()
        }
    };
    let values = values.clone();
    let known = select(members).prop_flat_map(move |(key, schema)| {
        let (suffix, of) = match schema["type"].as_str() {
            Some("array") => ("[]", &schema["items"]),
            _ => ("", &schema),
        };
        let name = format!("{name}[{key}]{suffix}");
        value(of, &values).prop_map(move |value| (name.clone(), value))
    });
    prop_oneof![20 => known, 1 => broken].boxed()
}

/// A path and query.
fn target(operation: &'static Operation, values: &Values) -> BoxedStrategy<String> {
    let mut path: BoxedStrategy<String> = Just(operation.path.clone()).boxed();
    let mut query: BoxedStrategy<Vec<(String, String)>> = Just(Vec::new()).boxed();
    for parameter in &operation.parameters {
        match parameter.location {
            Location::Path => {
                let hole = format!("{{{}}}", parameter.name);
                let value = value(parameter.schema.value(), values);
                path = (path, value)
                    .prop_map(move |(path, value)| path.replace(&hole, &escaped(&value)))
                    .boxed();
            }
            Location::Query => {
                let share = if parameter.required { 0.95 } else { 0.25 };
                let own = option::weighted(share, pairs(parameter, values));
                query = (query, own)
                    .prop_map(|(mut query, own)| {
                        query.extend(own.into_iter().flatten());
                        query
                    })
                    .boxed();
            }
        }
    }
    let more = option::weighted(0.1, (unusual_value(), unusual_value()));
    (path, query, more)
        .prop_map(|(path, mut query, more)| {
            query.extend(more);
            let pairs = query
                .iter()
                .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
            let query = pairs.collect::<Vec<_>>().join("&");
            format!("{path}?{query}")
        })
        .boxed()
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A request body for tokens.
fn body() -> BoxedStrategy<Vec<u8>> {
    let key = select(vec!["apiKey", "refreshToken", "apikey", ""]);
    let text = vec(any::<char>(), 0..20).prop_map(String::from_iter);
    let value = prop_oneof![
        3 => text.prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(serde_json::json!({"apiKey": ["x"]})),
    ];
    prop_oneof![
        4 => (key, value).prop_map(|(key, value)| serde_json::json!({ key: value }).to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..60),
    ]
    .boxed()
}

/// A request that is usually valid.
fn request(operation: &'static Operation, values: &Values) -> BoxedStrategy<TestRequest> {
    let authorization = prop_oneof![
        30 => Just(None),
        1 => Just(Some(None)),
        1 => select(vec!["Basic YW55IGtleTo=", "Bearer x", "Basic !", "x", ""])
            .prop_map(|header| Some(Some(header.to_owned()))),
    ];
    let content_type = select(vec![Some("application/json"), Some("text/html"), None]);
    let method = match &*operation.method {
        "GET" => "GET",
        _ => "POST",
    };
    let method =
        prop_oneof![30 => Just(method), 1 => select(vec!["PUT", "DELETE", "PATCH", "BREW"])];
    let body = if operation.has_body() {
        body()
    } else {
        Just(Vec::new()).boxed()
    };
    (
        method,
        target(operation, values),
        authorization,
        content_type,
        body,
    )
        .prop_map(
            |(method, target, authorization, content_type, body)| TestRequest {
                method,
                target,
                authorization,
                content_type,
                body,
            },
        )
        .boxed()
}

#[test]
fn random_requests_have_documented_responses() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let builder = Simulator::builder().seed(7).videos(4).live_streams(2);
    let checked = runtime.block_on(CheckedClient::start(builder.sessions(500)));
    let values = Values::of(&checked.client);
    let requests = select(CONTRACT.operations().iter().collect::<Vec<_>>())
        .prop_flat_map(move |operation| request(operation, &values));
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // A fixed seed makes the requests the same in each run.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let outcome = runner.run(&requests, |test_request| {
        let (response, violations) = runtime.block_on(checked.validate(&test_request));
        let text = String::from_utf8_lossy(&response.body);
        prop_assert!(
            violations.is_empty(),
            "{} {}\n{}",
            response.status,
            text,
            list(&violations)
        );
        prop_assert!(response.status < 500, "{text}");
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));

    // The requests include successes and failures of each operation.
    let seen = checked.seen.borrow();
    for operation in CONTRACT.operations() {
        let statuses: Vec<u16> = seen
            .iter()
            .filter(|(id, _)| *id == operation.id)
            .map(|(_, status)| *status)
            .collect();
        // Random refresh tokens are never valid.
        let renewal = operation.id == "refreshAccessToken";
        assert!(renewal || statuses.contains(&200), "{}", operation.id);
        assert!(
            statuses.iter().any(|status| *status >= 400),
            "{}",
            operation.id
        );
    }
}
