//! `pull`, `plan` and `verify`: the real binary against the simulator.
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

mod common;

use std::fs;
use std::process::Command;

use apivideo_lake::Format;
use common::workspace::Workspace;
use common::{Outcome, Simulator, finish, golden, json_lines};
use serde_json::Value;

/// Simulated data with 5 assets, and the period to pull.
const WORLD: &str = "--simulate --videos 3 --live-streams 2 --sessions 300 --quiet";
const PULL: &str =
    "pull --out lake --period 2021-12-18/2022-01-16 --as-of 2022-03-01T00:00:00Z --format ndjson";

/// Replaces the start, the end and the duration of a pull.
fn without_duration(summary: &str) -> String {
    let mut summary = summary.to_owned();
    for name in ["started", "ended", "durationSeconds"] {
        let start = summary.find(name).unwrap() + name.len() + 2;
        let length = summary[start..].find(',').unwrap();
        summary.replace_range(start..start + length, "…");
    }
    summary
}

/// Returns stdout and stderr.
fn terminal_output(outcome: &Outcome) -> String {
    format!("{}--- stderr\n{}", outcome.stdout, outcome.stderr)
}

#[test]
fn a_second_pull_downloads_nothing() {
    let workspace = Workspace::new();
    let world = WORLD.replace(" --quiet", "");
    let plan = workspace
        .run(&format!(
            "plan {} {world}",
            PULL.trim_start_matches("pull ")
        ))
        .ok();
    assert!(!workspace.path().join("lake").exists());
    golden("lake/plan", &terminal_output(&plan));
    let dry = workspace.run(&format!("{PULL} {world} --dry-run")).ok();
    assert_eq!(dry.stdout, plan.stdout);
    golden(
        "lake/plan.table",
        &workspace
            .run(&format!("{PULL} {world} --dry-run --output table"))
            .ok()
            .stdout,
    );

    let first = workspace.run(&format!("{PULL} {world}")).ok();
    let progress = |line: &&str| !line.starts_with("progress: ");
    let stderr: Vec<&str> = first.stderr.lines().filter(progress).collect();
    assert_eq!(
        stderr,
        ["309 requests, 300 sessions", "complete until 2022-01-16"]
    );
    golden("lake/pull", &without_duration(&first.stdout));
    let before = workspace.files("lake");
    let second = workspace
        .run(&format!("{PULL} {WORLD} --output table"))
        .ok();
    assert_eq!(second.stderr, "");
    golden("lake/pull_again.table", &second.stdout);
    assert!(workspace.files("lake") == before);
    let requests = |outcome: &Outcome| json_lines(&outcome.stdout)[0]["requests"].as_u64().unwrap();
    let repeated = requests(&workspace.run(&format!("{PULL} {WORLD}")).ok());
    assert!(repeated * 100 <= requests(&first), "{repeated}");

    // Of the 300 sessions, one has more than 100 events.
    let planned = json_lines(&plan.stdout)[0]["requests"].as_u64().unwrap();
    assert!(requests(&first) - planned <= 1);
    golden(
        "lake/verify",
        &terminal_output(&workspace.run("verify lake").ok()),
    );
    golden(
        "lake/verify.table",
        &workspace
            .run("verify lake --output table --quiet")
            .ok()
            .stdout,
    );
}

#[test]
fn a_plan_without_events_is_exact() {
    let workspace = Workspace::new();
    let line = format!("{PULL} --no-events {WORLD}");
    let planned = json_lines(&workspace.run(&format!("{line} --dry-run")).ok().stdout);
    assert_eq!(planned[0]["exact"], true);
    // Only the disk space is estimated.
    let estimates = planned[0]["estimates"].as_array().unwrap();
    assert_eq!(estimates.len(), 2, "{estimates:?}");
    for note in estimates {
        let note = note.as_str().unwrap();
        assert!(note.contains("sizes") || note.contains("staging"), "{note}");
    }
    let pulled = json_lines(&workspace.run(&line).ok().stdout);
    assert_eq!(pulled[0]["requests"], planned[0]["requests"]);
}

