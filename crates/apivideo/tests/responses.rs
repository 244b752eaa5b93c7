//! Responses in every recorded form, and failed and damaged ones.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use apivideo::model::EventKind;
use apivideo::{ErrorKind, Event, Session};
use futures::{StreamExt, TryStreamExt};
use support::{Mock, chain};

async fn sessions(body: &str) -> apivideo::Result<Vec<Session>> {
    let mock = Mock::responses(&[(200, body)]);
    let video = mock.client().video("vi1".parse().unwrap());
    let sessions = video
        .sessions("2022".parse().unwrap())
        .stream()
        .try_collect()
        .await;
    assert_eq!(mock.lines().len(), 1);
    sessions
}

async fn events(responses: &[(u16, &str)]) -> (Vec<Event>, Option<apivideo::Error>) {
    let mock = Mock::responses(responses);
    let mut stream = mock
        .client()
        .session("ps1".parse().unwrap())
        .events()
        .stream();
    let mut events = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => {
                assert!(
                    stream.try_next().await.unwrap().is_none(),
                    "nothing follows a terminal error"
                );
                return (events, Some(error));
            }
        }
    }
}

#[tokio::test]
async fn recorded_sessions_of_every_year_are_decoded() {
    for (body, count, loaded) in [
        (
            include_str!("data/video_sessions_200_short_offset.json"),
            1,
            "2019-06-24T11:45:01.109Z",
        ),
        (
            include_str!("data/video_sessions_200_spec.json"),
            1,
            "2019-06-24T11:45:01.109Z",
        ),
        (
            include_str!("data/live_stream_sessions_200_short_offset.json"),
            1,
            "2018-09-11T13:04:37.89Z",
        ),
        (
            include_str!("data/live_stream_sessions_200_legacy_space_date.json"),
            1,
            "2018-09-11T13:04:37.89Z",
        ),
        (
            include_str!("data/php_sdk_video_sessions_2018.json"),
            3,
            "2018-07-31T13:17:49.822Z",
        ),
    ] {
        let sessions = sessions(body).await.unwrap();
        assert_eq!(sessions.len(), count);
        assert_eq!(sessions[0].loaded_at.unwrap().to_string(), loaded);
        assert!(sessions[0].ended_at.is_some());
        for session in &sessions {
            let json = serde_json::to_string(session).unwrap();
            assert_eq!(&serde_json::from_str::<Session>(&json).unwrap(), session);
        }
    }
}

#[tokio::test]
async fn recorded_events_are_decoded_and_the_missing_page_is_reported() {
    let page = include_str!("data/session_events_200_short_offset.json");
    let (given, error) = events(&[
        (200, page),
        (404, include_str!("data/video_sessions_404.json")),
    ])
    .await;
    assert_eq!(given.len(), 25);
    assert_eq!(
        given
            .iter()
            .filter(|event| event.kind == EventKind::Ready)
            .count(),
        4
    );
    let error = error.unwrap();
    assert_eq!(
        (error.kind(), error.page()),
        (ErrorKind::Incomplete, Some(2))
    );
    assert!(error.is_not_found() && !error.is_retryable());
    let messages = chain(&error);
    assert_eq!(
        messages[0],
        "the list ended after 25 of 30 announced items, page 2 does not exist: read it again"
    );
    assert!(
        messages[1].contains("404 The requested resource was not found (videoId)"),
        "{messages:?}"
    );
}

