//! Validates responses for all values of the options.

use std::time::Duration;

use apivideo_contract::Part;
use apivideo_simulator::{
    Behaviour, InvalidInput, PastTheEnd, PeriodSelects, RateLimit, Recording, ResponseFormat,
    RunningSession, Simulator, SimulatorBuilder, TUTORIAL_LIVE_STREAM as LIVE,
    TUTORIAL_SESSION as SESSION, TUTORIAL_VIDEO as VIDEO,
};

use crate::checked_client::{CONTRACT, CheckedClient, TestRequest};
use crate::requests::{invalid, valid};

fn small() -> SimulatorBuilder {
    Simulator::builder()
        .seed(7)
        .videos(3)
        .live_streams(2)
        .sessions(200)
        .days(10)
}

async fn send_all(checked: &CheckedClient) -> usize {
    let valid = valid(&checked.client);
    let invalid = invalid().into_iter().map(|(_, test_request)| test_request);
    let all: Vec<_> = valid.into_iter().chain(invalid).collect();
    for test_request in &all {
        checked.send(test_request).await;
    }
    all.len()
}

#[tokio::test]
async fn all_behaviours_have_documented_responses() {
    let settings: &[fn(&mut Behaviour)] = &[
        |behaviour| behaviour.past_the_end = PastTheEnd::NotFound,
        |behaviour| behaviour.empty_pages_total = 0,
        |behaviour| behaviour.invalid_pagination = InvalidInput::Tolerate,
        |behaviour| behaviour.invalid_period = InvalidInput::Tolerate,
        |behaviour| behaviour.malformed_filters = InvalidInput::Tolerate,
        |behaviour| behaviour.period_selects = PeriodSelects::EndedAt,
        |behaviour| behaviour.running_session = RunningSession::Absent,
        |behaviour| behaviour.live_stream_metadata = true,
        |behaviour| behaviour.invalid_key_status = 401,
        |behaviour| behaviour.compression = true,
        |behaviour| behaviour.data_retention_days = None,
        |behaviour| behaviour.data_retention_days = Some(0),
    ];
    for set in settings {
        let mut behaviour = Behaviour::default();
        set(&mut behaviour);
        assert_ne!(behaviour, Behaviour::default());
        let checked = CheckedClient::start(small().behaviour(behaviour)).await;
        assert!(send_all(&checked).await > 200);
    }
}

#[tokio::test]
async fn timeframes_out_of_range_are_rejected() {
    let mut behaviour = Behaviour::default();
    behaviour.data_retention_days = None;
    let checked = CheckedClient::start(small().behaviour(behaviour)).await;
    for (timeframe, status) in [
        ("from=0000-01-01T00:00:00Z", 200),
        ("to=0000-01-01T00:00:01Z", 200),
        ("to=9999-12-30T22:00:00Z", 200),
        ("to=0000-01-01T00:00:00Z", 400),
        ("from=0000-01-01T00:00:00%2B01:00", 400),
        ("from=-009999-01-02T01:59:59Z", 400),
    ] {
        let test_request = TestRequest::get(format!("/data/buckets/play/country?{timeframe}"));
        assert_eq!(checked.send(&test_request).await, status, "{timeframe}");
    }
}

#[tokio::test]
async fn expired_tokens_have_documented_responses() {
    for status in [400, 401] {
        let mut behaviour = Behaviour::default();
        behaviour.invalid_key_status = status;
        let builder = small().behaviour(behaviour).api_key("any key");
        let checked = CheckedClient::start(builder.max_token_uses(1)).await;
        let wrong = TestRequest::post("/auth/api-key", r#"{"apiKey":"wrong"}"#);
        assert_eq!(checked.send(&wrong).await, status);
        let list = TestRequest::get("/videos");
        assert_eq!(checked.send(&list).await, 200);
        assert_eq!(checked.send(&list).await, 401);
        send_all(&checked).await;
    }
}

#[tokio::test]
async fn running_sessions_have_documented_responses() {
    let now = "2022-01-01T12:00:00Z".parse().unwrap();
    for running_session in [RunningSession::LastHeartbeat, RunningSession::Absent] {
        let mut behaviour = Behaviour::default();
        behaviour.running_session = running_session;
        let builder = small().days(3).sessions(2_000).behaviour(behaviour);
        let checked = CheckedClient::start(builder.now(now).manual_clock()).await;
        send_all(&checked).await;
    }
}

#[tokio::test]
async fn all_counted_operations_respond_with_429_over_the_limit() {
    let limited = RateLimit::PerMinute(3);
    let builder = small().manual_clock().rate_limit(limited);
    let checked = CheckedClient::start(builder).await;
    for test_request in valid(&checked.client) {
        checked.send(&test_request).await;
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
    // Requests that match no operation count as well.
    assert_eq!(checked.send(&TestRequest::get("/nowhere")).await, 429);
    checked.client.simulator.advance(Duration::from_secs(60));
    assert_eq!(checked.send(&TestRequest::get("/videos")).await, 200);
    assert_eq!(checked.send(&TestRequest::get("/nowhere")).await, 404);
}

/// Requests for raw statistics, existing and missing.
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

/// Asserts that only the formats of times differ from the document, as they do in old responses. Returns their number.
async fn count_time_differences(checked: &CheckedClient) -> usize {
    let mut differences = 0;
    for (status, target) in raw_statistics() {
        let (response, violations) = checked.validate(&TestRequest::get(&target)).await;
        assert_eq!(response.status, status, "{target}");
        differences += violations.len();
        for found in violations {
            let name = found.place.rsplit('/').next();
            let is_time = matches!(name, Some("loadedAt" | "endedAt" | "emittedAt"));
            let is_format = found.part == Part::Body && found.rule == "format";
            assert!(is_time && is_format, "{target}: {found}");
        }
    }
    differences
}

#[tokio::test]
async fn old_response_formats_differ_only_in_times() {
    for response_format in [ResponseFormat::Y2018, ResponseFormat::Y2020] {
        let checked = CheckedClient::start(small().response_format(response_format)).await;
        assert!(count_time_differences(&checked).await > 0);
    }
    let checked = CheckedClient::start(small().replay(Recording::tutorial())).await;
    assert!(count_time_differences(&checked).await > 0);
    let checked = CheckedClient::start(small().response_format(ResponseFormat::Y2023)).await;
    assert_eq!(count_time_differences(&checked).await, 0);
}
