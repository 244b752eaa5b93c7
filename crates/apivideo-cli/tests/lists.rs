//! List commands and their options.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::collections::HashSet;

use apivideo::aggregates::{Breakdown, BucketMetric, DeviceType, Interval, Metric, SeriesMetric};
use common::{LIVE_STREAM, SESSION, Simulator, VIDEO, golden, json_lines, run, run_against};
use serde_json::Value;

const PERIOD: &str = "--period 2022-01";

/// Returns the GET requests in the output of `--debug`.
fn requests(stderr: &str) -> Vec<&str> {
    let lines = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("> GET "));
    lines.collect()
}

fn ids(sessions: &[Value]) -> Vec<&str> {
    let id =
        |session: &'_ Value| -> Option<()> { session["session"]["sessionId"].as_str().map(drop) };
    assert!(sessions.iter().all(|session| id(session).is_some()));
    sessions
        .iter()
        .filter_map(|session| session["session"]["sessionId"].as_str())
        .collect()
}

#[test]
fn sessions_of_several_assets_are_in_order() {
    let videos = json_lines(&run("videos --simulate --videos 3").ok().stdout);
    let of = |id: &str| {
        run(&format!(
            "sessions video {id} {PERIOD} --simulate --videos 3"
        ))
        .ok()
        .stdout
    };
    let names: Vec<&str> = videos
        .iter()
        .map(|video| video["videoId"].as_str().unwrap())
        .collect();
    let several = run(&format!(
        "sessions video {} {PERIOD} --simulate --videos 3",
        names.join(" ")
    ));
    let one_by_one: String = names.iter().map(|id| of(id)).collect();
    assert_eq!(several.ok().stdout, one_by_one);
    let all = format!("sessions --all-videos {PERIOD} --simulate --videos 3");
    assert_eq!(run(&all).ok().stdout, one_by_one);
    assert_eq!(
        run(&format!("{all} --concurrency 1")).ok().stdout,
        one_by_one
    );
    for session in json_lines(&one_by_one) {
        assert!(names.contains(&session["videoId"].as_str().unwrap()));
        assert_eq!(session.get("liveStreamId"), None);
    }
}

#[test]
fn sessions_of_all_videos_and_live_streams() {
    let live = run(&format!(
        "sessions --all-live-streams {PERIOD} --simulate --videos 2"
    ))
    .ok();
    let videos = run(&format!(
        "sessions --all-videos {PERIOD} --simulate --videos 2"
    ))
    .ok();
    let line = format!("sessions --all-live-streams --all-videos {PERIOD} --simulate --videos 2");
    assert_eq!(run(&line).ok().stdout, videos.stdout + &live.stdout);
    let one = format!("sessions live-stream {LIVE_STREAM} {PERIOD} --simulate --videos 2");
    assert!(live.stdout.starts_with(&run(&one).ok().stdout));
    let first = &json_lines(&live.stdout)[0];
    assert_eq!(first["liveStreamId"], LIVE_STREAM);
}

#[test]
fn assets_must_be_specified_once() {
    for (line, why) in [
        ("sessions --period 2022 --simulate", "required"),
        ("sessions video --period 2022 --simulate", "required"),
        (
            "sessions film vi1 --period 2022 --simulate",
            "video, live-stream",
        ),
        (
            "sessions video vi1 --all-videos --period 2022 --simulate",
            "cannot be used with",
        ),
        ("sessions video vi1 --simulate", "--period"),
        (
            "sessions live-stream li1 --period 2022 --metadata hats=green --simulate",
            "--metadata cannot be used with live streams",
        ),
        (
            "sessions --all-live-streams --period 2022 --metadata hats=green --simulate",
            "cannot be used with",
        ),
        (
            "sessions video ../x --period 2022 --simulate",
            "invalid video id \"../x\": it contains '.'",
        ),
        (
            "sessions video vi1 --period 2022 --count --limit 1 --simulate",
            "cannot be used with",
        ),
        (
            "sessions video vi1 --period 2022 --last 1 --limit 1 --simulate",
            "cannot be used with",
        ),
        ("videos --last 0 --simulate", "invalid value '0'"),
        ("api GET /videos --limit 1 --simulate", "require --paginate"),
        ("api POST /videos --simulate", "possible values: GET"),
    ] {
        let outcome = run(line).fails(2);
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains(why), "{line}: {}", outcome.stderr);
    }
}

