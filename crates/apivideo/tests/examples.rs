//! The examples run against a simulator, each by one command and without an account.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::process::Command;

use apivideo_simulator::{FaultScript, Rule, Simulator};

const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";

/// Runs an example, and returns what it printed.
fn example(name: &str, arguments: &[&str]) -> String {
    let mut command = command(name, arguments);
    command.env_remove("APIVIDEO_API_KEY");
    printed(name, &mut command)
}

fn command(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "apivideo",
            "--features",
            "insights",
            "--example",
            name,
            "--",
        ])
        .args(arguments);
    command
}

fn printed(name: &str, command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn sessions_to_csv_writes_a_header_and_a_line_per_session() {
    let printed = example("sessions_to_csv", &[]);
    let mut lines = printed.lines();
    assert_eq!(
        lines.next(),
        Some("session,loaded,ended,country,city,device")
    );
    let ids: Vec<_> = lines.map(|line| line.split(',').next().unwrap()).collect();
    assert!(
        !ids.is_empty() && ids.iter().all(|id| id.starts_with("ps")),
        "{printed}"
    );
}

#[test]
fn resumable_export_truncates_to_its_checkpoint_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("sessions.ndjson");
    example("resumable_export", &[path]);
    let complete = std::fs::read(&file).unwrap();
    assert!(complete.ends_with(b"}\n"));

    // A crash after data was written and before the next checkpoint.
    let mut longer = complete.clone();
    longer.extend_from_slice(b"{\"session\":");
    std::fs::write(&file, longer).unwrap();
    example("resumable_export", &[path]);
    assert_eq!(std::fs::read(&file).unwrap(), complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn resumable_export_skips_a_session_whose_events_do_not_exist() {
    let events = Rule::new().path("/analytics/sessions/*/events");
    let faults = FaultScript::new().rule(events.from(3).times(1).status(404));
    let builder = Simulator::builder()
        .videos(1)
        .live_streams(0)
        .days(1)
        .sessions(20);
    let simulator = builder.faults(faults).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut command = command("resumable_export", &[path, VIDEO, "2022-01-01"]);
    command
        .env("APIVIDEO_API_KEY", "key")
        .env("APIVIDEO_BASE_URL", simulator.base_url());
    printed("resumable_export", &mut command);
    let text = std::fs::read_to_string(folder.path().join("sessions.ndjson")).unwrap();
    assert_eq!(text.lines().count(), 19);
    assert!(folder.path().join("checkpoint.json").exists());
}

#[test]
fn top_countries_are_sorted_by_their_counts() {
    let printed = example("top_countries", &[]);
    let counts: Vec<u64> = printed
        .lines()
        .map(|line| line.split_whitespace().next().unwrap().parse().unwrap())
        .collect();
    assert!(
        !counts.is_empty() && counts.is_sorted_by(|one, other| one >= other),
        "{printed}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn audience_prints_measures_that_are_near_the_truth() {
    let builder = Simulator::builder().videos(1).live_streams(0).days(3);
    let simulator = builder.sessions(300).start().await.unwrap();
    let mut command = command("audience", &[VIDEO, "2021-12-31/2022-01-02"]);
    command
        .env("APIVIDEO_API_KEY", "key")
        .env("APIVIDEO_BASE_URL", simulator.base_url());
    let printed = printed("audience", &mut command);

    let watch_time = printed.lines().next().unwrap();
    let numbers: Vec<f64> = watch_time
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [value, lower, upper] = numbers[..] else {
        panic!("{watch_time}")
    };
    assert!(lower <= value && value <= upper, "{watch_time}");
    let truth = simulator
        .world()
        .playback_totals([VIDEO], "2021-12-31/2022-01-02")
        .unwrap();
    let watched = truth.watched.as_secs_f64();
    assert!(
        (value / watched - 1.0).abs() < 0.05,
        "{watch_time}, watched: {watched} s"
    );
    for line in [
        "unique viewers: ",
        "peak: ",
        "retention at 0 s: ",
        "retention at 60 s: ",
    ] {
        assert!(printed.contains(line), "{line}: {printed}");
    }
}

#[test]
fn live_viewers_prints_a_number_each_time() {
    let printed = example("live_viewers", &["vi4k0jvEUuaTdRAEjQ4Jfrgz", "2", "1"]);
    assert_eq!(printed.lines().count(), 2, "{printed}");
}

#[test]
fn fallback_to_aggregates_counts_sessions() {
    assert!(example("fallback_to_aggregates", &[]).ends_with(" sessions in 2022-01\n"));
}

#[test]
fn http_client_counts_its_requests() {
    let printed = example("http_client", &[]);
    assert!(
        printed.contains(" videos by ") && printed.ends_with(" 0 failed\n"),
        "{printed}"
    );
}

#[test]
fn the_functions_of_the_test_examples_run() {
    assert!(example("test_with_simulator", &[]).contains(" % of the sessions have a city"));
    example("test_with_mocks", &[])
        .trim()
        .parse::<u64>()
        .unwrap();
}
