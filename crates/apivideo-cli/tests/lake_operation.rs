//! Operating a lake: logs, summaries, metrics, waits, retries and `lake status`, with the real binary against the simulator.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};

use common::workspace::Workspace;
use common::{golden, is_time, json_lines, without_times};
use serde_json::Value;

const WORLD: &str = "--simulate --videos 3 --live-streams 2 --sessions 60";
const PULL: &str =
    "pull --out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson";

/// A failure of the events of the 20th session, once.
const FAILS_ONCE: &str =
    r#"{"rules": [{"path": "/analytics/sessions/*/events", "nth": 20, "status": 503}]}"#;

fn pull(options: &str) -> String {
    format!("{PULL} {WORLD} {options}")
}

/// Locks the lake as another process does.
fn lock(workspace: &Workspace) -> File {
    let path = workspace.path().join("lake/_lock");
    let file = File::options().write(true).open(path).unwrap();
    file.lock().unwrap();
    file
}

/// Returns stderr with the times of its lines.
fn timed_stderr(workspace: &Workspace, line: &str) -> String {
    let output = workspace.command(line).output().unwrap();
    String::from_utf8(output.stderr).unwrap()
}

/// Returns the values of a metrics file by their names, and checks its form.
fn metrics(workspace: &Workspace) -> BTreeMap<String, f64> {
    let text = fs::read_to_string(workspace.path().join("lake.prom")).unwrap();
    assert!(text.ends_with("\n# EOF\n"), "{text}");
    let mut values = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_once("{lake=\"lake\"} ").unwrap();
        for (what, end) in [("HELP", " "), ("TYPE", " gauge\n")] {
            assert!(text.contains(&format!("# {what} {name}{end}")), "{text}");
        }
        values.insert(name.to_owned(), rest.parse().unwrap());
    }
    values
}

#[test]
fn lines_of_lake_commands_have_a_time_without_a_terminal() {
    let workspace = Workspace::new();
    let stderr = timed_stderr(&workspace, &pull("--max-requests 20"));
    let lines: Vec<&str> = stderr.lines().collect();
    assert!(lines.len() >= 4, "{stderr}");
    for line in &lines {
        assert!(is_time(line.split(' ').next().unwrap()), "{line}");
    }
    assert!(without_times(&stderr).contains(
        "stopped after 20 requests\nto resume, run the same command again:\n  apivideo pull"
    ));
    let other = timed_stderr(&workspace, "videos --simulate");
    assert_eq!(other, "summary: 20 of 20 videos, 1 page\n");
}

#[test]
fn json_lines_are_complete_objects() {
    let failing = Workspace::new();
    failing.write("faults.json", FAILS_ONCE);
    let invalid = Workspace::new();
    invalid.write(
        "invalid.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "page": 1, "remove": ["/data/0/session/sessionId"]}]}"#,
    );
    for (workspace, line, code, kinds) in [
        (
            &failing,
            pull("--retries 0 --faults faults.json --debug"),
            5,
            &["debug", "error", "resume"][..],
        ),
        (
            &failing,
            pull("--retries 0 --faults faults.json --retry-for 500ms"),
            0,
            &["warning", "note"],
        ),
        (
            &invalid,
            pull("--faults invalid.json"),
            6,
            &["note", "skipped", "error", "hint"],
        ),
        (&invalid, "verify lake".to_owned(), 1, &["problem", "error"]),
        (&invalid, "lake status missing".to_owned(), 2, &["error"]),
        (&invalid, "pull --period 2022".to_owned(), 2, &["error"]),
        (&invalid, "videos --simulate".to_owned(), 0, &["note"]),
    ] {
        let outcome = workspace
            .run(&format!("{line} --log-format json"))
            .fails(code);
        let logged = json_lines(&outcome.stderr);
        for line in &logged {
            assert!(is_time(line["time"].as_str().unwrap()), "{line}");
            let message = line["message"].as_str().unwrap();
            let has_kind = message.starts_with(line["kind"].as_str().unwrap());
            assert!(!message.is_empty() && !has_kind, "{line}");
            let level = match line["kind"].as_str().unwrap() {
                "error" | "problem" => "error",
                "warning" | "skipped" => "warning",
                "debug" => "debug",
                _ => "info",
            };
            assert_eq!(line["level"], level, "{line}");
        }
        for kind in kinds {
            let is_logged = logged.iter().any(|line| line["kind"] == *kind);
            assert!(is_logged, "{line}: {kind}: {}", outcome.stderr);
        }
    }
    let outcome = failing.run(&pull("--max-requests 1 --log-format json --reread"));
    let logged = json_lines(&outcome.fails(3).stderr);
    let resume = logged.iter().find(|line| line["kind"] == "resume").unwrap();
    let command = resume["command"].as_str().unwrap();
    assert!(command.starts_with("apivideo pull --out lake"), "{command}");
}

