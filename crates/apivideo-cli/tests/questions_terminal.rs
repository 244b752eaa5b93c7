//! Pages of questions on a terminal: at several widths, with and without colors and Unicode.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::terminal::{Streams, on_terminal};
use common::{LIVE_STREAM, VIDEO, command, golden};
use unicode_width::UnicodeWidthStr;

/// A small world, of which a page is fast.
const WORLD: &str = "--simulate --videos 2 --live-streams 1 --sessions 400 --days 10";

fn pages() -> [(&'static str, String); 9] {
    let video = format!("video {VIDEO} --period 2022-01-01/2022-01-05 {WORLD}");
    let live = format!("live-stream {LIVE_STREAM} --period 2022-01-01/2022-01-05 {WORLD}");
    [
        ("audience", format!("audience {video} --by country,date")),
        (
            "audience_live",
            format!("audience {live} --by device.type --only country=France"),
        ),
        (
            "nothing",
            format!("audience video {VIDEO} --period 2020 {WORLD}"),
        ),
        (
            "conditions",
            format!("audience {video} --only country=Atlantis"),
        ),
        (
            "assets",
            "audience --all-videos --period 2022-01-01 --by asset,metadata.none --simulate --videos 12 --sessions 60 --days 2".to_owned(),
        ),
        ("retention", format!("retention {video}")),
        (
            "compare",
            format!("retention {video} --compare metadata.hats=green"),
        ),
        (
            "concurrency",
            format!("concurrency {live} --tz Asia/Kolkata"),
        ),
        ("minutes", format!("concurrency {live} --rule minutes")),
    ]
}

fn page(line: &str, width: usize, unicode: bool, color: bool) -> String {
    let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
    command
        .env("COLUMNS", width.to_string())
        .env("LANG", if unicode { "en_US.UTF-8" } else { "C" });
    if !color {
        command.env("NO_COLOR", "1");
    }
    let (code, shown) = on_terminal(command, Streams::Stdout);
    assert_eq!(code, Some(0), "{line}: {shown}");
    shown
}

/// Removes the sequences that set colors.
fn without_colors(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    plain + rest
}

#[test]
fn pages_fit_the_terminal_and_need_neither_colors_nor_unicode() {
    for (name, line) in pages() {
        for (width, unicode) in [
            (40, true),
            (40, false),
            (80, true),
            (80, false),
            (200, true),
            (200, false),
        ] {
            let plain = page(&line, width, unicode, false);
            assert!(!plain.contains('\u{1b}'), "{name}");
            for line in plain.lines() {
                assert!(line.width() <= width, "{name} {width}: {line:?}");
                assert!(unicode || line.is_ascii(), "{name} {width}: {line:?}");
                assert_eq!(line, line.trim_end(), "{name} {width}");
            }
            let colored = page(&line, width, unicode, true);
            assert!(colored.contains("\u{1b}[") || name == "nothing", "{name}");
            assert_eq!(without_colors(&colored), plain, "{name} {width}");
            let charset = if unicode { "unicode" } else { "ascii" };
            golden(&format!("questions/{name}.{width}.{charset}"), &plain);
            if width == 80 && unicode {
                golden(&format!("questions/{name}.{width}.colors"), &colored);
            }
        }
    }
}

#[test]
fn a_pipe_gets_rows_without_charts_and_colors() {
    for (name, line) in pages() {
        let piped = common::finish({
            let line = format!("{line} --output table");
            let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
            command.env("LANG", "en_US.UTF-8").env("COLUMNS", "120");
            command
        })
        .ok();
        assert!(piped.stdout.is_ascii(), "{name}: {}", piped.stdout);
        assert!(!piped.stdout.contains('\u{1b}'), "{name}");
        golden(&format!("questions/{name}.piped"), &piped.stdout);
    }
}

#[test]
fn fields_and_other_formats_on_a_terminal_have_no_charts() {
    let [(_, line), ..] = pages();
    let table = page(&format!("{line} --fields value,plays"), 80, true, false);
    assert!(table.starts_with("value"), "{table}");
    let json = page(&format!("{line} --output json"), 80, true, false);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(report["plays"].as_u64().unwrap() > 0);
}
