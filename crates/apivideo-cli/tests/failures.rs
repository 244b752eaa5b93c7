//! What goes wrong: the message, the exit code, and what is on stdout all the same.

mod common;

use std::fs;

use common::{SESSION, Simulator, VIDEO, command, finish, recording, run};

#[test]
fn without_a_key_both_ways_on_are_told() {
    for line in [
        "videos",
        "videos --base-url http://127.0.0.1:9",
        &format!("events {SESSION} --output csv"),
        "--environment sandbox live-streams",
    ] {
        let outcome = run(line).fails(2);
        assert_eq!(outcome.stdout, "");
        assert!(
            outcome.stderr.starts_with("error: no API key: "),
            "{}",
            outcome.stderr
        );
        for way in ["APIVIDEO_API_KEY", "--api-key-file", "--simulate"] {
            assert!(outcome.stderr.contains(way), "{}", outcome.stderr);
        }
    }
    let mut empty = command(&["videos"]);
    empty.env("APIVIDEO_API_KEY", " ");
    assert!(finish(empty).fails(2).stderr.contains("no API key"));
}

#[test]
fn bad_input_has_the_message_of_the_library() {
    for (line, message) in [
        (
            format!("sessions video {VIDEO} --period 2022-13 --simulate"),
            "\"2022-13\" is no period: a year has the months 01 to 12; write a day (2022-01-01), an ISO week (2022-W01)",
        ),
        (
            format!("sessions video {VIDEO} --period 2022-W54 --simulate"),
            "that year has no such week",
        ),
        (
            format!("sessions video {VIDEO} --period 2022-01-15/2022-01-01 --simulate"),
            "it runs backwards",
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
            "invalid value 'hats' for '--metadata <KEY=VALUE>': there is no `=` in it; write KEY=VALUE, such as hats=green",
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
            "\"production\" and \"sandbox\"",
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
            "error: the recording in /nowhere can't be read\ncaused by: cannot read /nowhere/index.json\ncaused by: ",
        ),
        (
            "simulate --output csv".to_owned(),
            "--output can't be used with `apivideo simulate`",
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
fn a_base_url_that_could_leak_the_key_is_refused() {
    for url in [
        "http://example.com",
        "ftp://127.0.0.1",
        "https://user:hush@example.com",
        "nonsense",
    ] {
        let mut asked = command(&["videos", "--base-url", url]);
        asked.env("APIVIDEO_API_KEY", "the-secret-key");
        let outcome = finish(asked).fails(2);
        assert!(outcome.stderr.contains("base URL"), "{}", outcome.stderr);
        assert!(
            !outcome.stderr.contains("hush") && !outcome.stderr.contains("secret"),
            "{}",
            outcome.stderr
        );
    }
}

#[test]
fn a_list_that_breaks_off_leaves_what_came_and_the_reason() {
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
fn a_record_that_can_t_be_read_is_told_and_the_others_come() {
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
        let last = "\nerror: the output does not have 1 invalid session; all others are written\n  record ";
        assert!(
            stderr.contains(last) && stderr.ends_with("  record 1 of page 1\n"),
            "{stderr}"
        );
    }
}

#[test]
fn what_fails_at_once_prints_nothing_that_looks_like_an_empty_list() {
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
fn nobody_there_is_told_with_its_cause() {
    // Nobody listens on port 1 of this machine.
    let nobody = "http://127.0.0.1:1";
    let mut asked = command(&["videos", "--base-url", nobody, "--retries", "0"]);
    asked.env("APIVIDEO_API_KEY", "the-secret-key");
    let outcome = finish(asked).fails(5);
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
fn key_files_that_are_none_are_named_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content, why) in [
        ("empty", " \n".as_bytes().to_vec(), "is empty"),
        ("two", b"hush hush2\n".to_vec(), "contains more than a key"),
        ("binary", b"hush\xff\xfe".to_vec(), "is not valid UTF-8"),
        ("large", b"hush".repeat(5_000), "is too large for a key"),
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
            "error: the API key can't be read from {missing}\ncaused by: "
        )),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_port_that_is_taken_is_told() {
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
fn a_full_disk_is_told() {
    for format in ["table", "json", "ndjson", "csv"] {
        let mut full = command(&["videos", "--simulate", "--output", format]);
        full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
        let outcome = finish(full).fails(1);
        assert!(
            outcome
                .stderr
                .starts_with("error: the output can't be written\ncaused by: No space left"),
            "{format}: {}",
            outcome.stderr
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn help_and_version_that_can_not_be_written_are_told() {
    for line in ["--help", "-h", "sessions video --help", "--version"] {
        let mut full = command(&line.split_whitespace().collect::<Vec<_>>());
        full.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
        let outcome = finish(full).fails(1);
        assert!(
            outcome
                .stderr
                .starts_with("error: the output can't be written\ncaused by: No space left"),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[cfg(unix)]
#[test]
fn help_for_a_reader_who_has_gone_is_no_failure() {
    for line in ["--help", "--version"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut asked = command(&[line]);
        asked.stdout(writer);
        assert_eq!(finish(asked).ok().stderr, "", "{line}");
    }
}