#[test]
fn every_outcome_has_a_summary_on_stdout() {
    for (faults, options, code, reason) in [
        ("", "", 0, "complete"),
        ("", "--max-requests 20", 3, "stopped"),
        (r#"{"path": "/videos", "status": 503}"#, "", 5, "service"),
        (r#"{"path": "/videos", "status": 401}"#, "", 4, "service"),
        (
            r#"{"path": "/analytics/sessions/*/events", "nth": 20, "status": 500}"#,
            "",
            5,
            "service",
        ),
        (
            r#"{"path": "/analytics/sessions/*/events", "nth": 20, "status": 404}"#,
            "",
            6,
            "incomplete",
        ),
        (
            r#"{"path": "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg", "replace": {"/pagination/itemsTotal": 999}}"#,
            "",
            1,
            "incomplete",
        ),
    ] {
        let workspace = Workspace::new();
        workspace.write("faults.json", &format!(r#"{{"rules": [{faults}]}}"#));
        let line = pull(&format!(
            "--retries 0 --faults faults.json --quiet {options}"
        ));
        let outcome = workspace.run(&line).fails(code);
        let rows = json_lines(&outcome.stdout);
        assert_eq!(rows.len(), 1, "{faults}");
        let summary = &rows[0];
        assert_eq!(summary["exitReason"], reason, "{faults}");
        assert_eq!(summary["exitCode"], code, "{faults}");
        assert!(summary["requests"].as_u64().unwrap() > 0, "{summary}");
        let time = |name: &str| {
            summary[name]
                .as_str()
                .unwrap()
                .parse::<apivideo::Timestamp>()
        };
        let elapsed = time("ended")
            .unwrap()
            .duration_since(time("started").unwrap());
        assert_eq!(
            summary["durationSeconds"],
            elapsed.as_secs_f64(),
            "{summary}"
        );
        if code == 0 {
            assert_eq!(summary["completeUntil"], "2022-01-16");
            // Sessions are rows of the tables sessions and playbacks at least.
            assert!(summary["rowsWritten"].as_u64().unwrap() > 120, "{summary}");
            assert!(
                summary["bytesWritten"].as_u64().unwrap() > 10_000,
                "{summary}"
            );
        }
    }
}

#[test]
fn an_interrupted_or_locked_pull_has_a_summary() {
    let workspace = Workspace::new();
    workspace.run(&pull("--quiet --max-requests 5")).fails(3);
    let held = lock(&workspace);
    let outcome = workspace.run(&pull("")).fails(7);
    let summary = &json_lines(&outcome.stdout)[0];
    assert_eq!(summary["exitReason"], "locked");
    assert_eq!(
        (&summary["attempts"], &summary["requests"]),
        (&0.into(), &0.into())
    );
    assert!(
        outcome.stderr.contains("error: lake is in use by "),
        "{}",
        outcome.stderr
    );
    workspace.run("verify lake").fails(7);
    workspace.run("lake rebuild lake").fails(7);
    workspace.run("lake status lake").ok();
    drop(held);
    #[cfg(unix)]
    {
        workspace.write(
            "slow.json",
            r#"{"rules": [{"path": "/analytics/sessions/*/events", "latency_ms": 60000}]}"#,
        );
        let mut child = workspace
            .command(&pull("--faults slow.json --debug"))
            .spawn()
            .unwrap();
        let stdout = common::gather(child.stdout.take().unwrap());
        common::read_until(child.stderr.take().unwrap(), "/events");
        common::interrupt(&child);
        assert_eq!(common::wait(&mut child), Some(130));
        let summary = &json_lines(&stdout.join().unwrap())[0];
        assert_eq!(summary["exitReason"], "interrupted");
        assert_eq!(summary["exitCode"], 130);
        let status = json_lines(&workspace.run("lake status lake").ok().stdout);
        assert_eq!(status[0]["runs"][1]["outcome"], "interrupted");
        workspace.run(&pull("--quiet")).ok();
        let status = json_lines(&workspace.run("lake status lake").ok().stdout);
        let outcomes = status[0]["runs"].as_array().unwrap().iter();
        let outcomes: Vec<&Value> = outcomes.map(|run| &run["outcome"]).collect();
        assert_eq!(outcomes, ["stopped", "interrupted", "complete"]);
    }
}

#[test]
fn a_closed_output_does_not_hide_a_failure() {
    let workspace = Workspace::new();
    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "status": 503}]}"#,
    );
    for (options, code) in [("--retries 0 --faults faults.json", 5), ("", 0)] {
        let line = pull(&format!("{options} --quiet --metrics-file lake.prom"));
        let mut child = workspace.command(&line).spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(common::wait(&mut child), Some(code));
        assert_eq!(
            metrics(&workspace)["apivideo_pull_exit_code"],
            f64::from(code)
        );
    }
}

