use std::error::Error as _;

use super::*;

fn respond(recording: &Recording, path: &str, query: &str) -> Result<(u16, Bytes), Problem> {
    let response = recording.respond(path, &Query::parse(query))?;
    Ok((response.status.as_u16(), response.body))
}

#[test]
fn the_built_in_recording_equals_its_directory() {
    let built_in = Recording::tutorial();
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/tutorial");
    let opened = Recording::open(directory).unwrap();
    assert_eq!(built_in.entries.len(), 6);
    assert_eq!(format!("{built_in:?}"), format!("{opened:?}"));
    for recording in [built_in, opened] {
        let path = "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg";
        let (status, body) = respond(&recording, path, "period=2022-01-01&pageSize=100").unwrap();
        assert_eq!(status, 200);
        assert!(String::from_utf8_lossy(&body).contains("2019-06-24T11:45:01.109+00"));
    }
}

#[test]
fn unrecorded_pages_are_not_found() {
    let recording = Recording::tutorial();
    let path = "/analytics/sessions/psEmFwGQUAXR2lFHj5nDOpy/events";
    assert_eq!(respond(&recording, path, "").unwrap().0, 200);
    assert_eq!(
        respond(&recording, path, "currentPage=1&pageSize=25")
            .unwrap()
            .0,
        200
    );
    let problem = respond(&recording, path, "currentPage=2").unwrap_err();
    assert_eq!(problem, Problem::not_found("currentPage"));
    let other = respond(&recording, "/analytics/sessions/ps1/events", "").unwrap();
    assert_eq!(other.0, 404);
    let elsewhere = respond(&recording, "/videos", "").unwrap_err();
    assert_eq!(elsewhere, Problem::unrecognized_url());
}

#[test]
fn an_index_can_require_parameters_and_set_headers() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("one.json", "[1]");
    write("page.html", "<html>");
    write(
        "index.json",
        r#"{"responses": [
            {"path": "/a", "page": 2, "query": {"metadata[k]": "v w"}, "headers": {"X-Server": "s"}, "file": "one.json"},
            {"path": "/b", "status": 502, "content_type": "text/html", "file": "page.html"}
        ]}"#,
    );
    let recording = Recording::open(directory.path()).unwrap();
    assert!(respond(&recording, "/a", "currentPage=2").is_err());
    let query = Query::parse("x=1&metadata%5Bk%5D=v+w&currentPage=2");
    let response = recording.respond("/a", &query).unwrap();
    assert_eq!(response.headers[1].0, "x-server");
    assert_eq!(
        respond(&recording, "/b", "").unwrap(),
        (502, Bytes::from("<html>"))
    );
}

#[test]
fn errors_describe_what_is_wrong_with_a_recording() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let message = |index: &str| {
        fs::write(path.join("index.json"), index).unwrap();
        let error = Recording::open(path).unwrap_err();
        let cause = error.source().map(|cause| format!(": {cause}"));
        format!("{error}{}", cause.unwrap_or_default())
    };
    let response = |line: &str| message(&format!(r#"{{"responses": [{line}]}}"#));
    fs::write(path.join("broken.json"), "{\"a\": ").unwrap();

    assert_eq!(
        message("{"),
        "invalid index.json of the recording: EOF while parsing an object at line 1 column 1"
    );
    assert!(message(r#"{"responses": [{"path": "/a"}]}"#).contains("missing field `file`"));
    assert_eq!(
        message(r#"{"responses": []}"#),
        "invalid index.json of the recording: `responses` must not be empty"
    );
    for file in ["../secret.json", "/etc/passwd", ""] {
        assert_eq!(
            response(&format!(r#"{{"path": "/a", "file": "{file}"}}"#)),
            format!(
                "invalid index.json of the recording: the file {file:?} must be inside the directory"
            )
        );
    }
    assert_eq!(
        response(r#"{"path": "/a", "file": "broken.json"}"#),
        "the recorded file \"broken.json\" is not valid JSON: EOF while parsing a value at line 1 column 6"
    );
    let missing = response(r#"{"path": "/a", "file": "none.json"}"#);
    assert!(
        missing.starts_with("cannot read ") && missing.contains("none.json"),
        "{missing}"
    );
    assert!(response(r#"{"path": "/a?b", "file": "broken.json"}"#).contains("must start with `/`"));
    assert!(
        response(r#"{"path": "/auth/api-key", "file": "broken.json"}"#)
            .contains("cannot be recorded")
    );
    assert!(
        response(r#"{"path": "/a", "status": 7, "file": "broken.json"}"#)
            .contains("invalid status 7 of \"broken.json\"")
    );
    assert!(
        response(r#"{"path": "/a", "headers": {"a b": "c"}, "file": "broken.json"}"#)
            .contains("invalid header of")
    );

    fs::remove_file(path.join("index.json")).unwrap();
    let error = Recording::open(path).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read ") && error.ends_with("index.json"),
        "{error}"
    );
}
