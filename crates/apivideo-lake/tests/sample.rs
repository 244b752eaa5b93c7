//! Pulls that request the events of some sessions only.
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::BTreeSet;

use apivideo_insights::Audience;
use apivideo_lake::{ErrorKind, LakeReader, Sample};
use common::{Service, differing, files, small};
use serde_json::Value;

fn ids<'r>(rows: impl IntoIterator<Item = &'r Value>) -> BTreeSet<String> {
    let ids = rows
        .into_iter()
        .map(|row| row["session_id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_sample_has_all_sessions_and_the_events_of_its_share() {
    let service = Service::start(small().sessions(1_000)).await;
    let whole = service.run(service.pull()).await;
    let sessions = service.rows("sessions");
    let events = service.rows("events");
    let playbacks = service.rows("playbacks");
    std::fs::remove_dir_all(service.path()).unwrap();

    let sample: Sample = "30%".parse().unwrap();
    let is_sampled = |row: &&Value| sample.contains(row["session_id"].as_str().unwrap());
    let report = service.run(service.pull().with_sample(sample)).await;
    let expected = sessions.iter().filter(is_sampled).count();
    assert!((240..360).contains(&expected), "{expected}");
    assert_eq!(report.not_sampled, (1_000 - expected) as u64);
    assert_eq!(report.sessions_with_events, expected as u64);
    assert!(report.requests < whole.requests - 600, "{report:?}");
    assert_eq!(service.rows("sessions"), sessions);
    let of_sample =
        |rows: &[Value]| -> Vec<Value> { rows.iter().filter(is_sampled).cloned().collect() };
    assert_eq!(service.rows("events"), of_sample(&events));
    // Inferred lengths, which limit estimates, are those of the sample.
    assert_eq!(ids(&service.rows("playbacks")), ids(&of_sample(&playbacks)));
    service.verify();

    let reader = LakeReader::new(service.path());
    assert_eq!(reader.sample().unwrap(), Some(sample));
    let audience = reader.audience(Audience::new()).unwrap().finish();
    assert_eq!(audience.measures.quality.sessions, expected as u64);

    // The setting is that of the lake.
    let manifest = std::fs::read_to_string(service.path().join("_manifest/lake.json")).unwrap();
    assert!(manifest.contains(r#""sample": "30%""#), "{manifest}");
    let before = files(&service.path());
    let again = service.run(service.pull().with_reread()).await;
    assert_eq!(differing(&files(&service.path()), &before), [""; 0]);
    assert!(again.requests < 30, "{again:?}");
    for other in ["31%", "100%"] {
        let other = service.pull().with_sample(other.parse().unwrap());
        let error = other.run().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains("a sample of 30%"), "{error}");
    }
}

#[tokio::test]
async fn events_of_unplayed_sessions_are_not_requested() {
    let service = Service::start(small().sessions(1_000)).await;
    let whole = service.run(service.pull()).await;
    let sessions = service.rows("sessions");
    let events = service.rows("events");
    let is_unplayed = |row: &&Value| row["loaded_at"] == row["ended_at"];
    let unplayed = ids(sessions.iter().filter(is_unplayed));
    assert!(unplayed.len() > 5, "{}", unplayed.len());
    std::fs::remove_dir_all(service.path()).unwrap();

    let pull = || service.pull().with_skip_unplayed();
    let plan = pull().plan().await.unwrap();
    assert!(
        plan.notes
            .iter()
            .any(|note| note.contains("ended when they were loaded"))
    );
    let report = service.run(pull()).await;
    assert_eq!(report.unplayed, unplayed.len() as u64);
    assert_eq!(report.requests, whole.requests - report.unplayed);
    assert_eq!(service.rows("sessions"), sessions);
    let played: Vec<Value> = events
        .into_iter()
        .filter(|row| !unplayed.contains(row["session_id"].as_str().unwrap()))
        .collect();
    assert_eq!(service.rows("events"), played);
    assert_eq!(
        service.rows("playbacks").len(),
        1_000,
        "they are sessions without a play"
    );
    service.verify();

    std::fs::remove_dir_all(service.path()).unwrap();
    service.run(service.pull()).await;
    let error = pull().run().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("unplayed sessions are not skipped"),
        "{error}"
    );
}
