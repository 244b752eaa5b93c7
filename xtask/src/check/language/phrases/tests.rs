use super::*;

const TABLE: &str = "\
# A

| other | table | here |

## Language

Words.

| phrase | instead | except |
|---|---|---|
| foo, foo bar | baz | |
| is no | is not a | there is no, is no longer |

## Style

| not | a | row |
";

fn found(prose: &str) -> Vec<(usize, String)> {
    let phrases = Phrases::parse(TABLE).unwrap();
    phrases
        .search(prose)
        .into_iter()
        .map(|(line, phrase, _)| (line, phrase))
        .collect()
}

#[test]
fn reads_the_table_of_its_section() {
    let why = |table| Phrases::parse(table).err();
    assert_eq!(why(TABLE), None);
    assert_eq!(
        why("# A\n").as_deref(),
        Some("section \"Language\" has no table of phrases")
    );
    assert_eq!(
        why("## Language\n| a | b |\n").as_deref(),
        Some("not a row of three cells: | a | b |")
    );
}

#[test]
fn blanks_out_the_table_and_keeps_the_lines() {
    let without = without_table(TABLE);
    assert_eq!(without.lines().count(), TABLE.lines().count());
    assert!(!without.contains("foo") && without.contains("| other"));
}

#[test]
fn finds_whole_words_in_any_case() {
    assert_eq!(
        found("food, a Foo\nand FOO"),
        [(1, "foo".to_owned()), (2, "foo".to_owned())]
    );
    assert_eq!(found("foo_bar, foos, afoo"), []);
}

#[test]
fn reports_the_longest_variant_across_a_line_break_or_hyphen() {
    assert_eq!(found("a foo\n   bar"), [(1, "foo bar".to_owned())]);
    assert_eq!(found("foo-bar"), [(1, "foo bar".to_owned())]);
    assert_eq!(found("foo. Bar"), [(1, "foo".to_owned())]);
}

#[test]
fn accepts_the_exceptions_before_and_after() {
    assert_eq!(found("There is no way; it is no longer so"), []);
    assert_eq!(found("it is no way"), [(1, "is no".to_owned())]);
    assert_eq!(found("what there is: no way"), []);
}
