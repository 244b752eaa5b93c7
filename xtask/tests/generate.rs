//! `cargo xtask generate` from end to end, in a copy of the workspace's document and generated files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

const FOLDERS: [&str; 2] = [
    "crates/apivideo-core/src/generated",
    "crates/apivideo-httpmock/src/generated",
];
const DOCUMENT: &str = "openapi/apivideo.yaml";
const MANIFEST: &str = "crates/apivideo-core/Cargo.toml";
const FILE: &str = "openapi/fixup_places.txt";

/// A place to work in.
struct Copy(TempDir);

impl Copy {
    /// The document and the generated files, as they are.
    fn of_workspace() -> Self {
        let copy = Self(tempfile::tempdir().expect("a temporary folder"));
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("the workspace");
        for name in [DOCUMENT, FILE, MANIFEST] {
            let text = fs::read_to_string(from.join(name)).expect("the file");
            copy.write(name, &text);
        }
        for folder in FOLDERS {
            copy_all(&from.join(folder), &copy.path(folder));
        }
        copy
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is there")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// Replaces the first occurrence in the document.
    fn edit(&self, before: &str, after: &str) {
        let text = self.read(DOCUMENT);
        assert!(text.contains(before), "the document has {before:?}");
        self.write(DOCUMENT, &text.replacen(before, after, 1));
    }

    /// All generated files with their contents.
    fn generated(&self) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut ahead: Vec<PathBuf> = FOLDERS.map(|folder| self.path(folder)).to_vec();
        while let Some(folder) = ahead.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    ahead.push(path);
                } else {
                    let text = fs::read_to_string(&path).expect("a file");
                    found.push((path, text));
                }
            }
        }
        found.sort();
        found
    }

    /// Status, stdout and stderr of `cargo xtask generate …` in this place.
    fn generate(&self, arguments: &[&str]) -> (u8, String, String) {
        let root = self.0.path().display().to_string();
        let mut all = vec!["xtask", "generate", "--root", &root];
        all.extend(arguments);
        run(&all)
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_all(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).expect("the file can be copied");
        }
    }
}

fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = xtask::run(arguments.iter().map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status, text(out), text(err))
}

const FIELD: &str =
    "        sessionId:\n          description: The id of the session\n          type: string\n";

#[test]
fn the_committed_code_is_up_to_date() {
    let copy = Copy::of_workspace();
    assert_eq!(copy.generate(&["--check"]).0, 0);
    let before = copy.generated();
    let (status, report, _) = copy.generate(&[]);
    assert_eq!(status, 0);
    let operations = copy.read(DOCUMENT).matches("operationId: ").count();
    let operations = format!("{operations} operations:\n");
    assert!(report.contains(&operations), "{report}");
    assert!(
        report.contains("listVideoSessions (GET /analytics/videos/{videoId})"),
        "{report}"
    );
    assert!(report.contains("not generated: nothing"), "{report}");
    assert_eq!(copy.generated(), before, "two runs give the same bytes");
}

#[test]
fn a_new_field_is_stale_until_it_is_generated() {
    let copy = Copy::of_workspace();
    let mood =
        "        mood:\n          description: How the viewer felt\n          type: string\n";
    copy.edit(FIELD, &format!("{FIELD}{mood}"));
    let before = copy.generated();
    let (status, diff, _) = copy.generate(&["--check"]);
    assert_eq!(status, 4);
    assert!(
        diff.contains("--- crates/apivideo-core/src/generated/types.rs (there)"),
        "{diff}"
    );
    assert!(
        diff.contains("+    pub mood: ::std::option::Option<::apivideo_core::wire::Text>,"),
        "{diff}"
    );
    assert!(diff.contains("run `cargo xtask generate`"), "{diff}");
    assert_eq!(copy.generated(), before, "a check writes nothing");

    assert_eq!(copy.generate(&[]).0, 0);
    assert!(
        copy.read("crates/apivideo-core/src/generated/types.rs")
            .contains("pub mood: ")
    );
    assert_eq!(copy.generate(&["--check"]).0, 0);
}

#[test]
fn an_edited_and_a_foreign_file_are_stale() {
    let copy = Copy::of_workspace();
    let name = "crates/apivideo-httpmock/src/generated/mod.rs";
    copy.write(name, &format!("{}// mine\n", copy.read(name)));
    copy.write("crates/apivideo-core/src/generated/mine.rs", "");
    let (status, diff, _) = copy.generate(&["--check"]);
    assert_eq!(status, 4);
    assert!(diff.contains("-// mine"), "{diff}");
    assert!(
        diff.contains("crates/apivideo-core/src/generated/mine.rs is no longer generated"),
        "{diff}"
    );
    assert!(diff.contains("2 generated files are stale"), "{diff}");
}