#[tokio::test]
async fn absent_pagination_is_one_page() {
    assert_eq!(
        sessions(r#"{"data":[{"session":{"sessionId":"ps1"}}]}"#)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        sessions(r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":null}"#)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        sessions(r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":[]}"#)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        sessions(r#"{"data":[],"pagination":{"pagesTotal":0}}"#)
            .await
            .unwrap()
            .len(),
        0
    );
}

#[tokio::test]
async fn the_envelopes_of_2018_and_2019_are_rejected_by_name() {
    for (body, name) in [
        (
            include_str!("data/java_sdk_video_analytics_2019_wrapper.json"),
            "{period, video, data}",
        ),
        (
            include_str!("data/java_sdk_project_analytics_2019.json"),
            "{period, data}",
        ),
        (
            include_str!("data/php_sdk_live_project_analytics_2018.json"),
            "{period, data}",
        ),
    ] {
        let error = sessions(body).await.unwrap_err();
        assert!(
            error.is_decode() && error.to_string().contains(name),
            "{error}"
        );
        assert!(error.to_string().contains("2018–2019"), "{error}");
    }
    let (given, error) = events(&[(
        200,
        include_str!("data/java_sdk_session_events_2019_wrapper.json"),
    )])
    .await;
    assert!(given.is_empty());
    assert!(
        error
            .unwrap()
            .to_string()
            .contains("{resource, session, data}")
    );
}

#[tokio::test]
async fn invalid_pages_are_reported_with_their_cause() {
    for (body, message) in [
        (
            "<!doctype html><p>Bad gateway",
            "is a page of HTML, not JSON",
        ),
        ("[]", "cannot be decoded"),
        (r#"{"data":7}"#, "cannot be decoded at `data`"),
    ] {
        let error = sessions(body).await.unwrap_err();
        assert!(
            error.is_decode() && !error.is_retryable(),
            "{body}: {error:?}"
        );
        assert!(error.to_string().contains(message), "{body}: {error}");
        assert_eq!(error.page(), Some(1));
    }
}

#[tokio::test]
async fn failures_report_cause_and_next_step() {
    let cases: &[(u16, &str, ErrorKind, &[&str])] = &[
        (
            400,
            r#"{"title":"A query parameter is invalid.","detail":"Bad.","name":"period","status":400}"#,
            ErrorKind::Rejected,
            &["400 A query parameter is invalid: Bad (period)"],
        ),
        (
            400,
            include_str!("data/php_sdk_error_2018.json"),
            ErrorKind::Rejected,
            &["400 The requested resource was not found (videoId)"],
        ),
        (
            401,
            r#"{"title":"The API key is invalid."}"#,
            ErrorKind::Unauthorized,
            &[
                "401 The API key is invalid",
                "sandbox and production have separate keys",
            ],
        ),
        (401, "{}", ErrorKind::Unauthorized, &["401 Unauthorized"]),
        (
            403,
            r#"{"title":"You cannot get analytics from this project.","status":403}"#,
            ErrorKind::Forbidden,
            &["403 You cannot get analytics from this project"],
        ),
        (
            404,
            include_str!("data/video_sessions_404.json"),
            ErrorKind::NotFound,
            &[
                "404 The requested resource was not found (videoId)",
                "check the id",
            ],
        ),
        (
            404,
            include_str!("data/java_sdk_404_2019.json"),
            ErrorKind::NotFound,
            &["404 The requested resource could not be found"],
        ),
        (
            404,
            r#"{"type":null,"title":null,"name":null,"status":404}"#,
            ErrorKind::NotFound,
            &["404 Not Found"],
        ),
        (
            404,
            r#"{"title":"Unrecognized request URL.","status":404}"#,
            ErrorKind::Removed,
            &[
                "does not provide `GET /analytics/videos/vi1`",
                "September 2023",
                "metric, buckets, timeseries",
            ],
        ),
        (
            429,
            r#"{"title":"Too many requests.","status":429}"#,
            ErrorKind::RateLimited,
            &["429 Too many requests", "try again in"],
        ),
        (
            500,
            "<html>oops</html>",
            ErrorKind::Service,
            &["500 Internal Server Error", "try again later"],
        ),
        (502, "", ErrorKind::Service, &["502 Bad Gateway"]),
        (
            302,
            "",
            ErrorKind::Unexpected,
            &["redirects are not followed"],
        ),
        (204, "", ErrorKind::Connection, &["204 No Content"]),
    ];
    for (status, body, kind, messages) in cases {
        let mock = Mock::responses_of_type("application/problem+json", &[(*status, body)]);
        let error = mock
            .client()
            .video("vi1".parse().unwrap())
            .sessions("2022".parse().unwrap())
            .page(1)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (*kind, *status),
            "{error}"
        );
        assert!(
            error.to_string().contains("/analytics/videos/vi1"),
            "{error}"
        );
        for message in *messages {
            assert!(error.to_string().contains(message), "{error}");
        }
        assert!(!error.to_string().ends_with('.'), "{error}");
        assert_eq!(error.problem().is_some(), body.starts_with('{'), "{body}");
        let retryable = matches!(
            kind,
            ErrorKind::RateLimited | ErrorKind::Service | ErrorKind::Connection
        );
        assert_eq!(error.is_retryable(), retryable);
        assert_eq!(error.is_rate_limited(), *kind == ErrorKind::RateLimited);
        assert_eq!(error.is_removed(), *kind == ErrorKind::Removed);
    }
}

#[tokio::test]
async fn a_page_of_another_number_is_an_error() {
    let mock = Mock::responses(&[(
        200,
        r#"{"data":[{"session":{"sessionId":"ps1"}}],"pagination":{"currentPage":1,"pagesTotal":3}}"#,
    )]);
    let video = mock.client().video("vi1".parse().unwrap());
    let mut sessions = video.sessions("2022".parse().unwrap()).stream();
    assert!(sessions.try_next().await.unwrap().is_some());
    let error = sessions.try_next().await.unwrap_err();
    assert!(
        error.is_incomplete() && error.to_string().contains("no usable total"),
        "{error}"
    );
    // Events have no identity: the number decides.
    let page = r#"{"data":[{"type":"play","at":0}],"pagination":{"currentPage":1,"pagesTotal":3}}"#;
    let mock = Mock::responses(&[(200, page)]);
    let mut events = mock
        .client()
        .session("ps1".parse().unwrap())
        .events()
        .stream();
    assert!(events.try_next().await.unwrap().is_some());
    let error = events.try_next().await.unwrap_err();
    assert!(
        error.is_incomplete()
            && error
                .to_string()
                .starts_with("page 2 was requested and page 1 was received"),
        "{error}"
    );
}

#[tokio::test]
async fn an_unreachable_service_is_reported_with_its_url() {
    let client = apivideo::Client::builder()
        .api_key("k")
        .base_url("http://127.0.0.1:9")
        .with_retry_policy(apivideo::retry::RetryPolicy::none())
        .build()
        .unwrap();
    let error = client.videos().page(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.is_retryable());
    assert!(
        error
            .to_string()
            .starts_with("http://127.0.0.1:9 cannot be reached for `POST /auth/api-key`"),
        "{error}"
    );
}

#[tokio::test]
async fn pages_are_counted_from_one() {
    let mock = Mock::responses(&[(200, "{}")]);
    assert_eq!(
        mock.client().videos().page(0).await.unwrap_err().kind(),
        ErrorKind::Input
    );
    assert!(mock.lines().is_empty());
}

#[tokio::test]
async fn a_missing_total_is_an_error() {
    let mock = Mock::responses(&[
        (200, r#"{"data":[],"pagination":{"itemsTotal":128}}"#),
        (200, r#"{"data":[]}"#),
    ]);
    let videos = mock.client().videos();
    assert_eq!(videos.total().await.unwrap(), 128);
    assert!(
        videos
            .total()
            .await
            .unwrap_err()
            .to_string()
            .contains("itemsTotal")
    );
    assert_eq!(mock.lines()[0], "GET /videos?currentPage=1&pageSize=1");
}

#[tokio::test]
async fn an_invalid_record_is_one_error_and_the_stream_continues() {
    let long = "x".repeat(5_000);
    let damaged = format!(r#"{{"session":{{"sessionId":"ps3"}},"os":"{long}"x"}}"#);
    let page = format!(
        r#"{{"data":[{{"session":{{"sessionId":"ps1"}}}},{{"session":{{"sessionId":[],"loadedAt":"xxx"}}}},7,
            {{"session":{{"sessionId":"a/b"}}}},{damaged},{{"session":{{"sessionId":"ps4"}}}}],
            "pagination":{{"currentPage":1,"pagesTotal":1,"itemsTotal":6}}}}"#
    );
    let mock = Mock::responses(&[(200, &page)]);
    let list = mock
        .client()
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap());
    let outcomes: Vec<_> = list.stream().collect().await;
    assert_eq!(outcomes.len(), 6);
    let decoded: Vec<_> = outcomes
        .iter()
        .flatten()
        .map(|session| session.id.as_str())
        .collect();
    assert_eq!(decoded, ["ps1", "ps4"]);
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    for error in &errors {
        assert_eq!((error.kind(), error.page()), (ErrorKind::Record, Some(1)));
        assert!(error.is_decode() && !error.is_terminal() && !error.is_retryable());
        assert!(error.cursor().is_none());
        assert!(!format!("{error:?}").contains("xxx") && !error.to_string().contains("xxx"));
        assert!(chain(error).len() >= 2);
    }
    assert_eq!(
        errors
            .iter()
            .map(|error| error.record().unwrap().index)
            .collect::<Vec<_>>(),
        [1, 2, 3, 4]
    );
    assert_eq!(
        errors
            .iter()
            .map(|error| error.record().unwrap().id.as_deref())
            .collect::<Vec<_>>(),
        [None, None, None, Some("ps3")]
    );
    let reasons: Vec<String> = errors.iter().map(|error| chain(error).join(": ")).collect();
    for (reason, expected) in reasons.iter().zip([
        "record 1 of the page could not be decoded at `session.sessionId`: \
         invalid type: an array, expected a string",
        "record 2 of the page could not be decoded: the record is not an object",
        "record 3 of the page could not be decoded at `session.sessionId`: \
         the id is not 1 to 64 letters, digits, \"-\" and \"_\"",
        "record 4 of the page (ps3) could not be decoded: invalid JSON at byte 5038",
    ]) {
        assert_eq!(reason, expected);
    }
    assert_eq!(errors[1].record().unwrap().raw, "7");
    assert_eq!(errors[3].record().unwrap().raw, damaged);

    // With a handler, and as a page.
    let mut skipped = 0;
    let (sender, receiver) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let handled = list.clone().on_invalid(move |error| {
        let index = error.record().map(|record| record.index);
        sender.lock().unwrap().send(index).unwrap();
    });
    let mut stream = handled.stream();
    while stream.try_next().await.unwrap().is_some() {}
    while receiver.try_recv().is_ok() {
        skipped += 1;
    }
    let progress = stream.progress();
    assert_eq!(
        (skipped, progress.invalid, progress.items, progress.expected),
        (4, 4, 2, Some(6))
    );
    let page = list.page(1).await.unwrap();
    assert_eq!((page.items.len(), page.invalid.len()), (2, 4));
}

