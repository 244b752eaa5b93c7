//! A JSON writer that appends to bytes, without an intermediate tree.

use std::io::Write as _;

/// Writes an object, with its members in the order of the calls.
pub(crate) struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    pub(crate) fn begin(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Writes the name of a member and returns the output for its value. Names must not require escapes.
    pub(crate) fn key(&mut self, name: &'static str) -> &mut Vec<u8> {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    pub(crate) fn string(&mut self, name: &'static str, value: &str) {
        string(self.key(name), value);
    }

    pub(crate) fn string_or_null(&mut self, name: &'static str, value: Option<&str>) {
        match value {
            Some(value) => self.string(name, value),
            None => self.key(name).extend_from_slice(b"null"),
        }
    }

    pub(crate) fn number(&mut self, name: &'static str, value: u64) {
        number(self.key(name), value);
    }

    pub(crate) fn boolean(&mut self, name: &'static str, value: bool) {
        let literal: &[u8] = if value { b"true" } else { b"false" };
        self.key(name).extend_from_slice(literal);
    }

    pub(crate) fn end(self) {
        self.out.push(b'}');
    }
}

/// Writes an array, calling `write` for each item.
pub(crate) fn array<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    let mut first = true;
    for item in items {
        if !first {
            out.push(b',');
        }
        first = false;
        write(out, item);
    }
    out.push(b']');
}

pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
    out.push(b'"');
    if text.as_bytes().iter().all(plain) {
        out.extend_from_slice(text.as_bytes());
    } else {
        for character in text.chars() {
            match character {
                '"' => out.extend_from_slice(b"\\\""),
                '\\' => out.extend_from_slice(b"\\\\"),
                '\n' => out.extend_from_slice(b"\\n"),
                control if u32::from(control) < 0x20 => {
                    out.extend_from_slice(format!("\\u{:04x}", u32::from(control)).as_bytes());
                }
                other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
    out.push(b'"');
}

pub(crate) fn number(out: &mut Vec<u8>, value: u64) {
    // Writing to a vector does not fail.
    let _ = write!(out, "{value}");
}

/// Writes a number, with a fraction unless it is a whole number.
pub(crate) fn float(out: &mut Vec<u8>, value: f64) {
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_round_trip() {
        for text in ["", "plain", "a\"b\\c", "line\nbreak\u{1}", "Zoë 東京"] {
            let mut out = Vec::new();
            string(&mut out, text);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }

    #[test]
    fn members_keep_their_order() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.string("b", "x");
        object.number("a", 7);
        object.string_or_null("c", None);
        object.boolean("d", true);
        array(object.key("e"), [1u64, 2], number);
        float(object.key("f"), 0.5);
        object.end();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"{"b":"x","a":7,"c":null,"d":true,"e":[1,2],"f":0.5}"#
        );
    }
}
