//! A list that had to stop: what is written, what is kept, and that both parts together are the whole.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::Path;

use common::{Outcome, Simulator, VIDEO, ask, asking, command, file, finish, resume_command, run};

const FORMATS: [&str; 4] = ["ndjson", "json", "csv", "table"];

/// The third page fails once.
const ONCE: &str =
    r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "status": 503}]}"#;

/// Runs what was printed to go on.
#[track_caller]
fn go_on(stderr: &str) -> Outcome {
    let words = resume_command(stderr);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut again = command(&words);
    again.env("APIVIDEO_API_KEY", "the-secret-key");
    finish(again)
}

#[test]
fn after_a_failure_the_printed_command_gives_the_rest() {
    let (_folder, script) = file("faults.json", ONCE);
    for format in FORMATS {
        for more in ["", "--with-events", "--fields session.sessionId,location"] {
            let line = format!(
                "sessions video {VIDEO} --period 2022-01-01/2022-01-05 --page-size 7 --retries 0 --output {format} {more}"
            );
            let whole = run(&format!("{line} --simulate")).ok().stdout;
            let faults = ["--faults", script.to_str().unwrap()];
            let simulator = Simulator::start(&faults);
            let first = ask(&simulator, &line).fails(3);
            assert!(whole.starts_with(&first.stdout), "{line}");
            assert!(!first.stdout.is_empty() && first.stdout.len() < whole.len());
            let rest = go_on(&first.stderr).ok();
            assert_eq!(first.stdout + &rest.stdout, whole, "{line}");
        }
    }
}