#[test]
fn a_long_diff_is_truncated() {
    let copy = Copy::of_workspace();
    let name = "crates/apivideo-core/src/generated/types.rs";
    copy.write(name, "");
    let (status, diff, _) = copy.generate(&["--check"]);
    assert_eq!(status, 4);
    assert!(diff.lines().count() < 250, "{} lines", diff.lines().count());
    assert!(diff.contains("more lines\n"), "{diff}");
}

/// Edits that spoil the document, and what is said of them.
#[test]
fn an_invalid_document_is_reported_with_its_position_and_changes_nothing() {
    for (before, after, place, what) in [
        (
            FIELD,
            "        sessionId: [\n",
            "openapi/apivideo.yaml:",
            "invalid",
        ),
        (
            "#/components/schemas/SessionInfo\"",
            "#/components/schemas/Lost\"",
            "#/components/schemas/Session/properties/session/$ref:",
            "`#/components/schemas/Lost` cannot be followed",
        ),
        (
            FIELD,
            "        sessionId: { type: 7 }\n",
            "#/components/schemas/SessionInfo/properties/sessionId",
            "invalid type: integer `7`, expected a string",
        ),
        (
            "enum: [asc, desc]",
            "enum: [asc, Asc]",
            "not everything can be generated; nothing was written",
            "/enum: the values of an enum are strings that differ in letters or digits",
        ),
        (
            "      operationId: getVideo\n",
            "      operationId: listVideos\n",
            "listVideos (GET /videos/{videoId}): /paths/~1videos~1{videoId}/get/operationId: ",
            "the name is used by another operation",
        ),
        (
            "          application/json:\n            schema:\n              $ref: \"#/components/schemas/RefreshC",
            "          multipart/form-data:\n            schema:\n              $ref: \"#/components/schemas/RefreshC",
            "refreshAccessToken (POST /auth/refresh): /paths/~1auth~1refresh/post/requestBody/content/multipart~1form-data: ",
            "only bodies of `application/json` are supported",
        ),
    ] {
        let copy = Copy::of_workspace();
        copy.edit(before, after);
        let files = copy.generated();
        let (status, out, err) = copy.generate(&[]);
        assert_eq!(status, 1, "{after}: {err}");
        assert!(
            err.starts_with("error: ") && err.contains(place) && err.contains(what),
            "{after}: {err}"
        );
        assert_eq!(out, "", "{after}");
        assert_eq!(copy.generated(), files, "{after}: the old files are there");
    }
}

#[test]
fn fixups_change_other_places_only_when_accepted() {
    let copy = Copy::of_workspace();
    copy.edit(
        FIELD,
        &format!("{FIELD}        mood: {{ type: string, example: calm, default: sad }}\n"),
    );
    let accepted = copy.read(FILE);
    let place = "/components/schemas/SessionInfo/properties/mood";
    let differences = format!(
        "  the fixup drop-notes (of the library) changes 1 new places, and 0 no longer:\n    + {place}/example\n  \
         the fixup drop-defaults (of the library) changes 1 new places, and 0 no longer:\n    + {place}/default\n"
    );
    for arguments in [&["--check"][..], &[]] {
        let (status, out, err) = copy.generate(arguments);
        assert_eq!((status, out.as_str()), (1, ""));
        assert_eq!(
            err,
            format!(
                "error: fixups change other places than accepted; review each, and if all are intended, run `cargo xtask \
                 generate --accept-fixups`:\n{differences}"
            )
        );
        assert_eq!(copy.read(FILE), accepted, "nothing is renewed silently");
    }
    let (status, out, _) = copy.generate(&["--accept-fixups"]);
    assert_eq!(status, 0);
    assert!(out.ends_with(&format!("accepted:\n{differences}")), "{out}");
    let renewed = copy.read(FILE);
    let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
    let new: Vec<String> = lines(&renewed)
        .difference(&lines(&accepted))
        .cloned()
        .collect();
    assert_eq!(
        new,
        [
            format!("library drop-defaults {place}/default"),
            format!("library drop-notes {place}/example"),
        ]
    );
    assert_eq!(copy.generate(&["--check"]).0, 0);
}

