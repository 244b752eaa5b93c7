use super::*;

fn applied(name: &'static str, count: usize, need: Need) -> (&'static str, Applied) {
    let reason = "because";
    (
        LIBRARY,
        Applied {
            name,
            reason,
            need,
            places: vec!["/a".to_owned(); count],
        },
    )
}

fn moved(applied: &[(&'static str, Applied)], text: &str) -> Vec<String> {
    match check(applied, text) {
        Err(Error::Counts(moved)) => moved,
        Err(other) => panic!("another error: {other}"),
        Ok(()) => Vec::new(),
    }
}

#[test]
fn accepted_counts_pass() {
    let counts = [
        applied("one", 3, Need::OwnDocument),
        applied("two", 0, Need::ServiceDocument),
    ];
    let text = accepted(&counts).unwrap();
    assert!(text.starts_with("# The number of places"), "{text}");
    assert!(
        text.ends_with("\nlibrary one 3\nlibrary two 0 service\n"),
        "{text}"
    );
    assert_eq!(moved(&counts, &text), [""; 0]);
}

#[test]
fn reports_every_changed_count() {
    let text = "library one 3\nlibrary two 0 service\nlibrary three 1\n";
    let counts = [
        applied("one", 4, Need::OwnDocument),
        applied("two", 1, Need::ServiceDocument),
        applied("four", 2, Need::OwnDocument),
    ];
    assert_eq!(
        moved(&counts, text),
        [
            "the fixup one (of the library) changed 4 places, 3 are accepted",
            "the fixup two (of the library) changed 1 places, 0 are accepted",
            "the fixup four (of the library) changed 2 places, none are accepted",
            "library three is accepted, but there is no such fixup",
        ]
    );
}

#[test]
fn reports_a_fixup_that_is_no_longer_needed() {
    let idle = [applied("one", 0, Need::OwnDocument)];
    let errors = moved(&idle, "library one 3\n");
    assert!(
        errors[0].ends_with(
            "it is no longer needed; remove it, or mark it as one for the document of the service"
        ),
        "{errors:?}"
    );
    let error = accepted(&idle).unwrap_err().to_string();
    assert!(
        error.contains("one (of the library) changed 0 places: it is no longer needed"),
        "{error}"
    );
}

#[test]
fn reports_an_invalid_line_with_its_position() {
    for line in ["library one", "library one many", "library one 1 other"] {
        let error = check(&[], &format!("# accepted\n{line}\n")).unwrap_err();
        let wanted = format!(
            "openapi/fixup_counts.txt:2:1: invalid: invalid line `{line}`; fix the file there"
        );
        assert_eq!(error.to_string(), wanted);
    }
}
