//! `cargo xtask upstream`: every kind of change of the published document is reported, and accepted differences are checked.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::path::Path;

use xtask_apidiff::Class::{self, Addition, Breaking, Deprecation, DocsOnly, MayFail};
use xtask_apidiff::{Accepted, Side, Upstream, upstream};
use xtask_bindgen::document::Document;

/// Changes of the published document, if it equals this project's: the edit, the expected kind and place, and the class of the comparison.
const CHANGES: &[(&str, &str, &str, &str, Class)] = &[
    (
        "  /videos/{videoId}:\n    get:",
        "  /videos/{videoId}:\n    x-get:",
        "operation-removed",
        "getVideo",
        Breaking,
    ),
    (
        "  /live-streams:\n",
        "  /players:\n    get: { responses: {} }\n  /live-streams:\n",
        "operation-added",
        "GET /players",
        Addition,
    ),
    (
        "operationId: getVideo",
        "operationId: getVideo\n      deprecated: true",
        "deprecated",
        "getVideo",
        Deprecation,
    ),
    (
        "      security: []\n",
        "",
        "security-changed",
        "createAccessToken",
        Breaking,
    ),
    (
        "- url: https://ws.api.video\n",
        "- url: https://ws2.api.video\n",
        "servers-changed",
        "document servers",
        Breaking,
    ),
    (
        "- name: streamKey",
        "- { name: mood, in: query, schema: { type: string } }\n        - name: streamKey",
        "parameter-added",
        "listLiveStreams parameter mood",
        Addition,
    ),
    (
        "- name: streamKey",
        "- { name: mood, in: query, required: true, schema: { type: string } }\n        - name: streamKey",
        "required-parameter-added",
        "listLiveStreams parameter mood",
        Breaking,
    ),
    (
        "- name: streamKey",
        "- name: secret",
        "parameter-removed",
        "listLiveStreams parameter streamKey",
        MayFail,
    ),
    (
        "- name: streamKey\n          in: query",
        "- name: streamKey\n          in: query\n          required: true",
        "parameter-required",
        "listLiveStreams parameter streamKey",
        Breaking,
    ),
    (
        "name: period\n      in: query\n      required: true",
        "name: period\n      in: query",
        "parameter-optional",
        "listVideoSessions parameter period",
        Addition,
    ),
    (
        "- name: tags[]",
        "- name: tags",
        "parameter-renamed",
        "listVideos parameter tags[]",
        Breaking,
    ),
    (
        "- name: streamKey\n          in: query",
        "- name: streamKey\n          in: header",
        "parameter-moved",
        "listLiveStreams parameter streamKey",
        Breaking,
    ),
    (
        "style: form\n          explode: true",
        "style: form\n          explode: false",
        "parameter-style-changed",
        "listVideos parameter tags[]",
        Breaking,
    ),
    (
        "schema: { type: boolean, default: false }",
        "schema: { type: string, default: false }",
        "type-changed",
        "getMetric parameter unique",
        Breaking,
    ),
    (
        "schema: { type: boolean, default: false }",
        "schema: { type: boolean, default: true }",
        "default-changed",
        "getMetric parameter unique",
        MayFail,
    ),
    (
        "minimum: 1, maximum: 100",
        "minimum: 1, maximum: 50",
        "limit-tightened",
        "listVideos parameter pageSize",
        MayFail,
    ),
    (
        "minimum: 1, maximum: 100",
        "minimum: 1, maximum: 500",
        "limit-loosened",
        "listVideos parameter pageSize",
        Addition,
    ),
    (
        "items: { type: string, maxLength: 2048 }",
        "items: { type: string, maxLength: 2048, pattern: '^h' }",
        "limit-tightened",
        "getMetric parameter filterBy.referrer[]",
        MayFail,
    ),
    (
        "enum: [asc, desc]",
        "enum: [asc]",
        "value-removed",
        "listVideos parameter sortOrder value desc",
        MayFail,
    ),
    (
        "enum: [asc, desc]",
        "enum: [asc, desc, random]",
        "value-added",
        "listVideos parameter sortOrder value random",
        Addition,
    ),
    (
        "schema: { type: string, format: period }",
        "schema: { type: string, format: date }",
        "format-changed",
        "listVideoSessions parameter period",
        MayFail,
    ),
    (
        "required: [apiKey]",
        "required: [apiKey, project]\n      additionalProperties: false",
        "fields-closed",
        "createAccessToken body",
        MayFail,
    ),
    (
        "required: [refreshToken]\n      properties:\n",
        "required: [refreshToken, project]\n      properties:\n        project: { type: string }\n",
        "required-field-added",
        "refreshAccessToken body project",
        Breaking,
    ),
    (
        "      requestBody:\n        required: true\n        content:\n          application/json",
        "      requestBody:\n        required: true\n        content:\n          text/plain",
        "body-kind-removed",
        "createAccessToken body",
        Breaking,
    ),
    (
        "        \"400\":\n          $ref: \"#/components/responses/CredentialsRefused\"\n",
        "",
        "response-removed",
        "createAccessToken response 400",
        DocsOnly,
    ),
    (
        "        \"400\":\n          $ref: \"#/components/responses/CredentialsRefused\"\n",
        "        \"400\":\n          $ref: \"#/components/responses/CredentialsRefused\"\n        \"409\": { description: a }\n",
        "response-added",
        "createAccessToken response 409",
        Addition,
    ),
    (
        "\"200\":\n          description: The video\n",
        "\"201\":\n          description: The video\n",
        "response-removed",
        "getVideo response 200",
        Breaking,
    ),
    (
        "        playerId:\n",
        "        duration: { type: number }\n        playerId:\n",
        "field-added",
        "getVideo response 200 duration",
        Addition,
    ),
    (
        "        playerId:\n",
        "        player:\n",
        "field-removed",
        "getVideo response 200 playerId",
        MayFail,
    ),
    (
        "      required: [videoId]\n",
        "",
        "field-optional",
        "getVideo response 200 videoId",
        MayFail,
    ),
    (
        "description: The id of the video\n          type: string",
        "description: The id of the video\n          type: string\n          nullable: true",
        "now-nullable",
        "getVideo response 200 videoId",
        MayFail,
    ),
    (
        "          description: Whether it is a panoramic video\n          type: boolean",
        "          description: Whether it is a panoramic video\n          type: integer",
        "type-changed",
        "getVideo response 200 panoramic",
        Breaking,
    ),
    (
        "          description: When it was created\n          type: string\n          format: date-time",
        "          description: When it was created\n          type: string",
        "format-widened",
        "getVideo response 200 createdAt",
        MayFail,
    ),
    (
        "enum: [self, first, previous, next, last]",
        "enum: [self, first, previous, next, last, up]",
        "value-added",
        "listVideos response 200 pagination.links[].rel value up",
        Addition,
    ),
    (
        "          description: The HTTP status\n          type: integer",
        "          description: The HTTP status\n          type: string",
        "type-changed",
        "getVideo response 404 status",
        Breaking,
    ),
    (
        "window\n      schema: { type: integer, minimum: 0 }",
        "window\n      schema: { type: string }",
        "header-changed",
        "getVideo response 200 header X-RateLimit-Remaining",
        DocsOnly,
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn repository() -> String {
    fs::read_to_string(root().join(xtask_bindgen::generated_crates::DOCUMENT)).unwrap()
}

fn compare(ours: &str, published: &str, accepted: &Accepted) -> Result<Upstream, String> {
    let parse = |text: &str| Document::parse(Path::new("document.yaml"), text).unwrap();
    let (ours, published) = (parse(ours), parse(published));
    let side = |label, document| Side { label, document };
    let (ours, published) = (
        side("document", &ours.value),
        side("published", &published.value),
    );
    upstream(ours, published, accepted, None)
}

/// Status, stdout and stderr of `cargo xtask upstream`, with a published document and a list of accepted differences.
fn run(published: &str, accepted: Option<&str>, more: &[&str]) -> (u8, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let mut arguments = vec!["xtask".to_owned(), "upstream".to_owned()];
    arguments.push(file("published.yaml", published));
    if let Some(accepted) = accepted {
        arguments.extend(["--accepted".to_owned(), file("accepted.yaml", accepted)]);
    }
    arguments.extend(more.iter().map(|&argument| argument.to_owned()));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = xtask::run(arguments.into_iter().map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

fn edited((before, after): (&str, &str)) -> String {
    let document = repository();
    assert!(
        document.contains(before),
        "the document contains {before:?}"
    );
    document.replacen(before, after, 1)
}

#[test]
fn every_kind_of_change_is_reported() {
    let mut wrong = Vec::new();
    for (before, after, code, place, class) in CHANGES {
        let report = compare(
            &repository(),
            &edited((before, after)),
            &Accepted::default(),
        )
        .unwrap();
        let is_reported = report
            .differences
            .iter()
            .any(|change| (change.code, change.place.as_str()) == (*code, *place));
        if !is_reported || report.class != Some(*class) {
            let text = xtask_apidiff::upstream_markdown(&report);
            wrong.push(format!("{code} at {place}, {class:?}:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_exit_status_reports_the_most_severe_class() {
    for (class, expected) in Class::ALL.into_iter().zip([6, 5, 4, 3, 2]) {
        let (before, after, code, ..) = CHANGES.iter().find(|change| change.4 == class).unwrap();
        let (status, out, err) = run(&edited((before, after)), Some("[]"), &["--json"]);
        assert_eq!(status, expected, "{err}");
        assert!(out.contains(&format!("\"code\": \"{code}\"")), "{out}");
    }
}

#[test]
fn equal_documents_have_no_differences() {
    let (status, out, err) = run(&repository(), Some("[]"), &[]);
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.ends_with("\n\nNo differences beyond the accepted ones.\n"),
        "{out}"
    );
}

/// Names of operations, components and path parameters, references, and the places of parameters make no difference.
#[test]
fn names_and_structure_make_no_difference() {
    let document = repository();
    let mut renamed = document
        .replace("schemas/Video\"", "schemas/a-video\"")
        .replace("    Video:\n", "    a-video:\n");
    for (before, after) in [
        ("operationId: getVideo", "operationId: GET-video"),
        ("  /videos/{videoId}:\n", "  /videos/{id}:\n"),
        (
            "        - $ref: \"#/components/parameters/videoId\"\n      responses:\n        \"200\":\n          description: The video\n",
            "        - { name: id, in: path, required: true, style: simple, schema: { type: string } }\n      responses:\n        \
             \"200\":\n          description: A video\n",
        ),
        ("    bearer:\n      type", "    token:\n      type"),
        ("  - bearer: []", "  - token: []"),
    ] {
        assert!(renamed.contains(before), "{before}");
        renamed = renamed.replacen(before, after, 1);
    }
    let report = compare(&document, &renamed, &Accepted::default()).unwrap();
    assert!(
        report.differences.is_empty(),
        "{}",
        xtask_apidiff::upstream_markdown(&report)
    );
}

#[test]
fn reports_places_in_both_documents_and_items_of_the_facade() {
    let (before, after) = ("        city:\n", "        town:\n");
    let (status, out, _) = run(&edited((before, after)), Some("[]"), &[]);
    assert_eq!(status, 5);
    assert!(
        out.contains("- field-removed `listVideoSessions response 200 data[].location.city`"),
        "{out}"
    );
    assert!(
        out.contains("where: `#/components/schemas/Location/properties/city`"),
        "{out}"
    );
    assert!(out.contains("apivideo: `Location::city`"), "{out}");
}

const ACCEPTED: &str =
    "- change: value-removed\n  at: ['* parameter sortOrder value desc']\n  reason: a test\n";

#[test]
fn accepted_differences_are_listed_with_their_reason() {
    let (status, out, err) = run(
        &edited(("enum: [asc, desc]", "enum: [asc]")),
        Some(ACCEPTED),
        &[],
    );
    assert_eq!((status, err.as_str()), (0, ""));
    assert!(
        out.contains("- value-removed: a test\n  - `* parameter sortOrder value desc`: 4\n"),
        "{out}"
    );
}

/// A limit is accepted with its value: another one is a new difference.
#[test]
fn an_accepted_difference_with_another_value_is_reported() {
    let accepted = |published| {
        format!(
            "- change: limit-loosened\n  at: ['* parameter pageSize']\n  published: {published}\n  reason: a test\n"
        )
    };
    let document = edited(("minimum: 1, maximum: 100", "minimum: 1, maximum: 500"));
    assert_eq!(run(&document, Some(&accepted("maximum 500")), &[]).0, 0);
    let (status, out, _) = run(&document, Some(&accepted("maximum 200")), &[]);
    assert_eq!(status, 1);
    assert!(out.contains("`maximum 100` -> `maximum 500`"), "{out}");
}

#[test]
fn an_accepted_difference_that_no_longer_exists_is_an_error() {
    let (status, out, err) = run(&repository(), Some(ACCEPTED), &[]);
    assert_eq!(status, 1);
    assert!(
        out.contains("## accepted differences that do not exist\n"),
        "{out}"
    );
    assert!(
        err.ends_with(
            "accepted.yaml is invalid:\n  remove `value-removed at * parameter sortOrder value desc`: this difference does not \
             exist\n"
        ),
        "{err}"
    );
}

#[test]
fn an_invalid_list_is_an_error() {
    for (list, expected) in [
        (
            "- change: removed\n  at: [a]\n  reason: b\n",
            "unknown kind of change `removed`",
        ),
        (
            "- change: field-added\n  at: []\n  reason: b\n",
            "`at` is empty",
        ),
        (
            "- change: field-added\n  at: [a]\n  reason: ' '\n",
            "`reason` is empty",
        ),
        (
            "- change: field-added\n  at: [a]\n",
            "missing field `reason`",
        ),
        ("a: b\n", "invalid type: map"),
    ] {
        let (status, out, err) = run(&repository(), Some(list), &[]);
        assert_eq!((status, out.as_str()), (1, ""), "{list}");
        assert!(
            err.contains("accepted.yaml is invalid:\n  at `") && err.contains(expected),
            "{err}"
        );
    }
}

#[test]
fn another_file_is_an_error() {
    let other = "openapi: 3.0.3\ninfo: { title: other, version: '1' }\npaths:\n  /other:\n    get: { responses: {} }\n";
    for (published, expected) in [
        (other, "has none of the operations of openapi/apivideo.yaml"),
        ("swagger: '2.0'\n", "published.yaml"),
        ("not: [yaml", "published.yaml"),
    ] {
        let (status, out, err) = run(published, Some("[]"), &[]);
        assert_eq!((status, out.as_str()), (1, ""), "{published}");
        assert!(err.contains(expected), "{err}");
    }
    let (status, _, err) = run(&repository(), None, &["--unknown"]);
    assert_eq!(status, 64, "{err}");
}

/// A schema that contains itself is compared, and one that grows without bound is refused.
#[test]
fn recursive_and_large_schemas_end() {
    let recursive = edited((
        "        playerId:\n",
        "        related: { type: array, items: { $ref: '#/components/schemas/Video' } }\n        playerId:\n",
    ));
    let report = compare(&repository(), &recursive, &Accepted::default()).unwrap();
    let places: Vec<_> = report
        .differences
        .iter()
        .map(|change| change.place.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "listVideos response 200 data[].related",
            "getVideo response 200 related"
        ]
    );

    let mut schemas = String::from("  schemas:\n    Level0: { type: string }\n");
    for level in 1..30 {
        let part = format!("{{ $ref: '#/components/schemas/Level{}' }}", level - 1);
        schemas.push_str(&format!(
            "    Level{level}: {{ type: object, properties: {{ a: {part}, b: {part} }} }}\n"
        ));
    }
    let large = repository().replacen("  schemas:\n", &schemas, 1).replacen(
        "        playerId:\n",
        "        large: { $ref: '#/components/schemas/Level29' }\n        playerId:\n",
        1,
    );
    let error = compare(&repository(), &large, &Accepted::default()).unwrap_err();
    assert!(error.contains("more than 500000 nodes"), "{error}");
}

/// The checked-in list is valid.
#[test]
fn the_list_of_accepted_differences_is_valid() {
    let path = root().join("openapi/upstream.yaml");
    let list = xtask_bindgen::document::yaml(&path, &fs::read_to_string(&path).unwrap()).unwrap();
    Accepted::parse(&list).unwrap();
}
