//! `cargo xtask coverage` from end to end, in a copy of what it reads.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

const TABLE: &str = "docs/coverage.md";
const MAP: &str = "openapi/facade.yaml";
const LISTING: &str = "crates/apivideo/public-api.txt";

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["openapi", "docs", "crates/apivideo"] {
        fs::create_dir_all(copy.path().join(folder)).unwrap();
    }
    for file in ["openapi/apivideo.yaml", MAP, TABLE, LISTING] {
        fs::copy(workspace().join(file), copy.path().join(file)).unwrap();
    }
    copy
}

fn edit(root: &Path, file: &str, before: &str, after: &str) {
    let text = fs::read_to_string(root.join(file)).unwrap();
    assert!(text.contains(before), "{file} has {before:?}");
    fs::write(root.join(file), text.replacen(before, after, 1)).unwrap();
}

/// Status, stdout and stderr.
fn coverage(root: &Path, more: &[&str]) -> (u8, String, String) {
    let root = root.display().to_string();
    let all = ["xtask", "coverage", "--root", &root]
        .into_iter()
        .chain(more.iter().copied());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = xtask::run(all.map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

#[test]
fn the_committed_table_is_up_to_date() {
    let (status, out, err) = coverage(workspace(), &["--check"]);
    assert_eq!((status, err.as_str()), (0, ""), "{out}");
}

#[test]
fn reports_a_stale_table_with_the_command_that_updates_it() {
    let copy = copy();
    let reason = "the keys of live streams are secrets, and are not sent";
    edit(copy.path(), MAP, reason, "it is too slow");
    let before = fs::read_to_string(copy.path().join(TABLE)).unwrap();

    let (status, out, err) = coverage(copy.path(), &["--check"]);
    assert_eq!((status, err.as_str()), (4, ""));
    assert!(
        out.contains("\n+| parameter `listLiveStreams.streamKey` | core | it is too slow"),
        "{out}"
    );
    assert!(
        out.ends_with("docs/coverage.md is stale: the document or the coverage map has changed; run `cargo xtask coverage`\n"),
        "{out}"
    );
    assert_eq!(fs::read_to_string(copy.path().join(TABLE)).unwrap(), before);

    assert_eq!(coverage(copy.path(), &[]).0, 0);
    assert_eq!(coverage(copy.path(), &["--check"]).0, 0);
}

#[test]
fn a_removed_facade_item_fails() {
    let copy = copy();
    edit(copy.path(), LISTING, "Videos>::tag(", "Videos>::label(");
    let (status, _, err) = coverage(copy.path(), &["--check"]);
    assert_eq!(status, 1);
    assert_eq!(
        err,
        "error: openapi/facade.yaml is invalid:\n  `operations: listVideos: parameters: tags[]:` names \
         `List<Videos>::tag`, which is not in the listing of the facade: fix the name, or, if the item is new, \
         run `cargo xtask check --only api --accept`\n"
    );
}
