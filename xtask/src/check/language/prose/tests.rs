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
        assert!(extractor(Path::new(name)).is_some(), "{name}");
    }
    for name in ["a.json", "Cargo.lock", "a.der", "LICENSE-MIT"] {
        assert!(extractor(Path::new(name)).is_none(), "{name}");
    }
}