#[test]
fn fails_without_accepted_places() {
    let copy = Copy::of_workspace();
    fs::remove_file(copy.path(FILE)).expect("it is there");
    let (status, _, err) = copy.generate(&[]);
    assert_eq!(status, 1);
    assert!(
        err.contains("\n  the fixup prune (of the library) changes "),
        "{err}"
    );
    assert_eq!(copy.generate(&["--accept-fixups"]).0, 0);
    assert_eq!(copy.generate(&["--check"]).0, 0);
}

#[test]
fn reports_a_missing_document() {
    let copy = Copy::of_workspace();
    fs::remove_file(copy.path(DOCUMENT)).expect("it is there");
    let (status, _, err) = copy.generate(&[]);
    assert_eq!(status, 1);
    assert!(
        err.contains("failed to read") && err.contains(DOCUMENT),
        "{err}"
    );
}

#[test]
fn another_document_is_generated_as_a_scratch_crate() {
    let copy = Copy(tempfile::tempdir().expect("a temporary folder"));
    copy.write("other.yaml", include_str!("data/other.yaml"));
    let (document, out) = (copy.path("other.yaml"), copy.path("scratch"));
    let (document, out) = (document.display().to_string(), out.display().to_string());
    let arguments = ["xtask", "generate", "--document", &document, "--out", &out];
    let (status, _, err) = run(&[&arguments[..], &["--strict"]].concat());
    assert_eq!(status, 1);
    assert_eq!(
        err,
        "error: not everything can be generated; nothing was written; change or remove the following in the document, or add \
         a fixup:\n  upload (POST /things): /paths/~1things/post/requestBody/content/multipart~1form-data: only bodies of \
         `application/json` are supported\n"
    );
    assert!(!copy.path("scratch").exists(), "nothing was written");
    let (status, report, err) = run(&arguments);
    assert_eq!((status, err.as_str()), (0, ""));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/other.report.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &report).expect("the golden file can be written");
    }
    let golden = fs::read_to_string(&golden).expect("the golden file");
    assert_eq!(report, golden, "if it should, set UPDATE_GOLDEN=1");
    for name in [
        "Cargo.toml",
        "src/lib.rs",
        "src/hook.rs",
        "src/wire/object.rs",
        "src/generated/types.rs",
    ] {
        assert!(copy.path("scratch").join(name).exists(), "{name}");
    }
    let types = copy.read("scratch/src/generated/types.rs");
    assert!(types.contains("pub struct Thing {"), "{types}");
    let (status, out, _) = run(&[&arguments[..], &["--check"]].concat());
    assert_eq!(status, 0, "{out}");
}

/// Generates a scratch crate from a document with these `paths` (and what follows); gives status, stdout, stderr, and
/// the types.
fn scratch(rest: &str) -> (u8, String, String, String) {
    let copy = Copy(tempfile::tempdir().expect("a temporary folder"));
    let head = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\n";
    copy.write("a.yaml", &format!("{head}{rest}"));
    let (document, out) = (copy.path("a.yaml"), copy.path("scratch"));
    let (document, out) = (document.display().to_string(), out.display().to_string());
    let (status, completed, err) =
        run(&["xtask", "generate", "--document", &document, "--out", &out]);
    let types = fs::read_to_string(copy.path("scratch/src/generated/types.rs")).unwrap_or_default();
    (status, completed, err.replace(&document, "a.yaml"), types)
}

/// A path `/a` that responses with this schema.
fn replying(schema: &str) -> String {
    format!(
        "paths:\n  /a: {{ get: {{ operationId: getA, responses: {{ '200': {{ description: d, content: {{ application/json: \
         {{ schema: {schema} }} }} }} }} }} }}\n"
    )
}

#[test]
fn generates_inline_lists_and_maps_of_responses() {
    let thing = "{ $ref: '#/components/schemas/Thing' }";
    let schemas = "components: { schemas: { Thing: { type: object, properties: { at: { type: string, format: date-time } } } } }\n";
    for schema in [
        format!("{{ type: array, items: {thing} }}"),
        format!("{{ type: object, additionalProperties: {thing} }}"),
        "{ type: array, items: { type: array, items: { type: object, properties: { b: { type: string } } } } }".to_owned(),
        "{ type: string, format: date-time }".to_owned(),
        format!("{{ allOf: [{thing}, {{ properties: {{ b: {thing} }} }}] }}"),
    ] {
        let (status, _, err, _) = scratch(&format!("{}{schemas}", replying(&schema)));
        assert_eq!((status, err.as_str()), (0, ""), "{schema}");
    }
}

