//! Questions about an audience: the forms of answers, refusals, and exit codes.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::workspace::Workspace;
use common::{LIVE_STREAM, Outcome, SESSION, Simulator, VIDEO, command, finish, run, run_against};
use serde_json::Value;

/// A small world, of which answers are fast.
const WORLD: &str = "--simulate --videos 3 --live-streams 1 --sessions 1500";

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout).unwrap()
}

#[track_caller]
fn refused(line: &str, reason: &str) {
    let outcome = run(line).fails(2);
    assert_eq!(outcome.stdout, "", "{line}");
    let shown: Vec<&str> = outcome.stderr.split_whitespace().collect();
    assert!(
        shown.join(" ").contains(reason),
        "{line}: {}",
        outcome.stderr
    );
}

#[test]
fn an_audience_has_rows_or_an_object() {
    let line = format!("audience video {VIDEO} --period last-month {WORLD}");
    let report = json(&run(&format!("{line} --output json")).ok());
    assert_eq!(report["period_start"], "2021-12-01T00:00:00Z");
    assert_eq!(report["period_end"], "2022-01-01T00:00:00Z");
    let plays = report["plays"].as_u64().unwrap();
    assert!(plays > 100);

    let row = json(&run(&line).ok());
    assert_eq!(row["plays"], plays);
    assert_eq!(row["watchSeconds"], report["watch_seconds"]);
    assert_eq!(row["viewers"], report["unique_viewers"]["played"]);

    let line = format!("{line} --by country,metadata.hats");
    let rows = common::json_lines(&run(&line).ok().stdout);
    for (dimension, breakdown) in [("country", 0), ("metadata.hats", 1)] {
        let rows: Vec<&Value> = rows
            .iter()
            .filter(|row| row["dimension"] == dimension)
            .collect();
        let found = report_rows(&line, breakdown);
        assert_eq!(rows.len(), found.len(), "{dimension}");
        let sum: u64 = rows.iter().map(|row| row["plays"].as_u64().unwrap()).sum();
        assert_eq!(sum, plays, "{dimension}");
    }
    let csv = run(&format!("{line} --output csv --fields value,plays --top 2")).ok();
    assert_eq!(csv.lines()[0], "value,plays");
    assert!(csv.lines()[1].starts_with("France,"), "{}", csv.stdout);
    let table = run(&format!("{line} --output table")).ok();
    let heading: Vec<&str> = table.lines()[0].split_whitespace().collect();
    assert_eq!(heading[..4], ["dimension", "value", "plays", "viewers"]);
    let array = json(&run(&format!("{line} --output json --fields value,plays")).ok());
    assert_eq!(array[0]["value"], "France");
}

fn report_rows(line: &str, breakdown: usize) -> Vec<Value> {
    let report = json(&run(&format!("{line} --output json")).ok());
    let rows = &report["breakdowns"][breakdown]["rows"];
    rows.as_array().unwrap().clone()
}

#[test]
fn conditions_choose_sessions() {
    let line = format!("audience video {VIDEO} --period 2021-12 {WORLD} --output json");
    let plays = |options: &str| {
        let report = json(&run(&format!("{line} {options}")).ok());
        report["plays"].as_u64().unwrap()
    };
    let all = plays("");
    let green = plays("--only metadata.hats=green");
    assert!(green > 0 && green < all);
    assert_eq!(green + plays("--exclude metadata.hats=green"), all);
    assert_eq!(plays("--only country=Atlantis"), 0);
    let key = json(&run(&format!("{line} --viewer-key metadata.hats")).ok());
    assert_eq!(key["unique_viewers"]["key"], "metadata.hats");
    let long = json(&run(&format!("{line} --length 600")).ok());
    assert_eq!(long["length"]["source"], "known");
}

#[test]
fn the_time_zone_moves_the_borders_of_the_period() {
    let line = format!("audience video {VIDEO} --period 2022-01-01 {WORLD} --output json");
    let report = |options: &str| json(&run(&format!("{line} {options}")).ok());
    let (utc, tokyo) = (report(""), report("--tz Asia/Tokyo"));
    assert_eq!(tokyo["period_start"], "2021-12-31T15:00:00Z");
    assert_eq!(tokyo["time_zone"], "Asia/Tokyo");
    assert_ne!(utc["plays"], tokyo["plays"]);
    assert!(tokyo["sessions_outside_period"].as_u64().unwrap() > 0);
    let by_day = report("--tz Asia/Tokyo --by date");
    let days = by_day["breakdowns"][0]["rows"].as_array().unwrap();
    assert_eq!(days.len(), 1);
    assert_eq!(days[0]["value"], "2022-01-01");
}

