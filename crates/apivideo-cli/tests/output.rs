//! Output in every format: golden files from recorded responses.

mod common;

use common::{SESSION, VIDEO, golden, recording, run, tutorial};

/// Compares a list in every format. CSV lines end with CRLF.
fn in_every_format(name: &str, line: &str) {
    for format in ["table", "json", "ndjson", "csv"] {
        let outcome = run(&format!("{line} --simulate --output {format}")).ok();
        if format == "csv" {
            let line = outcome.stdout.split_inclusive('\n').next();
            assert!(line.is_some_and(|header| header.ends_with("\r\n")));
        }
        golden(&format!("{name}.{format}"), &outcome.stdout);
        match format {
            "table" => golden(&format!("{name}.table.stderr"), &outcome.stderr),
            _ => assert!(
                outcome
                    .stderr
                    .lines()
                    .all(|line| line.starts_with("summary: ")),
                "{format}: {}",
                outcome.stderr
            ),
        }
    }
}

#[test]
fn sessions() {
    let odd = recording("odd");
    in_every_format(
        "sessions",
        &format!("sessions video viOdd --period 2022-01 --page-size 2 --replay {odd}"),
    );
}

#[test]
fn no_sessions() {
    let odd = recording("odd");
    in_every_format(
        "no_sessions",
        &format!("sessions video viNone --period 2022-01 --replay {odd}"),
    );
}

#[test]
fn videos() {
    in_every_format(
        "videos",
        &format!("videos --page-size 2 --replay {}", recording("odd")),
    );
}

#[test]
fn live_streams() {
    in_every_format(
        "live_streams",
        &format!("live-streams --replay {}", recording("odd")),
    );
}

#[test]
fn the_requests_of_the_tutorial() {
    let recorded = tutorial();
    in_every_format(
        "tutorial_video",
        &format!(
            "sessions video {VIDEO} --period 2022-01-01 --metadata hats=green --page-size 25 --replay {recorded}"
        ),
    );
    in_every_format(
        "tutorial_live_stream",
        &format!(
            "sessions live-stream {} --period 2022-01-01T00:00:00.000Z --page-size 25 --replay {recorded}",
            common::LIVE_STREAM
        ),
    );
}

#[test]
fn reports_the_number_of_missing_recorded_events() {
    let recorded = tutorial();
    for format in ["table", "json", "ndjson", "csv"] {
        let outcome = run(&format!(
            "events {SESSION} --page-size 25 --simulate --replay {recorded} --output {format}"
        ))
        .fails(3);
        let around = match format {
            "ndjson" => 0,
            _ => 1,
        };
        // In an incomplete array, the last line has no line feed.
        assert_eq!(outcome.lines().len(), 25 + around, "{format}");
        golden(&format!("tutorial_events.{format}"), &outcome.stdout);
        let error = "error: the list ended after 25 of 30 announced items";
        assert!(outcome.stderr.starts_with(error), "{}", outcome.stderr);
        // The announced items may not exist: the command to resume would fail in the same way.
        let hint = "start over without --resume";
        assert!(outcome.stderr.contains(hint), "{}", outcome.stderr);
    }
}

#[test]
fn the_built_in_recording_is_the_tutorial() {
    let line = format!("events {SESSION} --simulate --output ndjson --replay");
    let built_in = run(&format!("{line} tutorial")).fails(3);
    let directory = run(&format!("{line} {}", tutorial())).fails(3);
    assert_eq!(built_in.stdout, directory.stdout);
}

#[test]
fn strings_of_the_service_do_not_control_the_terminal() {
    let odd = recording("odd");
    for line in [
        format!(
            "sessions video viOdd --period 2022-01 --page-size 2 --simulate --replay {odd} --output table"
        ),
        format!(
            "sessions video viBroken --period 2022-01 --simulate --replay {odd} --retries 0 --output table"
        ),
    ] {
        let outcome = run(&line);
        for text in [&outcome.stdout, &outcome.stderr] {
            let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(steers), "{text:?}");
        }
    }
}

#[test]
fn a_table_fits_its_width() {
    let odd = recording("odd");
    for columns in ["40", "80", "132"] {
        let line = format!(
            "sessions video viOdd --period 2022-01 --page-size 2 --simulate --replay {odd} --output table"
        );
        let mut command = common::command(&line.split_whitespace().collect::<Vec<_>>());
        command.env("COLUMNS", columns);
        let outcome = common::finish(command).ok();
        golden(&format!("sessions.{columns}.table"), &outcome.stdout);
        golden(&format!("sessions.{columns}.table.stderr"), &outcome.stderr);
    }
}

#[test]
fn fields_have_one_name_in_all_formats() {
    let line = format!("videos --simulate --replay {}", recording("odd"));
    let csv = run(&format!("{line} --output csv")).ok();
    let table = run(&format!("{line} --output table")).ok();
    let fields: Vec<&str> = csv.lines()[0].split(',').collect();
    for heading in table.lines()[0].split_whitespace() {
        assert!(fields.contains(&heading), "{heading}");
    }
}

#[test]
fn csv_options_for_spreadsheets_and_unknown_values() {
    let (folder, _index) = common::file(
        "index.json",
        r#"{"responses": [{"path": "/videos", "file": "videos.json"}]}"#,
    );
    let videos = r#"{
        "data": [{"videoId": "vi1", "title": "=1+1"}, {"videoId": "vi2", "title": ""}, {"videoId": "vi3"}],
        "pagination": {"currentPage": 1, "pageSize": 100, "pagesTotal": 1, "itemsTotal": 3, "currentPageItems": 3, "links": []}
    }"#;
    std::fs::write(folder.path().join("videos.json"), videos).unwrap();
    let list = format!(
        "videos --simulate --replay {} --output csv --fields videoId,title",
        folder.path().display()
    );
    let written = |options: &str| run(&format!("{list} {options}")).ok().stdout;
    assert_eq!(written(""), "videoId,title\r\nvi1,=1+1\r\nvi2,\r\nvi3,\r\n");
    assert_eq!(
        written("--csv-safe"),
        "\u{feff}videoId,title\r\nvi1,'=1+1\r\nvi2,\r\nvi3,\r\n"
    );
    assert_eq!(
        written("--csv-null NULL"),
        "videoId,title\r\nvi1,=1+1\r\nvi2,\r\nvi3,NULL\r\n"
    );
    for (line, why) in [
        (
            "videos --simulate --csv-safe",
            "--csv-safe can only be used with --output csv",
        ),
        (
            "videos --simulate --csv-safe --csv-null N --output json",
            "--csv-safe, --csv-null can only be used with --output csv",
        ),
        (
            "videos --simulate --output csv --csv-null a,b",
            "it contains a comma",
        ),
        (
            "verify nowhere --csv-safe --output csv",
            "cannot be used with a lake",
        ),
    ] {
        let outcome = run(line).fails(2);
        assert!(outcome.stderr.contains(why), "{}", outcome.stderr);
    }
    let empty = common::command(&["videos", "--simulate", "--output", "csv", "--csv-null", ""]);
    let outcome = common::finish(empty).fails(2);
    assert!(
        outcome.stderr.contains("it equals an empty string"),
        "{}",
        outcome.stderr
    );
}