#[test]
fn writes_parquet_or_reports_that_it_is_not_built_in() {
    let workspace = Workspace::new();
    let line = PULL.replace(" --format ndjson", "");
    let outcome = workspace.run(&format!("{line} {WORLD}"));
    if Format::Parquet.is_available() {
        let outcome = outcome.ok();
        assert_eq!(outcome.stderr, "");
        let bytes = fs::read(
            workspace
                .path()
                .join("lake/sessions/date=2022-01-01/sessions.parquet"),
        )
        .unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
        workspace.run("verify lake").ok();
    } else {
        let outcome = outcome.fails(2);
        assert!(
            outcome
                .stderr
                .contains("parquet is not built into this program"),
            "{}",
            outcome.stderr
        );
        assert!(
            outcome
                .stderr
                .contains("build it with the feature `parquet`"),
            "{}",
            outcome.stderr
        );
        assert!(!workspace.path().join("lake").exists());
    }
}

#[test]
fn writes_delta_logs_of_a_new_lake_of_parquet() {
    if !Format::Parquet.is_available() {
        return;
    }
    let workspace = Workspace::new();
    let line = PULL.replace(" --format ndjson", "");
    let outcome = workspace.run(&format!("{PULL} --delta {WORLD}")).fails(2);
    let stderr = &outcome.stderr;
    assert!(
        stderr.contains("invalid format ndjson with Delta logs"),
        "{stderr}"
    );

    workspace.run(&format!("{line} --delta {WORLD}")).ok();
    let log = workspace.path().join("lake/sessions/_delta_log");
    let version = |number: u32| log.join(format!("{number:020}.json"));
    let text = fs::read_to_string(version(0)).unwrap();
    assert!(text.contains(r#""partitionColumns":["date"]"#), "{text}");
    workspace.run("verify lake").ok();
    let outcome = workspace
        .run("lake status lake --output csv --fields format,delta")
        .ok();
    assert_eq!(outcome.stdout, "format,delta\r\nparquet,true\r\n");
    // The setting is that of the lake.
    workspace.run(&format!("{line} {WORLD}")).ok();
    assert!(!version(1).exists(), "nothing has changed");
    fs::remove_dir_all(workspace.path().join("lake")).unwrap();
    workspace.run(&format!("{line} {WORLD}")).ok();
    let outcome = workspace.run(&format!("{line} --delta {WORLD}")).fails(2);
    let stderr = &outcome.stderr;
    assert!(stderr.contains("it has no Delta logs"), "{stderr}");
}

#[test]
fn csv_has_a_header_and_the_same_rows() {
    let workspace = Workspace::new();
    workspace
        .run(&format!("{} {WORLD}", PULL.replace("ndjson", "csv")))
        .ok();
    let text = fs::read_to_string(
        workspace
            .path()
            .join("lake/events/date=2022-01-01/events.csv"),
    )
    .unwrap();
    let header = "asset_kind,asset_id,session_id,number,type,emitted_at,at_seconds,from_seconds,to_seconds,extra\r\n";
    assert!(text.starts_with(header), "{text}");
    let found = json_lines(&workspace.run("verify lake").ok().stdout);
    workspace
        .run(&format!("{} {WORLD}", PULL.replace("lake", "other")))
        .ok();
    let other = json_lines(&workspace.run("verify other").ok().stdout);
    assert_eq!(
        (&found[0]["sessions"], &found[0]["events"]),
        (&other[0]["sessions"], &other[0]["events"])
    );
}

#[test]
fn stops_at_max_requests_and_prints_the_command_to_resume() {
    let workspace = Workspace::new();
    let line = format!("{PULL} {WORLD} --max-requests 130");
    let mut codes = Vec::new();
    for _ in 0..5 {
        let outcome = workspace.run(&line);
        codes.push(outcome.code.unwrap());
        if outcome.code == Some(0) {
            break;
        }
        let message = "to resume, run the same command again:\n  apivideo pull --out lake";
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        let other = workspace.run("pull --out lake --simulate").fails(2);
        let message = "missing period: the first pull of this lake is not complete; use its period or first day";
        assert!(other.stderr.contains(message), "{}", other.stderr);
        let found = workspace.run("verify lake").fails(1);
        let message = "problem: the pull of 2021-12-18/2022-01-16 is not complete; run it again: apivideo pull --out lake";
        assert!(found.stderr.contains(message), "{}", found.stderr);
        assert_eq!(json_lines(&found.stdout)[0]["valid"], false);
    }
    assert_eq!(codes, [3, 3, 0]);
    let pieces = workspace.files("lake");
    workspace
        .run(&format!("{} {WORLD}", PULL.replace("lake", "complete")))
        .ok();
    let complete = workspace.files("complete");
    assert_eq!(pieces.len(), complete.len());
    assert!(
        pieces
            .iter()
            .zip(&complete)
            .all(|((_, one), (_, other))| one == other)
    );
}

#[test]
fn shows_waits_for_the_rate_limit_with_the_seconds_left() {
    let workspace = Workspace::new();
    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/sessions/*/events", "times": 1, "status": 429, "headers": {"Retry-After": "3"}}]}"#,
    );
    let outcome = workspace
        .run(&format!("{PULL} {WORLD} --faults faults.json").replace("--quiet", ""))
        .ok();
    let message = (1..=5).map(|left| format!("; waiting {left} s for the rate limit\n"));
    assert!(
        message
            .into_iter()
            .any(|wait| outcome.stderr.contains(&wait)),
        "{}",
        outcome.stderr
    );
    let last = outcome.stderr.lines().last().unwrap();
    assert!(!last.contains("waiting"), "{last}");
}

#[cfg(unix)]
#[test]
fn a_folder_name_with_invalid_utf8_is_quoted_for_a_shell() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let workspace = Workspace::new();
    let name = OsStr::from_bytes(b"lake\xff");
    if fs::create_dir(workspace.path().join(name)).is_err() {
        return; // Some file systems reject such names.
    }
    let mut command = workspace.command(&format!(
        "pull --since 2022-01-01 --format ndjson --max-requests 5 {WORLD} --out"
    ));
    command.arg(name);
    let outcome = common::finish(command).fails(3);
    assert!(
        outcome.stderr.ends_with("--out $'lake\\377'\n"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_pull_keeps_its_data() {
    let workspace = Workspace::new();
    workspace.write(
        "slow.json",
        r#"{"rules": [{"path": "/analytics/sessions/*/events", "latency_ms": 20}]}"#,
    );
    let line = format!("{PULL} {WORLD} --faults slow.json");
    let child = workspace.command(&line).spawn().unwrap();
    let staged = || {
        let staging = fs::read_dir(workspace.path().join("lake/_staging"))
            .into_iter()
            .flatten();
        let mut names = staging.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.any(|name| name.starts_with("events-"))
    };
    while !staged() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let outcome = child.wait_with_output().unwrap();
    let stderr = common::without_times(&String::from_utf8(outcome.stderr).unwrap());
    assert_eq!(outcome.status.code(), Some(130), "{stderr}");
    assert!(
        stderr.contains("to resume, run the same command again:\n  apivideo pull --out lake"),
        "{stderr}"
    );
    workspace.run(&format!("{PULL} {WORLD}")).ok();
    let found = json_lines(&workspace.run("verify lake").ok().stdout);
    assert_eq!(found[0]["sessions"], 300);
}

#[test]
fn failures_have_their_exit_codes() {
    for (faults, code, message) in [
        (
            r#"{"path": "/videos", "status": 401}"#,
            4,
            "a request to the service failed",
        ),
        (
            r#"{"path": "/videos", "status": 503}"#,
            5,
            "a request to the service failed",
        ),
        (
            r#"{"path": "/videos", "status": 400}"#,
            1,
            "a request to the service failed",
        ),
        (
            r#"{"path": "/analytics/sessions/*/events", "from": 100, "status": 503}"#,
            5,
            "to resume, run the same command again:\n  apivideo pull",
        ),
        (
            r#"{"path": "/analytics/sessions/*/events", "nth": 7, "status": 404}"#,
            6,
            "the events of 1 session could not be read\nhint: the next pull reads unreadable records again; they are stored in _invalid",
        ),
        (
            r#"{"path": "/analytics/videos/*", "page": 1, "remove": ["/data/0/session/sessionId"]}"#,
            6,
            "3 records could not be decoded\nhint: the next pull reads unreadable records again; they are stored in _invalid",
        ),
    ] {
        let workspace = Workspace::new();
        workspace.write("faults.json", &format!(r#"{{"rules": [{faults}]}}"#));
        let outcome = workspace
            .run(&format!("{PULL} {WORLD} --retries 0 --faults faults.json"))
            .fails(code);
        assert!(
            outcome.stderr.contains(message),
            "{faults}: {}",
            outcome.stderr
        );
        workspace.run("verify lake").fails(1);
        workspace.run(&format!("{PULL} {WORLD}")).ok();
        let found = json_lines(&workspace.run("verify lake").ok().stdout);
        assert_eq!(found[0]["valid"], true, "{faults}");
    }
}

#[test]
fn invalid_options_are_reported_before_any_request() {
    let workspace = Workspace::new();
    workspace.write("short", "short\n");
    for (line, message) in [
        (
            "pull --out lake --format ndjson",
            "a new lake needs a period",
        ),
        ("pull --period 2022", "--out <DIR|URL>"),
        (
            "pull --out lake --period 2022 --format xml",
            "expected parquet, ndjson or csv",
        ),
        (
            "pull --out lake --period 2022 --format ndjson --hash country",
            "--salt-file <FILE>",
        ),
        (
            "pull --out lake --period 2022 --format ndjson --hash country --salt-file short",
            "the salt is too short",
        ),
        (
            "pull --out lake --period 2022 --format ndjson --hash country --salt-file none",
            "cannot read the salt from none",
        ),
        (
            "pull --out lake --period 2022 --format ndjson --drop town",
            "invalid field \"town\": expected ",
        ),
        (
            "pull --out lake --period 2022 --format ndjson --drop city,",
            "invalid field \"\": expected ",
        ),
        (
            "pull --out lake --since 2022",
            "expected a day, such as 2022-01-01",
        ),
        (
            "pull --out lake --period 2022 --as-of 2022-01-01",
            "with a time zone, up to the year 9999, such as 2022-01-10T12:00:00Z",
        ),
        (
            "pull --out lake --period 2030 --format ndjson",
            "invalid period: it starts on 2030-01-01, after today",
        ),
        ("verify lake", "lake is not a lake"),
    ] {
        let outcome = workspace.run(&format!("{line} --simulate")).fails(2);
        // A pull that was begun has a summary.
        let is_summary = outcome.stdout.contains(r#""exitReason":"input""#);
        assert!(outcome.stdout.is_empty() || is_summary, "{line}");
        assert!(
            outcome
                .stderr
                .to_lowercase()
                .contains(&message.to_lowercase()),
            "{line}: {}",
            outcome.stderr
        );
        assert!(!workspace.path().join("lake").exists(), "{line}");
    }
}

#[test]
fn does_not_touch_a_locked_newer_or_modified_lake() {
    let workspace = Workspace::new();
    workspace.run(&format!("{PULL} {WORLD}")).ok();
    let path = |name: &str| workspace.path().join("lake").join(name);

    let lock = fs::OpenOptions::new()
        .write(true)
        .open(path("_lock"))
        .unwrap();
    lock.lock().unwrap();
    let outcome = workspace.run(&format!("{PULL} {WORLD}")).fails(7);
    assert!(
        outcome.stderr.contains("lake is in use by process "),
        "{}",
        outcome.stderr
    );
    workspace.run("verify lake").fails(7);
    drop(lock);

    let lake = fs::read_to_string(path("_manifest/lake.json")).unwrap();
    fs::write(
        path("_manifest/lake.json"),
        lake.replace("\"apivideoLake\": 4", "\"apivideoLake\": 9"),
    )
    .unwrap();
    let outcome = workspace.run(&format!("{PULL} {WORLD}")).fails(1);
    assert!(
        outcome.stderr.contains("was written by a newer version"),
        "{}",
        outcome.stderr
    );
    fs::write(path("_manifest/lake.json"), lake).unwrap();

    let file = path("events/date=2022-01-01/events.ndjson");
    let mut text = fs::read(&file).unwrap();
    text.push(b'\n');
    fs::write(&file, &text).unwrap();
    let outcome = workspace.run("verify lake --quiet").fails(1);
    assert!(
        outcome
            .stderr
            .starts_with("problem: lake/events/date=2022-01-01/events.ndjson was changed"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .ends_with("error: the lake is invalid (1 problem, see above)\n")
    );
    assert_eq!(json_lines(&outcome.stdout)[0]["valid"], false);
    let repeated = format!("{PULL} {WORLD}");
    let outcome = workspace.run(&repeated).fails(1);
    let message = "problem: lake/events/date=2022-01-01/events.ndjson was changed";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
    assert!(
        outcome
            .stderr
            .contains("error: the lake is not complete (1 problem, see above)"),
        "{}",
        outcome.stderr
    );
    assert!(fs::read(&file).unwrap() == text);
    fs::remove_file(&file).unwrap();
    let outcome = workspace.run(&repeated).ok();
    assert!(
        outcome
            .stderr
            .contains("warning: files of 2022-01-01 are missing"),
        "{}",
        outcome.stderr
    );
    workspace.run("verify lake").ok();
}

#[test]
fn invalid_records_are_kept_and_can_be_accepted() {
    let workspace = Workspace::new();
    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "page": 1, "remove": ["/data/0/session/sessionId"]}]}"#,
    );
    let line = format!("{PULL} {WORLD} --faults faults.json");
    for _ in 0..2 {
        let outcome = workspace.run(&line).fails(6);
        let done = &json_lines(&outcome.stdout)[0];
        assert_eq!(
            (&done["skippedSessions"], &done["completeUntil"]),
            (&3.into(), &Value::Null)
        );
        let found = workspace.run("verify lake --quiet").fails(1);
        assert_eq!(
            found.stderr.matches("problem: ").count(),
            3,
            "{}",
            found.stderr
        );
    }
    let accepted = workspace.run(&format!("{line} --accept-invalid")).ok();
    assert_eq!(json_lines(&accepted.stdout)[0]["accepted"], 3);
    let found = json_lines(&workspace.run("verify lake").ok().stdout);
    assert_eq!(found[0]["notes"].as_array().unwrap().len(), 3, "{found:?}");
    let quiet = json_lines(&workspace.run(&line).ok().stdout);
    assert_eq!(quiet[0]["requests"], 2);
}

#[test]
fn fewer_sessions_than_announced_are_an_error_that_names_the_asset() {
    let workspace = Workspace::new();
    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg", "replace": {"/pagination/itemsTotal": 999}}]}"#,
    );
    let outcome = workspace
        .run(&format!("{PULL} {WORLD} --faults faults.json"))
        .fails(1);
    let message = "problem: video/vi4k0jvEUuaTdRAEjQ4Prklg 2021-12-18/2022-01-16: incomplete: the list ended after 133 of 999 announced items";
    assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    workspace.run("verify lake").fails(1);
    workspace.run(&format!("{PULL} {WORLD}")).ok();
    workspace.run("verify lake").ok();
}

