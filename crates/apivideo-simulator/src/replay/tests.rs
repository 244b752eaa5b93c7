use std::error::Error as _;

use super::*;

fn answer(recording: &Recording, path: &str, query: &str) -> Result<(u16, Bytes), Problem> {
    let reply = recording.answer(path, &Query::parse(query))?;
    Ok((reply.status.as_u16(), reply.body))
}

#[test]
fn the_tutorial_is_built_in_and_lies_in_its_directory() {
    let built_in = Recording::tutorial();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/tutorial");
    let opened = Recording::open(directory).unwrap();
    assert_eq!(built_in.entries.len(), 6);
    assert_eq!(format!("{built_in:?}"), format!("{opened:?}"));
    for recording in [built_in, opened] {
        let path = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg";
        let (status, body) = answer(&recording, path, "period=2022-01-01&pageSize=100").unwrap();
        assert_eq!(status, 200);
        assert!(String::from_utf8_lossy(&body).contains("2019-06-24T11:45:01.109+00"));
    }
}

#[test]
fn pages_that_were_not_recorded_are_not_found() {
    let recording = Recording::tutorial();
    let path = "/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events";
    assert_eq!(answer(&recording, path, "").unwrap().0, 200);
    assert_eq!(
        answer(&recording, path, "currentPage=1&pageSize=25")
            .unwrap()
            .0,
        200
    );
    let problem = answer(&recording, path, "currentPage=2").unwrap_err();
    assert_eq!(problem, Problem::not_found("currentPage"));
    let other = answer(&recording, "/analytics/sessions/ps1/events", "").unwrap();
    assert_eq!(other.0, 404);
    let elsewhere = answer(&recording, "/videos", "").unwrap_err();
    assert_eq!(elsewhere, Problem::unrecognized_url());
}

#[test]
fn an_index_can_ask_for_parameters_and_set_headers() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("one.json", "[1]");
    write("page.html", "<html>");
    write(
        "index.json",
        r#"{"replies": [
            {"path": "/a", "page": 2, "query": {"metadata[k]": "v w"}, "headers": {"X-Server": "s"}, "file": "one.json"},
            {"path": "/b", "status": 502, "content_type": "text/html", "file": "page.html"}
        ]}"#,
    );
    let recording = Recording::open(directory.path()).unwrap();
    assert!(answer(&recording, "/a", "currentPage=2").is_err());
    let query = Query::parse("x=1&metadata%5Bk%5D=v+w&currentPage=2");
    let reply = recording.answer("/a", &query).unwrap();
    assert_eq!(reply.headers[1].0, "x-server");
    assert_eq!(
        answer(&recording, "/b", "").unwrap(),
        (502, Bytes::from("<html>"))
    );
}

#[test]
fn what_is_wrong_with_a_recording_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let message = |index: &str| {
        fs::write(path.join("index.json"), index).unwrap();
        let error = Recording::open(path).unwrap_err();
        let cause = error.source().map(|cause| format!(": {cause}"));
        format!("{error}{}", cause.unwrap_or_default())
    };
    let reply = |line: &str| message(&format!(r#"{{"replies": [{line}]}}"#));
    fs::write(path.join("broken.json"), "{\"a\": ").unwrap();

    assert_eq!(
        message("{"),
        "the recording's index.json can't be understood: EOF while parsing an object at line 1 column 1"
    );
    assert!(message(r#"{"replies": [{"path": "/a"}]}"#).contains("missing field `file`"));
    assert_eq!(
        message(r#"{"replies": []}"#),
        "the recording's index.json lists no replies"
    );
    for file in ["../secret.json", "/etc/passwd", ""] {
        assert_eq!(
            reply(&format!(r#"{{"path": "/a", "file": "{file}"}}"#)),
            format!(
                "the recording's index.json: the file `{file}` is not inside the recording's directory"
            )
        );
    }
    assert_eq!(
        reply(r#"{"path": "/a", "file": "broken.json"}"#),
        "the recorded file `broken.json` is not JSON: EOF while parsing a value at line 1 column 6"
    );
    let missing = reply(r#"{"path": "/a", "file": "none.json"}"#);
    assert!(
        missing.starts_with("can't read ") && missing.contains("none.json"),
        "{missing}"
    );
    assert!(reply(r#"{"path": "/a?b", "file": "broken.json"}"#).contains("must begin with `/`"));
    assert!(
        reply(r#"{"path": "/auth/api-key", "file": "broken.json"}"#).contains("can't be recorded")
    );
    assert!(
        reply(r#"{"path": "/a", "status": 7, "file": "broken.json"}"#)
            .contains("the status of `broken.json`")
    );
    assert!(
        reply(r#"{"path": "/a", "headers": {"a b": "c"}, "file": "broken.json"}"#)
            .contains("a header of")
    );

    fs::remove_file(path.join("index.json")).unwrap();
    let error = Recording::open(path).unwrap_err().to_string();
    assert!(
        error.starts_with("can't read ") && error.ends_with("index.json"),
        "{error}"
    );
}

#[test]
fn a_star_is_one_segment() {
    assert!(matches("/a/*/c", "/a/b/c"));
    for path in ["/a/b", "/a/b/c/d", "/x/b/c", ""] {
        assert!(!matches("/a/*/c", path), "{path}");
    }
}
