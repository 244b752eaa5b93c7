//! `cargo xtask release` from end to end, on a workspace of one small package.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.0.3\ninfo: { title: t, version: '7' }\npaths: {}\n";
const MANIFEST: &str = "crates/apivideo-core/Cargo.toml";

fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.package]\nversion = \"0.1.0\"\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"apivideo-core\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"internal\"\nversion = \
             \"0.1.0\"\n",
        ),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## Unreleased\n\n**added**\n\n- everything\n",
        ),
        ("openapi/apivideo.yaml", DOCUMENT),
        (
            MANIFEST,
            "[package]\nname = \"apivideo-core\"\nversion.workspace = true\nedition = \"2024\"\n\n[package.metadata.apivideo]\n\
             document-version = \"7\"\ndocument-sha256 = \"027712f2c15c7675c9edc75f71b4b563b4b38a29fad8e0256334cc5421efd875\"\n",
        ),
        ("crates/apivideo-core/src/lib.rs", "//! Nothing.\n"),
        ("crates/apivideo-core/README.md", "Nothing.\n"),
        ("crates/apivideo-core/LICENSE-MIT", "MIT\n"),
        ("crates/apivideo-core/LICENSE-APACHE", "Apache\n"),
        (
            "crates/internal/Cargo.toml",
            "[package]\nname = \"internal\"\nversion.workspace = true\nedition = \"2024\"\npublish = false\n",
        ),
        ("crates/internal/src/lib.rs", "//! Nothing.\n"),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn edit(root: &Path, file: &str, before: &str, after: &str) {
    let text = fs::read_to_string(root.join(file)).unwrap();
    assert!(text.contains(before), "{file} has {before:?}");
    fs::write(root.join(file), text.replacen(before, after, 1)).unwrap();
}

/// Status, stdout and stderr.
fn release(root: &Path, arguments: &[&str]) -> (u8, String, String) {
    let root = root.display().to_string();
    let all = ["xtask", "release", "--root", &root]
        .into_iter()
        .chain(arguments.iter().copied());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = xtask::run(all.map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

fn contents(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            contents(&path, found);
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
}

#[test]
fn a_rehearsal_builds_the_packages_and_changes_nothing() {
    let workspace = workspace();
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    contents(workspace.path(), &mut before);
    let (status, out, err) = release(workspace.path(), &["--dry-run", "0.2.0", "--list"]);
    contents(workspace.path(), &mut after);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
    assert_eq!(before, after);
    for line in [
        "  not a git repository, so uncommitted changes are not known",
        "  Cargo.toml:6: version = \"0.1.0\" -> version = \"0.2.0\"",
        "  `## Unreleased` would become `## 0.2.0`, with a new empty one above it:",
        "    - everything",
        "order: ok",
        "  apivideo-core",
        "    src/lib.rs",
        "0.2.0 could be released; nothing was changed",
    ] {
        assert!(out.lines().any(|there| there == line), "{line}\n{out}");
    }
    assert!(!out.contains("internal"), "{out}");
}

#[test]
fn reports_every_problem() {
    type Break = fn(&Path);
    let cases: [(Break, &str, &str); 7] = [
        (
            |_| {},
            "0.3.0",
            "version: FAILED\n  0.3.0 does not follow 0.1.0: use one of 0.1.0, 0.1.1, 0.2.0, 1.0.0\n",
        ),
        (
            |_| {},
            "0.2.0-rc.1",
            "version: FAILED\n  invalid version \"0.2.0-rc.1\": use three plain numbers",
        ),
        (
            |root| {
                edit(
                    root,
                    "crates/apivideo-core/Cargo.toml",
                    "version.workspace = true",
                    "version = \"0.1.1\"",
                );
            },
            "0.2.0",
            "packages: FAILED\n  cargo package failed: ",
        ),
        (
            |root| edit(root, "openapi/apivideo.yaml", "'7'", "'8'"),
            "0.2.0",
            "document: FAILED\n  crates/apivideo-core/Cargo.toml contains document-version \"7\" and ",
        ),
        (
            |root| edit(root, "CHANGELOG.md", "**added**\n\n- everything\n", ""),
            "0.2.0",
            "changelog: FAILED\n  its text in CHANGELOG.md is empty: write what changes for users\n",
        ),
        (
            |root| edit(root, "CHANGELOG.md", "## Unreleased", "## 0.1.0"),
            "0.2.0",
            "changelog: FAILED\n  CHANGELOG.md has neither `## Unreleased` nor `## 0.2.0`: write what changes for users\n",
        ),
        (
            |root| fs::remove_file(root.join("crates/apivideo-core/LICENSE-MIT")).unwrap(),
            "0.2.0",
            "packages: FAILED\n  apivideo-core would be published without LICENSE-MIT: add symbolic links to those of the workspace root\n",
        ),
    ];
    for (make_wrong, version, listed) in cases {
        let workspace = workspace();
        make_wrong(workspace.path());
        let (status, out, err) = release(workspace.path(), &["--dry-run", version, "--no-verify"]);
        assert_eq!((status, err.as_str()), (1, ""), "{listed}\n{out}");
        assert!(out.contains(listed), "{listed}\n{out}");
        let title = listed.split(':').next().unwrap();
        let end = format!("{version} cannot be released: {title}; nothing was changed\n");
        assert!(out.ends_with(&end), "{out}");
    }
}

#[test]
fn reports_a_package_that_does_not_build() {
    let workspace = workspace();
    edit(
        workspace.path(),
        "crates/apivideo-core/src/lib.rs",
        "Nothing.",
        "Nothing.\npub fn f() -> u8 {}",
    );
    let (status, out, _) = release(workspace.path(), &["--dry-run", "0.2.0"]);
    assert_eq!(status, 1);
    assert!(
        out.contains("cargo package failed: ") && out.contains("mismatched types"),
        "{out}"
    );
}

#[test]
fn lists_uncommitted_files() {
    let workspace = workspace();
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args(arguments)
            .current_dir(workspace.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&[
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "commit",
        "--quiet",
        "-m",
        "all",
    ]);
    let (status, out, _) = release(workspace.path(), &["--dry-run", "0.2.0", "--no-verify"]);
    assert_eq!(status, 0, "{out}");
    assert!(
        out.starts_with("work tree: ok\n  everything is committed\n"),
        "{out}"
    );
    fs::write(workspace.path().join("new.txt"), "").unwrap();
    let (status, out, _) = release(workspace.path(), &["--dry-run", "0.2.0", "--no-verify"]);
    assert_eq!(status, 0, "{out}");
    assert!(
        out.starts_with(
            "work tree: ok\n  1 files are not committed, but part of this rehearsal; commit them before the release:\n    ?? \
             new.txt\n"
        ),
        "{out}"
    );
}

#[test]
fn without_dry_run_nothing_is_changed() {
    let (status, out, _) = release(Path::new("/nowhere"), &["0.2.0"]);
    assert_eq!(status, 2);
    assert_eq!(
        out,
        "nothing was done: this command only rehearses a release; run `cargo xtask release --dry-run 0.2.0`, and publish with \
         the steps of CONTRIBUTING.md\n"
    );
}
