//! `report`: from sessions, from a lake and from aggregates; its file; refusals and exit codes.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::fs;

use common::workspace::Workspace;
use common::{LIVE_STREAM, VIDEO, run};
use serde_json::Value;

/// A small world, whose last day is 2022-01-16.
const WORLD: &str = "--simulate --videos 3 --live-streams 2 --sessions 600";
const PERIOD: &str = "2021-12-18/2022-01-16";
const MAX_BYTES: usize = 200_000;

/// Checks a page, and returns its data.
#[track_caller]
fn data(html: &str) -> Value {
    assert!(html.starts_with("<!doctype html>"), "{}", &html[..40]);
    assert!(html.ends_with("</html>\n"));
    assert!(html.contains("default-src 'none'"));
    assert_eq!(html.matches("<script").count(), 1);
    for forbidden in ["<img", "<video", "<link", "<iframe", "@import", "url("] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let (_, rest) = html
        .split_once("<script type=\"application/json\"")
        .unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

#[track_caller]
fn report(workspace: &Workspace, line: &str) -> String {
    let outcome = workspace
        .run(&format!("report {line} --out - {WORLD}"))
        .ok();
    assert!(
        outcome.stdout.len() <= MAX_BYTES,
        "{}",
        outcome.stdout.len()
    );
    outcome.stdout
}

#[track_caller]
fn refused(line: &str, reason: &str) {
    let outcome = run(&format!("report {line}")).fails(2);
    assert_eq!(outcome.stdout, "", "{line}");
    let shown: Vec<&str> = outcome.stderr.split_whitespace().collect();
    assert!(
        shown.join(" ").contains(reason),
        "{line}: {}",
        outcome.stderr
    );
}

#[test]
fn sessions_of_the_service_and_of_a_lake_result_in_the_same_measures() {
    let workspace = Workspace::new();
    let pull = format!("pull --out lake --period {PERIOD} --format ndjson --quiet {WORLD}");
    workspace.run(&pull).ok();
    for asset in [
        // A lake has no chapters.
        format!("video {VIDEO} --title Knots --no-chapters"),
        format!("live-stream {LIVE_STREAM} --title Clouds"),
    ] {
        let line = format!("report {asset} --period {PERIOD} --tz America/New_York --out -");
        let service = workspace.run(&format!("{line} {WORLD}")).ok().stdout;
        let lake = workspace
            .run(&format!("{line} --from lake --quiet"))
            .ok()
            .stdout;
        let (mut of_service, mut of_lake) = (data(&service), data(&lake));
        for page in [&mut of_service, &mut of_lake] {
            let page = page.as_object_mut().unwrap();
            // A lake does not contain when it was pulled.
            page.remove("read_at");
        }
        assert_eq!(of_service, of_lake);
        assert!(service.len() <= MAX_BYTES && lake.len() <= MAX_BYTES);
        assert!(service.contains("Sessions and events of the simulator"));
        assert!(lake.contains("Sessions and events of a lake"));
        assert!(lake.contains(&format!(
            "--period {PERIOD} --tz America/New_York --from lake"
        )));
    }
}

#[test]
fn a_lake_is_reported_without_a_period() {
    let workspace = Workspace::new();
    let pull =
        format!("pull --out lake --period 2022-01-10/2022-01-11 --format ndjson --quiet {WORLD}");
    workspace.run(&pull).ok();
    let page = workspace
        .run(&format!("report video {VIDEO} --from lake --out -"))
        .ok()
        .stdout;
    assert!(page.contains("10–11 January 2022"));
    // A lake has no titles.
    assert!(page.contains(&format!("<h1 dir=\"auto\">{VIDEO}</h1>")));
}

#[test]
fn two_runs_write_the_same_bytes() {
    let workspace = Workspace::new();
    for (name, line) in [
        (
            "video",
            format!("video {VIDEO} --period last-month --compare 2022-01"),
        ),
        (
            "live",
            format!("live-stream {LIVE_STREAM} --period {PERIOD}"),
        ),
        (
            "totals",
            format!("video {VIDEO} --period 30d --from-totals"),
        ),
    ] {
        let to_file = format!("report {line} --out {name}.html {WORLD}");
        let outcome = workspace.run(&to_file).ok();
        assert!(
            outcome
                .stderr
                .contains(&format!("report written to {name}.html (")),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.stdout, "");
        let written = fs::read_to_string(workspace.path().join(format!("{name}.html"))).unwrap();
        let printed = report(&workspace, &line);
        assert!(written == printed, "{name}");
        // Relative periods are resolved, so that the command makes the same report later.
        assert!(
            !written.contains("last-month") && !written.contains("30d"),
            "{name}"
        );
        data(&written);
    }
}

#[test]
fn a_report_of_totals_has_the_aggregates_of_the_service() {
    let workspace = Workspace::new();
    for (asset, filter) in [
        (format!("video {VIDEO}"), format!("--video {VIDEO}")),
        (
            format!("live-stream {LIVE_STREAM}"),
            format!("--live-stream {LIVE_STREAM}"),
        ),
    ] {
        let page = report(&workspace, &format!("{asset} --period 30d --from-totals"));
        assert!(page.contains("Made from totals."));
        assert!(page.contains("Aggregates of the simulator"));
        let metric = |metric: &str| {
            let line = format!(
                "metrics {metric} --from 2021-12-18T00:00:00Z {filter} --output json {WORLD}"
            );
            let value: Value = serde_json::from_str(&workspace.run(&line).ok().stdout).unwrap();
            value[0]["data"].as_f64().unwrap()
        };
        let totals = &data(&page)["totals"];
        assert_eq!(totals["plays"].as_f64().unwrap(), metric("play/count"));
        assert_eq!(
            totals["loads"].as_f64().unwrap(),
            metric("impression/count")
        );
        assert_eq!(
            totals["watch_seconds"].as_f64().unwrap(),
            metric("watch-time/sum")
        );
        let days = totals["days"].as_array().unwrap();
        let plays: f64 = days.iter().filter_map(|day| day["plays"].as_f64()).sum();
        assert_eq!(plays, metric("play/count"));
        assert!(!totals["countries"].as_array().unwrap().is_empty());
    }
}

#[test]
fn removed_raw_statistics_suggest_a_report_of_totals() {
    let workspace = Workspace::new();
    workspace.write(
        "removed.json",
        r#"{"rules": [{"path": "/analytics/*/*", "status": 404, "body": "{\"title\":\"Unrecognized request URL.\"}"}]}"#,
    );
    let line = format!(
        "report video {VIDEO} --period 30d --out report.html --faults removed.json {WORLD}"
    );
    let outcome = workspace.run(&line).fails(1);
    assert!(
        outcome.stderr.contains("add --from-totals"),
        "{}",
        outcome.stderr
    );
    assert!(!workspace.path().join("report.html").exists());
    workspace.run(&format!("{line} --from-totals")).ok();
    data(&fs::read_to_string(workspace.path().join("report.html")).unwrap());
}

#[test]
fn totals_of_an_unknown_video_are_not_a_report() {
    let workspace = Workspace::new();
    let line =
        format!("report video viUnknown --period 30d --from-totals --out report.html {WORLD}");
    let outcome = workspace.run(&line).fails(1);
    assert!(outcome.stderr.contains("404"), "{}", outcome.stderr);
    assert!(!workspace.path().join("report.html").exists());
}

#[test]
fn titles_are_text() {
    let workspace = Workspace::new();
    let title = "</script><img src=x onerror=alert(1)>\u{202e}\"'&amp;";
    let mut command = workspace.command(&format!(
        "report video {VIDEO} --period 2022-01 --out - {WORLD}"
    ));
    command.args(["--title", title]);
    let page = common::finish(command).ok().stdout;
    // The title is in the page, in its data and in the command.
    assert_eq!(data(&page)["assets"][0]["title"], title);
    assert!(page.contains("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"));
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let workspace = Workspace::new();
    let names = || {
        let mut names: Vec<String> = fs::read_dir(workspace.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let line = format!("report video {VIDEO} --period 2022-01 --out report.html {WORLD}");
    workspace.write("report.html", "old");
    let outcome = workspace.run(&line).fails(2);
    assert!(
        outcome.stderr.contains("error: report.html exists"),
        "{}",
        outcome.stderr
    );
    workspace.write(
        "broken.json",
        r#"{"rules": [{"path": "/analytics/videos/*", "status": 400}]}"#,
    );
    workspace
        .run(&format!("{line} --force --faults broken.json"))
        .fails(1);
    assert_eq!(
        fs::read_to_string(workspace.path().join("report.html")).unwrap(),
        "old"
    );
    workspace.run(&format!("{line} --force")).ok();
    data(&fs::read_to_string(workspace.path().join("report.html")).unwrap());
    // An empty file is not lost.
    workspace.write("empty.html", "");
    workspace
        .run(&line.replace("report.html", "empty.html"))
        .ok();
    for (file, reason) in [
        (".", "is not a regular file"),
        ("missing/report.html", "missing is not a folder"),
    ] {
        let outcome = workspace.run(&line.replace("report.html", file)).fails(2);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
    }
    assert_eq!(names(), ["broken.json", "empty.html", "report.html"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(workspace.path().join("report.html"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o600, 0o600);
    }
}

#[test]
fn several_videos_have_one_report() {
    let workspace = Workspace::new();
    let videos = common::json_lines(&run(&format!("videos {WORLD}")).ok().stdout);
    let other = videos.iter().find_map(|video| {
        let id = video["videoId"].as_str().unwrap();
        (id != VIDEO).then(|| id.to_owned())
    });
    let other = other.unwrap();
    let outcome = workspace.run(&format!(
        "report video {VIDEO} {other} {VIDEO} --period {PERIOD} --title First --title Second --out - {WORLD}"
    ));
    let page = outcome.ok().stdout;
    assert!(page.len() <= 2 * MAX_BYTES);
    assert_eq!(page.matches("<article").count(), 2);
    assert!(page.contains(">First</") && page.contains(">Second</"));
    data(&page);

    for (compare, label) in [
        (
            format!("video:{other}"),
            videos
                .iter()
                .find(|video| video["videoId"] == *other)
                .unwrap()["title"]
                .as_str()
                .unwrap(),
        ),
        ("2021-12".to_owned(), "December 2021"),
    ] {
        let page = report(
            &workspace,
            &format!("video {VIDEO} --period 2022-01 --compare {compare}"),
        );
        assert!(page.contains(&format!("Compared with {label}")), "{label}");
        data(&page);
    }
}

#[test]
fn chapters_are_read_from_webvtt() {
    let workspace = Workspace::new();
    workspace.write("chapters.vtt", "WEBVTT\n\n00:00.000 --> 01:00.000\nThe first knot\n\n01:00.000 --> 05:00.000\nThe second\n");
    workspace.write("list.txt", "0:00 The first knot\n");
    let line = format!("video {VIDEO} --period {PERIOD} --chapters");
    let page = report(&workspace, &format!("{line} chapters.vtt"));
    assert!(page.contains("The first knot") && page.contains("--chapters chapters.vtt"));
    for (file, reason) in [
        (
            "list.txt",
            "the chapters list.txt are not valid WebVTT: the first line is not WEBVTT",
        ),
        ("missing.vtt", "cannot read the chapters missing.vtt"),
    ] {
        let outcome = workspace
            .run(&format!("report {line} {file} --out r.html {WORLD}"))
            .fails(2);
        assert!(outcome.stderr.contains(reason), "{}", outcome.stderr);
    }
}

#[test]
fn chapters_of_the_service_are_marked() {
    let workspace = Workspace::new();
    let line = format!("video {VIDEO} --period {PERIOD}");
    let titles = |page: &str| -> Vec<String> {
        let chapters = &data(page)["assets"][0]["chapters"];
        let chapters = chapters.as_array().into_iter().flatten();
        chapters
            .map(|chapter| chapter[1].as_str().unwrap().to_owned())
            .collect()
    };
    let english = report(&workspace, &line);
    assert_eq!(titles(&english)[..2], ["Introduction", "What you need"]);
    assert!(english.contains("class=\"chap\""));
    let french = report(&workspace, &format!("{line} --language FR"));
    assert_eq!(titles(&french)[1], "Ce qu'il vous faut");
    assert!(french.contains("--language FR"));
    let none = report(&workspace, &format!("{line} --no-chapters"));
    assert!(titles(&none).is_empty() && none.contains("--no-chapters"));
    workspace.write("own.vtt", "WEBVTT\n\n00:00.000 --> 01:00.000\nOwn\n");
    let own = report(&workspace, &format!("{line} --chapters own.vtt"));
    assert_eq!(titles(&own), ["Own"]);
}

#[test]
fn chapters_that_cannot_be_read_are_a_warning() {
    let workspace = Workspace::new();
    let line = format!("report video {VIDEO} --period 2022-01 --out - --retries 0 {WORLD}");
    let list = format!("/videos/{VIDEO}/chapters");
    let file = format!("/vod/{VIDEO}/chapters/en.vtt");
    let unrecognized = r#"{\"title\":\"Unrecognized request URL.\"}"#;
    for (rule, warning) in [
        (format!(r#""path": "{list}", "status": 404"#), None),
        (
            format!(r#""path": "{list}", "status": 404, "body": "{unrecognized}""#),
            None,
        ),
        (
            format!(r#""path": "{list}", "replace": {{"/data": [], "/pagination": null}}"#),
            None,
        ),
        (format!(r#""path": "{list}", "status": 503"#), Some("503")),
        (
            format!(r#""path": "{file}", "status": 404"#),
            Some("did not return the file of chapters: 404"),
        ),
        (
            format!(r#""path": "{file}", "status": 200, "body": "hello""#),
            Some("the file of the service is not valid WebVTT: the first line is not WEBVTT"),
        ),
        (
            format!(
                r#""path": "{list}", "replace": {{"/data/0/src": "http://cdn.example/en.vtt"}}"#
            ),
            Some("its scheme is not https"),
        ),
    ] {
        workspace.write("faults.json", &format!(r#"{{"rules": [{{{rule}}}]}}"#));
        let outcome = workspace
            .run(&format!("{line} --quiet --faults faults.json"))
            .ok();
        assert!(
            data(&outcome.stdout)["assets"][0]["chapters"]
                .as_array()
                .is_none_or(Vec::is_empty)
        );
        match warning {
            None => assert_eq!(outcome.stderr, "", "{rule}"),
            Some(warning) => {
                let expected = format!("warning: the report has no chapters of {VIDEO}: ");
                assert!(
                    outcome.stderr.starts_with(&expected),
                    "{rule}: {}",
                    outcome.stderr
                );
                assert!(
                    outcome.stderr.contains(warning),
                    "{rule}: {}",
                    outcome.stderr
                );
            }
        }
    }
    let outcome = workspace.run(&format!("{line} --language de")).ok();
    assert!(
        outcome
            .stderr
            .contains("there are none in \"de\"; the languages are en, fr"),
        "{}",
        outcome.stderr
    );
    data(&outcome.stdout);
}

#[test]
fn nothing_to_report_is_explained() {
    let workspace = Workspace::new();
    for asset in [
        format!("video {VIDEO}"),
        format!("live-stream {LIVE_STREAM}"),
    ] {
        let page = report(&workspace, &format!("{asset} --period 2020-01"));
        assert!(page.contains("was not opened in the period"));
    }
}

#[test]
fn unreadable_sessions_are_counted_and_have_an_exit_code() {
    let workspace = Workspace::new();
    let sessions = run(&format!(
        "sessions video {VIDEO} --period 2022-01 {WORLD} --limit 1"
    ))
    .ok();
    let sessions = common::json_lines(&sessions.stdout);
    let session = sessions[0]["session"]["sessionId"].as_str().unwrap();
    workspace.write(
        "faults.json",
        &format!(
            r#"{{"rules": [{{"path": "/analytics/sessions/{session}/events", "status": 404}}]}}"#
        ),
    );
    let line = format!(
        "report video {VIDEO} --period 2022-01 --out report.html --faults faults.json {WORLD}"
    );
    let outcome = workspace.run(&line).fails(6);
    assert!(
        outcome
            .stderr
            .contains("1 session whose events could not be read"),
        "{}",
        outcome.stderr
    );
    data(&fs::read_to_string(workspace.path().join("report.html")).unwrap());
}

#[test]
fn a_period_that_is_not_over_ends_today() {
    let workspace = Workspace::new();
    // It is midnight of 2022-01-17.
    for line in [
        format!("video {VIDEO} --period this-month"),
        format!("video {VIDEO} --period 2022-01 --from-totals"),
    ] {
        let page = report(&workspace, &line);
        assert!(page.contains("1–16 January 2022"), "{line}");
        assert!(page.contains("--period 2022-01 "), "{line}");
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let video = format!("video {VIDEO}");
    let live = format!("live-stream {LIVE_STREAM}");
    for (line, reason) in [
        (
            format!("{video} --period 2022-01"),
            "required arguments were not provided: --out <FILE>",
        ),
        (format!("{video} --out r.html"), "--period <PERIOD>"),
        (
            format!("{live} --period 2022-01 --length 60"),
            "a live stream has no length",
        ),
        (
            format!("{live} --period 2022-01 --chapters c.vtt"),
            "a live stream has no chapters",
        ),
        (
            format!("{live} --period 2022-01 --language fr"),
            "a live stream has no chapters",
        ),
        (
            format!("{video} --period 2022-01 --language fr --from-totals"),
            "cannot be used with",
        ),
        (
            format!("{video} --language fr --from lake"),
            "cannot be used with",
        ),
        (
            format!("{video} --period 2022-01 --no-chapters --chapters c.vtt"),
            "cannot be used with",
        ),
        (
            format!("{video} --period 2022-01 --compare live-stream:{LIVE_STREAM}"),
            "cannot be compared with a live stream",
        ),
        (
            format!(
                "{live} --period 2022-01 --compare {}",
                video.replace(' ', ":")
            ),
            "cannot be compared with a video",
        ),
        (
            format!(
                "{video} --period 2022-01 --compare {}",
                video.replace(' ', ":")
            ),
            "requires another video",
        ),
        (
            format!("{video} --period 2022-01 --compare 2022-01"),
            "the same period as --period: 2022-01",
        ),
        (
            format!("{video} --period 2022-01 --compare country=France"),
            "expected a period, video:ID or live-stream:ID",
        ),
        (
            format!("{video} other --period 2022-01 --compare 2021-12"),
            "--compare requires a single ID",
        ),
        (
            format!("{video} other --period 2022-01 --title A"),
            "--title is set 1 times, but the number of IDs is 2",
        ),
        (
            format!("{video} other --period 2022-01 --chapters c.vtt"),
            "--chapters are those of one video",
        ),
        (
            format!("{video} other --period 2022-01 --from-totals"),
            "run the command for each ID",
        ),
        (
            format!("{video} --period 2022-01 --from-totals --only country=France"),
            "cannot be used with",
        ),
        (
            format!("{video} --period 2022-01 --from-totals --from lake"),
            "cannot be used with",
        ),
        (
            format!("{video} --period 2021-12 --from-totals"),
            "the service keeps 30 days at most hint: use --period 2021-12-18/2021-12-31",
        ),
        (
            format!("{video} --period 2020 --from-totals"),
            "the service keeps 30 days at most hint: use days since 2021-12-18",
        ),
        (
            format!("{video} --period 2022-02"),
            "the period 2022-02 has not begun",
        ),
        (
            format!("{video} --period 2022-01 --output csv"),
            "--output cannot be used with a report, which is HTML",
        ),
        (
            format!("{video} --period 2022-01 --out - --force"),
            "`--out -` writes to stdout",
        ),
    ] {
        let out = match line.contains("--out ") || reason.contains("--out <FILE>") {
            true => "",
            false => "--out never.html",
        };
        refused(&format!("{line} {out} --simulate"), reason);
    }
    refused("--fields list", "a report is HTML and has no fields");
    refused(
        &format!("{video} --from missing --out never.html"),
        "missing is not a lake",
    );
}
