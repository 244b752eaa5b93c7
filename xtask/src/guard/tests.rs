use std::path::Path;

use super::*;

fn document() -> Document {
    let text = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\npaths:\n  /a:\n    get: { operationId: good, responses: {} }\n    \
                put: { operationId: bad, responses: {} }\n";
    Document::parse(Path::new("a.yaml"), text).unwrap()
}

#[test]
fn caught_panics_are_not_mixed_up() {
    assert_eq!(catch(|| 1), Ok(1));
    let first = catch(|| panic!("first")).unwrap_err();
    assert!(
        first.starts_with("it panicked: first (tests.rs:"),
        "{first}"
    );
    let second = catch(|| panic!("number {}", 2)).unwrap_err();
    assert!(
        second.starts_with("it panicked: number 2 (tests.rs:"),
        "{second}"
    );
}

#[test]
fn what_a_panic_says_is_one_short_line() {
    let said = catch(|| panic!("{:#?}", vec![Some("a word"); 100])).unwrap_err();
    assert!(
        said.starts_with("it panicked: [ Some( \"a word\", ), Some( ")
            && said.contains("… (tests.rs:")
            && !said.contains('\n')
            && said.chars().count() < 240,
        "{said}"
    );
}

#[test]
fn a_panic_inside_a_watched_one_leaves_the_outer_one_watched() {
    let outer = catch(|| {
        assert!(catch(|| panic!("inner")).is_err());
        panic!("outer")
    });
    let outer = outer.unwrap_err();
    assert!(outer.starts_with("it panicked: outer"), "{outer}");
}

#[test]
fn our_own_panic_is_told_as_a_bug_with_its_operation() {
    let error = guarded(&document(), |document| {
        let is_bad = |operation: &serde_json::Value| operation["operationId"] == "bad";
        assert!(
            !operations(&document.value).any(|(_, _, operation)| is_bad(operation)),
            "too bad"
        );
        Ok(())
    })
    .unwrap_err()
    .to_string();
    assert!(
        error.starts_with(
            "a bug of this tool, which panicked over the operations below; nothing was written; mend it, or take them out \
             of the document until then:\n  bad (PUT /a): it panicked: too bad (tests.rs:"
        ),
        "{error}"
    );
    assert!(!error.contains("good"), "{error}");
}

#[test]
fn a_panic_that_no_operation_has_alone_is_told_of_the_whole() {
    let error = guarded(&document(), |document| {
        assert!(operations(&document.value).count() < 2, "too many");
        Ok(())
    })
    .unwrap_err()
    .to_string();
    assert!(
        error.contains("\n  the document as a whole: it panicked: too many ("),
        "{error}"
    );
}

#[test]
fn what_goes_well_or_fails_is_passed_on() {
    assert_eq!(guarded(&document(), |_| Ok(1)).unwrap(), 1);
    let error = guarded(&document(), |_| -> Result<(), _> {
        Err(Error::Output(Vec::new()))
    })
    .unwrap_err();
    assert!(matches!(error, Error::Output(_)), "{error}");
}
