use tempfile::TempDir;

use super::*;

/// A workspace of one crate, given as files below `crates/apivideo`.
fn workspace(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![("Cargo.toml", "")];
    all.extend(files);
    for (name, text) in all {
        let path = folder.path().join("crates/apivideo").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

#[track_caller]
fn passes(files: &[(&str, &str)]) -> String {
    match check_crates(workspace(files).path()) {
        Outcome::Passed(what) => what,
        other => panic!("{other:#?}"),
    }
}

#[track_caller]
fn fails(files: &[(&str, &str)]) -> Vec<String> {
    match check_crates(workspace(files).path()) {
        Outcome::Failed { findings, .. } => findings,
        other => panic!("{other:#?}"),
    }
}

const ROOT: &str = "mod one;\nmod two;\nmod three;\npub use one::One;\n";
const ONE: &str = "use crate::two::Two;\npub struct One(Two);\n";
const TWO: &str = "use super::three;\npub struct Two(three::Three);\n";

#[test]
fn passes_a_crate_whose_files_use_each_other_one_way() {
    let three = "pub struct Three;\n";
    assert_eq!(
        passes(&[
            ("src/lib.rs", ROOT),
            ("src/one.rs", ONE),
            ("src/two.rs", TWO),
            ("src/three.rs", three)
        ]),
        "4 files of 1 crates"
    );
}

#[test]
fn fails_a_circle_with_the_lines_that_tie_it() {
    // Through the re-export of the root, which itself is not in the circle.
    for three in [
        "pub struct Three;\nuse crate::One;\n",
        "\npub fn three(_: super::One) {}\npub struct Three;",
        "pub struct Three;\nfn three() { println!(crate::One) }",
        "pub struct Three;\nuse super::one::*;",
        "pub struct Three;\nmod inner { use crate::one::{self, One as Other}; }",
    ] {
        let findings = fails(&[
            ("src/lib.rs", ROOT),
            ("src/one.rs", ONE),
            ("src/two.rs", TWO),
            ("src/three.rs", three),
        ]);
        let [circle] = &findings[..] else {
            panic!("{findings:#?}")
        };
        let lines: Vec<&str> = circle.lines().collect();
        assert_eq!(lines.len(), 4, "{circle}");
        assert_eq!(lines[0], "circle of 3 files:");
        assert_eq!(
            lines[1],
            "  crates/apivideo/src/one.rs -> crates/apivideo/src/two.rs: crate::two::Two (line 1)"
        );
        assert!(
            lines[2].starts_with("  crates/apivideo/src/two.rs -> crates/apivideo/src/three.rs: ")
        );
        assert!(
            lines[3].contains("three.rs -> crates/apivideo/src/one.rs: ")
                && lines[3].ends_with("(line 2)")
        );
    }
}

#[test]
fn accepts_a_pair_and_ignores_tests() {
    let one = "mod part;\npub use part::part;\npub struct One(part::Part);\n#[cfg(test)]\nmod tests;\n\
               #[cfg(all(test, unix))]\nmod more { use crate::two::Two; }\n";
    let part = "use super::One;\npub struct Part(Box<One>);\npub fn part() {}\n";
    let two =
        "pub struct Two(crate::one::One);\n#[cfg(test)]\nmod tests { use crate::three::Three; }\n";
    let three = "pub struct Three;\nfn three() { crate::one::part() }";
    passes(&[
        ("src/lib.rs", ROOT),
        ("src/one.rs", one),
        ("src/one/part.rs", part),
        ("src/one/tests.rs", "use crate::two::Two;"),
        ("src/two.rs", two),
        ("src/three.rs", three),
    ]);
}

#[test]
fn a_parent_and_two_children_that_use_it_are_a_circle() {
    let findings = fails(&[
        ("src/lib.rs", "mod parent;"),
        (
            "src/parent/mod.rs",
            "mod a;\nmod b;\npub struct Shared;\nfn f() { a::f(); b::f(); }",
        ),
        ("src/parent/a.rs", "pub fn f() { let _ = super::Shared; }"),
        (
            "src/parent/b.rs",
            "use crate::parent::Shared;\npub fn f() {}",
        ),
    ]);
    assert!(
        findings[0].starts_with("circle of 3 files:"),
        "{findings:#?}"
    );
}

const LAYERS: &str = "layers = [[\"lib\"], [\"one\"], [\"two\", \"three\"]]\n[only]\nthree = []\n";

#[test]
fn fails_an_upward_use_and_one_inside_a_layer_that_is_not_listed() {
    let check = |layers: &str, three: &str| {
        let files = [
            ("layers.toml", layers),
            ("src/lib.rs", ROOT),
            ("src/one.rs", ONE),
            ("src/two.rs", "pub struct Two;"),
            ("src/three.rs", three),
        ];
        match check_crates(workspace(&files).path()) {
            Outcome::Failed { findings, .. } => findings,
            _ => Vec::new(),
        }
    };
    assert_eq!(check(LAYERS, ""), [""; 0]);
    assert_eq!(
        check(LAYERS, "\nuse crate::One;"),
        [
            "crates/apivideo/src/three.rs:2: three uses one, which is not in a lower layer: crate::One"
        ]
    );
    assert_eq!(
        check(LAYERS, "use crate::two::Two;"),
        [
            "crates/apivideo/src/three.rs:1: three uses two, which is not in a lower layer: crate::two::Two"
        ]
    );
    assert_eq!(
        check(
            &LAYERS.replace("[only]\nthree = []\n", ""),
            "use crate::two::Two;"
        ),
        [""; 0]
    );
}

#[test]
fn fails_a_module_without_a_layer_and_a_layer_without_its_module() {
    let findings = fails(&[
        ("layers.toml", "layers = [[\"lib\", \"gone\"]]"),
        ("src/lib.rs", "mod one;"),
        ("src/one/mod.rs", ""),
    ]);
    assert_eq!(
        findings,
        [
            "crates/apivideo/src: module one is not in a layer of layers.toml",
            "crates/apivideo/src: layers.toml lists module gone, which does not exist",
        ]
    );
    let findings = fails(&[("layers.toml", "layer = []"), ("src/lib.rs", "")]);
    assert!(findings[0].contains("failed to parse"), "{findings:?}");
}
