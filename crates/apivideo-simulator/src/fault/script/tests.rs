use std::error::Error as _;

use super::*;
use crate::{At, Rule};

#[test]
fn every_member_of_a_rule_is_read() {
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
              "insert": {"sessions": 3, "at": 17}, "of": {"asset": "vi1", "period": "2022-01-01"},
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
        Some(At::Index(17))
    );
    assert_eq!(rule.delete.as_ref().map(|change| change.at), Some(At::End));
    assert_eq!(rule.expire_tokens, Some(Expire::All));
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
fn what_can_not_be_read_is_told_with_its_place() {
    for (text, message, cause) in [
        (
            r#"{"rules": [{"reset": "before_head"}, {"statuz": 503}]}"#,
            "the fault script can't be understood at rules[1].statuz",
            "unknown field `statuz`, expected one of",
        ),
        (
            "{\"rules\": [\n  {\"status\": \"bad\"}]}",
            "the fault script can't be understood at rules[0].status",
            r#"invalid type: string "bad", expected u16 at line 2 column 18"#,
        ),
        (
            r#"{"rules": [{"insert": {"sessions": 1, "at": "back"}}]}"#,
            "the fault script can't be understood at rules[0].insert.at",
            r#"invalid value: string "back", expected "front", "end" or a number from 0"#,
        ),
        (
            r#"{"rules": [{"reset": "now"}]}"#,
            "the fault script can't be understood at rules[0].reset",
            "unknown variant `now`, expected `before_head` or `after_head`",
        ),
        (
            "{",
            "the fault script can't be understood",
            "EOF while parsing",
        ),
        (
            "{}",
            "the fault script can't be understood",
            "missing field `rules`",
        ),
        (
            r#"{"rules": []} {}"#,
            "the fault script does not end where it should",
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
fn what_makes_no_sense_is_told_with_its_rule() {
    let rule = Rule::new;
    let insert = |sessions| rule().insert(sessions, At::Front);
    for (rule, wrong) in [
        (rule().page(2), "says when, but not what is to happen"),
        (
            rule().path("videos").status(500),
            "the path `videos` must begin with `/` and have no query",
        ),
        (
            rule().path("/a?b").status(500),
            "the path `/a?b` must begin with `/` and have no query",
        ),
        (rule().method("a b").status(500), "`a b` is not a method"),
        (rule().nth(0).status(500), "`nth` counts from 1"),
        (rule().items_of(0), "`items_of` counts from 1"),
        (
            rule().nth(2).every(2).status(500),
            "`nth` is a single request: `from` and `every` don't go with it",
        ),
        (
            rule().probability(1.5).status(500),
            "the probability 1.5 is not within 0 and 1",
        ),
        (
            rule().probability(f64::NAN).status(500),
            "the probability NaN is not within 0 and 1",
        ),
        (
            rule().latency(Duration::from_secs(61)),
            "61000 ms are too long: 60000 at most",
        ),
        (
            rule().slow(1, Duration::MAX),
            "18446744073709551615 ms are too long: 60000 at most",
        ),
        (
            rule().slow(0, Duration::ZERO),
            "a slow body needs pieces of 1 byte or more",
        ),
        (
            rule().status(199),
            "the status 199 can't be: 200 to 599 are possible",
        ),
        (
            rule().header("a b", "c"),
            "`a b` is not the name of a header",
        ),
        (
            rule().header("a", "b\n"),
            "the header `a` can't have this value",
        ),
        (
            rule().header("Content-Length", "1"),
            "the header `Content-Length` is the connection's own",
        ),
        (
            rule().content_type("\n"),
            "the content type can't have this value",
        ),
        (
            rule().cut_at(1).reset(Reset::AfterHead),
            "a connection that is reset can't be cut as well",
        ),
        (
            rule().status(500).endless(),
            "a reply with a status or a body of its own has no items to change",
        ),
        (
            rule().remove("data"),
            "the JSON pointer `data` must begin with `/`",
        ),
        (
            insert(0),
            "0 sessions can't come or go: 1 to 10000 are possible",
        ),
        (
            insert(10_001),
            "10001 sessions can't come or go: 1 to 10000 are possible",
        ),
        (insert(1).of("vi1", "soon"), "`soon` is not a period"),
        (
            rule().status(500).of("vi1", "2022"),
            "names a list, but nothing is inserted or deleted",
        ),
    ] {
        let script = FaultScript::new().rule(Rule::new().status(500)).rule(rule);
        let error = script.check("faults.json").unwrap_err();
        assert_eq!(error.to_string(), format!("faults.json, rules[1]: {wrong}"));
    }
}

#[test]
fn files_are_read_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("faults.json");
    let error = FaultScript::open(&path).unwrap_err();
    assert_eq!(error.to_string(), format!("can't read {}", path.display()));
    fs::write(&path, r#"{"rules": [{"status": 503}]}"#).unwrap();
    assert_eq!(FaultScript::open(&path).unwrap().rules.len(), 1);
    fs::write(&path, r#"{"rules": [{"status": 42}]}"#).unwrap();
    assert_eq!(
        FaultScript::open(&path).unwrap_err().to_string(),
        format!(
            "{}, rules[0]: the status 42 can't be: 200 to 599 are possible",
            path.display()
        )
    );
}

#[test]
fn random_scripts_are_right_and_fail_as_often_as_said() {
    for (seed, intensity) in [
        (1, 0.0),
        (2, 0.001),
        (3, 0.1),
        (4, 1.0),
        (5, 9.0),
        (6, f64::NAN),
    ] {
        let script = FaultScript::random(seed, intensity);
        script.check("random").unwrap();
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
        for (place, rule) in script.rules.iter().enumerate() {
            counts[place] += 1;
            if rule.takes(counts[place], 0, script.seed, place) {
                failed += u64::from(fails(rule));
                break;
            }
        }
    }
    assert!((2_800..3_200).contains(&failed), "{failed}");
}
