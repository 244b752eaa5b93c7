//! `apivideo watch`: the current viewers of a live stream.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{LIVE_STREAM, Simulator, command, command_for, file, golden, json_lines, run};

/// During a broadcast.
const NOW: &str = "--now 2022-01-05T16:00:00Z";

fn watch(options: &str) -> String {
    format!("watch live-stream {LIVE_STREAM} --simulate {NOW} {options}")
}

#[test]
fn prints_a_row_per_sample() {
    let outcome = run(&watch("--count 2 --interval 1")).ok();
    let samples = json_lines(&outcome.stdout);
    assert_eq!(samples.len(), 2);
    for sample in &samples {
        assert!(
            sample["at"]
                .as_str()
                .unwrap()
                .starts_with("2022-01-05T16:00:0"),
            "{sample}"
        );
        assert!(sample["viewers"].as_u64().unwrap() > 0, "{sample}");
    }
    assert!(
        outcome.stderr.contains("summary: 2 samples, peak "),
        "{}",
        outcome.stderr
    );
    let csv = run(&watch("--count 1 --output csv")).ok();
    assert_eq!(csv.lines()[0], "at,viewers");
    assert_eq!(csv.lines().len(), 2);
    let array = run(&watch("--count 1 --output json --fields viewers")).ok();
    let array: serde_json::Value = serde_json::from_str(&array.stdout).unwrap();
    assert_eq!(array[0]["viewers"], samples[0]["viewers"]);
    let table = run(&watch("--count 1 --output table")).ok();
    golden("watch.table", &table.stdout.replace(":01Z", ":00Z"));
}

#[test]
fn a_failed_request_is_reported_and_the_next_one_is_sent() {
    let rule = r#"{"path": "/data/metrics/ccv/live", "times": 1, "status": 503}"#;
    let (_folder, script) = file("faults.json", &format!(r#"{{"rules": [{rule}]}}"#));
    let options = format!(
        "--count 2 --interval 1 --retries 0 --faults {}",
        script.display()
    );
    let outcome = run(&watch(&options)).fails(6);
    assert_eq!(json_lines(&outcome.stdout).len(), 1);
    assert!(outcome.stderr.contains("error: "), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("1 sample, 1 failed request, peak"),
        "{}",
        outcome.stderr
    );
    let rule = rule.replace(r#""times": 1, "#, "");
    let (_folder, script) = file("faults.json", &format!(r#"{{"rules": [{rule}]}}"#));
    let options = format!(
        "--count 2 --interval 1 --retries 0 --faults {}",
        script.display()
    );
    assert_eq!(run(&watch(&options)).fails(5).stdout, "");
}

#[test]
fn an_error_that_would_repeat_ends_the_command() {
    for (status, code) in [(403, 4), (400, 1)] {
        let (_folder, script) = file(
            "faults.json",
            &format!(r#"{{"rules": [{{"path": "/data/metrics/ccv/live", "status": {status}}}]}}"#),
        );
        let outcome = run(&watch(&format!("--faults {}", script.display()))).fails(code);
        assert_eq!(outcome.stdout, "");
    }
    let missing = format!("watch live-stream liMissing --simulate {NOW}");
    let outcome = run(&missing).fails(1);
    assert!(outcome.stderr.contains("404"), "{}", outcome.stderr);
}

#[test]
fn rejects_what_cannot_be_watched() {
    for line in [
        "watch video viOne --simulate",
        "watch live-stream --simulate",
        "watch live-stream liOne --interval 0 --simulate",
        "watch live-stream liOne --count 0 --simulate",
        "watch live-stream liOne --fields nonsense --simulate",
    ] {
        assert_eq!(run(line).fails(2).stdout, "", "{line}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_the_regular_end() {
    let simulator = Simulator::start(&["--now", "2022-01-05T16:00:00Z"]);
    let line = format!("watch live-stream {LIVE_STREAM}");
    let mut child = command_for(&simulator, &line).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    let (first, rest) = common::read_until(stdout, "viewers");
    common::interrupt(&child);
    assert_eq!(common::wait(&mut child), Some(0));
    assert_eq!(
        json_lines(&format!("{first}{}", rest.join().unwrap())).len(),
        1
    );
    // Without a number, the command was interrupted.
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/data/metrics/ccv/live", "latency_ms": 60000}]}"#,
    );
    let line = watch(&format!("--debug --faults {}", script.display()));
    let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
        .spawn()
        .unwrap();
    common::read_until(child.stderr.take().unwrap(), "/data/metrics/ccv/live");
    common::interrupt(&child);
    assert_eq!(common::wait(&mut child), Some(130));
}
