use super::*;

fn files(pairs: &[(&str, &str)]) -> Files {
    pairs
        .iter()
        .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
        .collect()
}

#[test]
fn modules_are_written_to_separate_files() {
    let file: syn::File = syn::parse_str(
        "pub mod types { //! Inside.\n pub struct A; pub mod builder { pub struct B; } pub mod error { pub struct C; } } \
         fn rest() {}",
    )
    .unwrap();
    let files = lay_out(
        Path::new("generated"),
        file,
        &["types", "builder"],
        "a.yaml",
    );
    let names: Vec<_> = files
        .keys()
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(
        names,
        [
            "generated/mod.rs",
            "generated/types/builder.rs",
            "generated/types.rs"
        ]
    );
    assert!(
        files
            .values()
            .all(|text| { text.starts_with("// Generated from a.yaml by `cargo xtask generate`") })
    );
    assert!(files[Path::new("generated/mod.rs")].contains("pub mod types;"));
    assert!(files[Path::new("generated/types.rs")].contains("//! Inside."));
    assert!(files[Path::new("generated/types.rs")].contains("pub mod error {"));
    assert!(files[Path::new("generated/types/builder.rs")].contains("pub struct B;"));
}

#[test]
fn shows_differences_and_names_stale_files() {
    let root = tempfile::tempdir().unwrap();
    let folders = [PathBuf::from("g")];
    write(
        root.path(),
        &files(&[("g/a.rs", "one\ntwo\n"), ("g/old.rs", "")]),
        &folders,
    )
    .unwrap();
    let wanted = files(&[("g/a.rs", "one\nthree\n"), ("g/b.rs", "new\n")]);
    let found = differences(root.path(), &wanted, &folders).unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(
        found[0],
        "--- g/a.rs (there)\n+++ g/a.rs (generated)\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
    );
    assert!(found[1].contains("+new"));
    assert_eq!(found[2], "g/old.rs is no longer generated\n");
    write(root.path(), &wanted, &folders).unwrap();
    assert!(
        differences(root.path(), &wanted, &folders)
            .unwrap()
            .is_empty()
    );
    assert!(!root.path().join("g/old.rs").exists());
}

#[test]
fn a_failed_write_keeps_the_old_files() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), &files(&[("g/a.rs", "old\n")]), &[]).unwrap();
    // A file where a folder has to be.
    fs::write(root.path().join("h"), "").unwrap();
    let error = write(
        root.path(),
        &files(&[("g/a.rs", "new\n"), ("h/b.rs", "new\n")]),
        &[],
    )
    .unwrap_err();
    assert!(error.to_string().starts_with("failed to"), "{error}");
    assert_eq!(
        fs::read_to_string(root.path().join("g/a.rs")).unwrap(),
        "old\n"
    );
    assert!(!root.path().join("g/a.new").exists());
}
