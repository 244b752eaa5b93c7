use super::*;

#[test]
fn each_panic_has_its_own_message() {
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
fn a_message_is_one_short_line() {
    let message = catch(|| panic!("{:#?}", vec![Some("a word"); 100])).unwrap_err();
    assert!(
        message.starts_with("it panicked: [ Some( \"a word\", ), Some( ")
            && message.contains("… (tests.rs:")
            && !message.contains('\n')
            && message.chars().count() < 240,
        "{message}"
    );
}

#[test]
fn catches_nested_panics() {
    let outer = catch(|| {
        assert!(catch(|| panic!("inner")).is_err());
        panic!("outer")
    });
    let outer = outer.unwrap_err();
    assert!(outer.starts_with("it panicked: outer"), "{outer}");
}