#[test]
fn several_assets_are_one_audience() {
    let videos = common::json_lines(&run(&format!("videos --limit 2 {WORLD}")).ok().stdout);
    let [one, other] = [0, 1].map(|index| videos[index]["videoId"].as_str().unwrap().to_owned());
    let plays = |ids: &str| {
        let line = format!("audience video {ids} --period 2022-01 {WORLD} --output json");
        json(&run(&line).ok())["plays"].as_u64().unwrap()
    };
    assert_eq!(
        plays(&one) + plays(&other),
        plays(&format!("{one} {other} {one}"))
    );
}

#[test]
fn retention_has_bins_and_comparisons() {
    let line = format!("retention video {VIDEO} --period 2021-12 {WORLD}");
    let curve = json(&run(&format!("{line} --output json")).ok());
    let bins = curve["bins"].as_array().unwrap();
    assert_eq!(curve["length_seconds"], 300.0);
    assert_eq!(bins.len(), 300);
    let rows = common::json_lines(&run(&line).ok().stdout);
    assert_eq!(rows.len(), bins.len());
    assert_eq!(rows[10]["unique"], bins[10]["unique"]);
    assert!(rows[10]["uniqueLower"].as_f64() < rows[10]["unique"].as_f64());

    for (compare, name) in [
        ("metadata.hats=green", "metadata.hats=green"),
        ("2022-01", "2022-01"),
        ("video:vi2lyFqj6rVr7vXBL2Xh5TLq", ""),
    ] {
        let video = common::json_lines(&run(&format!("videos --limit 2 {WORLD}")).ok().stdout);
        let other = video[1]["videoId"].as_str().unwrap();
        let compare = match name {
            "" => format!("video:{other}"),
            _ => compare.to_owned(),
        };
        let compared = json(&run(&format!("{line} --compare {compare} --output json")).ok());
        let points = compared["points"].as_array().unwrap();
        assert_eq!(points.len(), 100, "{compare}");
        let expected = if name.is_empty() {
            format!("video/{other}")
        } else {
            name.to_owned()
        };
        assert_eq!(compared["curves"][1]["name"], expected);
        let csv = run(&format!("{line} --compare {compare} --output csv")).ok();
        assert_eq!(csv.lines().len(), 101, "{compare}");
    }
    // A video compared with itself does not differ.
    let same = json(&run(&format!("{line} --compare 2021-12 --output json")).ok());
    for point in same["points"].as_array().unwrap() {
        assert_eq!(point["difference"], 0.0);
        assert_eq!(point["isDistinct"], false);
    }
}

#[test]
fn concurrency_names_its_rule() {
    let line = format!("concurrency live-stream {LIVE_STREAM} --period last-month {WORLD}");
    let mut peaks = Vec::new();
    for rule in ["playing", "minutes", "presence"] {
        let answer = json(&run(&format!("{line} --rule {rule} --output json")).ok());
        assert_eq!(answer["rule"], rule);
        assert_eq!(answer["peak"]["rule"], rule);
        let peak = answer["peak"]["peak"].as_u64().unwrap();
        let rows = common::json_lines(&run(&format!("{line} --rule {rule}")).ok().stdout);
        let most = rows
            .iter()
            .map(|row| row["viewers"].as_u64().unwrap())
            .max();
        assert_eq!(most, Some(peak), "{rule}");
        assert!(rows.iter().all(|row| row["rule"] == rule));
        peaks.push(peak);
    }
    assert!(peaks[0] > 1 && peaks[0] <= peaks[1], "{peaks:?}");
}

#[test]
fn rows_of_an_empty_period_have_a_note() {
    for (question, note) in [
        (
            format!("retention video {VIDEO}"),
            "no play in this period\n",
        ),
        (
            format!("concurrency live-stream {LIVE_STREAM}"),
            "no viewer in this period\n",
        ),
    ] {
        let outcome = run(&format!("{question} --period 1990 {WORLD}")).ok();
        assert_eq!(
            (outcome.stdout.as_str(), outcome.stderr.as_str()),
            ("", note)
        );
    }
}

