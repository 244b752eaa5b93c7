//! `--debug` and `--curl`: requests and responses without secrets.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{Simulator, VIDEO, run, run_against};

#[test]
fn debug_shows_requests_and_responses_without_secrets() {
    let simulator = Simulator::start(&["--videos", "2"]);
    for auth in ["bearer", "basic"] {
        let outcome = run_against(&simulator, &format!("videos --debug --auth {auth}")).ok();
        let stderr = &outcome.stderr;
        let url = &simulator.url;
        assert!(stderr.contains(&format!("> GET {url}/videos?currentPage=1&pageSize=100\n")));
        assert!(stderr.contains("> authorization: ***\n"), "{stderr}");
        assert!(stderr.contains("< GET /videos: 200 OK ("), "{stderr}");
        let exchange = format!("> POST {url}/auth/api-key\n");
        assert_eq!(stderr.contains(&exchange), auth == "bearer", "{stderr}");
        // The key, in Base64 too.
        for secret in ["the-secret-key", "dGhlLXNlY3JldC1rZXk", "Bearer ", "Basic "] {
            assert!(!stderr.contains(secret), "{stderr}");
        }
        assert_eq!(outcome.lines().len(), 2, "stdout contains only data");
    }
    let outcome = run_against(
        &simulator,
        "sessions video viGone --period 2022 --count --debug",
    )
    .fails(1);
    assert!(
        outcome
            .stderr
            .contains("< GET /analytics/videos/viGone: 404 Not Found: ")
    );
}

#[test]
fn curl_prints_the_same_request() {
    let simulator = Simulator::start(&["--videos", "2"]);
    let line =
        format!("sessions video {VIDEO} --period 2022-01-01/2022-01-02 --metadata hats=green");
    let outcome = run_against(&simulator, &format!("{line} --quiet --curl")).ok();
    let url = format!(
        "{}/analytics/videos/{VIDEO}?currentPage=1&metadata%5Bhats%5D=green&pageSize=100&period=2022-01-01%2F2022-01-02",
        simulator.url
    );
    let expected = format!("curl --globoff --header \"Authorization: Bearer $TOKEN\" '{url}'\n");
    assert_eq!(outcome.stderr, expected);
    let outcome = run_against(&simulator, &format!("{line} --quiet --curl --auth basic")).ok();
    let expected = format!("curl --globoff --user \"$TOKEN:\" '{url}'\n");
    assert_eq!(outcome.stderr, expected);
}

/// Runs the printed command line, if curl is installed.
#[cfg(unix)]
#[test]
fn a_shell_runs_the_curl_command() {
    if !std::path::Path::new("/usr/bin/curl").exists() {
        return;
    }
    let simulator = Simulator::start(&["--videos", "2"]);
    let line = run_against(
        &simulator,
        "videos --curl --auth basic --page-size 1 --limit 1",
    )
    .ok()
    .stderr;
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", line.lines().next().unwrap()])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TOKEN", "any")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let outcome = common::finish(shell).ok();
    let page: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(page["pagination"]["itemsTotal"], 2);
}

#[test]
fn nothing_is_printed_by_default() {
    assert_eq!(run("videos --simulate --quiet").ok().stderr, "");
}
