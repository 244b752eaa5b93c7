//! Lists that change while they are read.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::collections::HashSet;

use apivideo_simulator::{
    FaultScript, ListPosition, Rule, Session, Simulator, TUTORIAL_LIVE_STREAM, TUTORIAL_VIDEO,
};
use common::{TestClient, TestResponse};
use serde_json::Value;

const DAY: &str = "2022-01-01";

fn page(number: u64, more: &str) -> String {
    format!(
        "/analytics/videos/{TUTORIAL_VIDEO}?period={DAY}{more}&pageSize=20&currentPage={number}"
    )
}

fn ids(got: &TestResponse) -> Vec<String> {
    assert_eq!(got.status, 200, "{}", got.text);
    let response = got.json();
    let id = |item: &Value| item["session"]["sessionId"].as_str().unwrap().to_owned();
    response["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(id)
        .collect()
}

fn ids_of(sessions: &[Session]) -> Vec<String> {
    sessions.iter().map(|session| session.id.clone()).collect()
}

async fn client(script: FaultScript) -> TestClient {
    let builder = Simulator::builder()
        .videos(2)
        .live_streams(1)
        .days(2)
        .sessions(900);
    TestClient::start(builder.faults(script)).await
}

#[tokio::test]
async fn inserts_at_the_front_shift_pages_and_repeat_items() {
    let rule = Rule::new().page(2).times(1).insert(3, ListPosition::Front);
    let client = client(FaultScript::new().rule(rule)).await;
    let total = client
        .simulator
        .sessions_now(TUTORIAL_VIDEO, DAY)
        .unwrap()
        .len();
    let first = ids(&client.get(&page(1, "")).await);
    let second = client.get(&page(2, "")).await;
    assert_eq!(second.json()["pagination"]["itemsTotal"], total + 3);
    let second = ids(&second);
    assert_eq!(second[..3], first[17..]);
    let again = ids(&client.get(&page(1, "")).await);
    assert_eq!(again[3..], first[..17]);
    let new: Vec<Session> = again[..3]
        .iter()
        .map(|id| client.simulator.world().session(id).unwrap())
        .collect();
    for session in &new {
        assert!(session.loaded_at.to_string().starts_with("2022-01-01T"));
        assert_eq!(session.asset, TUTORIAL_VIDEO);
        let path = format!("/analytics/sessions/{}/events?pageSize=100", session.id);
        let events = client.get(&path).await.json();
        assert_eq!(events["pagination"]["itemsTotal"], session.events);
        assert_eq!(events["data"][0]["type"], "ready");
    }
    assert_eq!(client.simulator.faults_injected(), 1);
}

#[tokio::test]
async fn deletes_shift_pages_and_hide_items() {
    let rule = Rule::new()
        .page(2)
        .times(1)
        .delete(4, ListPosition::Index(1));
    let client = client(FaultScript::new().rule(rule)).await;
    let before = ids_of(&client.simulator.sessions_now(TUTORIAL_VIDEO, DAY).unwrap());
    let first = ids(&client.get(&page(1, "")).await);
    assert_eq!(first, before[..20]);
    let events = |id: &str| format!("/analytics/sessions/{id}/events");
    assert_eq!(client.get(&events(&before[1])).await.status, 200);
    let second = ids(&client.get(&page(2, "")).await);
    assert_eq!(second, before[24..44], "items 20 to 23 moved to page 1");
    for id in &before[1..5] {
        client.get(&events(id)).await.problem(404, Some("videoId"));
    }
    assert_eq!(client.get(&events(&before[5])).await.status, 200);
    let now = ids_of(&client.simulator.sessions_now(TUTORIAL_VIDEO, DAY).unwrap());
    assert_eq!(now, [&before[..1], &before[5..]].concat());
}

#[tokio::test]
async fn reading_a_changing_list_returns_the_expected_sessions() {
    let changes = FaultScript::from_json(
        r#"{"rules": [
            {"path": "/analytics/videos/*", "from": 3, "every": 3, "insert": {"sessions": 2, "at": "front"},
             "delete": {"sessions": 1, "at": 40}},
            {"path": "/analytics/videos/*", "every": 2, "times": 3, "insert": {"sessions": 1, "at": "end"}}
        ]}"#,
    );
    let client = client(changes.unwrap()).await;
    let mut seen = HashSet::new();
    for number in 1.. {
        let got = client.get(&page(number, "")).await;
        seen.extend(ids(&got));
        if got.json()["pagination"]["pagesTotal"].as_u64().unwrap() <= number {
            break;
        }
    }
    let simulator = &client.simulator;
    let now = ids_of(&simulator.sessions_now(TUTORIAL_VIDEO, DAY).unwrap());
    let throughout = ids_of(&simulator.sessions_throughout(TUTORIAL_VIDEO, DAY).unwrap());
    let ever = ids_of(&simulator.sessions_ever(TUTORIAL_VIDEO, DAY).unwrap());
    let set = |ids: &[String]| ids.iter().cloned().collect::<HashSet<_>>();
    for list in [&now, &throughout, &ever] {
        assert_eq!(set(list).len(), list.len(), "identifiers are unique");
    }
    assert!(set(&throughout).is_subset(&set(&now)) && set(&now).is_subset(&set(&ever)));
    assert!(seen.is_subset(&set(&ever)));
    assert!(
        set(&throughout).is_subset(&seen),
        "sessions are deleted behind the current page only"
    );
    let original = simulator
        .world()
        .sessions(TUTORIAL_VIDEO, DAY)
        .unwrap()
        .len();
    let [(_, both), (_, ends)] = &simulator.faults_by_rule()[..] else {
        panic!("two rules");
    };
    assert!(*both > 2 && *ends == 3);
    let inserted = (2 * both + ends) as usize;
    assert_eq!(ever.len(), original + inserted);
    assert_eq!(now.len(), original + inserted - *both as usize);
    assert!(throughout.len() >= original - *both as usize);
}

