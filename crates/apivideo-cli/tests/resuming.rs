//! Interrupted lists: the output of the first run and of the command to resume add up to the complete list.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::Path;

use common::{
    Outcome, Simulator, VIDEO, command, command_for, file, finish, resume_command, run, run_against,
};

const FORMATS: [&str; 4] = ["ndjson", "json", "csv", "table"];

/// The third page fails once.
const ONCE: &str =
    r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "status": 503}]}"#;

/// Runs the printed command to resume.
#[track_caller]
fn resume(stderr: &str) -> Outcome {
    let words = resume_command(stderr);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut resumed = command(&words);
    resumed.env("APIVIDEO_API_KEY", "the-secret-key");
    finish(resumed)
}

#[test]
fn the_printed_command_resumes_after_a_failure() {
    let (_folder, script) = file("faults.json", ONCE);
    for format in FORMATS {
        for more in ["", "--with-events", "--fields session.sessionId,location"] {
            let line = format!(
                "sessions video {VIDEO} --period 2022-01-01/2022-01-05 --page-size 7 --retries 0 --output {format} {more}"
            );
            let complete = run(&format!("{line} --simulate")).ok().stdout;
            let faults = ["--faults", script.to_str().unwrap()];
            let simulator = Simulator::start(&faults);
            let first = run_against(&simulator, &line).fails(3);
            assert!(complete.starts_with(&first.stdout), "{line}");
            assert!(!first.stdout.is_empty() && first.stdout.len() < complete.len());
            let rest = resume(&first.stderr).ok();
            assert_eq!(first.stdout + &rest.stdout, complete, "{line}");
        }
    }
}

#[test]
fn completed_assets_are_not_read_again() {
    let line =
        "sessions --all-videos --all-live-streams --period 2022-01 --page-size 7 --retries 0";
    let complete = run(&format!("{line} --simulate --videos 5")).ok().stdout;
    let (_folder, script) = file("faults.json", ONCE);
    let options = ["--videos", "5", "--faults", script.to_str().unwrap()];
    let simulator = Simulator::start(&options);
    let first = run_against(&simulator, line).fails(3);
    assert!(complete.starts_with(&first.stdout));
    // The list of videos is not read again.
    let words = resume_command(&first.stderr);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut resumed = command(&words);
    resumed.env("APIVIDEO_API_KEY", "any").arg("--debug");
    let rest = finish(resumed).ok();
    assert_eq!(first.stdout + &rest.stdout, complete);
    assert!(!rest.stderr.contains("/videos?"), "{}", rest.stderr);
}

#[test]
fn a_resumed_list_of_a_single_asset_keeps_it() {
    let line = "sessions --all-videos --period 2022 --page-size 7 --retries 0";
    let complete = run(&format!("{line} --simulate --videos 1")).ok().stdout;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.json");
    let (_folder, script) = file("faults.json", ONCE);
    let options = format!("--simulate --resume {}", path.display());
    let faults = script.display();
    let first = run(&format!("{line} {options} --videos 1 --faults {faults}")).fails(3);
    assert!(complete.starts_with(&first.stdout) && !first.stdout.is_empty());
    // A video that was created since is ignored.
    let simulator = Simulator::start(&["--videos", "2"]);
    let resume = format!("{line} --resume {}", path.display());
    let rest = run_against(&simulator, &resume).ok();
    let rest = common::json_lines(&rest.stdout);
    let id = |it: &serde_json::Value| it["videoId"].clone();
    let videos: Vec<_> = common::json_lines(&first.stdout).iter().map(id).collect();
    assert!(!rest.is_empty() && rest.iter().all(|it| id(it) == videos[0]));
}

#[cfg(unix)]
#[test]
fn ctrl_c_writes_a_checkpoint_and_prints_the_command_to_resume() {
    let slow = r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "latency_ms": 60000}]}"#;
    let (_folder, script) = file("faults.json", slow);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let sessions = common::json_lines(&run(&format!("{line} --simulate")).ok().stdout);
    let last = sessions[13]["session"]["sessionId"].as_str().unwrap();
    for format in FORMATS {
        let line = format!("{line} --output {format}");
        let complete = run(&format!("{line} --simulate")).ok().stdout;
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let mut child = command_for(&simulator, &line).spawn().unwrap();
        let stderr = common::gather(child.stderr.take().unwrap());
        // Two pages are written while the third is delayed.
        let mut pipe = child.stdout.take().unwrap();
        let mut received = Vec::new();
        while !String::from_utf8_lossy(&received).contains(last) {
            let mut byte = [0];
            std::io::Read::read_exact(&mut pipe, &mut byte).unwrap();
            received.extend(byte);
        }
        common::interrupt(&child);
        assert_eq!(common::wait(&mut child), Some(130), "{format}");
        std::io::Read::read_to_end(&mut pipe, &mut received).unwrap();
        let received = String::from_utf8(received).unwrap();
        let stderr = stderr.join().unwrap();
        assert!(
            stderr.contains("\n14 sessions written; to resume, append the output of:\n"),
            "{stderr}"
        );
        let rest = resume(&stderr).ok();
        assert_eq!(received + &rest.stdout, complete, "{format}");
    }
}

