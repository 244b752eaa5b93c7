//! Output on a terminal: strings from viewers, the service or a proxy contain no control or invisible characters.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use common::terminal::Streams;
use common::{LIVE_STREAM, SESSION, VIDEO, command};
use serde_json::{Value, json};

/// A character of each kind that must be escaped.
const HIDDEN: [char; 24] = [
    '\0',
    '\u{7}',
    '\u{8}',
    '\t',
    '\n',
    '\r',
    '\u{1b}',
    '\u{7f}',
    '\u{90}',
    '\u{9b}',
    '\u{9c}',
    '\u{9d}',
    '\u{ad}',
    '\u{61c}',
    '\u{200b}',
    '\u{200d}',
    '\u{2028}',
    '\u{202e}',
    '\u{2067}',
    '\u{2060}',
    '\u{3164}',
    '\u{feff}',
    '\u{e0041}',
    '\u{e0101}',
];

/// A string with all of them.
fn hidden() -> String {
    let mut text = "a".to_owned();
    for c in HIDDEN {
        text.push(c);
        text.push_str("]52;b");
    }
    text
}

fn sessions() -> Value {
    let x = hidden();
    let session = json!({
        "session": {
            "sessionId": SESSION, "loadedAt": "2022-01-01T12:00:00+00:00",
            "metadata": [{"key": format!("k{x}"), "value": format!("v{x}")}],
        },
        "location": {"country": x, "city": x},
        "referrer": {"url": format!("http://x/{x}"), "searchTerm": x},
        "device": {"type": x}, "os": {"name": x}, "client": {"name": x},
        format!("extra{x}"): x,
    });
    json!({"data": [session], "pagination": {
        "currentPage": 1, "pageSize": 100, "pagesTotal": 1, "itemsTotal": 1, "currentPageItems": 1, "links": [],
    }})
}

fn events() -> Value {
    let x = hidden();
    json!({"data": [{"type": format!("play{x}"), "emittedAt": "2022-01-01T12:00:00+00:00", "at": 0, format!("k{x}"): x}],
        "pagination": {
            "currentPage": 1, "pageSize": 100, "pagesTotal": 1, "itemsTotal": 1, "currentPageItems": 1, "links": [],
        },
    })
}

/// The head and the body of the response to this path.
fn response(path: &str) -> Vec<u8> {
    let x = hidden();
    let (head, body) = if path.contains("/events") {
        (
            "200 OK\r\nContent-Type: application/json".to_owned(),
            events(),
        )
    } else if path.contains("viProblem") {
        let problem = json!({
            "type": format!("t{x}"), "title": format!("T{x}"), "name": format!("n{x}"), "detail": format!("D{x}"),
            "status": 400, "problems": [{"title": format!("P{x}"), "name": format!("q{x}")}],
        });
        (
            "400 Bad Request\r\nContent-Type: application/problem+json".to_owned(),
            problem,
        )
    } else if path.contains("viPage") {
        let page = format!("<html><title>{x}</title>{x}</html>");
        return [
            b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n",
            page.as_bytes(),
        ]
        .concat();
    } else if path.contains("viMoved") {
        // What a header can have.
        let place: String = x.chars().filter(|c| !c.is_ascii_control()).collect();
        (
            format!("302 Found\r\nLocation: http://x/{place}"),
            Value::Null,
        )
    } else {
        (
            "200 OK\r\nContent-Type: application/json".to_owned(),
            sessions(),
        )
    };
    // JSON may have these as they are.
    let body = serde_json::to_vec(&body).unwrap();
    let head = format!(
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

fn respond(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    while line.trim_end() != "" {
        line.clear();
        reader.read_line(&mut line).unwrap();
    }
    stream.write_all(&response(&path)).unwrap();
}

/// A service on a port of this machine, until the test ends.
fn service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            respond(stream.unwrap());
        }
    });
    url
}

/// Runs the command on a terminal. Returns the exit code and the output.
fn on_terminal(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = command(arguments);
    command
        .env("APIVIDEO_API_KEY", "any")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "2000");
    common::terminal::on_terminal(command, Streams::StdoutAndStderr)
}

