//! The same requests with everything set another way.

use std::time::Duration;

use apivideo_contract::Part;
use apivideo_simulator::{
    Behaviour, Builder, Invalid, PastTheEnd, PeriodSelects, RateLimit, Recording, RunningSession,
    Simulator, TUTORIAL_LIVE_STREAM as LIVE, TUTORIAL_SESSION as SESSION, TUTORIAL_VIDEO as VIDEO,
    Vintage,
};

use crate::asked::{bad, good};
use crate::checked::{Asked, CONTRACT, Checked};

fn small() -> Builder {
    Simulator::builder()
        .seed(7)
        .videos(3)
        .live_streams(2)
        .sessions(200)
        .days(10)
}

async fn everything(checked: &Checked) -> usize {
    let good = good(&checked.bench);
    let bad = bad().into_iter().map(|(_, asked)| asked);
    let all: Vec<_> = good.into_iter().chain(bad).collect();
    for asked in &all {
        checked.ask(asked).await;
    }
    all.len()
}

#[tokio::test]
async fn every_behaviour() {
    let settings: &[fn(&mut Behaviour)] = &[
        |behaviour| behaviour.past_the_end = PastTheEnd::NotFound,
        |behaviour| behaviour.empty_pages_total = 0,
        |behaviour| behaviour.invalid_paging = Invalid::Tolerate,
        |behaviour| behaviour.invalid_period = Invalid::Tolerate,
        |behaviour| behaviour.malformed_filters = Invalid::Tolerate,
        |behaviour| behaviour.period_selects = PeriodSelects::EndedAt,
        |behaviour| behaviour.running_session = RunningSession::Absent,
        |behaviour| behaviour.live_stream_metadata = true,
        |behaviour| behaviour.refused_key_status = 401,
        |behaviour| behaviour.compression = true,
        |behaviour| behaviour.data_retention_days = None,
        |behaviour| behaviour.data_retention_days = Some(0),
    ];
    for set in settings {
        let mut behaviour = Behaviour::default();
        set(&mut behaviour);
        assert_ne!(behaviour, Behaviour::default());
        let checked = Checked::start(small().behaviour(behaviour)).await;
        assert!(everything(&checked).await > 200);
    }
}

#[tokio::test]
async fn times_that_no_reply_could_say_are_refused() {
    let mut behaviour = Behaviour::default();
    behaviour.data_retention_days = None;
    let checked = Checked::start(small().behaviour(behaviour)).await;
    for (timeframe, status) in [
        ("from=0000-01-01T00:00:00Z", 200),
        ("to=0000-01-01T00:00:01Z", 200),
        ("to=9999-12-30T22:00:00Z", 200),
        ("to=0000-01-01T00:00:00Z", 400),
        ("from=0000-01-01T00:00:00%2B01:00", 400),
        ("from=-009999-01-02T01:59:59Z", 400),
    ] {
        let asked = Asked::get(format!("/data/buckets/play/country?{timeframe}"));
        assert_eq!(checked.ask(&asked).await, status, "{timeframe}");
    }
}

#[tokio::test]
async fn one_key_and_tokens_that_wear_out() {
    for status in [400, 401] {
        let mut behaviour = Behaviour::default();
        behaviour.refused_key_status = status;
        let builder = small().behaviour(behaviour).api_key("any key");
        let checked = Checked::start(builder.token_uses(1)).await;
        let wrong = Asked::post("/auth/api-key", r#"{"apiKey":"wrong"}"#);
        assert_eq!(checked.ask(&wrong).await, status);
        let list = Asked::get("/videos");
        assert_eq!(checked.ask(&list).await, 200);
        assert_eq!(checked.ask(&list).await, 401);
        everything(&checked).await;
    }
}

#[tokio::test]
async fn while_sessions_run() {
    let now = "2022-01-01T12:00:00Z".parse().unwrap();
    for running_session in [RunningSession::LastHeartbeat, RunningSession::Absent] {
        let mut behaviour = Behaviour::default();
        behaviour.running_session = running_session;
        let builder = small().days(3).sessions(2_000).behaviour(behaviour);
        let checked = Checked::start(builder.now(now).standing_clock()).await;
        everything(&checked).await;
    }
}

#[tokio::test]
async fn over_the_limit_every_counted_operation_says_so() {
    let limited = RateLimit::PerMinute(3);
    let builder = small().standing_clock().rate_limit(limited);
    let checked = Checked::start(builder).await;
    for asked in good(&checked.bench) {
        checked.ask(&asked).await;
    }
    let seen = checked.seen.borrow().clone();
    for operation in CONTRACT.operations() {
        let counted = operation.method == "GET";
        assert_eq!(
            seen.contains(&(&*operation.id, 429)),
            counted,
            "{}",
            operation.id
        );
    }
    // A stray request counts too.
    assert_eq!(checked.ask(&Asked::get("/nowhere")).await, 429);
    checked.bench.simulator.advance(Duration::from_secs(60));
    assert_eq!(checked.ask(&Asked::get("/videos")).await, 200);
    assert_eq!(checked.ask(&Asked::get("/nowhere")).await, 404);
}

/// Of the raw statistics: pages, and what is not there.
fn raw_statistics() -> Vec<(u16, String)> {
    vec![
        (200, format!("/analytics/videos/{VIDEO}?period=2022-01")),
        (
            200,
            format!("/analytics/live-streams/{LIVE}?period=2022-01"),
        ),
        (200, format!("/analytics/sessions/{SESSION}/events")),
        (404, "/analytics/videos/none?period=2022".to_owned()),
        (404, "/analytics/live-streams/none?period=2022".to_owned()),
        (404, "/analytics/sessions/none/events".to_owned()),
        (404, "/analytics/sessions/none".to_owned()),
    ]
}

/// The forms of times before 2021 are none that the document knows. Nothing else may differ.
async fn differs_in_times_alone(checked: &Checked) -> usize {
    let mut differences = 0;
    for (status, target) in raw_statistics() {
        let (reply, violations) = checked.compare(&Asked::get(&target)).await;
        assert_eq!(reply.status, status, "{target}");
        differences += violations.len();
        for found in violations {
            let name = found.place.rsplit('/').next();
            let is_time = matches!(name, Some("loadedAt" | "endedAt" | "emittedAt"));
            let of_its_form = found.part == Part::Body && found.rule == "format";
            assert!(is_time && of_its_form, "{target}: {found}");
        }
    }
    differences
}

#[tokio::test]
async fn old_replies_differ_in_their_times_and_nothing_else() {
    for vintage in [Vintage::Y2018, Vintage::Y2020] {
        let checked = Checked::start(small().vintage(vintage)).await;
        assert!(differs_in_times_alone(&checked).await > 0);
    }
    let checked = Checked::start(small().replay(Recording::tutorial())).await;
    assert!(differs_in_times_alone(&checked).await > 0);
    let checked = Checked::start(small().vintage(Vintage::Y2023)).await;
    assert_eq!(differs_in_times_alone(&checked).await, 0);
}
