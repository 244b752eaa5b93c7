//! Events as rows: `--with-events=rows`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::workspace::Workspace;
use common::{VIDEO, file, finish, golden, json_lines, run};
use serde_json::{Value, json};

fn line(layout: &str) -> String {
    format!(
        "sessions video {VIDEO} --period 2022-01 --with-events={layout} --simulate --sessions 600"
    )
}

/// Returns the rows that the nested sessions describe.
fn expected_rows(sessions: Vec<Value>) -> Vec<Value> {
    let mut rows = Vec::new();
    for mut session in sessions {
        let events = session.as_object_mut().unwrap().remove("events").unwrap();
        let events = events.as_array().unwrap();
        if events.is_empty() {
            let mut row = session.clone();
            row["event"] = Value::Null;
            rows.push(row);
        }
        for (index, event) in events.iter().enumerate() {
            let mut row = session.clone();
            row["event"] = event.clone();
            row["event"]["index"] = json!(index);
            rows.push(row);
        }
    }
    rows
}

#[test]
fn rows_contain_every_event_and_every_session_without_events() {
    let nested = json_lines(&run(&line("nested")).ok().stdout);
    assert_eq!(
        nested,
        json_lines(&run(&line("nested").replace("=nested", "")).ok().stdout)
    );
    let is_empty = |session: &&Value| session["events"] == json!([]);
    assert!(nested.iter().any(|session| is_empty(&session)));
    let sessions = nested.len();
    let expected = expected_rows(nested);
    let rows = run(&format!("{} --output ndjson", line("rows"))).ok();
    assert_eq!(json_lines(&rows.stdout), expected);
    // Fields keep the order of the service, and the event is last.
    let first = rows.lines()[0];
    assert!(first.starts_with(r#"{"videoId":"#), "{first}");
    assert!(
        first.find(r#""client":"#) < first.find(r#""event":"#),
        "{first}"
    );
    assert!(
        rows.stderr
            .contains(&format!("summary: {sessions} of {sessions} sessions")),
        "{}",
        rows.stderr
    );
    let array = run(&format!("{} --output json", line("rows"))).ok();
    let array: Vec<Value> = serde_json::from_str(&array.stdout).unwrap();
    assert_eq!(array, expected);
    let csv = run(&format!("{} --output csv", line("rows"))).ok();
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), expected.len());
    for (record, row) in records.iter().zip(&expected) {
        assert_eq!(
            record[column("session.sessionId")],
            text(&row["session"]["sessionId"])
        );
        for field in ["type", "emittedAt", "at", "from", "to", "index"] {
            assert_eq!(
                record[column(&format!("event.{field}"))],
                text(&row["event"][field]),
                "{field}"
            );
        }
    }
}

#[test]
fn a_table_has_a_row_per_event() {
    let workspace = Workspace::new();
    let mut command = workspace.command(
        &format!("{} --output table --limit 3", line("rows")).replace("2022-01", "2022-01-02"),
    );
    command.env("COLUMNS", "120");
    golden("event_rows.table", &finish(command).ok().stdout);
}

#[test]
fn fields_and_the_newest_sessions_can_be_selected() {
    let outcome = run(&format!(
        "{} --fields date,session.metadata.userId,event.type,event.at --last 2",
        line("rows")
    ))
    .ok();
    let nested = json_lines(&run(&format!("{} --last 2", line("nested"))).ok().stdout);
    let rows = json_lines(&outcome.stdout);
    let expected = expected_rows(nested);
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(&expected) {
        assert_eq!(row["event"]["type"], expected["event"]["type"]);
        assert_eq!(row["date"].as_str().map(str::len), Some("2022-01-01".len()));
    }
}

#[test]
fn an_interrupted_file_of_rows_equals_an_uninterrupted_one() {
    for format in ["ndjson", "json", "csv"] {
        let workspace = Workspace::new();
        let command = format!("{} --output {format} --page-size 10", line("rows"));
        let whole = workspace.run(&format!("{command} --out whole")).ok();
        assert_eq!(whole.stdout, "");
        let (_folder, script) = file(
            "faults.json",
            r#"{"rules": [{"path": "/analytics/videos/*", "page": 2, "status": 500}]}"#,
        );
        let faulty = format!(
            "{command} --out parts --retries 0 --faults {}",
            script.display()
        );
        workspace.run(&faulty).fails(3);
        // The layout of the events is part of the checkpoint.
        let nested = format!("{command} --out parts").replace("=rows", "");
        let outcome = workspace.run(&nested).fails(2);
        assert!(
            outcome
                .stderr
                .contains("was written with another --with-events"),
            "{}",
            outcome.stderr
        );
        workspace.run(&format!("{command} --out parts")).ok();
        let files = |name: &str| std::fs::read(workspace.path().join(name)).unwrap();
        assert!(files("whole") == files("parts"), "{format}");
    }
}

#[test]
fn rejects_an_unknown_layout() {
    let outcome = run(&line("columns")).fails(2);
    assert!(
        outcome.stderr.contains("[possible values: nested, rows]"),
        "{}",
        outcome.stderr
    );
}
