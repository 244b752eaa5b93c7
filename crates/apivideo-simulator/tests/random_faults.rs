//! A client that retries every request receives complete data despite random faults.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::HashSet;
use std::sync::Arc;

use apivideo_simulator::{FaultScript, ListPosition, Rule, Simulator, TUTORIAL_VIDEO};
use serde_json::Value;

const DAY: &str = "2022-01-01";

/// Repeats a GET until its response is complete, with a new token whenever one is required.
async fn get_with_retries(http: &reqwest::Client, simulator: &Simulator, path: &str) -> Value {
    let mut token = String::new();
    for _ in 0..100 {
        let request = http.get(format!("{}{path}", simulator.base_url()));
        let Ok(response) = request.bearer_auth(&token).send().await else {
            continue;
        };
        match (response.status().as_u16(), response.text().await) {
            (200, Ok(text)) => return serde_json::from_str(&text).unwrap(),
            (401, _) => token = renew(http, simulator).await.unwrap_or_default(),
            _ => {}
        }
    }
    panic!("{path} failed 100 times");
}

async fn renew(http: &reqwest::Client, simulator: &Simulator) -> Option<String> {
    let request = http.post(format!("{}/auth/api-key", simulator.base_url()));
    let response = request.body(r#"{"apiKey":"k"}"#).send().await.ok()?;
    let tokens: Value = serde_json::from_str(&response.text().await.ok()?).ok()?;
    Some(tokens["access_token"].as_str()?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retries_receive_complete_data() {
    let list = Rule::new().path("/analytics/videos/*");
    let script = FaultScript::new()
        .rule(list.page(2).times(1).insert(5, ListPosition::Front))
        .chain(FaultScript::random(7, 0.3));
    let builder = Simulator::builder().videos(1).live_streams(0).days(1);
    let simulator = Arc::new(builder.sessions(400).faults(script).start().await.unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();

    let mut seen = HashSet::new();
    let mut reads = tokio::task::JoinSet::new();
    for page in 1..=5 {
        let list = format!("/analytics/videos/{TUTORIAL_VIDEO}?period={DAY}&pageSize=100");
        let response =
            get_with_retries(&http, &simulator, &format!("{list}&currentPage={page}")).await;
        for item in response["data"].as_array().unwrap() {
            let id = item["session"]["sessionId"].as_str().unwrap().to_owned();
            if !seen.insert(id.clone()) {
                continue;
            }
            let (http, simulator) = (http.clone(), Arc::clone(&simulator));
            reads.spawn(async move {
                let path = format!("/analytics/sessions/{id}/events?pageSize=100");
                let events = get_with_retries(&http, &simulator, &path).await;
                let expected = simulator.world().session(&id).unwrap();
                assert_eq!(events["pagination"]["itemsTotal"], expected.events);
            });
        }
    }
    while let Some(read) = reads.join_next().await {
        read.unwrap();
    }

    let throughout = simulator.sessions_throughout(TUTORIAL_VIDEO, DAY).unwrap();
    assert_eq!(throughout.len(), 400);
    assert!(throughout.iter().all(|session| seen.contains(&session.id)));
    assert_eq!(
        seen.len(),
        400,
        "sessions are inserted at the front after page 1"
    );
    assert_eq!(
        simulator.sessions_ever(TUTORIAL_VIDEO, DAY).unwrap().len(),
        405
    );

    let requests = simulator.requests();
    let faulty = requests.iter().filter(|request| request.fault().is_some());
    assert_eq!(faulty.count() as u64, simulator.faults_injected());
    assert!(simulator.faults_injected() > 200);
    let idle = |(name, count): &&(String, u64)| *count == 0 && !name.starts_with("expire");
    assert_eq!(simulator.faults_by_rule().iter().find(idle), None);
}
