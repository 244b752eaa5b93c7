use super::*;

fn applied(name: &'static str, places: &[&str], need: Need) -> (&'static str, Applied) {
    let reason = "because";
    let places = places.iter().map(|place| (*place).to_owned()).collect();
    (
        LIBRARY,
        Applied {
            name,
            reason,
            need,
            places,
        },
    )
}

#[test]
fn accepted_places_pass() {
    let places = [
        applied("one", &["/b c", "/a", "/a"], Need::OwnDocument),
        applied("two", &[], Need::ServiceDocument),
    ];
    let text = text(&places).unwrap();
    assert!(
        text.ends_with("Do not edit.\nlibrary one /a\nlibrary one /a\nlibrary one /b c\n"),
        "{text}"
    );
    assert_eq!(differences(&places, &text).unwrap(), [""; 0]);
}

#[test]
fn reports_every_place_that_is_new_or_has_vanished() {
    let accepted = "library one /a\nlibrary one /b\nlibrary one /b\nlibrary three /a\n";
    let places = [
        applied("one", &["/c", "/b", "/0"], Need::OwnDocument),
        applied("two", &["/a"], Need::ServiceDocument),
    ];
    assert_eq!(
        differences(&places, accepted).unwrap(),
        [
            "the fixup one (of the library) changes 2 new places, and 2 no longer:\n    + /0\n    + /c\n    - /a\n    - /b",
            "the fixup two (of the library) changes 1 new places, and 0 no longer:\n    + /a",
            "places of library three are accepted, and this fixup does not exist",
        ]
    );
}

#[test]
fn a_fixup_that_is_no_longer_needed_cannot_be_accepted() {
    let idle = [applied("one", &[], Need::OwnDocument)];
    let found = differences(&idle, "library one /a\n").unwrap();
    assert!(found[0].ends_with("no longer:\n    - /a"), "{found:?}");
    let error = text(&idle).unwrap_err().to_string();
    assert!(
        error.contains("one (of the library) changes nothing; remove it"),
        "{error}"
    );
}

#[test]
fn reports_an_invalid_line_with_its_position() {
    for line in ["library", "library one"] {
        let error = differences(&[], &format!("# accepted\n{line}\n")).unwrap_err();
        let wanted = format!("{FILE}:2:1: invalid: invalid line `{line}`; fix the file there");
        assert_eq!(error.to_string(), wanted);
    }
}
