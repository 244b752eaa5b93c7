//! Names that differ in Rust from those that the generator derives from the wire names.
//!
//! The generator derives the Rust name from the wire name, and writes the wire name as a string. A name that would collide is
//! replaced by a placeholder: a free name with a marker of characters that the generator ignores when it derives the Rust
//! name. In the generated code, each placeholder is replaced by the wire name.

use crate::Error;
use crate::files::Files;

/// The placeholders of a document, with their wire names.
#[derive(Clone, Debug, Default)]
pub struct WireNames(Vec<(String, String)>);

impl WireNames {
    /// Returns a placeholder from which the generator derives `rust`, and which is replaced by `wire`.
    pub fn stand_in(&mut self, rust: &str, wire: &str) -> String {
        let number = format!("{:b}", self.0.len())
            .replace('0', "!")
            .replace('1', "|");
        let stand_in = format!("{rust}<~{number}~>");
        self.0.push((stand_in.clone(), wire.to_owned()));
        stand_in
    }

    /// Replaces the placeholders in generated files.
    pub fn restore(&self, files: &mut Files) {
        if self.0.is_empty() {
            return;
        }
        for text in files.values_mut() {
            *text = self.restored(text);
        }
    }

    /// Replaces the placeholders in generated code.
    ///
    /// # Errors
    /// Returns an error if the result is not valid Rust.
    pub fn restored_file(&self, file: syn::File) -> Result<syn::File, Error> {
        if self.0.is_empty() {
            return Ok(file);
        }
        let text = self.restored(&prettyplease::unparse(&file));
        syn::parse_file(&text).map_err(|error| {
            Error::Output(vec![format!("invalid code because of wire names: {error}")])
        })
    }

    /// Returns the wire name of a placeholder, or the name itself.
    #[must_use]
    pub fn wire<'a>(&'a self, name: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|(stand_in, _)| stand_in == name)
            .map_or(name, |(_, wire)| wire)
    }

    fn restored(&self, text: &str) -> String {
        self.0
            .iter()
            .fold(text.to_owned(), |text, (stand_in, wire)| {
                if text.contains(stand_in.as_str()) {
                    text.replace(stand_in, &wire.escape_default().to_string())
                } else {
                    text
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::naming::snake;

    #[test]
    fn keeps_rust_names_and_wire_names() {
        let mut names = WireNames::default();
        let stand_ins: Vec<String> = ["a", "fooBar", "b\"c"]
            .into_iter()
            .map(|wire| names.stand_in("foo_bar_2", wire))
            .collect();
        assert!(stand_ins.iter().all(|name| snake(name) == "foo_bar_2"));
        let text = format!("#[serde(rename = {:?})] x {:?}", stand_ins[1], stand_ins[2]);
        let mut files = Files::from([(PathBuf::from("a.rs"), text)]);
        names.restore(&mut files);
        assert_eq!(
            files.values().next().map(String::as_str),
            Some(r#"#[serde(rename = "fooBar")] x "b\"c""#)
        );
        assert_eq!(names.wire(&stand_ins[0]), "a");
        assert_eq!(names.wire("other"), "other");
    }
}
