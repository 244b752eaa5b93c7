use std::error::Error as _;

use super::*;
use crate::world::list_position::ListPosition;

#[test]
fn all_members_of_a_rule_are_read() {
    let script = FaultScript::from_json(
        r#"{
          "seed": 7,
          "rules": [
            {
              "name": "all", "path": "/a/*", "method": "GET", "page": 2, "query": {"period": "2022"}, "from": 3,
              "every": 5, "times": 2, "probability": 0.5, "latency_ms": 5, "headers": {"Retry-After": "1"},
              "content_type": "text/plain", "slow": {"bytes": 7, "every_ms": 1}, "cut_at": 100,
              "replace": {"/data/0/location": []}, "remove": ["/pagination"], "items_of": 1, "overlap": 3,
              "endless": true, "expire_tokens": "all", "retry_after_date": 3,
              "insert": {"sessions": 3, "at": 17}, "list": {"asset": "vi1", "period": "2022-01-01"},
              "delete": {"sessions": 2, "at": "end"}
            },
            {"nth": 3, "status": 503, "body": ""},
            {"reset": "after_head"}
          ]
        }"#,
    )
    .unwrap();
    assert_eq!((script.seed, script.rules.len()), (7, 3));
    let rule = &script.rules[0];
    assert_eq!(
        rule.insert.as_ref().map(|change| change.at),
        Some(ListPosition::Index(17))
    );
    assert_eq!(
        rule.delete.as_ref().map(|change| change.at),
        Some(ListPosition::End)
    );
    assert_eq!(rule.expire_tokens, Some(TokenScope::All));
    assert_eq!(rule.title(), "all");
    assert_eq!(script.rules[1].title(), "status 503, body");
    assert_eq!(script.rules[2].title(), "reset after head");
    assert_eq!(
        Rule::new().html().cut_at(3).title(),
        "text/html; charset=utf-8, cut at 3"
    );
    assert_eq!(Rule::new().header("a", "b").title(), "headers");
}

#[test]
fn invalid_json_is_reported_with_its_path() {
    for (text, message, cause) in [
        (
            r#"{"rules": [{"reset": "before_head"}, {"statuz": 503}]}"#,
            "invalid fault script: rules[1].statuz",
            "unknown field `statuz`, expected one of",
        ),
        (
            "{\"rules\": [\n  {\"status\": \"bad\"}]}",
            "invalid fault script: rules[0].status",
            r#"invalid type: string "bad", expected u16 at line 2 column 18"#,
        ),
        (
            r#"{"rules": [{"insert": {"sessions": 1, "at": "back"}}]}"#,
            "invalid fault script: rules[0].insert.at",
            r#"invalid value: string "back", expected "front", "end" or a number from 0"#,
        ),
        (
            r#"{"rules": [{"reset": "now"}]}"#,
            "invalid fault script: rules[0].reset",
            "unknown variant `now`, expected `before_head` or `after_head`",
        ),
        ("{", "invalid fault script", "EOF while parsing"),
        ("{}", "invalid fault script", "missing field `rules`"),
        (
            r#"{"rules": []} {}"#,
            "invalid fault script",
            "trailing characters at line 1 column 15",
        ),
    ] {
        let error = FaultScript::from_json(text).unwrap_err();
        assert_eq!(error.to_string(), message);
        let found = error.source().unwrap().to_string();
        assert!(found.starts_with(cause), "{found}");
    }
}

