//! Lists that change while they are read: every session that was not added or deleted meanwhile is yielded once, and the stream
//! reports the change.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::HashSet;

use apivideo::query::Sessions;
use apivideo::{Client, List, Progress, Session};
use apivideo_simulator::{FaultScript, ListPosition, Rule, Simulator};
use futures::TryStreamExt;
use proptest::prelude::*;

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
const DAY: &str = "2022-01-01";

async fn simulator(sessions: u64, script: FaultScript) -> Simulator {
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(sessions);
    builder.faults(script).start().await.unwrap()
}

fn list(simulator: &Simulator, page_size: u32) -> List<Sessions> {
    let client = Client::builder()
        .api_key("key")
        .base_url(simulator.base_url())
        .build()
        .unwrap();
    let list = client
        .video(VIDEO.parse().unwrap())
        .sessions(DAY.parse().unwrap());
    list.page_size(page_size.try_into().unwrap())
}

async fn read(list: List<Sessions>) -> (Vec<Session>, Progress) {
    let mut stream = list.stream();
    let progress = stream.watch();
    let sessions = stream.try_collect().await.unwrap();
    let progress = progress.get();
    (sessions, progress)
}

/// Asserts that no session is lost that existed throughout, and that there are no duplicates or unknown sessions.
fn check(simulator: &Simulator, sessions: &[Session]) {
    let ids: Vec<_> = sessions
        .iter()
        .map(|session| session.id.to_string())
        .collect();
    let given: HashSet<_> = ids.iter().cloned().collect();
    assert_eq!(ids.len(), given.len(), "nothing twice");
    let truth = |sessions: Vec<apivideo_simulator::Session>| -> HashSet<_> {
        sessions.into_iter().map(|session| session.id).collect()
    };
    let throughout = truth(simulator.sessions_throughout(VIDEO, DAY).unwrap());
    let ever = truth(simulator.sessions_ever(VIDEO, DAY).unwrap());
    assert_eq!(throughout.difference(&given).count(), 0, "nothing lost");
    assert_eq!(given.difference(&ever).count(), 0, "nothing made up");
}

#[tokio::test]
async fn duplicates_of_a_list_that_grows_at_its_front_are_dropped() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .page(3)
            .times(1)
            .insert(25, ListPosition::Front),
    );
    let simulator = simulator(200, script).await;
    let (sessions, progress) = read(list(&simulator, 20).with_prefetch(0)).await;
    check(&simulator, &sessions);
    assert_eq!(
        (progress.duplicates, progress.changed, progress.expected),
        (25, true, Some(225))
    );
}

#[tokio::test]
async fn a_list_that_grows_at_its_end_is_read_to_the_new_end() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .page(10)
            .times(1)
            .insert(45, ListPosition::End),
    );
    let simulator = simulator(200, script).await;
    for prefetch in [0, 4] {
        let (sessions, progress) = read(list(&simulator, 20).with_prefetch(prefetch)).await;
        check(&simulator, &sessions);
        assert_eq!(sessions.len(), 245);
        assert_eq!((progress.duplicates, progress.expected), (0, Some(245)));
    }
}

#[tokio::test]
async fn a_list_that_shrinks_before_the_current_page_is_read_again_where_items_moved() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .page(4)
            .times(1)
            .delete(30, ListPosition::Front),
    );
    let simulator = simulator(200, script).await;
    let (sessions, progress) = read(list(&simulator, 20).with_prefetch(0)).await;
    check(&simulator, &sessions);
    assert_eq!(sessions.len(), 200, "the 30 had been read");
    assert!(progress.changed);
    assert_eq!(progress.expected, Some(170));
}

#[tokio::test]
async fn a_last_page_that_no_longer_exists_loses_nothing() {
    let script = FaultScript::new().rule(
        Rule::new()
            .path("/analytics/videos/*")
            .page(11)
            .times(1)
            .delete(10, ListPosition::Front),
    );
    let simulator = simulator(205, script).await;
    let (sessions, _) = read(list(&simulator, 20).with_prefetch(0)).await;
    check(&simulator, &sessions);
    assert_eq!(sessions.len(), 205);
}

#[tokio::test]
async fn a_list_without_totals_that_shrinks_is_checked_at_each_boundary() {
    for pointers in [&["/pagination/itemsTotal"][..], &["/pagination"]] {
        let sessions = Rule::new().path("/analytics/videos/*");
        let mut bare = sessions.clone();
        for pointer in pointers {
            bare = bare.remove(*pointer);
        }
        let script = FaultScript::new()
            .rule(
                sessions
                    .clone()
                    .page(4)
                    .times(1)
                    .delete(7, ListPosition::Front),
            )
            .rule(sessions.page(8).times(1).delete(3, ListPosition::Index(60)))
            .rule(bare);
        let simulator = simulator(200, script).await;
        let (sessions, progress) = read(list(&simulator, 20).with_prefetch(0)).await;
        check(&simulator, &sessions);
        assert_eq!(sessions.len(), 200, "all had been read or were found");
        assert!(progress.changed && progress.rereads > 8, "{progress:?}");
    }
}

#[tokio::test]
async fn a_deletion_and_an_addition_that_hide_each_other_are_found_where_other_changes_are_visible()
{
    let sessions = Rule::new().path("/analytics/videos/*");
    let script = FaultScript::new()
        .rule(
            sessions
                .clone()
                .page(3)
                .times(1)
                .delete(2, ListPosition::Front),
        )
        .rule(
            sessions
                .clone()
                .page(6)
                .times(1)
                .delete(4, ListPosition::Front),
        )
        .rule(sessions.page(6).times(1).insert(4, ListPosition::End));
    let simulator = simulator(200, script).await;
    let (sessions, progress) = read(list(&simulator, 20).with_prefetch(0)).await;
    check(&simulator, &sessions);
    assert_eq!((sessions.len(), progress.expected), (204, Some(198)));
}

/// A change: the request, whether sessions are added or deleted, their number, and their place.
type Change = (u64, bool, u32, u64);

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_changes_lose_nothing(
        changes in prop::collection::vec((2_u64..20, any::<bool>(), 1_u32..40, 0_u64..220), 0..4),
        page_size in 5_u32..60,
        prefetch in 0_usize..4,
        totals in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut script = FaultScript::new();
            if !totals {
                script = script.rule(Rule::new().path("/analytics/videos/*").remove("/pagination/itemsTotal"));
            }
            for (nth, comes, count, index) in changes as Vec<Change> {
                let rule = Rule::new().path("/analytics/videos/*").nth(nth);
                script = script.rule(match comes {
                    true => rule.insert(count, ListPosition::Index(index)),
                    false => rule.delete(count, ListPosition::Index(index)),
                });
            }
            let simulator = simulator(200, script).await;
            let stream = list(&simulator, page_size).with_prefetch(prefetch).stream();
            match stream.try_collect::<Vec<_>>().await {
                Ok(sessions) => check(&simulator, &sessions),
                // Without a total it can be unknown whether all sessions were received.
                Err(error) => assert!(!totals && error.is_incomplete(), "{error}"),
            }
        });
    }
}
