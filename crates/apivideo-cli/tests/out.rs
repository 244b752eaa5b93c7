//! Lists written to a file with `--out` and to a redirected stdout: without loss or duplicates, even if the command is killed,
//! stopped or runs out of disk space.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use common::{Outcome, Simulator, VIDEO, command, command_for, file, finish, run};

/// The third page fails once.
const ONCE: &str =
    r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "status": 503}]}"#;

const FORMATS: [&str; 3] = ["ndjson", "json", "csv"];

fn checkpoint(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".checkpoint");
    name.into()
}

/// Runs a command line against the simulator, with output to this file.
#[track_caller]
fn write(simulator: &Simulator, line: &str, out: &Path) -> Outcome {
    let mut invocation = command_for(simulator, line);
    invocation.arg("--out").arg(out);
    finish(invocation)
}

/// Returns the arguments of the printed command to resume.
#[track_caller]
fn printed(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find_map(|line| line.strip_prefix("  apivideo "))
        .unwrap_or_else(|| panic!("no command to resume: {stderr}"));
    shlex::split(line).unwrap()
}

#[track_caller]
fn run_printed(stderr: &str) -> Outcome {
    let words = printed(stderr);
    let mut resumed = command(&words.iter().map(String::as_str).collect::<Vec<_>>());
    resumed.env("APIVIDEO_API_KEY", "the-secret-key");
    finish(resumed)
}

#[test]
fn the_file_has_the_bytes_of_stdout_in_the_format_of_its_extension() {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --simulate");
    for format in FORMATS {
        let expected = run(&format!("{line} --output {format}")).ok().stdout;
        for (name, more) in [
            (format!("by_name.{format}"), String::new()),
            (format!("{format}.data"), format!("--output {format}")),
        ] {
            let out = folder.path().join(name);
            let outcome = run(&format!("{line} {more} --out {}", out.display())).ok();
            assert_eq!(outcome.stdout, "");
            assert!(
                outcome.stderr.starts_with("summary: "),
                "{}",
                outcome.stderr
            );
            assert_eq!(fs::read_to_string(&out).unwrap(), expected, "{format}");
            assert!(!checkpoint(&out).exists(), "the list is complete");
        }
    }
    let plain = folder.path().join("plain");
    run(&format!("{line} --out {}", plain.display())).ok();
    assert_eq!(
        fs::read_to_string(&plain).unwrap(),
        run(&format!("{line} --output ndjson")).ok().stdout
    );
}

#[test]
fn every_list_can_be_written_to_a_file_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    for (index, (line, path)) in [
        ("videos", "/videos"),
        ("live-streams", "/live-streams"),
        (
            "events psEmFwGQUAXR2lFHj5nDOpy",
            "/analytics/sessions/*/events",
        ),
        (
            "sessions --all-videos --all-live-streams --period 2022-01-01",
            "/analytics/videos/*",
        ),
        ("buckets play media-id", "/data/buckets/play/media-id"),
        ("timeseries play --interval hour", "/data/timeseries/play"),
        ("api GET /videos --paginate", "/videos"),
    ]
    .into_iter()
    .enumerate()
    {
        let line = format!("{line} --page-size 2 --retries 0");
        let complete = run(&format!("{line} --simulate")).ok().stdout;
        let rule =
            format!(r#"{{"rules": [{{"path": "{path}", "page": 2, "times": 1, "status": 500}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join(format!("{index}.ndjson"));
        let first = write(&simulator, &line, &out).fails(3);
        assert!(checkpoint(&out).exists());
        run_printed(&first.stderr).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), complete, "{line}");
        assert!(!checkpoint(&out).exists());
    }
}

#[test]
fn an_existing_file_is_overwritten_only_with_force() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("videos.csv");
    let line = format!("videos --simulate --out {}", out.display());
    fs::write(&out, "precious").unwrap();
    let refused = run(&line).fails(2).stderr;
    assert!(
        refused.contains("remove the file, or overwrite it with --force"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&out).unwrap(), "precious");
    assert!(!checkpoint(&out).exists());
    run(&format!("{line} --force")).ok();
    let complete = run("videos --simulate --output csv").ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
    // A complete file is rejected as any other; an empty file is not.
    run(&line).fails(2);
    fs::write(&out, "").unwrap();
    run(&line).ok();
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
}