#[test]
fn a_session_is_explained() {
    let line = format!("explain {SESSION} {WORLD}");
    let answer = json(&run(&format!("{line} --output json")).ok());
    assert_eq!(answer["session"], SESSION);
    assert_eq!(answer["ended_at"], Value::Null);
    let intervals = answer["intervals"].as_array().unwrap();
    let sum: f64 = intervals
        .iter()
        .map(|interval| {
            interval["to_seconds"].as_f64().unwrap() - interval["from_seconds"].as_f64().unwrap()
        })
        .sum();
    assert!((sum - answer["watch_seconds"].as_f64().unwrap()).abs() < 1e-6);
    let rows = common::json_lines(&run(&line).ok().stdout);
    assert_eq!(rows.len(), answer["steps"].as_array().unwrap().len());
    assert_eq!(rows[0]["event"], "ready");
    let known = json(&run(&format!("{line} --length 100 --output json")).ok());
    assert!(known["watch_seconds"].as_f64() < answer["watch_seconds"].as_f64());
    run(&format!("explain psMissing {WORLD}")).fails(1);
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    let live = format!("live-stream {LIVE_STREAM} --period 2022-01 --simulate");
    let video = format!("video {VIDEO} --period 2022-01 --simulate");
    refused(&format!("retention {live}"), "a live stream has no length");
    refused(
        &format!("audience {live} --length 60"),
        "a live stream has no length",
    );
    refused(
        &format!("retention {video} --compare live-stream:{LIVE_STREAM}"),
        "a live stream has no length",
    );
    refused(
        &format!("retention video {VIDEO} viOther --period 2022-01 --simulate"),
        "their lengths differ",
    );
    refused(
        &format!("audience video {VIDEO} viOther --length 60 --period 2022-01 --simulate"),
        "the length of one video",
    );
    refused(
        &format!("retention {video} --length 60 --compare video:viOther"),
        "the length of one video",
    );
    refused(&format!("retention {video} --compare nonsense"), "video:ID");
    refused(
        &format!("audience {video} --by nonsense"),
        "must be metadata.KEY, asset, country",
    );
    refused(
        &format!("audience {video} --only nonsense=1"),
        "must be metadata.KEY, asset, country",
    );
    refused(
        &format!("audience {video} --exclude country"),
        "must be DIMENSION=VALUE",
    );
    refused(
        &format!("audience {video} --tz Atlantis"),
        "use an IANA name",
    );
    refused(&format!("audience {video} --length 0"), "greater than 0");
    refused(&format!("audience {video} --top 3"), "--by");
    refused(
        &format!("audience video {VIDEO} --simulate"),
        "--period <PERIOD>",
    );
    refused(&format!("concurrency {video} --rule nonsense"), "playing");
    refused(&format!("audience {video} --from lake"), "--from");
    refused(
        &format!("audience video {VIDEO} --from lake --base-url http://localhost:1"),
        "--base-url cannot be used with --from",
    );
    refused(
        &format!("audience video {VIDEO} --from nothing"),
        "is not a lake",
    );
    refused("explain psOne --from nothing", "is not a lake");
}

#[test]
fn a_length_is_needed_for_a_curve() {
    // In the first seconds of the period, no event has a position.
    let line = format!("retention video {VIDEO} --simulate --sessions 40 --period");
    let outcome = run(&format!("{line} 2020")).ok();
    assert_eq!(outcome.stdout, "");
    let object = run(&format!("{line} 2020 --output json")).ok();
    assert_eq!(object.stdout, "null\n");
    let compared = run(&format!("{line} 2020 --compare 2021")).fails(1);
    assert!(
        compared.stderr.contains("nothing to compare"),
        "{}",
        compared.stderr
    );
}

#[test]
fn a_file_is_not_overwritten() {
    let workspace = Workspace::new();
    let line = format!("audience video {VIDEO} --period 2021-12 --by country --simulate");
    let outcome = workspace.run(&format!("{line} --out countries.csv")).ok();
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains("rows written to countries.csv"),
        "{}",
        outcome.stderr
    );
    let written = std::fs::read_to_string(workspace.path().join("countries.csv")).unwrap();
    assert!(written.starts_with("dimension,value,"), "{written}");
    workspace
        .run(&format!("{line} --out countries.csv"))
        .fails(2);
    workspace
        .run(&format!("{line} --top 1 --out countries.csv --force"))
        .ok();
    let again = std::fs::read_to_string(workspace.path().join("countries.csv")).unwrap();
    assert!(again.lines().count() < written.lines().count());
    workspace.run(&format!("{line} --out report.json")).ok();
    let report = std::fs::read_to_string(workspace.path().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert!(report["breakdowns"][0]["rows"].is_array());
    workspace
        .run(&format!("{line} --out page.txt --output table"))
        .fails(2);
}

