//! Progress on stderr: what is told while it works, to whom, and when not.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{Simulator, ask, file, json_lines, run};

/// Every page takes so long that there is something to tell.
const SLOW: &str = r#"{"rules": [{"path": "/videos", "latency_ms": 600}]}"#;

#[test]
fn without_a_terminal_lines_come_now_and_then() {
    let (_folder, script) = file("faults.json", SLOW);
    let line = format!(
        "videos --simulate --videos 20 --page-size 2 --faults {}",
        script.display()
    );
    // Ten pages of 600 ms: longer than the five seconds between lines.
    let outcome = run(&line).ok();
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let (last, before) = lines.split_last().unwrap();
    assert_eq!(*last, "summary: 20 of 20 videos, 10 pages");
    assert!(before.iter().all(|told| told.starts_with("progress: ")));
    assert!(
        lines.iter().any(|told| told.contains(" of 20 videos, ")),
        "{lines:?}"
    );
    assert_eq!(outcome.lines().len(), 20);
    assert_eq!(run(&format!("{line} --quiet")).ok().stderr, "");
}

#[test]
fn a_short_list_has_a_summary_alone() {
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
fn waits_for_the_rate_limit_are_told_with_the_seconds_left() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "status": 429, "headers": {"Retry-After": "3"}}]}"#,
    );
    let line = format!(
        "videos --simulate --page-size 5 --faults {}",
        script.display()
    );
    let outcome = run(&line).ok();
    let told = &outcome.stderr;
    assert!(
        told.contains("progress: 5 of 20 videos, 1 page, "),
        "{told}"
    );
    let waits: Vec<String> = (1..=5)
        .map(|left| format!("; waits {left} s for the rate limit\n"))
        .collect();
    assert!(waits.iter().any(|wait| told.contains(&**wait)), "{told}");
    assert_eq!(outcome.lines().len(), 20);
    // Errors are told however quiet it shall be, waits are not.
    assert_eq!(run(&format!("{line} --quiet")).ok().stderr, "");
}

#[test]
fn retries_are_told() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "status": 503, "headers": {"Retry-After": "2"}}]}"#,
    );
    let line = format!(
        "videos --simulate --page-size 5 --faults {}",
        script.display()
    );
    let told = run(&line).ok().stderr;
    assert!(told.contains(", 1 retry; tries again in "), "{told}");
}

#[test]
fn of_several_assets_it_tells_which_one() {
    let retried = r#"{"rules": [{"path": "/analytics/videos/*", "nth": 3, "status": 503}]}"#;
    let (_folder, script) = file("faults.json", retried);
    let line = format!(
        "sessions --all-videos --period 2022-01-01 --concurrency 1 --simulate --videos 5 --faults {}",
        script.display()
    );
    let told = run(&line).ok().stderr;
    assert!(told.contains(", asset 3 of 5, 1 retry"), "{told}");
}

/// By `script`, which gives its child a terminal, where there is one.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_a_bar_that_leaves_nothing_behind() {
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
    assert_eq!(videos.len(), 10, "data is not mixed with it");
    assert_eq!(terminal("--quiet"), "");
}

#[test]
fn colour_is_by_choice_where_there_is_no_terminal() {
    let simulator = Simulator::start(&["--videos", "1"]);
    let colours = |text: &str| text.contains('\u{1b}');
    for (option, is_coloured) in [
        ("", false),
        ("--color never", false),
        ("--color auto", false),
        ("--color always", true),
    ] {
        let good = ask(&simulator, &format!("videos --output table {option}")).ok();
        assert_eq!(colours(&good.stdout), is_coloured, "{option}");
        let bad = ask(&simulator, &format!("events psNobody {option}")).fails(1);
        assert_eq!(colours(&bad.stderr), is_coloured, "{option}");
        for format in ["json", "ndjson", "csv"] {
            let data = ask(&simulator, &format!("videos --output {format} {option}")).ok();
            assert!(!colours(&data.stdout), "{format} {option}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_color_holds_on_a_terminal() {
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
    assert!(terminal("", ""), "empty is as not set");
    assert!(!terminal("1", ""));
    assert!(terminal("1", "--color always"), "what is typed wins");
    assert!(!terminal("", "--color never"));
}
