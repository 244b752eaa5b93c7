//! Every documented exit code.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{Simulator, VIDEO, command, file, finish, run, run_against};

#[test]
fn the_help_documents_every_code() {
    let help = run("--help").ok().stdout;
    let codes = help.split("Exit codes:").nth(1).unwrap();
    for code in [
        "    0  Success",
        "    1  Failure",
        "    2  Invalid command line",
        "    3  Partial",
        "    4  Authentication failed",
    ] {
        assert!(codes.contains(code), "{code}");
    }
    for code in [
        "    5  The rate limit",
        "    6  Everything was written except",
        "    7  Another process uses the lake",
        "  130  Interrupted",
    ] {
        assert!(codes.contains(code), "{code}");
    }
}

#[test]
fn success_is_0_and_usage_is_2() {
    run("videos --simulate").ok();
    run("videos --simulate --page-size 0").fails(2);
    run("videos").fails(2);
    run("nonsense").fails(2);
}

#[test]
fn failed_is_1_where_nothing_was_written() {
    let outcome = run("sessions video viMissing --period 2022 --simulate --count").fails(1);
    assert_eq!(outcome.stdout, "");
    for kind in ["video viMissing", "live-stream liMissing"] {
        let outcome = run(&format!("sessions {kind} --period 2022 --simulate")).fails(1);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome
                .stderr
                .contains("has no resource at `GET /analytics/"),
            "{}",
            outcome.stderr
        );
    }
    run("events psMissing --simulate").fails(1);
    run("api GET /nothing --simulate").fails(1);
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "page": 1, "status": 400}]}"#,
    );
    run(&format!("videos --simulate --faults {}", script.display())).fails(1);
}

#[test]
fn partial_is_3_with_a_command_to_resume() {
    for status in [400, 401, 404, 500] {
        let rule =
            format!(r#"{{"rules": [{{"path": "/videos", "page": 2, "status": {status}}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let line = "videos --simulate --page-size 5 --retries 0";
        let outcome = run(&format!("{line} --faults {}", script.display())).fails(3);
        assert_eq!(outcome.lines().len(), 5, "{status}");
        assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
        let message = "\n5 videos written; to resume, append the output of:\n  apivideo videos ";
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}

#[test]
fn authorization_is_4() {
    for (path, status) in [
        ("/auth/api-key", 400),
        ("/auth/api-key", 401),
        ("/videos", 401),
        ("/videos", 403),
    ] {
        let rule = format!(r#"{{"rules": [{{"path": "{path}", "status": {status}}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        for line in ["videos", "auth check", "api GET /videos", "videos --count"] {
            let line = format!("{line} --simulate --faults {}", script.display());
            let outcome = run(&line).fails(4);
            assert_eq!(outcome.stdout, "", "{path} {status}");
            assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
        }
    }
}

#[test]
fn the_rate_limit_and_spent_retries_are_5() {
    for status in [429, 500, 503] {
        let rule = format!(r#"{{"rules": [{{"path": "/videos", "status": {status}}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let line = format!(
            "videos --simulate --retries 0 --faults {}",
            script.display()
        );
        assert_eq!(run(&line).fails(5).stdout, "", "{status}");
    }
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "status": 503}]}"#,
    );
    let line = format!(
        "videos --simulate --retries 1 --faults {}",
        script.display()
    );
    let outcome = run(&line).fails(5);
    assert!(
        outcome.stderr.contains("failed after 2 attempts"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn skipped_records_are_6() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "replace": {"/data/1/videoId": null}}]}"#,
    );
    let line = format!("videos --simulate --videos 4 --faults {}", script.display());
    let outcome = run(&format!("{line} --output json")).fails(6);
    // The array stays open: it is incomplete.
    assert!(
        !outcome.stdout.trim_end().ends_with(']'),
        "{}",
        outcome.stdout
    );
    let message = "error: the output is complete except for 1 invalid video\n  record 1 of ";
    assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    assert_eq!(run(&line).fails(6).lines().len(), 3);
}

#[test]
fn skips_and_names_a_deleted_asset() {
    let line = format!("sessions video viGone {VIDEO} --period 2022-01-01 --simulate");
    let outcome = run(&line).fails(6);
    let message = "\nerror: the output is complete except for 1 video or live stream that does not exist\n  video/viGone\n";
    assert!(outcome.stderr.ends_with(message), "{}", outcome.stderr);
    let alone = run(&format!(
        "sessions video {VIDEO} --period 2022-01-01 --simulate"
    ))
    .ok();
    assert_eq!(outcome.stdout, alone.stdout);
    assert!(
        outcome
            .stderr
            .starts_with("error: video/viGone was skipped\ncaused by: "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn skips_sessions_with_unreadable_events() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/sessions/*/events", "times": 1, "status": 404}]}"#,
    );
    let line = format!("sessions video {VIDEO} --period 2022-01-01 --simulate");
    let all = run(&line).ok().lines().len();
    let outcome = run(&format!(
        "{line} --with-events --faults {}",
        script.display()
    ))
    .fails(6);
    assert_eq!(outcome.lines().len(), all - 1);
    assert!(
        outcome
            .stderr
            .contains("is complete except for 1 session whose events could not be read"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn interrupted_is_130() {
    let (_folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/videos", "latency_ms": 60000}]}"#,
    );
    for line in [
        "videos",
        "videos --count",
        "videos --last 1",
        "auth check",
        "api GET /videos",
    ] {
        let line = format!("{line} --debug --simulate --faults {}", script.display());
        let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
            .spawn()
            .unwrap();
        common::read_until(child.stderr.take().unwrap(), "> GET ");
        common::interrupt(&child);
        assert_eq!(common::wait(&mut child), Some(130), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_terminates_a_blocked_command() {
    let line = format!("sessions video {VIDEO} --period 2022 --simulate --sessions 100000");
    let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
        .spawn()
        .unwrap();
    // Its output is not read, so that it blocks on the full pipe.
    let mut byte = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut byte).unwrap();
    let mut code = None;
    for _ in 0..600 {
        common::interrupt(&child);
        std::thread::sleep(std::time::Duration::from_millis(50));
        if let Some(status) = child.try_wait().unwrap() {
            code = status.code();
            break;
        }
    }
    let _ = child.kill();
    assert_eq!(code, Some(130));
}

#[test]
fn errors_have_reason_advice_and_causes() {
    let simulator = Simulator::start(&["--videos", "1"]);
    let outcome =
        run_against(&simulator, "sessions video viMissing --period 2022 --count").fails(1);
    let expected = format!(
        "error: {} has no resource at `GET /analytics/videos/viMissing`: 404 The requested resource was not found. (videoId); \
         check the id, and that it belongs to this environment\n",
        simulator.url
    );
    assert_eq!(
        outcome.stderr.replace("not found (", "not found. ("),
        expected
    );
    let mut unreachable = command(&[
        "videos",
        "--base-url",
        "http://127.0.0.1:1",
        "--retries",
        "0",
    ]);
    unreachable.env("APIVIDEO_API_KEY", "any");
    let message = finish(unreachable).fails(5).stderr;
    assert!(message.contains("check the network"), "{message}");
    assert!(
        message
            .lines()
            .skip(1)
            .all(|line| line.starts_with("caused by: ")),
        "{message}"
    );
    assert!(message.lines().count() > 2, "{message}");
}