#[test]
fn truncates_the_file_to_its_checkpoint() {
    let (folder, script) = file("faults.json", ONCE);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    for format in FORMATS {
        let complete = run(&format!("{line} --simulate --output {format}"))
            .ok()
            .stdout;
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join(format!("sessions.{format}"));
        let first = write(&simulator, &line, &out).fails(3);
        let message = format!(
            "14 sessions in {}; to resume, run the same command again:",
            out.display()
        );
        assert!(first.stderr.contains(&message), "{}", first.stderr);
        let kept = fs::read_to_string(&out).unwrap();
        assert!(complete.starts_with(&kept) && !kept.is_empty());
        fs::write(&out, kept + "half of a li").unwrap();
        write(&simulator, &line, &out).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), complete, "{format}");
    }
}

#[test]
fn rejects_a_file_shorter_than_its_checkpoint() {
    let (folder, script) = file("faults.json", ONCE);
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let out = folder.path().join("sessions.ndjson");
    write(&simulator, &line, &out).fails(3);
    let kept = fs::read(checkpoint(&out)).unwrap();
    for text in [None, Some("short")] {
        match text {
            None => fs::remove_file(&out).unwrap(),
            Some(text) => fs::write(&out, text).unwrap(),
        }
        let refused = write(&simulator, &line, &out).fails(2).stderr;
        assert!(refused.contains("start over with --force"), "{refused}");
        assert_eq!(fs::read(checkpoint(&out)).unwrap(), kept);
    }
    let mut forced = command_for(&simulator, &line);
    forced.arg("--out").arg(&out).arg("--force");
    finish(forced).ok();
    let complete = run(&format!("{line} --simulate")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
    assert!(!checkpoint(&out).exists());
}

#[test]
fn the_command_to_resume_has_no_force() {
    let (folder, script) = file("faults.json", ONCE);
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let out = folder.path().join("sessions.ndjson");
    fs::write(&out, "old").unwrap();
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let mut forced = command_for(&simulator, &line);
    forced.arg("--force").arg("--out").arg(&out);
    let first = finish(forced).fails(3);
    assert!(!printed(&first.stderr).contains(&"--force".to_owned()));
    run_printed(&first.stderr).ok();
    let complete = run(&format!("{line} --simulate")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
}

#[test]
fn rejects_invalid_uses_of_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    for (options, why) in [
        (format!("--out {path}"), "is not a regular file"),
        (format!("--out {path}/none/videos.csv"), "cannot write"),
        (
            format!("--out {path}/videos --output table"),
            "--output table",
        ),
        (format!("--out {path}/videos --last 3"), "--last"),
        (format!("--out {path}/videos --count"), "--count"),
        ("--force".to_owned(), "--out"),
    ] {
        let outcome = run(&format!("videos --simulate {options}"));
        assert!(
            matches!(outcome.code, Some(1 | 2)),
            "{options}: {outcome:?}"
        );
        assert!(
            outcome.stderr.contains(why),
            "{options}: {}",
            outcome.stderr
        );
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_list_that_fails_at_once_leaves_no_file_and_changes_no_checkpoint() {
    let (folder, down) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "status": 503}]}"#,
    );
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let out = folder.path().join("sessions.json");
    let simulator = Simulator::start(&["--faults", down.to_str().unwrap()]);
    write(&simulator, &line, &out).fails(5);
    assert!(!out.exists() && !checkpoint(&out).exists());

    let script = folder.path().join("once.json");
    fs::write(&script, ONCE).unwrap();
    let once = Simulator::start(&["--faults", script.to_str().unwrap()]);
    write(&once, &line, &out).fails(3);
    let kept = fs::read(&out).unwrap();
    // The file does not change while the service is unavailable.
    for _ in 0..2 {
        write(&simulator, &line, &out).fails(3);
        assert_eq!(fs::read(&out).unwrap(), kept);
    }
    write(&once, &line, &out).ok();
    let complete = run(&format!("{line} --simulate --output json")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
}