#[test]
fn uses_the_configured_page_size() {
    let workspace = Workspace::new();
    let outcome = workspace
        .run(&format!(
            "{PULL} {WORLD} --no-events --page-size 10 --debug"
        ))
        .ok();
    assert!(outcome.stderr.contains("pageSize=10"), "{}", outcome.stderr);
    assert!(
        !outcome.stderr.contains("pageSize=100"),
        "{}",
        outcome.stderr
    );
}

/// Folders cannot be created there, even by root.
#[cfg(target_os = "linux")]
#[test]
fn reports_a_folder_that_cannot_be_created_with_advice() {
    let workspace = Workspace::new();
    let line = format!("{} {WORLD}", PULL.replace("--out lake", "--out /sys/lake"));
    let outcome = workspace.run(&line);
    assert_eq!(outcome.code, Some(1));
    assert_eq!(json_lines(&outcome.stdout)[0]["exitReason"], "storage");
    let message = "error: cannot create /sys/lake: permission denied; change the permissions, or choose another folder\n";
    assert!(outcome.stderr.starts_with(message), "{}", outcome.stderr);
}

#[test]
fn verifies_counts_against_the_service() {
    let workspace = Workspace::new();
    let world = [
        "--videos",
        "3",
        "--live-streams",
        "2",
        "--sessions",
        "300",
        "--seed",
    ];
    let service = Simulator::start(&[&world[..], &["1"]].concat());
    let at = |line: &str, service: &Simulator| {
        let mut command = workspace.command(&format!("{line} --base-url {}", service.url));
        command.env("APIVIDEO_API_KEY", "key");
        finish(command)
    };
    at(PULL, &service).ok();
    let found = json_lines(&at("verify lake --against-service", &service).ok().stdout);
    assert_eq!(
        (found[0]["requests"].as_u64(), found[0]["sessions"].as_u64()),
        (Some(5), Some(300))
    );
    // Other simulated data has the same tutorial assets with different sessions.
    let other = Simulator::start(&["--videos", "3", "--live-streams", "2", "--sessions", "100"]);
    let outcome = at("verify lake --against-service", &other).fails(1);
    assert!(
        outcome.stderr.contains("sessions, and reported "),
        "{}",
        outcome.stderr
    );
    // A failed request does not look like a difference.
    workspace.write(
        "faults.json",
        r#"{"rules": [{"path": "/analytics/live-streams/*", "status": 503}]}"#,
    );
    let faults = workspace.path().join("faults.json");
    let options = ["--videos", "3", "--live-streams", "2", "--sessions", "300"];
    let failing =
        Simulator::start(&[&options[..], &["--faults", faults.to_str().unwrap()]].concat());
    let outcome = at("verify lake --against-service --retries 0", &failing).fails(5);
    assert!(
        outcome
            .stderr
            .contains(" of 5 request ranges were compared with the service"),
        "{}",
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn drops_and_hashes_personal_fields() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = Workspace::new();
    workspace.write("salt", "sixteen bytes at the least\n");
    let salt = workspace.path().join("salt");
    let line = format!(
        "{PULL} {WORLD} --drop city,referrer.url --hash metadata.hats,country --salt-file salt"
    );
    fs::set_permissions(&salt, fs::Permissions::from_mode(0o644)).unwrap();
    let outcome = workspace.run(&line).ok();
    assert_eq!(
        outcome.stderr,
        "warning: other users can read the salt in salt; run: chmod 600 salt\n"
    );
    for (path, text) in workspace.files("lake") {
        let text = String::from_utf8(text).unwrap();
        for secret in ["France", "Paris", "\"green\"", "sixteen"] {
            assert!(!text.contains(secret), "{}: {secret}", path.display());
        }
    }
    fs::set_permissions(&salt, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(workspace.run(&line).ok().stderr, "");
    let outcome = workspace.run(&format!("{PULL} {WORLD}")).fails(2);
    assert!(
        outcome
            .stderr
            .contains("the options differ from those of the lake lake: it drops location_city, referrer_url, and this pull drops nothing")
    );
}

#[test]
fn downloads_aggregates() {
    let workspace = Workspace::new();
    let line = "pull --out lake --format ndjson --since 2022-01-12 --no-events --aggregates --simulate --videos 3 \
                --live-streams 2 --sessions 600 --quiet";
    let planned = json_lines(&workspace.run(&line.replacen("pull", "plan", 1)).ok().stdout);
    let note = planned[0]["estimates"][0].as_str().unwrap();
    let max: u64 = note.split(' ').nth(2).unwrap().parse().unwrap();
    // For each of 6 days: the plays, and 5 breakdowns and a timeseries for each of 5 assets.
    assert_eq!(max, 6 * (1 + 5 * 6), "{note}");
    let done = json_lines(&workspace.run(line).ok().stdout);
    let beside = done[0]["requests"].as_u64().unwrap() - planned[0]["requests"].as_u64().unwrap();
    assert!(beside > max / 2 && beside <= max, "{beside} of {max}");
    let found = json_lines(&workspace.run("verify lake").ok().stdout);
    assert!(found[0]["aggregates"].as_u64().unwrap() > 50, "{found:?}");
    assert!(
        workspace
            .path()
            .join("lake/buckets/date=2022-01-14/buckets.ndjson")
            .exists()
    );
    assert!(
        workspace
            .path()
            .join("lake/timeseries/date=2022-01-14/timeseries.ndjson")
            .exists()
    );
    // Without --since, the lake's first day applies.
    let repeated = line.replace(" --since 2022-01-12", "");
    assert_eq!(
        json_lines(&workspace.run(&repeated).ok().stdout)[0]["daysWritten"],
        0
    );
}

#[test]
fn selects_fields_of_reports() {
    let workspace = Workspace::new();
    let outcome = workspace.run("verify lake --fields list").ok();
    assert!(
        outcome.stdout.starts_with("folder\nvalid\n"),
        "{}",
        outcome.stdout
    );
    let outcome = workspace
        .run(&format!(
            "{PULL} {WORLD} --output csv --fields sessions,completeUntil"
        ))
        .ok();
    assert_eq!(
        outcome.stdout.replace('\r', ""),
        "sessions,completeUntil\n300,2022-01-16\n"
    );
}
