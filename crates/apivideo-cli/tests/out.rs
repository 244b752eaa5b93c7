//! Lists written to a file of the command's own, and to a redirected stdout: killed, stopped or out of space anywhere, nothing is
//! lost and nothing comes twice.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use common::{Outcome, Simulator, VIDEO, asking, command, file, finish, run};

/// The third page fails once.
const ONCE: &str =
    r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "status": 503}]}"#;

const FORMATS: [&str; 3] = ["ndjson", "json", "csv"];

fn checkpoint(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".checkpoint");
    name.into()
}

/// Runs the line against the simulator, with output to this file.
#[track_caller]
fn write(simulator: &Simulator, line: &str, out: &Path) -> Outcome {
    let mut asked = asking(simulator, line);
    asked.arg("--out").arg(out);
    finish(asked)
}

/// The command that is printed to continue, as a shell gets it.
#[track_caller]
fn printed(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find_map(|line| line.strip_prefix("  apivideo "))
        .unwrap_or_else(|| panic!("no command to continue by: {stderr}"));
    shlex::split(line).unwrap()
}

#[track_caller]
fn run_printed(stderr: &str) -> Outcome {
    let words = printed(stderr);
    let mut again = command(&words.iter().map(String::as_str).collect::<Vec<_>>());
    again.env("APIVIDEO_API_KEY", "the-secret-key");
    finish(again)
}

#[test]
fn the_file_has_the_bytes_of_stdout_in_the_format_of_its_name() {
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
fn every_list_can_be_written_to_a_file_and_continued() {
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
        let whole = run(&format!("{line} --simulate")).ok().stdout;
        let rule =
            format!(r#"{{"rules": [{{"path": "{path}", "page": 2, "times": 1, "status": 500}}]}}"#);
        let (_folder, script) = file("faults.json", &rule);
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join(format!("{index}.ndjson"));
        let first = write(&simulator, &line, &out).fails(3);
        assert!(checkpoint(&out).exists());
        run_printed(&first.stderr).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), whole, "{line}");
        assert!(!checkpoint(&out).exists());
    }
}

#[test]
fn a_file_that_holds_something_is_not_overwritten_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("videos.csv");
    let line = format!("videos --simulate --out {}", out.display());
    fs::write(&out, "precious").unwrap();
    let refused = run(&line).fails(2).stderr;
    assert!(
        refused.contains("remove it, or overwrite it with --force"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&out).unwrap(), "precious");
    assert!(!checkpoint(&out).exists());
    run(&format!("{line} --force")).ok();
    let whole = run("videos --simulate --output csv").ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
    // A file that is complete is refused as any other, and an empty one holds nothing.
    run(&line).fails(2);
    fs::write(&out, "").unwrap();
    run(&line).ok();
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
}

#[test]
fn what_stands_behind_the_checkpoint_is_cut_off() {
    let (folder, script) = file("faults.json", ONCE);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    for format in FORMATS {
        let whole = run(&format!("{line} --simulate --output {format}"))
            .ok()
            .stdout;
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join(format!("sessions.{format}"));
        let first = write(&simulator, &line, &out).fails(3);
        let told = format!(
            "14 sessions in {}; the same command continues:",
            out.display()
        );
        assert!(first.stderr.contains(&told), "{}", first.stderr);
        let kept = fs::read_to_string(&out).unwrap();
        assert!(whole.starts_with(&kept) && !kept.is_empty());
        fs::write(&out, kept + "half of a li").unwrap();
        write(&simulator, &line, &out).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), whole, "{format}");
    }
}

