use std::collections::BTreeSet;

use apivideo_contract::{Contract, Location, Operation, Parameter};
use serde_json::Value;

use super::*;
use crate::http::endpoint::{Handler, Render};
use crate::http::query::Query;
use crate::state::ApiRequest;
use crate::{Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_SESSION, TUTORIAL_VIDEO};

/// Parameters of the document that handlers ignore: operation, parameter, reason.
const IGNORED: &[(&str, &str, &str)] = &[(
    "listVideos",
    "description",
    "all simulated videos have the same description",
)];

/// Returns the values of a parameter of a path.
fn values(parameter: &Parameter) -> Vec<String> {
    if let Some(values) = parameter.schema.value()["enum"].as_array() {
        let values = values.iter().filter_map(Value::as_str);
        return values.map(ToOwned::to_owned).collect();
    }
    let known = match parameter.name.as_str() {
        "videoId" => TUTORIAL_VIDEO,
        "liveStreamId" => TUTORIAL_LIVE_STREAM,
        "sessionId" => TUTORIAL_SESSION,
        name => panic!("no value of the path parameter `{name}` is known: add one here"),
    };
    vec![known.to_owned()]
}

/// Returns the paths of an operation, with all combinations of values.
fn paths(operation: &Operation) -> Vec<String> {
    let mut paths = vec![operation.path.clone()];
    let parameters = operation.parameters.iter();
    for parameter in parameters.filter(|parameter| parameter.location == Location::Path) {
        let place = format!("{{{}}}", parameter.name);
        paths = values(parameter)
            .iter()
            .flat_map(|value| paths.iter().map(|path| path.replace(&place, value)))
            .collect();
    }
    paths
}

/// Returns the parameters that a handler reads.
fn read(simulator: &Simulator, operation: &Operation, render: Render) -> BTreeSet<String> {
    let mut read = BTreeSet::new();
    for path in paths(operation) {
        let query = Query::parse("period=2022");
        let (_, parameters) = find(&path).unwrap();
        let request = ApiRequest {
            path: &path,
            parameters,
            query: &query,
            now_ms: simulator.state().clock.now_ms(),
        };
        // Some combinations are errors, before which fewer parameters are read.
        let _ = render(simulator.state(), request);
        read.extend(query.read());
    }
    read
}

#[tokio::test]
async fn handlers_ignore_no_parameter_of_the_document() {
    let builder = Simulator::builder().videos(2).live_streams(1).sessions(20);
    let simulator = builder.start().await.unwrap();
    let contract = Contract::apivideo().unwrap();
    let mut ignored = Vec::new();
    for operation in contract.operations() {
        let id = operation.id.as_str();
        let endpoint = ENDPOINTS.iter().copied().flatten().find(|endpoint| {
            endpoint.method == operation.method.as_str() && endpoint.path == operation.path
        });
        let Some(endpoint) = endpoint else {
            panic!(
                "{id} is not served: add `{} {}` to `ENDPOINTS` of a file in src/handlers",
                operation.method, operation.path
            );
        };
        let (Handler::Json(render) | Handler::Cached(render) | Handler::Blocking(render)) =
            endpoint.handler
        else {
            assert_eq!(operation.method, "POST", "{id}");
            continue;
        };
        let read = read(&simulator, operation, render);
        let parameters = operation.parameters.iter();
        for parameter in parameters.filter(|parameter| parameter.location == Location::Query) {
            if !read.contains(&parameter.name) {
                ignored.push((id, parameter.name.as_str()));
            }
        }
    }
    let expected: Vec<_> = IGNORED.iter().map(|(id, name, _)| (*id, *name)).collect();
    assert_eq!(
        ignored, expected,
        "the parameters that handlers do not read differ from `IGNORED`: serve them in src/handlers, or add a reason"
    );
}
