//! Names that have to be another one in Rust than the generator would make of them.
//!
//! The generator makes the name in Rust from the name on the wire, and writes the latter down as a text. So what would
//! collide gets a stand-in here: a free name, and a mark of characters that the generator skips when it makes the name
//! in Rust. In the generated texts each stand-in is replaced by the name that it stands for.

use crate::files::Files;

/// The stand-ins of a document, each with the name on the wire.
#[derive(Clone, Debug, Default)]
pub struct WireNames(Vec<(String, String)>);

impl WireNames {
    /// A name to put into the document, from which the generator makes `rust`, and which is `wire` in what it writes.
    pub fn stand_in(&mut self, rust: &str, wire: &str) -> String {
        let number = format!("{:b}", self.0.len())
            .replace('0', "!")
            .replace('1', "|");
        let stand_in = format!("{rust}<~{number}~>");
        self.0.push((stand_in.clone(), wire.to_owned()));
        stand_in
    }

    /// Puts the names on the wire into the generated texts.
    pub fn restore(&self, files: &mut Files) {
        if self.0.is_empty() {
            return;
        }
        for text in files.values_mut() {
            *text = self.restored(text);
        }
    }

    /// The name on the wire, or the same name where there is no stand-in.
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
    fn the_name_in_rust_is_as_wanted_and_the_text_as_on_the_wire() {
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