#[test]
fn unreadable_sessions_are_reported_with_code_6() {
    let line = format!("audience video {VIDEO} --period 2022-01-01 --retries 0 --output json");
    let simulator = Simulator::start(&["--videos", "1", "--sessions", "60", "--days", "3"]);
    let whole = json(&run_against(&simulator, &line).ok());
    let sessions = run_against(
        &simulator,
        &format!("sessions video {VIDEO} --period 2022-01-01 --limit 1 --fields session.sessionId"),
    );
    let session = json(&sessions.ok())["session"]["sessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    let rule = format!(
        r#"{{"rules": [{{"path": "/analytics/sessions/{session}/events", "status": 400}}]}}"#
    );
    let (_folder, script) = common::file("faults.json", &rule);
    let script = script.to_str().unwrap();
    let simulator = Simulator::start(&[
        "--videos",
        "1",
        "--sessions",
        "60",
        "--days",
        "3",
        "--faults",
        script,
    ]);
    let outcome = run_against(&simulator, &line).fails(6);
    let message = "the answer is complete except for 1 session whose events could not be read";
    assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    let report = json(&outcome);
    assert_eq!(report["quality"]["sessions"], whole["quality"]["sessions"]);
    assert_eq!(report["quality"]["sessions_unreadable"], 1);
}

#[test]
fn failures_of_the_service_have_their_codes() {
    run(&format!(
        "audience video {VIDEO} viMissing --period 2022 --simulate"
    ))
    .fails(1);
    for (status, code) in [(401, 4), (500, 5), (400, 1)] {
        let path = format!("/analytics/videos/{VIDEO}");
        let rule = format!(r#"{{"rules": [{{"path": "{path}", "status": {status}}}]}}"#);
        let (_folder, script) = common::file("faults.json", &rule);
        let line = format!(
            "audience video {VIDEO} --period 2022 --simulate --retries 0 --faults {}",
            script.display()
        );
        let outcome = run(&line).fails(code);
        assert_eq!(outcome.stdout, "", "{status}");
    }
    let outcome = run(&format!("audience video {VIDEO} --period 2022")).fails(2);
    assert!(
        outcome.stderr.contains("no API key is set"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_question() {
    let (_folder, script) = common::file(
        "faults.json",
        r#"{"rules": [{"every": 1, "latency_ms": 20000}]}"#,
    );
    let line = format!(
        "audience video {VIDEO} --period 2022 --simulate --debug --faults {}",
        script.display()
    );
    let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
        .spawn()
        .unwrap();
    let (_, rest) = common::read_until(child.stderr.take().unwrap(), "POST");
    common::interrupt(&child);
    assert_eq!(common::wait(&mut child), Some(130));
    rest.join().unwrap();
}

#[test]
fn fields_are_listed_without_a_key() {
    for line in [
        format!("audience video {VIDEO} --period 2022"),
        format!("retention video {VIDEO} --period 2022"),
        format!("retention video {VIDEO} --period 2022 --compare 2021"),
        format!("concurrency video {VIDEO} --period 2022"),
        format!("explain {SESSION}"),
    ] {
        let listed = run(&format!("{line} --fields list")).ok();
        let csv = run(&format!("{line} --simulate --output csv")).ok();
        assert_eq!(csv.lines()[0], listed.lines().join(","), "{line}");
        let unknown = run(&format!("{line} --fields nonsense --simulate")).fails(2);
        assert_eq!(unknown.stdout, "");
    }
}

#[test]
fn quiet_prints_nothing_but_the_answer() {
    let outcome = finish(command(
        &format!("concurrency live-stream {LIVE_STREAM} --period 2022-01 --simulate -q")
            .split_whitespace()
            .collect::<Vec<_>>(),
    ))
    .ok();
    assert_eq!(outcome.stderr, "");
}