#[test]
fn a_count_takes_one_request_per_asset() {
    let simulator = Simulator::start(&["--videos", "3"]);
    for (line, expected) in [
        (format!("sessions video {VIDEO} {PERIOD}"), 1),
        (format!("sessions live-stream {LIVE_STREAM} {PERIOD}"), 1),
        (format!("events {SESSION}"), 1),
        ("videos".to_owned(), 1),
        ("live-streams".to_owned(), 1),
        ("buckets play country".to_owned(), 1),
        ("timeseries play".to_owned(), 1),
        ("api GET /videos --paginate".to_owned(), 1),
        // One for the list of videos, and one per video.
        (format!("sessions --all-videos {PERIOD}"), 4),
    ] {
        let listed = run_against(&simulator, &line).ok().lines().len();
        let counted = run_against(&simulator, &format!("{line} --count --debug --auth basic")).ok();
        assert_eq!(counted.stdout, format!("{listed}\n"), "{line}");
        assert_eq!(
            requests(&counted.stderr).len(),
            expected,
            "{}",
            counted.stderr
        );
        let csv = run_against(&simulator, &format!("{line} --count --output csv")).ok();
        assert_eq!(csv.stdout, format!("count\r\n{listed}\r\n"));
    }
}

#[test]
fn selects_the_last_and_the_first_items() {
    let line = format!("sessions video {VIDEO} {PERIOD} --simulate --page-size 10");
    let all = run(&line).ok();
    let lines = all.lines();
    assert!(lines.len() > 30, "{}", lines.len());
    let last = run(&format!("{line} --last 12 --debug")).ok();
    assert_eq!(last.lines(), lines[lines.len() - 12..]);
    assert!(requests(&last.stderr).len() <= 4, "{}", last.stderr);
    let first = run(&format!("{line} --limit 12 --debug")).ok();
    assert_eq!(first.lines(), lines[..12]);
    assert!(requests(&first.stderr).len() <= 4, "{}", first.stderr);
    for limit in [0, 1, 10_000] {
        let limited = run(&format!("{line} --limit {limit} --output json")).ok();
        let items: Vec<Value> = serde_json::from_str(&limited.stdout).unwrap();
        assert_eq!(
            items.len(),
            limit.min(lines.len()),
            "and the array is closed"
        );
    }
    let several = format!("sessions --all-videos {PERIOD} --simulate");
    let newest = json_lines(&run(&format!("{several} --last 12")).ok().stdout);
    let mut all = json_lines(&run(&several).ok().stdout);
    all.sort_by_key(|it| it["session"]["loadedAt"].as_str().unwrap().to_owned());
    assert_eq!(newest, all[all.len() - 12..], "of all videos together");
    let videos: HashSet<&str> = newest
        .iter()
        .map(|it| it["videoId"].as_str().unwrap())
        .collect();
    assert!(videos.len() > 1, "{videos:?}");
}

#[test]
fn all_metadata_pairs_must_match() {
    let line = format!("sessions video {VIDEO} {PERIOD} --simulate --metadata hats=green");
    let green = json_lines(&run(&line).ok().stdout);
    let linh = json_lines(&run(&format!("{line} --metadata userName=Linh")).ok().stdout);
    assert!(!linh.is_empty() && linh.len() < green.len());
    let all = ids(&green);
    assert!(ids(&linh).iter().all(|id| all.contains(id)));
}

#[test]
fn sessions_include_their_events() {
    let line = format!("sessions video {VIDEO} --period 2022-01-01 --simulate");
    let plain = json_lines(&run(&line).ok().stdout);
    let both = json_lines(&run(&format!("{line} --with-events")).ok().stdout);
    assert_eq!(ids(&plain), ids(&both));
    for session in &both {
        let id = session["session"]["sessionId"].as_str().unwrap();
        let events = json_lines(&run(&format!("events {id} --simulate")).ok().stdout);
        assert_eq!(session["events"].as_array().unwrap(), &events);
    }
    let last = json_lines(&run(&format!("{line} --with-events --last 2")).ok().stdout);
    assert_eq!(last, both[both.len() - 2..]);
    let csv = run(&format!("{line} --with-events --limit 2 --output csv"))
        .ok()
        .stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().next_back(), Some("events"));
    for (row, session) in reader.records().zip(&both) {
        let row = row.unwrap();
        let events: Value = serde_json::from_str(row.iter().next_back().unwrap()).unwrap();
        assert_eq!(events, session["events"]);
    }
    let table = run(&format!("{line} --with-events --limit 2 --output table")).ok();
    assert!(table.lines()[1].contains("ready, "), "{}", table.stdout);
}

