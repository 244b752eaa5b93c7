//! The document, edits of it, and the command.

use std::path::{Path, PathBuf};

use xtask::facade::Facade;
use xtask_apidiff::{DependentItems, Diff, Side, Version, diff};
use xtask_bindgen::document::Document;

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap().to_owned()
}

/// Our document.
pub(crate) fn repository() -> String {
    std::fs::read_to_string(root().join(xtask_bindgen::generated_crates::DOCUMENT)).unwrap()
}

/// Our document, with the first occurrence of each text replaced.
pub(crate) fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(repository(), |text, (before, after)| {
        assert!(text.contains(before), "the document has {before:?}");
        text.replacen(before, after, 1)
    })
}

pub(crate) fn parse(text: &str) -> Document {
    Document::parse(Path::new("document.yaml"), text).unwrap_or_else(|error| panic!("{error}"))
}

/// What differs between our document and others.
pub(crate) fn from_ours<'t>(texts: impl IntoIterator<Item = &'t str>) -> Vec<Diff> {
    let facade = Facade::read(&root()).unwrap();
    let old = parse(&repository());
    let to = |text: &str| between(&old, &parse(text), Some(&facade));
    texts.into_iter().map(to).collect()
}

/// What differs between our document and another.
pub(crate) fn with_ours(text: &str) -> Diff {
    from_ours([text]).remove(0)
}

/// What differs between two documents.
pub(crate) fn between(old: &Document, new: &Document, facade: Option<&Facade>) -> Diff {
    let old = Side {
        label: "old.yaml",
        document: &old.value,
    };
    let new = Side {
        label: "new.yaml",
        document: &new.value,
    };
    let facade = facade.map(|facade| facade as &dyn DependentItems);
    diff(old, new, facade, Version(0, 1, 0))
}

/// Status, stdout and stderr of `cargo xtask diff …`.
pub(crate) fn run(arguments: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let all = ["xtask", "diff"].iter().chain(arguments);
    let status = xtask::run(all.map(Into::into), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status, text(out), text(err))
}

/// Compares with a golden file, or writes it where `UPDATE_GOLDEN` is set.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diff/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; set UPDATE_GOLDEN=1 to write it",
            file.display()
        )
    });
    assert!(
        text == expected.replace("\r\n", "\n"),
        "{name} has changed; if it should, set UPDATE_GOLDEN=1\n--- expected\n{expected}\n--- found\n{text}"
    );
}
