//! Predicts the names that the generator assigns, so that collisions are resolved before.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Returns the name of a field, a parameter or a method.
#[must_use]
pub fn snake(name: &str) -> String {
    identifier(&name_of(name, "plus1", "minus1").to_snake_case(), "x")
}

/// Returns the name of a type.
#[must_use]
pub fn pascal(name: &str) -> String {
    identifier(&name_of(name, "Plus1", "Minus1").to_pascal_case(), "X")
}

/// Returns and reserves the first free name of `name`, `name_2`, `name_3`….
pub fn free_snake(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain = snake(name);
    free(&plain, &format!("{}_", plain.trim_end_matches('_')), taken)
}

/// Returns and reserves the first free name of `Name`, `Name2`, `Name3`….
pub fn free_pascal(name: &str, taken: &mut BTreeSet<String>) -> String {
    // The generator converts the name again, which turns `AB` into `Ab`.
    let plain = pascal(&pascal(name));
    free(&plain, plain.trim_end_matches('_'), taken)
}

fn free(name: &str, stem: &str, taken: &mut BTreeSet<String>) -> String {
    let mut free = name.to_owned();
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{stem}{number}");
        number += 1;
    }
    free
}

/// Prepares a name for splitting into words, as the generator does.
fn name_of(name: &str, plus: &str, minus: &str) -> String {
    match name {
        "+1" => plus.to_owned(),
        "-1" => minus.to_owned(),
        _ => name
            .replace('\'', "")
            .replace(|character| !is_xid_continue(character), "-"),
    }
}

/// A leading digit is invalid: the generator prefixes fields and types with `x`, methods and parameters with `_`. Names that
/// differ only in the prefix are considered equal.
fn identifier(name: &str, prefix: &str) -> String {
    match name.chars().next() {
        None => prefix.to_owned(),
        Some(first) if is_xid_start(first) => name.to_owned(),
        Some(_) => format!("{prefix}{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        for (name, field, of_type) in [
            ("fooBar", "foo_bar", "FooBar"),
            ("foo-bar", "foo_bar", "FooBar"),
            ("foo_bar", "foo_bar", "FooBar"),
            ("Foo.Bar[]", "foo_bar", "FooBar"),
            ("2nd", "x2nd", "X2nd"),
            ("user's", "users", "Users"),
            ("+1", "plus1", "Plus1"),
            ("¿?", "x", "X"),
            ("", "x", "X"),
        ] {
            assert_eq!(
                (snake(name).as_str(), pascal(name).as_str()),
                (field, of_type),
                "{name}"
            );
        }
    }

    #[test]
    fn taken_names_are_numbered() {
        let mut taken = BTreeSet::new();
        let mut three = |name: &str| free_snake(name, &mut taken);
        assert_eq!(
            [three("fooBar"), three("foo_bar"), three("FOO_BAR")],
            ["foo_bar", "foo_bar_2", "foo_bar_3"]
        );
        let mut taken = BTreeSet::from(["Thing".to_owned()]);
        assert_eq!(free_pascal("thing", &mut taken), "Thing2");
        assert_eq!(free_pascal("thing2", &mut taken), "Thing22");
        assert_eq!(free_pascal("a-b", &mut taken), "Ab");
    }
}