#[test]
fn filters_and_sorts_videos_and_live_streams() {
    let videos = json_lines(&run("videos --simulate").ok().stdout);
    let title = videos[0]["title"].as_str().unwrap();
    let mut narrowed = common::command(&["videos", "--simulate", "--title", title]);
    narrowed.env("TZ", "UTC");
    for video in json_lines(&common::finish(narrowed).ok().stdout) {
        assert!(video["title"].as_str().unwrap().contains(title));
    }
    let tagged = json_lines(&run("videos --simulate --tag tutorial").ok().stdout);
    assert!(!tagged.is_empty() && tagged.len() < videos.len());
    let of_metadata = run("videos --simulate --metadata hats=__hats__").ok();
    assert!(!of_metadata.stdout.is_empty());
    let titles = |line: &str| -> Vec<String> {
        let videos = json_lines(&run(line).ok().stdout);
        let title = |video: &Value| video["title"].as_str().unwrap().to_owned();
        videos.iter().map(title).collect()
    };
    let ascending = titles("videos --simulate --sort title");
    let mut descending = titles("videos --simulate --sort title --order desc");
    assert!(ascending.is_sorted() && ascending.len() == videos.len());
    descending.reverse();
    assert!(descending.is_sorted());
    let live = json_lines(&run("live-streams --simulate --sort name").ok().stdout);
    let name = live[0]["name"].as_str().unwrap();
    assert!(
        live.iter()
            .map(|it| it["name"].as_str().unwrap())
            .is_sorted()
    );
    let narrowed = common::command(&["live-streams", "--simulate", "--name", name]);
    assert!(!common::finish(narrowed).ok().stdout.is_empty());
    run("videos --simulate --order desc").fails(2);
}

#[test]
fn queries_aggregates() {
    let time = "--from 2022-01-01T00:00:00Z --to 2022-01-08T00:00:00Z";
    for (name, line) in [
        ("metrics", format!("metrics play/count {time}")),
        (
            "buckets",
            format!("buckets play country {time} --sort metricValue --order desc"),
        ),
        (
            "timeseries",
            format!("timeseries play --interval day {time}"),
        ),
    ] {
        for format in ["table", "json", "ndjson", "csv"] {
            let outcome = run(&format!("{line} --simulate --output {format}")).ok();
            golden(&format!("{name}.{format}"), &outcome.stdout);
        }
    }
    let value = |line: &str| -> f64 {
        let response = json_lines(&run(line).ok().stdout);
        response[0]["data"].as_f64().unwrap()
    };
    let whole = value(&format!("metrics play/count {time} --simulate"));
    let buckets = json_lines(
        &run(&format!("buckets play country {time} --simulate"))
            .ok()
            .stdout,
    );
    let sum: f64 = buckets
        .iter()
        .map(|it| it["metricValue"].as_f64().unwrap())
        .sum();
    assert_eq!(whole, sum, "both have the same count");
    let french = value(&format!(
        "metrics play/count {time} --country FR --simulate"
    ));
    let phones =
        format!("metrics play/count {time} --device-type phone --device-type tablet --simulate");
    assert!(french > 0.0 && french < whole && value(&phones) < whole);
    let two =
        format!("metrics play/count {time} --video {VIDEO} --live-stream {LIVE_STREAM} --simulate");
    assert!(value(&two) > 0.0 && value(&two) < whole);
    for more in [
        "--media-type video",
        "--continent EU",
        "--operating-system windows",
        "--browser firefox",
        "--referrer https://example.com/",
        "--tag tutorial",
    ] {
        let narrowed = value(&format!("metrics play/count {time} --simulate {more}"));
        assert!(narrowed < whole, "{more}");
    }
    let unique = value(&format!(
        "metrics view/count {time} --unique --view-duration 30s --simulate"
    ));
    assert!(unique < value(&format!("metrics view/count {time} --simulate")));
}

