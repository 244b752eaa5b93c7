use super::*;

const MANIFEST: &str = r#"
[workspace.package]
rust-version = "1.95"
[workspace.dependencies]
apivideo = { path = "crates/apivideo", version = "0.1.0" }
futures = "0.3.34"
schemars = { version = "1.2.3" }
schemars08 = { package = "schemars", version = "0.8.22" }
public-api = "=0.52.0"
"#;

fn listed(text: &str) -> Vec<String> {
    let known = known(MANIFEST).expect("it can be read");
    mentions(text, &known)
        .into_iter()
        .map(|(line, name, number)| {
            let versions = &known
                .iter()
                .find(|(there, _)| *there == name)
                .expect("known")
                .1;
            let is_true = versions.iter().any(|version| begins(version, &number));
            format!("{line} {name} {number} {is_true}")
        })
        .collect()
}

#[test]
fn finds_versions_in_every_notation() {
    assert_eq!(
        listed("Minimum Rust: 1.95.\n\n**Rust 1.94 is**"),
        ["1 Rust 1.95 true", "3 Rust 1.94 false"]
    );
    assert_eq!(
        listed("`schemars` 0.8, schemars 1 and schemars 2"),
        [
            "1 schemars 0.8 true",
            "1 schemars 1 true",
            "1 schemars 2 false"
        ]
    );
    assert_eq!(
        listed("apivideo = \"0.2\"\ncargo add apivideo@0.1.0"),
        ["1 apivideo 0.2 false", "2 apivideo 0.1.0 true"]
    );
    assert_eq!(listed("public-api 0.52"), ["1 public-api 0.52 true"]);
}

#[test]
fn ignores_numbers_that_are_not_versions() {
    assert!(listed("futures, 16 at a time; rustls 0.23; Rust in 2024; apivideo 0.x").is_empty());
}

#[test]
fn a_shorter_version_matches_by_whole_numbers() {
    assert!(begins("0.3.34", "0.3"));
    assert!(!begins("0.3.34", "0.3.3"));
    assert!(!begins("1.95", "1.95.1"));
}

#[test]
fn finds_the_newest_release_by_the_first_numbered_heading() {
    assert_eq!(
        newest_release("# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026)\n\n## 0.1.0\n"),
        Some("0.2.0")
    );
    assert_eq!(newest_release("# Changelog\n\n## Unreleased\n"), None);
}