#[cfg(unix)]
#[test]
fn sigterm_is_an_orderly_stop() {
    let slow = r#"{"rules": [{"path": "/videos", "page": 2, "latency_ms": 60000}]}"#;
    let (_folder, script) = file("faults.json", slow);
    let line = format!(
        "videos --simulate --page-size 5 --faults {}",
        script.display()
    );
    let mut child = command(&line.split_whitespace().collect::<Vec<_>>())
        .spawn()
        .unwrap();
    let (_, stdout) = common::read_until(child.stdout.take().unwrap(), "videoId");
    let pid = child.id().to_string();
    std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .unwrap();
    assert_eq!(common::wait(&mut child), Some(130));
    drop(stdout);
    let message = common::gather(child.stderr.take().unwrap()).join().unwrap();
    assert!(
        message.contains("videos written; to resume, append the output of:"),
        "{message}"
    );
}

#[test]
fn keeps_a_resume_file_until_the_list_is_complete() {
    let (_folder, script) = file("faults.json", ONCE);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep").join("it's here.json");
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let complete = run(&format!("{line} --simulate")).ok().stdout;
    let resumed = || {
        let mut invocation = command_for(&simulator, &line);
        invocation.arg("--resume").arg(&path);
        finish(invocation)
    };
    assert!(!path.exists(), "the list starts without a checkpoint");
    let first = resumed().fails(3);
    assert!(path.exists());
    assert_eq!(
        resume_command(&first.stderr).last().unwrap(),
        path.to_str().unwrap()
    );
    let rest = resumed().ok();
    assert_eq!(first.stdout + &rest.stdout, complete);
    assert!(!path.exists(), "the list is complete");
    assert_eq!(resumed().ok().stdout, complete);
}

#[test]
fn a_checkpoint_contains_neither_secrets_nor_filters() {
    let (_folder, script) = file("faults.json", ONCE);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.json");
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!(
        "sessions video {VIDEO} --period 2022 --metadata hats=green --page-size 1 --retries 0 --resume {}",
        path.display()
    );
    run_against(&simulator, &line).fails(3);
    let text = fs::read_to_string(&path).unwrap();
    for secret in ["the-secret-key", "green", "hats", "Bearer"] {
        assert!(!text.contains(secret), "{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "only the owner can read it");
    }
}

/// A checkpoint after five of twelve videos.
fn kept(folder: &Path) -> std::path::PathBuf {
    let faults = folder.join("faults.json");
    fs::write(
        &faults,
        r#"{"rules": [{"path": "/videos", "page": 2, "status": 500}]}"#,
    )
    .unwrap();
    let path = folder.join("checkpoint.json");
    run(&format!(
        "videos --simulate --videos 12 --page-size 5 --retries 0 --output csv --faults {} --resume {}",
        faults.display(),
        path.display()
    ))
    .fails(3);
    path
}

#[test]
fn rejects_a_checkpoint_of_another_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = kept(folder.path());
    let before = fs::read(&path).unwrap();
    let resume = format!("--simulate --videos 12 --resume {}", path.display());
    for (line, why) in [
        ("videos --output json --page-size 5", "--output csv"),
        ("videos --fields title --page-size 5", "different --fields"),
        ("videos --page-size 6", "pages of 5 items"),
        ("videos --title x --page-size 5", "other filters"),
        ("live-streams --page-size 5", "`/videos`"),
        (
            "sessions --all-videos --period 2022 --page-size 5",
            "belongs to the list `/videos`",
        ),
    ] {
        let outcome = run(&format!("{line} {resume}")).fails(2);
        assert_eq!(outcome.stdout, "", "{line}");
        assert!(outcome.stderr.contains(why), "{line}: {}", outcome.stderr);
        assert_eq!(fs::read(&path).unwrap(), before, "it is not changed");
    }
    let rest = run(&format!("videos --page-size 5 {resume}")).ok();
    assert_eq!(
        rest.lines().len(),
        7,
        "the format is that of the checkpoint, without another header"
    );
}

