//! Failures: the message, the exit code, and the output written before.

mod common;

use std::fs;

use common::{SESSION, Simulator, VIDEO, command, finish, recording, run};

#[test]
fn reports_a_missing_key_with_both_alternatives() {
    for line in [
        "videos",
        "videos --base-url http://127.0.0.1:9",
        &format!("events {SESSION} --output csv"),
        "--environment sandbox live-streams",
    ] {
        let outcome = run(line).fails(2);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome
                .stderr
                .starts_with("error: no API key is set\nhint: set "),
            "{}",
            outcome.stderr
        );
        for alternative in ["APIVIDEO_API_KEY", "--api-key-file", "--simulate"] {
            assert!(outcome.stderr.contains(alternative), "{}", outcome.stderr);
        }
    }
    let mut empty = command(&["videos"]);
    empty.env("APIVIDEO_API_KEY", " ");
    assert!(finish(empty).fails(2).stderr.contains("no API key"));
}

#[test]
fn invalid_input_has_the_message_of_the_library() {
    for (line, message) in [
        (
            format!("sessions video {VIDEO} --period 2022-13 --simulate"),
            "invalid period \"2022-13\": month must be 01 to 12; use a day (2022-01-01), an ISO week (2022-W01)",
        ),
        (
            format!("sessions video {VIDEO} --period 2022-W54 --simulate"),
            "the year does not have that week",
        ),
        (
            format!("sessions video {VIDEO} --period 2022-01-15/2022-01-01 --simulate"),
            "the last day is before the first day",
        ),
        (
            format!("sessions video {VIDEO} --simulate"),
            "--period <PERIOD>",
        ),
        (
            "sessions video plays --period 2022 --simulate".to_owned(),
            "plays",
        ),
        ("events ../videos --simulate".to_owned(), "../videos"),
        ("events a/b --simulate".to_owned(), "invalid value 'a/b'"),
        (
            format!("sessions video {VIDEO} --period 2022 --metadata hats --simulate"),
            "invalid value 'hats' for '--metadata <KEY=VALUE>': missing `=`; expected KEY=VALUE, such as hats=green",
        ),
        (
            format!("sessions video {VIDEO} --period 2022 --metadata =green --simulate"),
            "the key is empty",
        ),
        ("videos --page-size 0 --simulate".to_owned(), "1 to 100"),
        ("videos --page-size 101 --simulate".to_owned(), "1 to 100"),
        (
            "videos --retries -1 --simulate".to_owned(),
            "unexpected argument '-1'",
        ),
        (
            "videos --retries many --simulate".to_owned(),
            "invalid value 'many' for '--retries <N>'",
        ),
        (
            "videos --output yaml --simulate".to_owned(),
            "table, json, ndjson, csv",
        ),
        (
            "videos --environment staging".to_owned(),
            "use \"production\" or \"sandbox\"",
        ),
        (
            "videos --seed 7".to_owned(),
            "--seed can only be used with --simulate",
        ),
        (
            "videos --replay tutorial".to_owned(),
            "--replay can only be used with --simulate",
        ),
        (
            "videos --simulate --videos 0".to_owned(),
            "error: invalid number of videos 0: must be 1 to 10000",
        ),
        (
            "videos --simulate --rate-limit 0".to_owned(),
            "must be `off` or a number",
        ),
        (
            "videos --simulate --replay /nowhere".to_owned(),
            "error: cannot read the recording in /nowhere\ncaused by: cannot read /nowhere/index.json\ncaused by: ",
        ),
        (
            "simulate --output csv".to_owned(),
            "--output cannot be used with `apivideo simulate`",
        ),
        (
            "videos --api-key secret".to_owned(),
            "unexpected argument '--api-key'",
        ),
    ] {
        let outcome = run(&line).fails(2);
        assert_eq!(outcome.stdout, "", "{line}");
        assert!(
            outcome.stderr.contains(message),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn rejects_a_base_url_that_could_leak_the_key() {
    for url in [
        "http://example.com",
        "ftp://127.0.0.1",
        "https://user:hush@example.com",
        "nonsense",
    ] {
        let mut invocation = command(&["videos", "--base-url", url]);
        invocation.env("APIVIDEO_API_KEY", "the-secret-key");
        let outcome = finish(invocation).fails(2);
        assert!(outcome.stderr.contains("base URL"), "{}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("hush") && !outcome.stderr.contains("secret"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_failed_list_keeps_its_items_and_reports_the_error() {
    let odd = recording("odd");
    for (format, printed) in [
        (
            "ndjson",
            "{\"videoId\":\"viBroken\",\"session\":{\"sessionId\":\"psA\",\"loadedAt\":\"2022-01-01T08:00:00Z\"}}\n{\"videoId\":\"viBroken\",\"session\":{\"sessionId\":\"psB\",\"loadedAt\":\"2022-01-01T08:00:01Z\"}}\n",
        ),
        (
            "json",
            "[\n  {\"videoId\":\"viBroken\",\"session\":{\"sessionId\":\"psA\",\"loadedAt\":\"2022-01-01T08:00:00Z\"}},\n  {\"videoId\":\"viBroken\",\"session\":{\"sessionId\":\"psB\",\"loadedAt\":\"2022-01-01T08:00:01Z\"}}",
        ),
    ] {
        let outcome = run(&format!(
            "sessions video viBroken --period 2022-01 --page-size 2 --simulate --replay {odd} --retries 0 --output {format}"
        ))
        .fails(3);
        assert_eq!(outcome.stdout, printed);
        assert!(
            outcome.stderr.starts_with("error: ") && outcome.stderr.contains("500"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn reports_an_invalid_record_and_writes_the_others() {
    let odd = recording("odd");
    for (format, end) in [
        ("ndjson", "}\n"),
        ("json", "}"),
        ("csv", "\r\n"),
        ("table", "Z\n"),
    ] {
        let outcome = run(&format!(
            "sessions video viOneBad --period 2022-01 --simulate --replay {odd} --output {format}"
        ))
        .fails(6);
        for id in ["psGood", "psBetter"] {
            assert!(outcome.stdout.contains(id), "{format}: {}", outcome.stdout);
        }
        assert!(
            outcome.stdout.ends_with(end),
            "{format}: {:?}",
            outcome.stdout
        );
        let stderr = outcome.stderr;
        assert!(
            stderr.starts_with("error: record 1 of page 1 is invalid\ncaused by: "),
            "{stderr}"
        );
        let last = "\nerror: the output is complete except for 1 invalid session\n  record ";
        assert!(
            stderr.contains(last) && stderr.ends_with("  record 1 of page 1\n"),
            "{stderr}"
        );
    }
}

#[test]
fn a_list_that_fails_at_once_does_not_look_empty() {
    let odd = recording("odd");
    for format in ["table", "json", "ndjson", "csv"] {
        let outcome = run(&format!(
            "sessions video viBrokenAtOnce --period 2022-01 --simulate --replay {odd} --retries 0 --output {format}"
        ))
        .fails(5);
        assert_eq!(outcome.stdout, "");
    }
}

#[test]
fn reports_a_refused_connection_with_its_cause() {
    // Port 1 of this machine is closed.
    let unreachable = "http://127.0.0.1:1";
    let mut invocation = command(&["videos", "--base-url", unreachable, "--retries", "0"]);
    invocation.env("APIVIDEO_API_KEY", "the-secret-key");
    let outcome = finish(invocation).fails(5);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.starts_with("error: "), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("\ncaused by: "),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("secret"), "{}", outcome.stderr);
}

#[test]
fn reports_invalid_key_files_without_their_content() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, why) in [
        ("empty", " \n".as_bytes().to_vec(), "is empty"),
        (
            "two",
            b"hush hush2\n".to_vec(),
            "contains whitespace inside the API key",
        ),
        ("binary", b"hush\xff\xfe".to_vec(), "is not valid UTF-8"),
        (
            "large",
            b"hush".repeat(5_000),
            "is too large for an API key",
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let path = path.to_str().unwrap();
        let outcome = finish(command(&["videos", "--api-key-file", path])).fails(2);
        assert!(
            outcome.stderr.contains(&format!("{path} {why}")),
            "{}",
            outcome.stderr
        );
        assert!(!outcome.stderr.contains("hush"), "{}", outcome.stderr);
    }
    let missing = folder.path().join("missing");
    let missing = missing.to_str().unwrap();
    let outcome = finish(command(&["videos", "--api-key-file", missing])).fails(2);
    assert!(
        outcome.stderr.starts_with(&format!(
            "error: cannot read the API key from {missing}\ncaused by: "
        )),
        "{}",
        outcome.stderr
    );
}

#[test]
fn reports_a_port_in_use() {
    let simulator = Simulator::start(&[]);
    let port = simulator.url.rsplit_once(':').unwrap().1;
    let outcome = run(&format!("simulate --port {port}")).fails(1);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome.stderr.contains(port) && outcome.stderr.contains("caused by: "),
        "{}",
        outcome.stderr
    );
}

#[cfg(target_os = "linux")]
#[test]
fn reports_a_full_disk() {
    for format in ["table", "json", "ndjson", "csv"] {
        let mut full = command(&["videos", "--simulate", "--output", format]);
        full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
        let outcome = finish(full).fails(1);
        assert!(
            outcome
                .stderr
                .starts_with("error: cannot write the output\ncaused by: No space left"),
            "{format}: {}",
            outcome.stderr
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn reports_a_failed_write_of_help_and_version() {
    for line in ["--help", "-h", "sessions video --help", "--version"] {
        let mut full = command(&line.split_whitespace().collect::<Vec<_>>());
        full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
        let outcome = finish(full).fails(1);
        assert!(
            outcome
                .stderr
                .starts_with("error: cannot write the output\ncaused by: No space left"),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[cfg(unix)]
#[test]
fn help_to_a_closed_pipe_is_not_an_error() {
    for line in ["--help", "--version"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut invocation = command(&[line]);
        invocation.stdout(writer);
        assert_eq!(finish(invocation).ok().stderr, "", "{line}");
    }
}