#[tokio::test]
async fn only_lists_of_sessions_change_unless_the_rule_has_a_list() {
    let script = FaultScript::new()
        .rule(Rule::new().nth(1).insert(1, ListPosition::End))
        .rule(
            Rule::new()
                .path("/videos")
                .nth(2)
                .delete(5, ListPosition::Front)
                .list(TUTORIAL_LIVE_STREAM, DAY),
        );
    let client = client(script).await;
    let count = |asset: &str| client.simulator.sessions_now(asset, DAY).unwrap().len();
    let (video, live) = (count(TUTORIAL_VIDEO), count(TUTORIAL_LIVE_STREAM));
    assert_eq!(client.get("/videos").await.status, 200);
    assert_eq!(
        (count(TUTORIAL_VIDEO), count(TUTORIAL_LIVE_STREAM)),
        (video, live)
    );
    assert_eq!(client.get("/videos").await.status, 200);
    client.get(&page(1, "")).await;
    client.get(&page(1, "")).await;
    assert_eq!(
        (count(TUTORIAL_VIDEO), count(TUTORIAL_LIVE_STREAM)),
        (video + 1, live - 5)
    );
    let path = format!("/analytics/live-streams/{TUTORIAL_LIVE_STREAM}?period={DAY}");
    let response = client.get(&path).await.json();
    assert_eq!(response["pagination"]["itemsTotal"], live - 5);
}

#[tokio::test]
async fn filters_apply_to_inserted_and_deleted_sessions() {
    let client = client(FaultScript::new()).await;
    let simulator = &client.simulator;
    let green = |sessions: &[Session]| {
        let green = |session: &&Session| session.has_metadata("hats", "green");
        ids_of(&sessions.iter().filter(green).cloned().collect::<Vec<_>>())
    };
    let filter = "&metadata[hats]=green";
    let before = ids(&client.get(&page(1, filter)).await);
    assert_eq!(
        simulator
            .insert_sessions(TUTORIAL_VIDEO, DAY, 60, ListPosition::Front)
            .unwrap(),
        60
    );
    assert_eq!(
        simulator
            .delete_sessions(TUTORIAL_VIDEO, DAY, 30, ListPosition::End)
            .unwrap(),
        30
    );
    let now = green(&simulator.sessions_now(TUTORIAL_VIDEO, DAY).unwrap());
    let after = ids(&client.get(&page(1, filter)).await);
    assert_ne!(before, after);
    assert_eq!(after, now[..after.len()]);
    let whole = client
        .all(&page(1, "").replace("&pageSize=20&currentPage=1", ""), 50)
        .await;
    assert_eq!(
        whole.len(),
        simulator.sessions_now(TUTORIAL_VIDEO, DAY).unwrap().len()
    );
    assert!(
        simulator
            .insert_sessions("viNobody", DAY, 1, ListPosition::End)
            .is_err()
    );
    assert!(
        simulator
            .delete_sessions(TUTORIAL_VIDEO, "soon", 1, ListPosition::End)
            .is_err()
    );
}