#[test]
fn a_file_that_is_shorter_than_its_checkpoint_says_is_refused() {
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
    let mut forced = asking(&simulator, &line);
    forced.arg("--out").arg(&out).arg("--force");
    finish(forced).ok();
    let whole = run(&format!("{line} --simulate")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
    assert!(!checkpoint(&out).exists());
}

#[test]
fn force_is_not_part_of_the_command_that_continues() {
    let (folder, script) = file("faults.json", ONCE);
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let out = folder.path().join("sessions.ndjson");
    fs::write(&out, "old").unwrap();
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7 --retries 0");
    let mut forced = asking(&simulator, &line);
    forced.arg("--force").arg("--out").arg(&out);
    let first = finish(forced).fails(3);
    assert!(!printed(&first.stderr).contains(&"--force".to_owned()));
    run_printed(&first.stderr).ok();
    let whole = run(&format!("{line} --simulate")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
}

#[test]
fn what_can_not_be_a_file_of_its_own_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().display();
    for (options, why) in [
        (format!("--out {place}"), "is not a regular file"),
        (format!("--out {place}/none/videos.csv"), "cannot write"),
        (
            format!("--out {place}/videos --output table"),
            "--output table",
        ),
        (format!("--out {place}/videos --last 3"), "--last"),
        (format!("--out {place}/videos --count"), "--count"),
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
    // As often as it is down, what was written stays.
    for _ in 0..2 {
        write(&simulator, &line, &out).fails(3);
        assert_eq!(fs::read(&out).unwrap(), kept);
    }
    write(&once, &line, &out).ok();
    let whole = run(&format!("{line} --simulate --output json")).ok().stdout;
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
}

#[test]
fn the_run_that_completes_a_list_names_what_earlier_runs_skipped() {
    let whole = run(&format!(
        "sessions video {VIDEO} --period 2022-01-01 --simulate"
    ))
    .ok()
    .stdout;
    let ids: Vec<String> = common::json_lines(&whole)
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
    let told =
        format!("\n  {gone}\nhint: try the events of a session by `apivideo events {gone}`\n");
    for to_file in [true, false] {
        let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
        let out = folder.path().join("sessions.ndjson");
        let place = folder.path().join("place.json");
        let once = || {
            let mut asked = asking(&simulator, &line);
            match to_file {
                true => asked.arg("--out").arg(&out),
                false => asked.arg("--resume").arg(&place),
            };
            finish(asked)
        };
        let first = once().fails(3);
        assert!(first.stderr.contains(", 1 skipped"), "{}", first.stderr);
        let second = once().fails(6);
        assert!(second.stderr.ends_with(&told), "{}", second.stderr);
        let come = match to_file {
            true => fs::read_to_string(&out).unwrap(),
            false => first.stdout + &second.stdout,
        };
        let come = common::json_lines(&come);
        let come: Vec<_> = come
            .iter()
            .map(|session| session["session"]["sessionId"].as_str().unwrap())
            .collect();
        let expected: Vec<_> = ids.iter().filter(|id| *id != gone).collect();
        assert_eq!(come, expected);
    }
}

/// The size of a file is limited, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_loses_nothing() {
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let simulator = Simulator::start(&[]);
    for format in FORMATS {
        let whole = run(&format!("{line} --simulate --output {format}"))
            .ok()
            .stdout;
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join(format!("sessions.{format}"));
        let asked = asking(&simulator, &line);
        let mut shell = std::process::Command::new("/bin/sh");
        shell
            .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
            .arg(asked.get_program())
            .args(asked.get_args())
            .arg("--out")
            .arg(&out)
            .env_clear()
            .envs(
                asked
                    .get_envs()
                    .filter_map(|(key, value)| Some((key, value?))),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let full = finish(shell);
        assert!(matches!(full.code, Some(1 | 3)), "{full:?}");
        assert!(
            full.stderr.contains("error: the output can't be written"),
            "{}",
            full.stderr
        );
        assert!(fs::metadata(&out).unwrap().len() < whole.len() as u64);
        write(&simulator, &line, &out).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), whole, "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_redirected_stdout_that_is_full_is_continued_by_the_same_command() {
    let (folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "latency_ms": 5}]}"#,
    );
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let whole = run(&format!("{line} --simulate")).ok().stdout;
    let out = folder.path().join("sessions.ndjson");
    let resumed = format!("{line} --resume {}", folder.path().join("place").display());
    let asked = asking(&simulator, &resumed);
    let mut shell = std::process::Command::new("/bin/sh");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh"])
        .arg(asked.get_program())
        .args(asked.get_args())
        .env_clear()
        .envs(
            asked
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
    assert!(full.stderr.contains("can't be written"), "{}", full.stderr);
    append(&simulator, &resumed, &out).ok();
    assert_eq!(fs::read_to_string(&out).unwrap(), whole);
}

#[cfg(target_os = "linux")]
#[test]
fn a_checkpoint_stays_until_the_last_flush_has_succeeded() {
    let (folder, script) = file("faults.json", ONCE);
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let place = folder.path().join("place.json");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --retries 0 --resume {}",
        place.display()
    );
    let first = finish(asking(&simulator, &line)).fails(3);
    let mut full = asking(&simulator, &line);
    full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
    let full = finish(full).fails(3);
    assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    let rest = finish(asking(&simulator, &line)).ok();
    let whole = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(first.stdout + &rest.stdout, whole.ok().stdout);
}

/// Appends to a file as a shell's `>>` does.
#[cfg(target_os = "linux")]
fn append(simulator: &Simulator, line: &str, file: &Path) -> Outcome {
    let mut asked = asking(simulator, line);
    asked.stdout(
        fs::File::options()
            .append(true)
            .create(true)
            .open(file)
            .unwrap(),
    );
    finish(asked)
}

