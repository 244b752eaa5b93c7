use super::*;

const CONTRIBUTING: &str =
    "# C\n\n## Language\n\n| phrase | instead | except |\n|---|---|---|\n| foo bar | baz | |\n";

fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("CONTRIBUTING.md", CONTRIBUTING)].iter().chain(files) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    match search(folder.path()) {
        Outcome::Failed { findings, .. } => findings,
        other => {
            assert_eq!(other, Outcome::Passed(format!("{} files", files.len() + 1)));
            Vec::new()
        }
    }
}

#[test]
fn passes_files_without_a_phrase() {
    assert_eq!(
        findings(&[
            ("README.md", "foo `foo bar`"),
            ("src/lib.rs", "fn foo(bar: u8) {}")
        ]),
        [""; 0]
    );
}

#[test]
fn fails_prose_of_every_kind_with_its_line() {
    for (name, text) in [
        ("README.md", "\n\nA foo\nbar.\n"),
        ("docs/decisions/0001-a.md", "\n\nfoo bar\n"),
        (
            "crates/a/src/lib.rs",
            "fn f() {\n\n    // foo\n    // bar\n}\n",
        ),
        (
            "crates/a/src/generated/mod.rs",
            "\n\nconst A: &str = \"a Foo bar\";\n",
        ),
        (".github/workflows/ci.yml", "a: b\n\n# foo bar\n"),
        ("Cargo.toml", "\n\ndescription = \"foo bar\"\n"),
        (".ci/run", "#!/bin/sh\n\necho foo bar\n"),
        ("tests/golden/help/a.long", "a\n\nfoo bar\n"),
    ] {
        assert_eq!(
            findings(&[(name, text)]),
            [format!("{name}:3: \"foo bar\": write baz")],
            "{name}"
        );
    }
}

#[test]
fn searches_the_prose_of_contributing_but_not_its_table() {
    let found = findings(&[(
        "CONTRIBUTING.md",
        &CONTRIBUTING.replace("# C", "# C foo bar"),
    )]);
    assert_eq!(found, ["CONTRIBUTING.md:1: \"foo bar\": write baz"]);
    let found = findings(&[("CONTRIBUTING.md", "# C\n")]);
    assert_eq!(
        found,
        ["CONTRIBUTING.md: section \"Language\" has no table of phrases"]
    );
}
