//! The command: what it prints, with which status, and that no change escapes it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use super::common::{between, edited, golden, parse, repository, root, run, with_ours};
use xtask_apidiff::{Class, Diff, Step, Version, markdown};

/// One change of each class.
const EDITS: &[(&str, &str)] = &[
    ("- name: tags[]", "- name: tags"),
    (
        "        city:
          description: The city
          type: string
          nullable: true
",
        "        region:
          type: string
",
    ),
    (
        "enum: [self, first, previous, next, last]",
        "enum: [self, first, previous, next, last, up]",
    ),
    ("summary: Look up one video", "summary: Find one video"),
    ("enum: [asc, desc]", "enum: [asc, desc, random]"),
];

#[test]
fn the_report_has_two_forms() {
    let diff = with_ours(&edited(EDITS));
    golden("report.md", &markdown(&diff));
    golden("report.json", &diff.json());
}

#[test]
fn ignores_changes_of_layout() {
    let document = parse(&repository());
    let sorted = xtask_bindgen::schema::sorted(&document.value).to_string();
    let diff = with_ours(&sorted);
    assert!(diff.changes.is_empty(), "{}", markdown(&diff));
    assert_eq!(diff.class, None);
    assert_eq!(markdown(&diff), "# old.yaml -> new.yaml\n\nNo changes.\n");
}

#[test]
fn the_exit_status_reports_the_most_severe_class() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let old = path("old.yaml", &repository());
    for (name, edits, expected) in [
        ("same.yaml", &EDITS[..0], 0),
        ("docs.yaml", &EDITS[3..4], 2),
        ("addition.yaml", &EDITS[4..5], 3),
        ("breaking.yaml", EDITS, 6),
    ] {
        let new = path(name, &edited(edits));
        for form in [None, Some("--json")] {
            let arguments: Vec<&str> = [old.as_str(), &new].into_iter().chain(form).collect();
            let (status, out, err) = run(&arguments);
            assert_eq!(status, expected, "{name} {form:?}: {err}");
            assert!(out.contains(name), "{out}");
            assert!(err.is_empty(), "{err}");
        }
    }
    let (status, _, err) = run(&[&old, &folder.path().join("none.yaml").display().to_string()]);
    assert_eq!(status, 1);
    assert!(err.starts_with("error: failed to read "), "{err}");
}

#[test]
fn an_invalid_command_line_has_its_own_exit_status() {
    for arguments in [
        &["one.yaml"][..],
        &["--git"],
        &["--git", "HEAD", "a", "b"],
        &["--what"],
    ] {
        let (status, out, err) = run(arguments);
        assert_eq!(status, 64, "{arguments:?}");
        assert!(out.is_empty() && err.starts_with("error: "), "{err}");
    }
    let (status, out, _) = run(&["--help"]);
    assert_eq!(status, 0);
    assert!(out.contains("64 invalid command line"), "{out}");
}

/// A repository with our document in it.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet"]);
        for file in [
            xtask_bindgen::generated_crates::DOCUMENT,
            xtask::facade::MAP,
            xtask::facade::LISTING,
        ] {
            repository.write(file, &fs::read_to_string(root().join(file)).unwrap());
        }
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "--message", "first"]);
        repository
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.0.path())
            .args([
                "-c",
                "user.name=Author",
                "-c",
                "user.email=author@example.org",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn diff(&self, revision: &str) -> (u8, String, String) {
        let root = self.0.path().display().to_string();
        run(&["--root", &root, "--git", revision])
    }
}

#[test]
fn a_revision_is_compared_with_the_work_tree() {
    let repository = Repository::new();
    assert_eq!(repository.diff("HEAD").0, 0);
    repository.write(xtask_bindgen::generated_crates::DOCUMENT, &edited(EDITS));
    let (status, out, err) = repository.diff("HEAD");
    assert_eq!(status, 6, "{err}");
    assert!(
        out.starts_with("# openapi/apivideo.yaml at HEAD -> openapi/apivideo.yaml\n"),
        "{out}"
    );
    assert!(out.contains("apivideo: `Location::city`"), "{out}");

    let (status, out, err) = repository.diff("nowhere");
    assert_eq!((status, out.as_str()), (1, ""));
    assert!(
        err.starts_with("error: failed to get the document of revision `nowhere`: git failed: "),
        "{err}"
    );
    // No option of git's, whatever it looks like.
    assert_eq!(repository.diff("--output=file").0, 64);
    let root = repository.0.path().display().to_string();
    let (status, _, err) = run(&["--root", &root, "--git=--output=file"]);
    assert_eq!(status, 1, "{err}");
}

#[test]
fn reports_a_folder_without_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().display().to_string();
    let (status, _, err) = run(&["--root", &root, "--git", "HEAD"]);
    assert_eq!(status, 1);
    assert!(
        err.contains("failed to get the document of revision `HEAD`"),
        "{err}"
    );
}

