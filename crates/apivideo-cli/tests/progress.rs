//! Progress on stderr.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::workspace::Workspace;
use common::{Simulator, file, json_lines, run, run_against};

/// Delays every page, so that progress is shown.
const SLOW: &str = r#"{"rules": [{"path": "/videos", "latency_ms": 600}]}"#;

#[test]
fn prints_lines_without_a_terminal() {
    let (_folder, script) = file("faults.json", SLOW);
    let line = format!(
        "videos --simulate --videos 20 --page-size 2 --faults {}",
        script.display()
    );
    // Ten pages take 6 s, longer than the interval of 5 s between lines.
    let outcome = run(&line).ok();
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let (last, before) = lines.split_last().unwrap();
    assert_eq!(*last, "summary: 20 of 20 videos, 10 pages");
    assert!(
        before
            .iter()
            .all(|message| message.starts_with("progress: "))
    );
    assert!(
        lines
            .iter()
            .any(|message| message.contains(" of 20 videos, ")),
        "{lines:?}"
    );
    assert_eq!(outcome.lines().len(), 20);
    assert_eq!(run(&format!("{line} --quiet")).ok().stderr, "");
}

#[test]
fn a_resumed_pull_reports_the_complete_days_at_once() {
    let workspace = Workspace::new();
    workspace.write("faults.json", SLOW);
    let line = "pull --out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson --simulate \
                --videos 3 --live-streams 2 --sessions 300";
    workspace
        .run(&format!("{line} --max-requests 160"))
        .fails(3);
    let days = std::fs::read_dir(workspace.path().join("lake/_manifest/days"));
    let days = days.unwrap().count();
    assert!(days > 5, "{days}");
    // The first response takes 600 ms.
    let outcome = workspace.run(&format!("{line} --faults faults.json")).ok();
    let message = common::without_times(&outcome.stderr);
    let expected =
        format!("progress: 0 sessions, listing assets, {days} days complete already, 0 requests\n");
    assert!(message.starts_with(&expected), "{message}");
}

#[test]
fn a_short_list_prints_only_a_summary() {
    let summary = "summary: 20 of 20 videos, 1 page";
    assert_eq!(run("videos --simulate").ok().stderr, format!("{summary}\n"));
    let remark = run("videos --simulate --output table").ok().stderr;
    assert!(remark.starts_with(summary), "{remark}");
    assert_eq!(run("videos --simulate --quiet").ok().stderr, "");
    assert_eq!(
        run("videos --simulate --output table --quiet").ok().stderr,
        ""
    );
    assert_eq!(run("videos --simulate --output table -q").ok().stderr, "");
}

#[test]
fn shows_waits_for_the_rate_limit_with_the_seconds_left() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "status": 429, "headers": {"Retry-After": "3"}}]}"#,
    );
    let line = format!(
        "videos --simulate --page-size 5 --faults {}",
        script.display()
    );
    let outcome = run(&line).ok();
    let message = &outcome.stderr;
    assert!(
        message.contains("progress: 5 of 20 videos, 1 page, "),
        "{message}"
    );
    let waits: Vec<String> = (1..=5)
        .map(|left| format!("; waiting {left} s for the rate limit\n"))
        .collect();
    assert!(
        waits.iter().any(|wait| message.contains(&**wait)),
        "{message}"
    );
    assert_eq!(outcome.lines().len(), 20);
    // --quiet hides waits, but not errors.
    assert_eq!(run(&format!("{line} --quiet")).ok().stderr, "");
}

#[test]
fn shows_retries() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "status": 503, "headers": {"Retry-After": "2"}}]}"#,
    );
    let line = format!(
        "videos --simulate --page-size 5 --faults {}",
        script.display()
    );
    let message = run(&line).ok().stderr;
    assert!(message.contains(", 1 retry; retrying in "), "{message}");
}

#[test]
fn shows_the_current_asset() {
    let retried = r#"{"rules": [{"path": "/analytics/videos/*", "nth": 3, "status": 503}]}"#;
    let (_folder, script) = file("faults.json", retried);
    let line = format!(
        "sessions --all-videos --period 2022-01-01 --concurrency 1 --simulate --videos 5 --faults {}",
        script.display()
    );
    let message = run(&line).ok().stderr;
    assert!(message.contains(", asset 3 of 5, 1 retry"), "{message}");
}

/// Uses `script`, if installed, to run the command on a terminal.
#[cfg(target_os = "linux")]
#[test]
fn the_bar_is_removed_at_the_end() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return;
    }
    let (folder, script) = file("faults.json", SLOW);
    let data = folder.path().join("data");
    let terminal = |more: &str| {
        let line = format!(
            "{} videos --simulate --videos 10 --page-size 2 --faults {} {more} > {}",
            env!("CARGO_BIN_EXE_apivideo"),
            script.display(),
            data.display()
        );
        let mut shell = std::process::Command::new("/usr/bin/script");
        shell
            .args(["-qec", &line, "/dev/null"])
            .env_clear()
            .env("HOME", common::home())
            .env("SHELL", "/bin/sh")
            .env("TERM", "xterm")
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        common::finish(shell).ok().stdout
    };
    let shown = terminal("");
    assert!(shown.contains(" of 10 videos, "), "{shown:?}");
    assert!(!shown.contains("progress: "), "{shown:?}");
    let last = shown.rsplit(['\r', '\n']).next().unwrap();
    assert!(!last.contains("videos"), "the line is cleared: {shown:?}");
    let videos = json_lines(&std::fs::read_to_string(&data).unwrap());
    assert_eq!(videos.len(), 10, "stdout contains only data");
    assert_eq!(terminal("--quiet"), "");
}

#[test]
fn color_option_without_a_terminal() {
    let simulator = Simulator::start(&["--videos", "1"]);
    let colors = |text: &str| text.contains('\u{1b}');
    for (option, is_colored) in [
        ("", false),
        ("--color never", false),
        ("--color auto", false),
        ("--color always", true),
    ] {
        let good = run_against(&simulator, &format!("videos --output table {option}")).ok();
        assert_eq!(colors(&good.stdout), is_colored, "{option}");
        let bad = run_against(&simulator, &format!("events psMissing {option}")).fails(1);
        assert_eq!(colors(&bad.stderr), is_colored, "{option}");
        for format in ["json", "ndjson", "csv"] {
            let data = run_against(&simulator, &format!("videos --output {format} {option}")).ok();
            assert!(!colors(&data.stdout), "{format} {option}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_color_disables_colors_on_a_terminal() {
    if !std::path::Path::new("/usr/bin/script").exists() {
        return;
    }
    let terminal = |no_color: &str, more: &str| {
        let line = format!(
            "{} videos --simulate {more}",
            env!("CARGO_BIN_EXE_apivideo")
        );
        let mut shell = std::process::Command::new("/usr/bin/script");
        shell
            .args(["-qec", &line, "/dev/null"])
            .env_clear()
            .env("HOME", common::home())
            .env("SHELL", "/bin/sh")
            .env("NO_COLOR", no_color)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        common::finish(shell).ok().stdout.contains("\u{1b}[1m")
    };
    assert!(terminal("", ""), "an empty value equals an unset variable");
    assert!(!terminal("1", ""));
    assert!(
        terminal("1", "--color always"),
        "the option overrides the variable"
    );
    assert!(!terminal("", "--color never"));
}