#[test]
fn the_completing_run_names_items_skipped_by_earlier_runs() {
    let complete = run(&format!(
        "sessions video {VIDEO} --period 2022-01-01 --simulate"
    ))
    .ok()
    .stdout;
    let ids: Vec<String> = common::json_lines(&complete)
        .iter()
        .map(|session| session["session"]["sessionId"].as_str().unwrap().to_owned())
        .collect();
    let (gone, failing) = (&ids[1], &ids[3]);
    let (folder, script) = file(
        "faults.json",
        &format!(
            r#"{{"rules": [{{"path": "/analytics/sessions/{gone}/events", "times": 1, "status": 404}},
                {{"path": "/analytics/sessions/{failing}/events", "times": 1, "status": 503}}]}}"#
        ),
    );
    let line = format!("sessions video {VIDEO} --period 2022-01-01 --with-events --retries 0");
    let message = format!(
        "\n  {gone}\nhint: to retry the events of a session, run `apivideo events {gone}`\n"
    );
    for to_file in [true, false] {
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join("sessions.ndjson");
        let path = folder.path().join("place.json");
        let once = || {
            let mut invocation = command_for(&simulator, &line);
            match to_file {
                true => invocation.arg("--out").arg(&out),
                false => invocation.arg("--resume").arg(&path),
            };
            finish(invocation)
        };
        let first = once().fails(3);
        assert!(first.stderr.contains(", 1 skipped"), "{}", first.stderr);
        let second = once().fails(6);
        assert!(second.stderr.ends_with(&message), "{}", second.stderr);
        let received = match to_file {
            true => fs::read_to_string(&out).unwrap(),
            false => first.stdout + &second.stdout,
        };
        let received = common::json_lines(&received);
        let received: Vec<_> = received
            .iter()
            .map(|session| session["session"]["sessionId"].as_str().unwrap())
            .collect();
        let expected: Vec<_> = ids.iter().filter(|id| *id != gone).collect();
        assert_eq!(received, expected);
    }
}

/// A limit on the file size acts like a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_no_items() {
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let simulator = Simulator::start(&[]);
    for format in FORMATS {
        let complete = run(&format!("{line} --simulate --output {format}"))
            .ok()
            .stdout;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join(format!("sessions.{format}"));
        let invocation = command_for(&simulator, &line);
        let mut shell = std::process::Command::new("/bin/sh");
        shell
            .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
            .arg(invocation.get_program())
            .args(invocation.get_args())
            .arg("--out")
            .arg(&out)
            .env_clear()
            .envs(
                invocation
                    .get_envs()
                    .filter_map(|(key, value)| Some((key, value?))),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let full = finish(shell);
        assert!(matches!(full.code, Some(1 | 3)), "{full:?}");
        assert!(
            full.stderr.contains("error: cannot write the output"),
            "{}",
            full.stderr
        );
        assert!(fs::metadata(&out).unwrap().len() < complete.len() as u64);
        write(&simulator, &line, &out).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), complete, "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_redirected_stdout_is_resumed_by_the_same_command() {
    let (folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "latency_ms": 5}]}"#,
    );
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let complete = run(&format!("{line} --simulate")).ok().stdout;
    let out = folder.path().join("sessions.ndjson");
    let resumed = format!("{line} --resume {}", folder.path().join("place").display());
    let invocation = command_for(&simulator, &resumed);
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(invocation.get_program())
        .args(invocation.get_args())
        .env_clear()
        .envs(
            invocation
                .get_envs()
                .filter_map(|(key, value)| Some((key, value?))),
        )
        .stdin(Stdio::null())
        .stdout(
            fs::File::options()
                .append(true)
                .create(true)
                .open(&out)
                .unwrap(),
        )
        .stderr(Stdio::piped());
    let full = finish(shell);
    assert!(matches!(full.code, Some(1 | 3)), "{full:?}");
    assert!(full.stderr.contains("cannot write"), "{}", full.stderr);
    append(&simulator, &resumed, &out).ok();
    assert_eq!(fs::read_to_string(&out).unwrap(), complete);
}

#[cfg(target_os = "linux")]
#[test]
fn keeps_the_checkpoint_until_the_last_flush_succeeds() {
    let (folder, script) = file("faults.json", ONCE);
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let path = folder.path().join("place.json");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --retries 0 --resume {}",
        path.display()
    );
    let first = finish(command_for(&simulator, &line)).fails(3);
    let mut full = command_for(&simulator, &line);
    full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
    let full = finish(full).fails(3);
    assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    let rest = finish(command_for(&simulator, &line)).ok();
    let complete = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(first.stdout + &rest.stdout, complete.ok().stdout);
}

/// Appends to a file as a shell's `>>` does.
#[cfg(target_os = "linux")]
fn append(simulator: &Simulator, line: &str, file: &Path) -> Outcome {
    let mut invocation = command_for(simulator, line);
    invocation.stdout(
        fs::File::options()
            .append(true)
            .create(true)
            .open(file)
            .unwrap(),
    );
    finish(invocation)
}