/// Every changed value of the document is reported.
#[test]
fn every_changed_value_is_reported() {
    let document = parse(&repository());
    let mut leaves = Vec::new();
    collect(&document.value, &mut String::new(), &mut leaves);
    assert!(leaves.len() > 900, "{}", leaves.len());
    let mut silent = BTreeSet::new();
    for pointer in leaves {
        let mut changed = document.clone();
        let place = changed.value.pointer_mut(&pointer).unwrap();
        *place = match place.take() {
            Value::Bool(value) => Value::Bool(!value),
            Value::Number(number) => (number.as_i64().unwrap_or(0) + 1).into(),
            Value::String(text) => Value::String(format!("{text}x")),
            other => Value::Array(vec![other]),
        };
        if between(&document, &changed, None).changes.is_empty() {
            silent.insert(pointer);
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

fn collect(node: &Value, pointer: &mut String, leaves: &mut Vec<String>) {
    let mut is_leaf = true;
    for (key, child) in xtask_bindgen::schema::children(node) {
        // One value of an example is as good as another.
        if ["example", "examples"].contains(&key.as_ref()) && !pointer.ends_with("/properties") {
            leaves.push(format!("{pointer}/{key}"));
            continue;
        }
        is_leaf = false;
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(&xtask_bindgen::schema::pointer_token(&key));
        collect(child, pointer, leaves);
        pointer.truncate(length);
    }
    if is_leaf {
        leaves.push(pointer.clone());
    }
}

#[test]
fn the_version_follows_the_most_severe_class() {
    for (now, class, next) in [
        (Version(0, 1, 0), None, "0.1.0"),
        (Version(0, 1, 2), Some(Class::DocsOnly), "0.1.3"),
        (Version(0, 1, 2), Some(Class::Addition), "0.1.3"),
        (Version(0, 1, 2), Some(Class::Breaking), "0.2.0"),
        (Version(0, 0, 2), Some(Class::Breaking), "0.0.3"),
        (Version(1, 4, 2), Some(Class::DocsOnly), "1.4.3"),
        (Version(1, 4, 2), Some(Class::Addition), "1.5.0"),
        (Version(1, 4, 2), Some(Class::Breaking), "2.0.0"),
    ] {
        assert_eq!(Step::after(now, class).next.to_string(), next);
    }
}

/// Reports the items of the facade that depend on a change.
#[test]
fn reports_affected_items_of_the_facade() {
    let facade_of = |diff: &Diff, code: &str| {
        let change = diff.changes.iter().find(|change| change.code == code);
        change.unwrap().facade.clone().unwrap()
    };
    let diff = with_ours(&edited(EDITS));
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let expected: BTreeSet<String> = names(&["Location::city"]);
    assert_eq!(facade_of(&diff, "field-removed"), expected);
    let expected: BTreeSet<String> = names(&["List<Videos>::tag"]);
    assert_eq!(facade_of(&diff, "parameter-renamed"), expected);
}
