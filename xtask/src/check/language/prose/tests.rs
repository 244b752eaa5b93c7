use super::*;

fn visible(text: &str) -> String {
    without_code(text).replace(GAP, "")
}

#[test]
fn blanks_out_code_links_and_addresses() {
    assert_eq!(visible("a `b c` d ``e`f`` g"), "a  d  g");
    assert_eq!(visible("[a](b.md) c"), "[a c");
    assert_eq!(visible("see https://a.b/c d"), "see https d");
    assert_eq!(visible("a `b\nc` d"), "a \n d");
}

#[test]
fn an_unpaired_backquote_or_a_fence_hides_nothing() {
    assert_eq!(visible("a ` b\n\nc ` d"), "a ` b\n\nc ` d");
    assert_eq!(visible("```sh\na\n```\nb"), "```sh\na\n```\nb");
}

#[test]
fn chooses_files_by_their_ending_and_place() {
    for name in [
        "a.rs",
        "a.md",
        "a.toml",
        ".github/a.yml",
        "tests/golden/a.table",
        ".ci/run",
    ] {
        assert!(of(Path::new(name), "").is_some(), "{name}");
    }
    for name in ["a.json", "Cargo.lock", "a.der", "LICENSE-MIT"] {
        assert!(of(Path::new(name), "").is_none(), "{name}");
    }
}

/// The prose of a Rust file.
fn parts(source: &str) -> Vec<String> {
    let prose = rust(source);
    assert_eq!(prose.matches('\n').count(), source.matches('\n').count());
    prose
        .split(GAP)
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}

#[test]
fn keeps_comments_and_joins_their_lines() {
    assert_eq!(
        parts("fn a() {} // one\n    /// two\n    //! three\nlet b = 1; /* four\n five */ c"),
        ["one two three", "four five"]
    );
}

#[test]
fn keeps_string_literals_of_every_kind() {
    assert_eq!(
        parts(
            r####"f("one \"two\" \n three", r#"fo"ur"#, b"five", br"six", c"seven", r##"ei"#ght"##)"####
        ),
        [
            "one two three",
            "fo\"ur",
            "five",
            "six",
            "seven",
            "ei\"#ght"
        ]
    );
    assert_eq!(parts("\"one \\\n    two\""), ["one two"]);
}

#[test]
fn drops_identifiers_placeholders_and_characters() {
    assert_eq!(
        parts("let response: &'a str = format!(\"{told:?} a {} b {0:>8}\");"),
        ["a", "b"]
    );
    assert_eq!(parts("('\"', '\\'', '\\u{1F600}', \"a\")"), ["a"]);
    assert_eq!(
        parts("\"{ not a placeholder }\""),
        ["{ not a placeholder }"]
    );
}