#[cfg(target_os = "linux")]
#[test]
fn a_redirected_stdout_of_another_length_is_refused_with_the_command_that_fixes_it() {
    let (folder, script) = file("faults.json", ONCE);
    let place = folder.path().join("place.json");
    let out = folder.path().join("it's here.ndjson");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --retries 0 --resume {}",
        place.display()
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
    // Overwritten by `>`, which a shell has done before the command begins: the first part is gone, and that is said.
    let other = folder.path().join("other");
    let refused = append(&simulator, &line, &other).fails(2);
    assert!(
        refused.stderr.contains("append to that file (>>)"),
        "{}",
        refused.stderr
    );
    append(&simulator, &line, &out).ok();
    let whole = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(fs::read_to_string(&out).unwrap(), whole.ok().stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_with_a_redirected_stdout_is_never_continued_with_duplicates() {
    let (folder, script) = file(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "page": 4, "times": 1, "latency_ms": 60000}]}"#,
    );
    let place = folder.path().join("place.json");
    let out = folder.path().join("sessions.ndjson");
    let line = format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --resume {}",
        place.display()
    );
    let simulator = Simulator::start(&["--faults", script.to_str().unwrap()]);
    let mut killed = asking(&simulator, &line);
    killed.stdout(
        fs::File::options()
            .append(true)
            .create(true)
            .open(&out)
            .unwrap(),
    );
    let mut child = killed.spawn().unwrap();
    // It has written three pages, and waits for the fourth.
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
    assert!(place.exists(), "it was kept before anything was written");
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
    let whole = run(&format!(
        "sessions video {VIDEO} --period 2022 --page-size 7 --simulate"
    ));
    assert_eq!(fs::read_to_string(&out).unwrap(), whole.ok().stdout);
}

/// `OUT_KILLS` says how many, 9 by default: they are spread over the formats.
#[cfg(unix)]
#[test]
fn killed_at_random_moments_the_file_has_the_bytes_of_an_undisturbed_run() {
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
        let out = folder.path().join(format!("whole.{format}"));
        write(&simulator, line, &out).ok();
        let whole = fs::read(&out).unwrap();
        let out = folder.path().join(format!("sessions.{format}"));
        let (mut killed, mut complete) = (0, 0);
        while killed < (kills + 2 - index) / 3 {
            let mut asked = asking(&simulator, line);
            asked
                .arg("--out")
                .arg(&out)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            let mut child = asked.spawn().unwrap();
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
                    assert!(fs::read(&out).unwrap() == whole, "{format}");
                    fs::remove_file(&out).unwrap();
                    complete += 1;
                }
            }
        }
        write(&simulator, line, &out).ok();
        assert!(fs::read(&out).unwrap() == whole, "{format}");
        assert!(!checkpoint(&out).exists());
        println!("{format}: {killed} kills, {} complete files", complete + 1);
    }
    assert!(disturbed > 0, "some were killed in the middle");
}

#[cfg(unix)]
#[test]
fn each_signal_that_ends_a_command_is_an_orderly_stop() {
    let slow = r#"{"rules": [{"path": "/analytics/videos/*", "page": 3, "times": 1, "latency_ms": 60000}]}"#;
    let (folder, script) = file("faults.json", slow);
    let line = format!("sessions video {VIDEO} --period 2022 --page-size 7");
    let whole = run(&format!("{line} --simulate")).ok().stdout;
    // Where the tests run with SIGHUP ignored, the command ignores it as well.
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
        let mut asked = asking(&simulator, &line);
        asked.arg("--out").arg(&out);
        let mut child = asked.spawn().unwrap();
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
        let told = common::gather(child.stderr.take().unwrap()).join().unwrap();
        assert!(told.contains("14 sessions in "), "{signals:?}: {told}");
        run_printed(&told).ok();
        assert_eq!(fs::read_to_string(&out).unwrap(), whole, "{signals:?}");
        fs::remove_file(&out).unwrap();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let slow = r#"{"rules": [{"path": "/videos", "page": 2, "times": 1, "latency_ms": 1500}]}"#;
    let (_folder, script) = file("faults.json", slow);
    let asked = command(&[
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
        .arg(asked.get_program())
        .args(asked.get_args())
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
fn a_resumed_list_of_another_length_says_how_many_rows_may_come_twice() {
    for (change, told) in [
        (
            r#""insert": {"sessions": 3, "at": "front"}"#,
            "up to 3 sessions may come twice",
        ),
        (
            r#""delete": {"sessions": 2, "at": 0}"#,
            "up to 7 sessions may come twice",
        ),
    ] {
        // The third page fails, and then the list changes.
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
            assert!(!first.stderr.contains("may come twice"), "{}", first.stderr);
            let second = write(&simulator, &line, &out);
            assert!(
                second.stderr.contains(told),
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
fn a_checkpoint_that_can_not_be_kept_is_an_error_before_anything_is_written() {
    let (folder, in_the_way) = file("file", "");
    let out = folder.path().join("videos.ndjson");
    let mut asked = command(&["videos", "--simulate"]);
    asked
        .arg("--out")
        .arg(&out)
        .arg("--resume")
        .arg(in_the_way.join("below"));
    let outcome = finish(asked);
    assert!(matches!(outcome.code, Some(1 | 2)), "{outcome:?}");
    assert!(
        outcome.stderr.contains("the checkpoint "),
        "{}",
        outcome.stderr
    );
    assert_eq!(fs::read_to_string(&out).unwrap_or_default(), "");
}