#[test]
fn waits_for_the_lock() {
    let workspace = Workspace::new();
    workspace.run(&pull("--quiet --max-requests 5")).fails(3);
    let held = lock(&workspace);
    let outcome = workspace.run(&pull("--wait 300ms")).fails(7);
    let warnings = outcome.stderr.matches("; waiting for the lock\n").count();
    assert_eq!(warnings, 1, "{}", outcome.stderr);

    let mut child = workspace.command(&pull("--wait 2m")).spawn().unwrap();
    let stdout = common::gather(child.stdout.take().unwrap());
    let (_, stderr) = common::read_until(child.stderr.take().unwrap(), "waiting for the lock");
    drop(held);
    assert_eq!(
        common::wait(&mut child),
        Some(0),
        "{}",
        stderr.join().unwrap()
    );
    let summary = &json_lines(&stdout.join().unwrap())[0];
    assert_eq!(
        (&summary["exitReason"], &summary["attempts"]),
        (&"complete".into(), &1.into())
    );
}

#[test]
fn failed_requests_are_retried_for_a_while() {
    let undisturbed = Workspace::new();
    undisturbed.run(&pull("--quiet")).ok();
    let workspace = Workspace::new();
    workspace.write("faults.json", FAILS_ONCE);
    let options = "--retries 0 --faults faults.json --retry-for 500ms";
    let outcome = workspace.run(&pull(options)).ok();
    let message = "warning: a request to the service failed: ";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("; resuming the pull in 1 s\n"),
        "{}",
        outcome.stderr
    );
    let summary = &json_lines(&outcome.stdout)[0];
    assert_eq!(summary["attempts"], 2);
    assert_eq!(summary["sessionsWithEvents"], 60);
    let contents = |workspace: &Workspace| -> Vec<Vec<u8>> {
        let files = workspace.files("lake").into_iter();
        files.map(|(_, bytes)| bytes).collect()
    };
    assert!(contents(&workspace) == contents(&undisturbed));

    // Errors that do not end are reported after the time, and others at once.
    for (status, attempts, code) in [(503, 2, 5), (403, 1, 4)] {
        let workspace = Workspace::new();
        let rule = format!(r#"{{"rules": [{{"path": "/videos", "status": {status}}}]}}"#);
        workspace.write("faults.json", &rule);
        let outcome = workspace.run(&pull(options)).fails(code);
        let summary = &json_lines(&outcome.stdout)[0];
        assert_eq!(summary["attempts"], attempts, "{status}");
        assert_eq!(summary["requests"], attempts, "{status}");
    }
}

#[test]
fn the_budget_of_requests_is_that_of_all_attempts() {
    let workspace = Workspace::new();
    workspace.write("faults.json", FAILS_ONCE);
    let options = "--retries 0 --faults faults.json --retry-for 500ms --max-requests 40";
    let outcome = workspace.run(&pull(options)).fails(3);
    let summary = &json_lines(&outcome.stdout)[0];
    assert_eq!(
        (&summary["attempts"], &summary["requests"]),
        (&2.into(), &40.into())
    );
}