#[test]
fn no_hidden_characters_reach_a_terminal() {
    let url = service();
    let list = format!("sessions video {VIDEO} --period 2022-01");
    let raw = format!("api GET /analytics/videos/{VIDEO}");
    for (line, code) in [
        (list.clone(), 0),
        (format!("{list} --output csv"), 0),
        (format!("{list} --output json"), 0),
        (format!("{list} --output ndjson"), 0),
        (
            format!("{list} --output ndjson --fields location,referrer"),
            0,
        ),
        (format!("{list} --with-events"), 0),
        (format!("{list} --with-events --output json"), 0),
        (format!("{list} --with-events --output csv"), 0),
        (format!("events {SESSION}"), 0),
        (
            format!("audience video {VIDEO} --period 2022-01 --by city,metadata.k,referrer.page"),
            0,
        ),
        (
            format!("audience video {VIDEO} --period 2022-01 --by city --output csv"),
            0,
        ),
        (
            format!("audience video {VIDEO} --period 2022-01 --by city --output json"),
            0,
        ),
        (
            format!("retention video {VIDEO} --period 2022-01 --length 60"),
            0,
        ),
        (format!("concurrency video {VIDEO} --period 2022-01"), 0),
        (format!("explain {SESSION}"), 0),
        (format!("explain {SESSION} --output ndjson"), 0),
        (raw.clone(), 0),
        (format!("{raw} --paginate --output json"), 0),
        (format!("{raw} --output table --fields data"), 0),
        (format!("{raw} --output csv --fields data"), 0),
        ("sessions video viProblem --period 2022".to_owned(), 1),
        (
            "sessions video viProblem --period 2022 --debug".to_owned(),
            1,
        ),
        ("api GET /analytics/videos/viProblem".to_owned(), 1),
        ("sessions video viPage --period 2022 --debug".to_owned(), 4),
        ("sessions video viMoved --period 2022 --debug".to_owned(), 1),
    ] {
        let line = format!("{line} --auth basic --retries 0 --base-url {url}");
        let (found, shown) = on_terminal(&line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(found, Some(code), "{line}: {shown}");
        let is_hidden = |c: &char| HIDDEN.contains(c) && *c != '\n';
        let hidden = shown.chars().find(is_hidden);
        assert_eq!(hidden, None, "{line}: {shown:?}");
        // A line feed of a value would begin a line with what follows it.
        assert!(!shown.contains("\n]52;"), "{line}: {shown:?}");
        assert!(shown.len() > 20, "{line}: {shown:?}");
    }
}

#[test]
fn json_on_a_terminal_is_lossless() {
    let url = service();
    let wanted = hidden();
    for format in ["json", "ndjson"] {
        let line = format!(
            "sessions video {VIDEO} --period 2022-01 --output {format} --quiet --auth basic --base-url {url}"
        );
        let (code, shown) = on_terminal(&line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(code, Some(0), "{shown}");
        let found: Value = serde_json::from_str(&shown).unwrap();
        let session = found.get(0).unwrap_or(&found);
        assert_eq!(session["location"]["country"], wanted);
        assert_eq!(
            session["session"]["metadata"][0]["key"],
            format!("k{wanted}")
        );
        assert_eq!(session[format!("extra{wanted}")], wanted);
        let piped = common::finish({
            let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
            command.env("APIVIDEO_API_KEY", "any");
            command
        });
        let piped: Value = serde_json::from_str(&piped.ok().stdout).unwrap();
        assert_eq!(piped, found);
    }
}

#[test]
fn current_viewers_are_a_line_that_is_updated() {
    let arguments = [
        "watch",
        "live-stream",
        LIVE_STREAM,
        "--simulate",
        "--now",
        "2022-01-05T16:00:00Z",
        "--count",
        "2",
        "--interval",
        "1",
    ];
    let (code, shown) = on_terminal(&arguments);
    assert_eq!(code, Some(0), "{shown}");
    let updates: Vec<&str> = shown.split('\r').collect();
    // The locale is C: the sparkline is ASCII.
    assert!(updates[1].contains(" UTC  "), "{shown:?}");
    assert!(updates[2].contains(" viewers  peak "), "{shown:?}");
    let line = updates[2].lines().next().unwrap();
    assert!(line.is_ascii() && line.ends_with("##"), "{shown:?}");
    assert!(
        shown.trim_end().contains("\nsummary: 2 samples"),
        "{shown:?}"
    );
}
