use super::*;

fn visible(source: &str) -> Vec<String> {
    let prose = prose(source);
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
        visible(
            "fn a() {} // one\n    /// two\n    //! three\nlet b = 1; /* four /* five */ six */"
        ),
        ["one two three", "four five six"]
    );
}

#[test]
fn keeps_string_literals_of_every_kind() {
    assert_eq!(
        visible(
            r####"f("one \"two\" \n three", r#"fo"ur"#, b"five", br"six", c"seven", r"eight")"####
        ),
        ["one two three", "fo\"ur", "five", "six", "seven", "eight"]
    );
    assert_eq!(visible("\"one \\\n    two\""), ["one two"]);
}

#[test]
fn drops_identifiers_placeholders_and_characters() {
    assert_eq!(
        visible("let response: &'a str = format!(\"{told:?} a {} b {0:>8}\");"),
        ["a", "b"]
    );
    assert_eq!(visible("('\"', '\\'', '\\u{1F600}', \"a\")"), ["a"]);
    assert_eq!(
        visible("\"{ not a placeholder }\""),
        ["{ not a placeholder }"]
    );
}
