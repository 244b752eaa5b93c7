//! Predicts the names that the generator assigns, so that collisions are resolved before.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use unicode_ident::{is_xid_continue, is_xid_start};

/// The names that the generated types use without a path.
pub const RESERVED_TYPES: [&str; 8] = [
    "Default", "Err", "Ok", "Option", "Result", "Some", "String", "Vec",
];

/// The names that the generated builders use without a path, in addition.
pub const RESERVED_BUILDERS: [&str; 8] = [
    "ByteStream",
    "Client",
    "ClientHooks",
    "ClientInfo",
    "Error",
    "OperationInfo",
    "RequestBuilderExt",
    "ResponseValue",
];

/// The methods of the generated client and of its traits.
pub const RESERVED_METHODS: [&str; 9] = [
    "new",
    "new_with_client",
    "api_version",
    "baseurl",
    "client",
    "inner",
    "pre",
    "post",
    "exec",
];

/// The fields and local variables of a generated builder.
pub const RESERVED_PARAMETERS: [&str; 6] =
    ["new", "send", "header_map", "info", "body", "body_map"];

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

/// Returns and reserves the first free name of `Name`, `Name2`, `Name3`….
pub fn free_pascal(name: &str, taken: &mut BTreeSet<String>) -> String {
    // The generator converts the name again, which turns `AB` into `Ab`.
    let plain = pascal(&pascal(name));
    let mut free = plain.clone();
    let mut number = 2;
    while !taken.insert(free.clone()) {
        free = format!("{}{number}", plain.trim_end_matches('_'));
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

/// Returns `true` if the generator finds a distinct name for each value of an enum.
#[must_use]
pub fn has_distinct_variants(values: &[&str]) -> bool {
    let are_apart = |name: fn(&str) -> String| {
        let names: BTreeSet<String> = values.iter().map(|value| name(value)).collect();
        names.len() == values.len()
    };
    // The generator finally replaces every symbol by an X.
    let with_signs = |value: &str| {
        let is_sign = |character: char| character == '_' || !character.is_alphanumeric();
        pascal(&value.replace(is_sign, "X"))
    };
    are_apart(pascal) || are_apart(with_signs)
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
        let mut taken = BTreeSet::from(["Thing".to_owned()]);
        assert_eq!(free_pascal("thing", &mut taken), "Thing2");
        assert_eq!(free_pascal("thing2", &mut taken), "Thing22");
        assert_eq!(free_pascal("a-b", &mut taken), "Ab");
    }

    #[test]
    fn variants_are_distinct_if_letters_or_symbols_differ() {
        assert!(!has_distinct_variants(&["a", "A"]));
        assert!(!has_distinct_variants(&["a", "a"]));
        for values in [
            &["a", "b"][..],
            &["a.b", "a-c", "1st", ""],
            &["a-b", "a.c", "ab"],
            &["<", ">="],
        ] {
            assert!(has_distinct_variants(values), "{values:?}");
        }
    }
}