#[test]
fn a_document_without_components_is_generated() {
    for components in ["", "components: ~\n", "components: {}\n"] {
        let paths = replying("{ type: object, properties: { b: { type: string } } }");
        let (status, _, err, types) = scratch(&format!("{paths}{components}"));
        assert_eq!((status, err.as_str()), (0, ""), "{components:?}");
        assert!(types.contains("pub struct GetAResponse {"), "{types}");
    }
}

#[test]
fn rejects_circular_references_with_their_position() {
    let a = "{ $ref: '#/components/schemas/A' }";
    let schemas = format!("components: {{ schemas: {{ A: {a} }} }}\n");
    let (status, completed, err, types) = scratch(&format!("{}{schemas}", replying(a)));
    assert_eq!((status, completed.as_str(), types.as_str()), (1, "", ""));
    assert!(
        err.starts_with("error: a.yaml#/components/schemas/A/$ref: "),
        "{err}"
    );
}

/// A folder with other files, and its contents afterwards.
#[test]
fn does_not_change_a_folder_that_is_not_a_scratch_crate() {
    for (name, text) in [
        ("Cargo.toml", "[package]\nname = \"mine\"\n"),
        ("notes.txt", "mine"),
        ("src/generated/mine.rs", "// A crate to try a document with"),
    ] {
        let copy = Copy(tempfile::tempdir().expect("a temporary folder"));
        copy.write("other.yaml", include_str!("data/other.yaml"));
        copy.write(&format!("scratch/{name}"), text);
        let (document, out) = (copy.path("other.yaml"), copy.path("scratch"));
        let (document, out) = (document.display().to_string(), out.display().to_string());
        let (status, completed, err) =
            run(&["xtask", "generate", "--document", &document, "--out", &out]);
        assert_eq!((status, completed.as_str()), (1, ""), "{name}");
        assert_eq!(
            err,
            format!(
                "error: {out} contains files and is not a scratch crate of this command (the first line of its Cargo.toml differs); \
                 pass a new or empty folder to --out, or remove this one\n"
            )
        );
        assert_eq!(copy.read(&format!("scratch/{name}")), text);
        let entries = fs::read_dir(copy.path("scratch")).expect("a folder");
        assert_eq!(entries.count(), 1, "{name}");
    }
}

#[test]
fn writes_to_an_empty_folder_and_to_a_scratch_crate() {
    let copy = Copy(tempfile::tempdir().expect("a temporary folder"));
    copy.write("other.yaml", include_str!("data/other.yaml"));
    fs::create_dir(copy.path("scratch")).expect("the folder can be made");
    let (document, out) = (copy.path("other.yaml"), copy.path("scratch"));
    let (document, out) = (document.display().to_string(), out.display().to_string());
    let arguments = ["xtask", "generate", "--document", &document, "--out", &out];
    assert_eq!(run(&arguments).0, 0, "an empty folder");
    copy.write("scratch/src/generated/old.rs", "");
    copy.write("scratch/target/debug/thing", "");
    let (status, _, err) = run(&arguments);
    assert_eq!((status, err.as_str()), (0, ""), "what it made before");
    assert!(!copy.path("scratch/src/generated/old.rs").exists());
    assert!(copy.path("scratch/target/debug/thing").exists());
}

#[test]
fn does_not_replace_a_file() {
    let copy = Copy(tempfile::tempdir().expect("a temporary folder"));
    copy.write("other.yaml", include_str!("data/other.yaml"));
    copy.write("scratch", "mine");
    let (document, out) = (copy.path("other.yaml"), copy.path("scratch"));
    let (document, out) = (document.display().to_string(), out.display().to_string());
    let (status, _, err) = run(&["xtask", "generate", "--document", &document, "--out", &out]);
    assert_eq!(status, 1);
    assert!(
        err.starts_with(&format!("error: failed to list {out}: ")),
        "{err}"
    );
    assert_eq!(copy.read("scratch"), "mine");
}

#[test]
fn reports_an_invalid_command_line() {
    let (status, _, err) = run(&["xtask", "generate", "--document", "a.yaml"]);
    assert_eq!(status, 2);
    assert!(err.contains("--out"), "{err}");
    let (status, out, _) = run(&["xtask", "generate", "--help"]);
    assert_eq!(status, 0);
    assert!(out.contains("--check"), "{out}");
    for arguments in [&["--strict"][..], &["--accept-fixups", "--check"]] {
        let (status, _, err) = run(&[&["xtask", "generate"], arguments].concat());
        assert_eq!(status, 2, "{arguments:?}: {err}");
    }
}