#[test]
fn invalid_rules_are_reported_with_their_index() {
    let rule = Rule::new;
    let insert = |sessions| rule().insert(sessions, ListPosition::Front);
    for (rule, message) in [
        (
            rule().page(2),
            "the rule has no effect: add a fault such as `status` or `latency_ms`",
        ),
        (
            rule().path("videos").status(500),
            "invalid path \"videos\": must start with `/` and have no query",
        ),
        (
            rule().path("/a?b").status(500),
            "invalid path \"/a?b\": must start with `/` and have no query",
        ),
        (rule().method("a b").status(500), "invalid method \"a b\""),
        (
            rule().nth(0).status(500),
            "invalid `nth` 0: must be at least 1",
        ),
        (
            rule().items_of(0),
            "invalid `items_of` 0: must be at least 1",
        ),
        (
            rule().nth(2).every(2).status(500),
            "`nth` cannot be combined with `from` or `every`",
        ),
        (
            rule().probability(1.5).status(500),
            "invalid probability 1.5: must be 0 to 1",
        ),
        (
            rule().probability(f64::NAN).status(500),
            "invalid probability NaN: must be 0 to 1",
        ),
        (
            rule().latency(Duration::from_secs(61)),
            "invalid delay of 61000 ms: must be at most 60000 ms",
        ),
        (
            rule().slow(1, Duration::MAX),
            "invalid delay of 18446744073709551615 ms: must be at most 60000 ms",
        ),
        (
            rule().slow(0, Duration::ZERO),
            "invalid `slow`: `bytes` must be at least 1",
        ),
        (rule().status(199), "invalid status 199: must be 200 to 599"),
        (rule().header("a b", "c"), "invalid header name \"a b\""),
        (
            rule().header("a", "b\n"),
            "invalid value \"b\\n\" of the header `a`",
        ),
        (
            rule().header("Content-Length", "1"),
            "the header `Content-Length` is set by the server and cannot be changed",
        ),
        (rule().content_type("\n"), "invalid content type \"\\n\""),
        (
            rule().cut_at(1).reset(Reset::AfterHead),
            "`cut_at` cannot be combined with `reset`",
        ),
        (
            rule().status(500).endless(),
            "`status` and `body` cannot be combined with faults that edit a page",
        ),
        (
            rule().remove("data"),
            "invalid JSON pointer \"data\": must start with `/`",
        ),
        (
            insert(0),
            "invalid number of sessions 0: must be 1 to 10000",
        ),
        (
            insert(10_001),
            "invalid number of sessions 10001: must be 1 to 10000",
        ),
        (
            insert(1).list("vi1", "soon"),
            "invalid period \"soon\": must be a day (2022-01-31), an ISO week (2022-W05), a month (2022-01), a year (2022) \
             or a range of days (2022-01-01/2022-01-15)",
        ),
        (
            rule().status(500).list("vi1", "2022"),
            "`list` requires `insert` or `delete`",
        ),
    ] {
        let script = FaultScript::new().rule(Rule::new().status(500)).rule(rule);
        let error = script.validate("fault script").unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid fault script: rules[1]: {message}")
        );
    }
}

#[test]
fn errors_of_files_name_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("faults.json");
    let error = FaultScript::open(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot read {}", path.display()));
    fs::write(&path, r#"{"rules": [{"status": 503}]}"#).unwrap();
    assert_eq!(FaultScript::open(&path).unwrap().rules.len(), 1);
    fs::write(&path, r#"{"rules": [{"status": 42}]}"#).unwrap();
    assert_eq!(
        FaultScript::open(&path).unwrap_err().to_string(),
        format!(
            "invalid fault script {}: rules[0]: invalid status 42: must be 200 to 599",
            path.display()
        )
    );
}

#[test]
fn random_scripts_are_valid_and_fail_with_the_requested_intensity() {
    for (seed, intensity) in [
        (1, 0.0),
        (2, 0.001),
        (3, 0.1),
        (4, 1.0),
        (5, 9.0),
        (6, f64::NAN),
    ] {
        let script = FaultScript::random(seed, intensity);
        script.validate("random").unwrap();
        assert_eq!(script.rules.is_empty(), !matches!(seed, 2..=5));
        let show = |script: &FaultScript| format!("{script:?}");
        assert_eq!(show(&script), show(&FaultScript::random(seed, intensity)));
    }
    let script = FaultScript::random(7, 0.3);
    let fails =
        |rule: &Rule| rule.status.is_some() || rule.cut_at.is_some() || rule.reset.is_some();
    let mut counts = vec![0u64; script.rules.len()];
    let mut failed = 0;
    for _ in 0..10_000 {
        for (index, rule) in script.rules.iter().enumerate() {
            counts[index] += 1;
            if rule.selects(counts[index], 0, script.seed, index) {
                failed += u64::from(fails(rule));
                break;
            }
        }
    }
    assert!((2_800..3_200).contains(&failed), "{failed}");
}

#[test]
fn scripts_round_trip_through_json() {
    let script = FaultScript::random(7, 0.3)
        .chain(FaultScript::new().live_stream_metadata())
        .rule(
            Rule::new()
                .insert(3, ListPosition::Index(7))
                .list("vi1", "2022"),
        )
        .rule(Rule::new().delete(1, ListPosition::End).endless());
    let json = serde_json::to_string(&script).unwrap();
    assert_eq!(FaultScript::from_json(&json).unwrap(), script);
    let rule = serde_json::to_string(&Rule::new().status(503)).unwrap();
    assert_eq!(rule, r#"{"status":503}"#);
}
