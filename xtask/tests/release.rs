//! `cargo xtask release`, up to `cargo publish`, which needs the registry.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

fn workspace() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        (
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n\n[workspace.package]\nversion = \"0.1.0\"\n",
        ),
        (
            "CHANGELOG.md",
            "# Changelog\n\n## Unreleased\n\n**added**\n\n- everything\n",
        ),
        (
            "crates/a/Cargo.toml",
            "[package]\nname = \"a\"\nversion.workspace = true\nedition = \"2024\"\n",
        ),
        ("crates/a/src/lib.rs", ""),
        (
            "crates/internal/Cargo.toml",
            "[package]\nname = \"internal\"\nversion = \"7.0.0\"\nedition = \"2024\"\npublish = false\n",
        ),
        ("crates/internal/src/lib.rs", ""),
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

fn check(root: &Path, version: &str) -> (bool, String) {
    let mut out = Vec::new();
    let is_ready = xtask::release::check(root, version, &mut out).unwrap();
    (is_ready, String::from_utf8(out).unwrap())
}

#[test]
fn the_version_and_the_text_of_a_release_are_printed() {
    let workspace = workspace();
    assert_eq!(
        check(workspace.path(), "0.2.0"),
        (
            true,
            "version: ok\n0.1.0 -> 0.2.0: a step for breaking changes; replace 0.1.0 in the root Cargo.toml\nchangelog: ok\n\
             **added**\n\n- everything\n"
                .to_owned()
        )
    );
    edit(
        workspace.path(),
        "CHANGELOG.md",
        "## Unreleased",
        "## Unreleased\n\n## 0.2.0",
    );
    edit(workspace.path(), "Cargo.toml", "0.1.0", "0.2.0");
    let (is_ready, out) = check(workspace.path(), "0.3.0");
    assert!(
        !is_ready && out.contains("changelog: FAILED\nits text"),
        "{out}"
    );
}

#[test]
fn every_problem_is_reported() {
    type Break = fn(&Path);
    let cases: [(Break, &str, &str); 5] = [
        (
            |_| {},
            "0.3.0",
            "version: FAILED\n0.3.0 does not follow 0.1.0: use one of 0.1.0, 0.1.1, 0.2.0, 1.0.0\n",
        ),
        (
            |_| {},
            "0.2.0-rc.1",
            "version: FAILED\ninvalid version \"0.2.0-rc.1\": use three plain numbers",
        ),
        (
            |root| edit(root, "crates/internal/Cargo.toml", "publish = false\n", ""),
            "0.2.0",
            "version: FAILED\nthe packages have different versions (0.1.0, 7.0.0): ",
        ),
        (
            |root| edit(root, "CHANGELOG.md", "**added**\n\n- everything\n", ""),
            "0.2.0",
            "changelog: FAILED\nits text in CHANGELOG.md is empty: write what changes for users\n",
        ),
        (
            |root| edit(root, "CHANGELOG.md", "## Unreleased", "## 0.1.0"),
            "0.2.0",
            "changelog: FAILED\nCHANGELOG.md has neither `## Unreleased` nor `## 0.2.0`: write what changes for users\n",
        ),
    ];
    for (make_wrong, version, listed) in cases {
        let workspace = workspace();
        make_wrong(workspace.path());
        let (is_ready, out) = check(workspace.path(), version);
        assert!(!is_ready && out.contains(listed), "{listed}\n{out}");
    }
}

#[test]
fn a_release_that_fails_is_not_passed_to_cargo() {
    let workspace = workspace();
    let root = workspace.path().display().to_string();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let line = ["xtask", "release", "--root", &root, "--dry-run", "0.3.0"];
    let status = xtask::run(line.map(Into::into), &mut out, &mut err);
    let out = String::from_utf8(out).unwrap();
    assert_eq!((status, err.as_slice()), (1, &b""[..]), "{out}");
    assert!(
        out.ends_with("0.3.0 cannot be released; nothing was changed\n"),
        "{out}"
    );
    let without = ["xtask", "release", "0.2.0"].map(Into::into);
    assert_eq!(xtask::run(without, &mut Vec::new(), &mut err), 2);
}

#[test]
fn every_published_package_contains_the_licenses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut count = 0;
    for entry in fs::read_dir(root.join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        if manifest.contains("publish = false") {
            continue;
        }
        for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert_eq!(
                fs::read(folder.join(license)).unwrap(),
                fs::read(root.join(license)).unwrap(),
                "{}",
                folder.display()
            );
        }
        count += 1;
    }
    assert!(count > 5, "{count}");
}
