use super::*;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn the_generated_crate_records_its_document() {
    assert_eq!(
        provenance::of_manifest(workspace()).unwrap(),
        provenance::of_document(workspace()).unwrap(),
        "run `cargo xtask generate`"
    );
}

#[test]
fn every_published_package_contains_the_licenses() {
    let packages = package::published(workspace()).unwrap();
    let names: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert!(
        names.contains(&"apivideo") && !names.contains(&"xtask"),
        "{names:?}"
    );
    for package in packages {
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            let own = workspace().join(&package.manifest).with_file_name(licence);
            assert_eq!(
                files::read(&own).unwrap(),
                files::read(&workspace().join(licence)).unwrap(),
                "{}",
                own.display()
            );
        }
    }
}

#[test]
fn a_stamp_replaces_only_the_previous_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in [
        (
            xtask_bindgen::generated_crates::DOCUMENT,
            "openapi: 3.0.3\ninfo: { title: t, version: '7' }\npaths: {}\n",
        ),
        (
            provenance::MANIFEST,
            "[package]\nname = \"apivideo-core\"\n\n[package.metadata.apivideo]\ndocument-version = \"6\"\n\
             document-sha256 = \"old\"\n\n[dependencies]\n",
        ),
    ] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (_, stamped) = provenance::stamped(root).unwrap();
    // As `sha256sum` has it.
    let expected = "[package]\nname = \"apivideo-core\"\n\n[package.metadata.apivideo]\ndocument-version = \"7\"\n\
                    document-sha256 = \"027712f2c15c7675c9edc75f71b4b563b4b38a29fad8e0256334cc5421efd875\"\n\n[dependencies]\n";
    assert_eq!(stamped, expected);

    std::fs::write(root.join(provenance::MANIFEST), &stamped).unwrap();
    assert_eq!(provenance::stamped(root).unwrap().1, stamped);
    assert_eq!(
        provenance::of_manifest(root).unwrap(),
        provenance::of_document(root).unwrap()
    );

    // Where there was none, and at the end of a file.
    std::fs::write(root.join(provenance::MANIFEST), "[package]\n").unwrap();
    let (_, first) = provenance::stamped(root).unwrap();
    assert!(
        first.starts_with("[package]\n\n[package.metadata.apivideo]\n"),
        "{first}"
    );
    std::fs::write(root.join(provenance::MANIFEST), &first).unwrap();
    assert_eq!(provenance::stamped(root).unwrap().1, first);
}