#[cfg(target_os = "linux")]
#[test]
fn rejects_a_redirected_stdout_of_another_length_with_a_command_to_fix_it() {
    let (folder, script) = file("faults.json", ONCE);
    let path = folder.path().join("place.json");
    let out = folder.path().join("it's here.ndjson");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --retries 0 --resume {}",
        path.display()
    );
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    append(&simulator, &line, &out).fails(3);
    let kept = fs::read_to_string(&out).unwrap();
    fs::write(&out, format!("{kept}half of a li")).unwrap();
    let refused = append(&simulator, &line, &out).fails(2);
    let fix = refused
        .stderr
        .split_once("run `truncate ")
        .and_then(|(_, rest)| rest.split_once("`, then the same command again"))
        .unwrap_or_else(|| panic!("{}", refused.stderr))
        .0;
    let fixed = std::process::Command::new("truncate")
        .args(shlex::split(fix).unwrap())
        .status()
        .unwrap();
    assert!(fixed.success());
    // With `>`, the shell truncates the file before the command starts: the earlier output is lost, which is an error.
    let other = folder.path().join("other");
    let refused = append(&simulator, &line, &other).fails(2);
    assert!(
        refused
            .stderr
            .contains("append to the file that was written (>>)"),
        "{}",
        refused.stderr
    );
    append(&simulator, &line, &out).ok();
    let complete = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(fs::read_to_string(&out).unwrap(), complete.ok().stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_with_a_redirected_stdout_is_resumed_without_duplicates() {
    let (folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "page": 4, "times": 1, "latency_ms": 60000}]}"#,
    );
    let path = folder.path().join("place.json");
    let out = folder.path().join("sessions.ndjson");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --resume {}",
        path.display()
    );
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let mut killed = command_for(&simulator, &line);
    killed.stdout(
        fs::File::options()
            .append(true)
            .create(true)
            .open(&out)
            .unwrap(),
    );
    let mut child = killed.spawn().unwrap();
    // Three pages are written; the fourth is delayed.
    let lines = || fs::read_to_string(&out).unwrap().lines().count();
    for _ in 0..5_000 {
        if lines() == 21 {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(lines(), 21);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(path.exists(), "it is written before the first item");
    let mut outcome = append(&simulator, &line, &out);
    if outcome.code == Some(2) {
        let fix = outcome.stderr.split('`').nth(1).unwrap();
        assert!(fix.starts_with("truncate -s "), "{}", outcome.stderr);
        let fixed = std::process::Command::new("/bin/sh")
            .args(["-c", fix])
            .status()
            .unwrap();
        assert!(fixed.success());
        outcome = append(&simulator, &line, &out);
    }
    outcome.ok();
    let complete = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(fs::read_to_string(&out).unwrap(), complete.ok().stdout);
}

/// `OUT_KILLS` is the number of kills in all formats; defaults to 9.
#[cfg(unix)]
#[test]
fn a_file_survives_kills_at_random_moments() {
    let kills: usize = std::env::var("OUT_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(9);
    let (folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "latency_ms": 10}]}"#,
    );
    let simulator = Simulator::start(&[
        "--videos",
        "3",
        "--sessions",
        "6000",
        "--faults",
        script.to_str().unwrap(),
    ]);
    let all = "sessions --all-videos --period 2021-12-01/2022-02-28 --page-size 20";
    let with_events = format!(
        "sessions video {VIDEO} --period 2021-12-01/2022-02-28 --page-size 20 --with-events"
    );
    let mut chance = 11_u64;
    let mut disturbed = 0;
    for (index, (format, line)) in [("ndjson", &*with_events), ("json", all), ("csv", all)]
        .into_iter()
        .enumerate()
    {
        let out = folder.path().join(format!("complete.{format}"));
        write(&simulator, line, &out).ok();
        let complete = fs::read(&out).unwrap();
        let out = folder.path().join(format!("sessions.{format}"));
        let (mut killed, mut finished) = (0, 0);
        while killed < (kills + 2 - index) / 3 {
            let mut invocation = command_for(&simulator, line);
            invocation
                .arg("--out")
                .arg(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut child = invocation.spawn().unwrap();
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            std::thread::sleep(Duration::from_millis((chance >> 33) % 400));
            match child.try_wait().unwrap() {
                None => {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    killed += 1;
                    disturbed += usize::from(checkpoint(&out).exists());
                }
                Some(status) => {
                    assert!(status.success(), "{status}");
                    assert!(fs::read(&out).unwrap() == complete, "{format}");
                    fs::remove_file(&out).unwrap();
                    finished += 1;
                }
            }
        }
        write(&simulator, line, &out).ok();
        assert!(fs::read(&out).unwrap() == complete, "{format}");
        assert!(!checkpoint(&out).exists());
        println!("{format}: {killed} kills, {} complete files", finished + 1);
    }
    assert!(disturbed > 0, "some were killed in the middle");
}