#[test]
fn reports_invalid_values_with_the_valid_ones() {
    for (line, values) in [
        ("metrics plays --simulate", "play/count, play/rate"),
        ("buckets play moon --simulate", "media-id, media-type"),
        (
            "timeseries play --interval decade --simulate",
            "minute, hour or day",
        ),
        ("metrics play/count --continent XX --simulate", "AS, AF"),
        (
            "metrics play/count --from yesterday --simulate",
            "yesterday",
        ),
    ] {
        let outcome = run(line).fails(2);
        assert!(
            outcome.stderr.contains(values),
            "{line}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn the_help_lists_all_values_of_the_service() {
    let has_values = |values: &[&str], command: &str| {
        let help = run(&format!("{command} --help"))
            .ok()
            .stdout
            .replace('\n', " ");
        for value in values {
            assert!(help.contains(value), "{command}: {value}");
        }
    };
    let metrics: Vec<_> = Metric::KNOWN.iter().map(Metric::as_str).collect();
    has_values(&metrics, "metrics");
    let buckets: Vec<_> = BucketMetric::KNOWN
        .iter()
        .map(BucketMetric::as_str)
        .collect();
    has_values(&buckets, "buckets");
    let by: Vec<_> = Breakdown::KNOWN.iter().map(Breakdown::as_str).collect();
    has_values(&by, "buckets");
    let series: Vec<_> = SeriesMetric::KNOWN
        .iter()
        .map(SeriesMetric::as_str)
        .collect();
    has_values(&series, "timeseries");
    let steps: Vec<_> = Interval::KNOWN.iter().map(Interval::as_str).collect();
    has_values(&steps, "timeseries");
    let devices: Vec<_> = DeviceType::KNOWN.iter().map(DeviceType::as_str).collect();
    has_values(&devices, "metrics");
}

#[test]
fn requests_any_path() {
    let response = run(&format!("api GET /videos/{VIDEO} --simulate")).ok();
    let video: Value = serde_json::from_str(&response.stdout).unwrap();
    assert_eq!(video["videoId"], VIDEO);
    assert_eq!(response.lines().len(), 1);
    let page = run("api GET /videos --query pageSize=3 --query currentPage=2 --simulate").ok();
    let page: Value = serde_json::from_str(&page.stdout).unwrap();
    assert_eq!(page["data"].as_array().unwrap().len(), 3);
    assert_eq!(page["pagination"]["currentPage"], 2);
    let list = "api GET /videos --paginate --simulate --page-size 7";
    let videos = json_lines(&run("videos --simulate").ok().stdout);
    let items = json_lines(&run(list).ok().stdout);
    let id = |video: &Value| video["videoId"].clone();
    assert_eq!(
        items.iter().map(id).collect::<Vec<_>>(),
        videos.iter().map(id).collect::<Vec<_>>()
    );
    let array: Vec<Value> =
        serde_json::from_str(&run(&format!("{list} --output json")).ok().stdout).unwrap();
    assert_eq!(array, items);
    let newest = json_lines(&run(&format!("{list} --last 2")).ok().stdout);
    assert_eq!(newest, items[items.len() - 2..]);
    let csv = run(&format!(
        "{list} --output csv --fields videoId,source.type --limit 1"
    ))
    .ok();
    assert_eq!(
        csv.stdout,
        format!("videoId,source.type\r\n{VIDEO},upload\r\n")
    );
    let table = run(&format!("{list} --output table")).fails(2);
    assert!(
        table.stderr.contains("select columns with --fields"),
        "{}",
        table.stderr
    );
    let refused = run(&format!("{list} --query pageSize=3")).fails(2);
    assert!(
        refused
            .stderr
            .contains("`pageSize` cannot be set as a parameter"),
        "{}",
        refused.stderr
    );
    for path in ["videos", "/videos?x=1", "//evil.example/"] {
        let refused = run(&format!("api GET {path} --simulate")).fails(2);
        assert!(
            refused.stderr.contains("invalid path \""),
            "{}",
            refused.stderr
        );
    }
    let none = run("api GET /players --paginate --simulate").fails(1);
    assert!(none.stderr.contains("404"), "{}", none.stderr);
}