#[tokio::test]
async fn last_fails_on_invalid_records_and_each_is_one_error() {
    let page = r#"{"data":[{"session":{"sessionId":"ps1"}},7,7,{"session":{"sessionId":"ps3"}}]}"#;
    let mock = Mock::responses(&[(200, page)]);
    let list = mock
        .client()
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap());
    assert_eq!(list.last(2).await.unwrap_err().kind(), ErrorKind::Record);
    let outcomes: Vec<_> = list.stream().collect().await;
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_err()).count(),
        2
    );
}

#[tokio::test]
async fn an_invalid_id_is_not_part_of_messages() {
    let page = r#"{"data":[{"session":{"sessionId":"Doug <doug@example.org>","loadedAt":[]}}]}"#;
    let mock = Mock::responses(&[(200, page)]);
    let list = mock
        .client()
        .video("vi1".parse().unwrap())
        .sessions("2022".parse().unwrap());
    let error = list.stream().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("doug"), "{error}");
    assert_eq!(error.record().unwrap().id, None);
}

#[tokio::test]
async fn raw_requests_accept_any_envelope() {
    let mock = Mock::responses(&[(200, r#"{"session":1}"#)]);
    let error = mock.client().get("/x").send::<Vec<u8>>().await.unwrap_err();
    assert!(
        error.is_decode() && !error.to_string().contains("envelope"),
        "{error}"
    );
}