#[cfg(unix)]
#[test]
fn every_termination_signal_is_an_orderly_stop() {
    let slow = r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "latency_ms": 60000}]}"#;
    let (folder, script) = file("faults.json", slow);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let complete = run(&format!("{line} --simulate")).ok().stdout;
    // If SIGHUP is ignored in the test process, the command ignores it as well.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignores_hangup = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 != 0);
    for signals in [
        &["INT"][..],
        &["TERM"],
        &["HUP"],
        &["QUIT"],
        &["INT", "INT", "INT"],
    ] {
        if ignores_hangup && signals == ["HUP"] {
            continue;
        }
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join("sessions.ndjson");
        let mut invocation = command_for(&simulator, &line);
        invocation.arg("--out").arg(&out);
        let mut child = invocation.spawn().unwrap();
        let lines = || fs::read_to_string(&out).unwrap_or_default().lines().count();
        for _ in 0..5_000 {
            if lines() == 14 {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let pid = child.id().to_string();
        for signal in signals {
            let sent = std::process::Command::new("kill")
                .args([&format!("-{signal}"), &*pid])
                .status();
            assert!(sent.unwrap().success());
        }
        assert_eq!(common::wait(&mut child), Some(130), "{signals:?}");
        let message = common::gather(child.stderr.take().unwrap()).join().unwrap();
        assert!(
            message.contains("14 sessions in "),
            "{signals:?}: {message}"
        );
        run_printed(&message).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), complete, "{signals:?}");
        fs::remove_file(&out).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_ignored_sighup_stays_ignored() {
    let slow = r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "latency_ms": 1500}]}"#;
    let (_folder, script) = file("faults.json", slow);
    let invocation = command(&[
        "videos",
        "--simulate",
        "--page-size",
        "5",
        "--faults",
        script.to_str().unwrap(),
    ]);
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(invocation.get_program())
        .args(invocation.get_args())
        .env("HOME", common::home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = shell.spawn().unwrap();
    let (first, rest) = common::read_until(child.stdout.take().unwrap(), "videoId");
    let pid = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-HUP", &pid])
        .status();
    assert!(sent.unwrap().success());
    assert_eq!(common::wait(&mut child), Some(0));
    assert_eq!((first + &rest.join().unwrap()).lines().count(), 20);
}

#[test]
fn warns_of_duplicates_if_a_resumed_list_has_changed() {
    for (change, message) in [
        (
            r#""insert": {"sessions": 3, "at": "front"}"#,
            "up to 3 duplicate sessions",
        ),
        (
            r#""delete": {"sessions": 2, "at": 0}"#,
            "up to 7 duplicate sessions",
        ),
    ] {
        // The list changes after the third page has failed.
        let rules = format!(
            r#"{{"rules": [{{"path": "/analytics/videos/*", "nth": 3, "status": 503, {change}}}]}}"#
        );
        let (folder, script) = file("faults.json", &rules);
        for line in [
            format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0"),
            format!(
                "sessions video {VIDEO} vi3q7HxhApxRF1c8F8r6VeaI --period 2022 --page-size 7 --retries 0 --concurrency 1"
            ),
        ] {
            let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
            let out = folder.path().join("sessions.ndjson");
            let first = write(&simulator, &line, &out).fails(3);
            assert!(
                !first.stderr.contains("duplicate sessions"),
                "{}",
                first.stderr
            );
            let second = write(&simulator, &line, &out);
            assert!(
                second.stderr.contains(message),
                "{line} {change}: {}",
                second.stderr
            );
            fs::remove_file(&out).unwrap();
            let _ = fs::remove_file(checkpoint(&out));
        }
    }
}

#[cfg(unix)]
#[test]
fn an_unwritable_checkpoint_is_an_error_before_any_output() {
    let (folder, in_the_way) = file("file", "");
    let out = folder.path().join("videos.ndjson");
    let mut invocation = command(&["videos", "--simulate"]);
    invocation
        .arg("--out")
        .arg(&out)
        .arg("--resume")
        .arg(in_the_way.join("below"));
    let outcome = finish(invocation);
    assert!(matches!(outcome.code, Some(1 | 2)), "{outcome:?}");
    assert!(
        outcome.stderr.contains("the checkpoint "),
        "{}",
        outcome.stderr
    );
    assert_eq!(fs::read_to_string(&out).unwrap_or_default(), "");
}