#[test]
fn the_metrics_file_has_the_last_run() {
    let workspace = Workspace::new();
    let line = "--quiet --metrics-file lake.prom";
    let outcome = workspace.run(&pull(line)).ok();
    let summary = &json_lines(&outcome.stdout)[0];
    let first = metrics(&workspace);
    for (metric, field) in [
        ("requests", "requests"),
        ("rows_written", "rowsWritten"),
        ("written_bytes", "bytesWritten"),
        ("duration_seconds", "durationSeconds"),
        ("exit_code", "exitCode"),
    ] {
        let name = format!("apivideo_pull_{metric}");
        assert_eq!(Some(first[&name]), summary[field].as_f64(), "{metric}");
    }
    assert_eq!(first["apivideo_pull_success"], 1.0);
    let time = |at: &str| at.parse::<apivideo::Timestamp>().unwrap();
    let seconds = |at: &str| time(at).as_duration().as_secs_f64();
    let ended = seconds(summary["ended"].as_str().unwrap());
    let last_success = "apivideo_pull_last_success_timestamp_seconds";
    assert_eq!(first[last_success], ended);
    let until = "apivideo_pull_complete_until_timestamp_seconds";
    assert_eq!(first[until], seconds("2022-01-17T00:00:00Z"));

    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "status": 503}]}"#,
    );
    workspace
        .run(&pull(&format!("{line} --retries 0 --faults faults.json")))
        .fails(5);
    let failed = metrics(&workspace);
    assert_eq!(failed["apivideo_pull_success"], 0.0);
    assert_eq!(failed["apivideo_pull_exit_code"], 5.0);
    assert_eq!((failed[last_success], failed[until]), (ended, first[until]));
    // An invalid option: nothing is known of the lake.
    workspace
        .run(&pull("--quiet --metrics-file lake.prom --format csv"))
        .fails(2);
    assert_eq!(metrics(&workspace)[until], first[until]);
    #[cfg(unix)]
    {
        // A link stays one, and a folder is not replaced.
        let link = workspace.path().join("link.prom");
        std::os::unix::fs::symlink("lake.prom", &link).unwrap();
        workspace
            .run(&pull("--quiet --metrics-file link.prom"))
            .ok();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        fs::remove_file(&link).unwrap();
        workspace.run(&pull("--quiet --metrics-file lake")).fails(2);
    }
    // Of the configuration.
    workspace
        .run(&pull(&format!("{line} --drop city")))
        .fails(2);
    assert_eq!(metrics(&workspace)["apivideo_pull_exit_code"], 2.0);
    assert_eq!(fs::read_dir(workspace.path()).unwrap().count(), 3);

    let outcome = workspace
        .run(&pull("--metrics-file missing/lake.prom"))
        .fails(2);
    let message = "error: cannot write the metrics to missing/lake.prom\n";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = fs::metadata(workspace.path().join("lake.prom")).unwrap();
        assert_eq!(file.permissions().mode() & 0o044, 0o044);
    }
}

#[test]
fn status_shows_contents_settings_and_runs() {
    let workspace = Workspace::new();
    workspace.write("salt", "sixteen bytes at the least\n");
    let options = "--quiet --sample 50% --skip-unplayed --drop city,referrer.url --hash metadata.hats --salt-file salt";
    workspace
        .run(&pull(&format!("{options} --max-requests 20")))
        .fails(3);
    let unfinished = json_lines(&workspace.run("lake status lake").ok().stdout);
    assert_eq!(
        unfinished[0]["unfinished"],
        serde_json::json!(["2021-12-18/2022-01-16"])
    );
    assert_eq!(unfinished[0]["completeUntil"], Value::Null);
    workspace.run(&pull(options)).ok();
    let before = workspace.files("lake");
    let outcome = workspace.run("lake status lake").ok();
    assert!(!outcome.stdout.contains("sixteen") && !outcome.stdout.contains("alt"));
    let status = &json_lines(&outcome.stdout)[0];
    let runs = status["runs"].as_array().unwrap();
    assert_eq!(
        (&runs[0]["outcome"], &runs[1]["outcome"]),
        (&"stopped".into(), &"complete".into())
    );
    assert_eq!(status["unfinished"], serde_json::json!([]));
    let of_tables = |field: &str| -> u64 {
        let tables = status["tables"].as_array().unwrap().iter();
        tables.map(|table| table[field].as_u64().unwrap()).sum()
    };
    assert_eq!(status["rows"], of_tables("rows"));
    let verified = &json_lines(&workspace.run("verify lake").ok().stdout)[0];
    for field in ["bytes", "days", "completeUntil"] {
        assert_eq!(status[field], verified[field], "{field}");
    }
    assert_eq!(verified["files"], of_tables("files"));

    let page = workspace.run("lake status lake --output table").ok().stdout;
    let page = page.split("\nLast pulls\n").collect::<Vec<_>>();
    golden("lake/status.table", page[0]);
    let runs: Vec<&str> = page[1].lines().collect();
    assert!(runs[0].starts_with("started "), "{runs:?}");
    assert!(
        runs[1].contains("complete ") && runs[2].contains("stopped "),
        "{runs:?}"
    );
    let outcome =
        workspace.run("lake status lake --output csv --fields format,sample,skipUnplayed,invalid");
    assert_eq!(
        outcome.ok().stdout,
        "format,sample,skipUnplayed,invalid\r\nndjson,50%,true,0\r\n"
    );
    assert!(workspace.files("lake") == before);

    let outcome = workspace.run("lake status missing").fails(2);
    assert!(
        outcome.stderr.contains("missing is not a lake"),
        "{}",
        outcome.stderr
    );
    // A damaged record of runs does not matter.
    workspace.write("lake/_manifest/runs.json", "{");
    let status = json_lines(&workspace.run("lake status lake").ok().stdout);
    assert_eq!(status[0]["runs"], serde_json::json!([]));
    workspace.run("verify lake").ok();
}