#[test]
fn reports_an_invalid_checkpoint() {
    for (text, why) in [
        ("{", "is damaged"),
        ("{}", "is damaged"),
        (r#"{"version":4}"#, "is damaged"),
        (
            r#"{"version":2,"output":"csv","fields":null,"written":1,"cursor":{}}"#,
            "has version 2, but this release reads version 4\nhint: resume with the release that wrote it",
        ),
        (
            r#"{"version":9,"output":"csv","fields":null,"written":1,"cursor":{}}"#,
            "has version 9",
        ),
        (
            r#"{"version":4,"output":"xml","options":{"fields":null,"csv":{"safe":false,"null":null},"has_event_rows":false,"jq":null},"owns_file":false,"written":1,"bytes":9,"length":null,"cursor":{"version":3,"filters":"00","page_size":100,"target":"/videos","next_window":0,"open":[]}}"#,
            "\"xml\"",
        ),
        (
            r#"{"version":4,"output":"csv","options":{"fields":null,"csv":{"safe":false,"null":null},"has_event_rows":false,"jq":null},"owns_file":false,"written":1,"bytes":9,"length":null,"cursor":{"version":2}}"#,
            "it has version 2, and this release reads version 3",
        ),
    ] {
        let (_folder, path) = file("checkpoint.json", text);
        let outcome = run(&format!("videos --simulate --resume {}", path.display())).fails(2);
        assert!(outcome.stderr.contains(why), "{text}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("append"), "{}", outcome.stderr);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn every_stream_can_be_resumed() {
    // Each list with its path, and options that make it span several pages.
    for (line, path, more) in [
        ("videos", "/videos", ""),
        ("live-streams", "/live-streams", ""),
        (
            "events psEmFwGQUAXR2lFHj5nDOpy",
            "/analytics/sessions/*/events",
            "",
        ),
        (
            "sessions live-stream vi4k0jvEUuaTdRAEjQ4Jfrgz --period 2022",
            "/analytics/live-streams/*",
            "",
        ),
        ("buckets play media-id", "/data/buckets/play/media-id", ""),
        (
            "timeseries play --interval hour",
            "/data/timeseries/play",
            "",
        ),
        ("api GET /videos --paginate", "/videos", ""),
    ] {
        let line = format!("{line} {more} --page-size 2 --retries 0 --output ndjson");
        let complete = run(&format!("{line} --simulate")).ok().stdout;
        let rule =
            format!(r#"{{"rules": [{{"path": "{path}", "page": 2, "times": 1, "status": 500}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let first = run_against(&simulator, &line).fails(3);
        assert_eq!(first.lines().len(), 2, "{line}");
        let rest = resume(&first.stderr).ok();
        assert_eq!(first.stdout + &rest.stdout, complete, "{line}");
    }
}

#[test]
fn a_limit_includes_items_of_earlier_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = kept(folder.path());
    let line = format!(
        "videos --simulate --videos 12 --page-size 5 --limit 7 --output csv --resume {}",
        path.display()
    );
    assert_eq!(run(&line).ok().lines().len(), 2);
}

#[test]
fn reports_an_unwritable_checkpoint() {
    let (_folder, file_) = file("file", "");
    let path = file_.join("below");
    let faults = r#"{"rules": [{"path": "/videos", "page": 2, "status": 500}]}"#;
    let (_other, script) = file("faults.json", faults);
    let line = format!(
        "videos --simulate --page-size 5 --retries 0 --faults {}",
        script.display()
    );
    let mut invocation = command(&line.split_whitespace().collect::<Vec<_>>());
    // The default folder cannot be created either.
    invocation.env("XDG_STATE_HOME", &path);
    let message = finish(invocation).fails(3).stderr;
    assert!(
        message.contains("error: cannot write the checkpoint ")
            && message.contains("\ncaused by: "),
        "{message}"
    );
    assert!(message.starts_with("error: "), "{message}");
}

#[test]
fn a_relative_period_is_resumed_on_a_later_day() {
    let workspace = common::workspace::Workspace::new();
    workspace.write("faults.json", r#"{"rules": [{"page": 2, "status": 400}]}"#);
    let line = |now: &str, options: &str| {
        format!(
            "sessions video {VIDEO} --period 10d --simulate --page-size 5 --now {now}T08:00:00Z --out {options}"
        )
    };
    workspace
        .run(&line("2022-01-10", "resumed.ndjson --faults faults.json"))
        .fails(3);
    workspace.run(&line("2022-01-12", "resumed.ndjson")).ok();
    workspace.run(&line("2022-01-10", "whole.ndjson")).ok();
    workspace.run(&line("2022-01-12", "later.ndjson")).ok();
    let read = |name: &str| std::fs::read_to_string(workspace.path().join(name)).unwrap();
    assert!(read("resumed.ndjson") == read("whole.ndjson"));
    assert!(read("later.ndjson") != read("whole.ndjson"));
}