#[test]
fn assets_that_are_done_are_not_read_again() {
    let line =
        "sessions --all-videos --all-live-streams --period 2022-01 --page-size 7 --retries 0";
    let whole = run(&format!("{line} --simulate --videos 5")).ok().stdout;
    let (_folder, script) = file("faults.json", ONCE);
    let options = ["--videos", "5", "--faults", script.to_str().unwrap()];
    let simulator = Simulator::start(&options);
    let first = ask(&simulator, line).fails(3);
    assert!(whole.starts_with(&first.stdout));
    // The list of videos was read then, and is not read again.
    let words = resume_command(&first.stderr);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut again = command(&words);
    again.env("APIVIDEO_API_KEY", "any").arg("--debug");
    let rest = finish(again).ok();
    assert_eq!(first.stdout + &rest.stdout, whole);
    assert!(!rest.stderr.contains("/videos?"), "{}", rest.stderr);
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_where_it_stood_and_prints_how_to_go_on() {
    let slow = r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "latency_ms": 60000}]}"#;
    let (_folder, script) = file("faults.json", slow);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let sessions = common::json_lines(&run(&format!("{line} --simulate")).ok().stdout);
    let last = sessions[13]["session"]["sessionId"].as_str().unwrap();
    for format in FORMATS {
        let line = format!("{line} --output {format}");
        let whole = run(&format!("{line} --simulate")).ok().stdout;
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let mut child = asking(&simulator, &line).spawn().unwrap();
        let stderr = common::gather(child.stderr.take().unwrap());
        // Two pages are out while the third is waited for.
        let mut pipe = child.stdout.take().unwrap();
        let mut come = Vec::new();
        while !String::from_utf8_lossy(&come).contains(last) {
            let mut byte = [0];
            std::io::Read::read_exact(&mut pipe, &mut byte).unwrap();
            come.extend(byte);
        }
        common::interrupt(&child);
        assert_eq!(common::wait(&mut child), Some(130), "{format}");
        std::io::Read::read_to_end(&mut pipe, &mut come).unwrap();
        let come = String::from_utf8(come).unwrap();
        let stderr = stderr.join().unwrap();
        assert!(
            stderr.contains("\n14 sessions written; append what follows by:\n"),
            "{stderr}"
        );
        let rest = go_on(&stderr).ok();
        assert_eq!(come + &rest.stdout, whole, "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_polite_kill_is_as_ctrl_c() {
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
    let told = common::gather(child.stderr.take().unwrap()).join().unwrap();
    assert!(
        told.contains("videos written; append what follows by:"),
        "{told}"
    );
}

#[test]
fn a_file_of_one_s_own_is_kept_until_the_list_is_whole() {
    let (_folder, script) = file("faults.json", ONCE);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("deep").join("it's here.json");
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let whole = run(&format!("{line} --simulate")).ok().stdout;
    let resumed = || {
        let mut asked = asking(&simulator, &line);
        asked.arg("--resume").arg(&place);
        finish(asked)
    };
    assert!(!place.exists(), "one that is not there begins anew");
    let first = resumed().fails(3);
    assert!(place.exists());
    assert_eq!(
        resume_command(&first.stderr).last().unwrap(),
        place.to_str().unwrap()
    );
    let rest = resumed().ok();
    assert_eq!(first.stdout + &rest.stdout, whole);
    assert!(!place.exists(), "what it stood for is done");
    assert_eq!(resumed().ok().stdout, whole);
}

#[test]
fn a_checkpoint_holds_no_secret_and_nothing_of_the_filters() {
    let (_folder, script) = file("faults.json", ONCE);
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("checkpoint.json");
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!(
        "sessions video {VIDEO} --period 2022 --metadata hats=green --page-size 1 --retries 0 --resume {}",
        place.display()
    );
    ask(&simulator, &line).fails(3);
    let text = fs::read_to_string(&place).unwrap();
    for secret in ["the-secret-key", "green", "hats", "Bearer"] {
        assert!(!text.contains(secret), "{text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&place).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "nobody else's business");
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
    let place = folder.join("checkpoint.json");
    run(&format!(
        "videos --simulate --videos 12 --page-size 5 --retries 0 --output csv --faults {} --resume {}",
        faults.display(),
        place.display()
    ))
    .fails(3);
    place
}

#[test]
fn another_command_than_before_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = kept(folder.path());
    let before = fs::read(&place).unwrap();
    let resume = format!("--simulate --videos 12 --resume {}", place.display());
    for (line, why) in [
        ("videos --output json --page-size 5", "--output csv"),
        ("videos --fields title --page-size 5", "other --fields"),
        ("videos --page-size 6", "pages of 5 items"),
        ("videos --title x --page-size 5", "other filters"),
        ("live-streams --page-size 5", "`/videos`"),
        (
            "sessions --all-videos --period 2022 --page-size 5",
            "is of another command",
        ),
    ] {
        let outcome = run(&format!("{line} {resume}")).fails(2);
        assert_eq!(outcome.stdout, "", "{line}");
        assert!(outcome.stderr.contains(why), "{line}: {}", outcome.stderr);
        assert_eq!(fs::read(&place).unwrap(), before, "it is left as it is");
    }
    let rest = run(&format!("videos --page-size 5 {resume}")).ok();
    assert_eq!(
        rest.lines().len(),
        7,
        "its format is known from before, and its header is there"
    );
}

#[test]
fn a_checkpoint_that_is_none_is_told() {
    for (text, why) in [
        ("{", "is damaged; remove it, and start over into a new file"),
        ("{}", "is damaged"),
        (r#"{"version":2}"#, "is damaged"),
        (
            r#"{"version":9,"output":"csv","fields":null,"written":1,"cursor":{}}"#,
            "is of version 9",
        ),
        (
            r#"{"version":2,"output":"xml","fields":null,"csv":{"safe":false,"null":null},"owns_file":false,"written":1,"bytes":9,"length":null,"cursor":{}}"#,
            "\"xml\"",
        ),
        (
            r#"{"version":2,"output":"csv","fields":null,"csv":{"safe":false,"null":null},"owns_file":false,"written":1,"bytes":9,"length":null,"cursor":{}}"#,
            "or damaged",
        ),
    ] {
        let (_folder, place) = file("checkpoint.json", text);
        let outcome = run(&format!("videos --simulate --resume {}", place.display())).fails(2);
        assert!(outcome.stderr.contains(why), "{text}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("append"), "{}", outcome.stderr);
        assert_eq!(fs::read_to_string(&place).unwrap(), text);
    }
}

#[test]
fn every_stream_can_be_resumed() {
    // Each list with its path, and options that make it several pages long.
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
        let whole = run(&format!("{line} --simulate")).ok().stdout;
        let rule =
            format!(r#"{{"rules": [{{"path": "{path}", "page": 2, "times": 1, "status": 500}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let first = ask(&simulator, &line).fails(3);
        assert_eq!(first.lines().len(), 2, "{line}");
        let rest = go_on(&first.stderr).ok();
        assert_eq!(first.stdout + &rest.stdout, whole, "{line}");
    }
}

#[test]
fn a_limit_counts_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    let place = kept(folder.path());
    let line = format!(
        "videos --simulate --videos 12 --page-size 5 --limit 7 --output csv --resume {}",
        place.display()
    );
    assert_eq!(run(&line).ok().lines().len(), 2);
}

#[test]
fn a_place_that_can_not_be_written_is_told() {
    let (_folder, file_) = file("file", "");
    let place = file_.join("below");
    let faults = r#"{"rules": [{"path": "/videos", "page": 2, "status": 500}]}"#;
    let (_other, script) = file("faults.json", faults);
    let line = format!(
        "videos --simulate --page-size 5 --retries 0 --faults {}",
        script.display()
    );
    let mut asked = command(&line.split_whitespace().collect::<Vec<_>>());
    // The usual place is below a file too.
    asked.env("XDG_STATE_HOME", &place);
    let told = finish(asked).fails(3).stderr;
    assert!(told.contains("can't be written\ncaused by: "), "{told}");
    assert!(told.starts_with("error: "), "{told}");
}
