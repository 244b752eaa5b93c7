//! The reason why JSON could not be decoded, without values of the JSON.

use std::fmt;

use crate::transport::mask::Secrets;

/// The message of serde without the strings that it quotes, which can contain personal data.
pub(crate) struct Cause(String);

impl From<&serde_json::Error> for Cause {
    fn from(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // `invalid type: string "Paris", expected …`; the text may hold quotes itself, so the last end counts.
        let hidden = text.find("string \"").and_then(|start| {
            let end = text.rfind("\", expected")?;
            (end > start).then(|| format!("{}a string{}", &text[..start], &text[end + 1..]))
        });
        Self(hidden.unwrap_or(text))
    }
}

impl Cause {
    pub(crate) fn masked(self, secrets: &Secrets) -> Self {
        Self(secrets.mask(&self.0).into_owned())
    }
}

impl std::error::Error for Cause {}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path of the value in `text` that cannot be decoded, such as `data[3].session.loadedAt`; empty for the whole text.
///
/// It is derived from the text before the position where the decoder stopped. Tracking the path while decoding would take a
/// second decoder of every type.
pub(crate) fn path(text: &str, error: &serde_json::Error) -> String {
    /// The arrays and objects that are open at the position.
    enum Open<'a> {
        /// An object, and the name of the current value.
        Object(Option<&'a str>),
        /// An array, and the index of the current item.
        List(usize),
    }
    // Without a line, the text is not the cause.
    let Some(lines) = error.line().checked_sub(1) else {
        return String::new();
    };
    let line: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
    let bytes = text.as_bytes();
    let end = bytes.len().min(line + error.column());
    let (mut open, mut at) = (Vec::new(), 0);
    let mut string = "";
    while at < end {
        match bytes[at] {
            b'"' => {
                let start = at + 1;
                at = start;
                while at < end && bytes[at] != b'"' {
                    at += 1 + usize::from(bytes[at] == b'\\');
                }
                string = text.get(start..at).unwrap_or_default();
            }
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::List(0)),
            b'}' | b']' => {
                open.pop();
            }
            b':' => {
                if let Some(Open::Object(name)) = open.last_mut() {
                    *name = Some(string);
                }
            }
            b',' => match open.last_mut() {
                Some(Open::Object(name)) => *name = None,
                Some(Open::List(index)) => *index += 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    let mut path = String::new();
    for open in &open {
        match open {
            Open::Object(None) => {}
            Open::Object(Some(name)) if path.is_empty() => path.push_str(name),
            Open::Object(Some(name)) => {
                path.push('.');
                path.push_str(name);
            }
            Open::List(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_leads_to_the_invalid_value() {
        #[derive(Debug, serde::Deserialize)]
        struct Page {
            #[serde(rename = "data")]
            _data: Vec<Item>,
            #[serde(default, rename = "total")]
            _total: u8,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Item {
            #[serde(rename = "id")]
            _id: String,
            #[serde(default, rename = "tags")]
            _tags: Vec<String>,
        }
        for (json, found) in [
            ("7", ""),
            ("[7]", "[0]"),
            ("{}", ""),
            ("{", ""),
            (r#"{"data":7}"#, "data"),
            (r#"{"data":{"id":[]}}"#, "data"),
            (r#"{"data":[], "total" : 700}"#, "total"),
            (r#"{"data":[], "total" : []}"#, "total"),
            (r#"{"data":[{"id":"a"},{"id":7}]}"#, "data[1].id"),
            (r#"{"data":[{"id":"a"},{"id":[7]}]}"#, "data[1].id"),
            (r#"{"data":[{"id":"a"},{"id":{"x":7}}]}"#, "data[1].id"),
            (r#"{"data":[{"id":"a"},7]}"#, "data[1]"),
            (r#"{"data":[{"id":"a"},{"tags":[]}]}"#, "data[1]"),
            (r#"{"data":[{"id":"a","id":"b"}]}"#, "data[0]"),
            (
                r#"{"data":[{"more":{"x":[1,{}]},"id":null}]}"#,
                "data[0].id",
            ),
            (
                r#"{"data":[{"tags":["a,\"]}{[:","b",null]}]}"#,
                "data[0].tags[2]",
            ),
            (
                "{\n \"data\": [\n  {\n   \"id\": true\n  }\n ]\n}",
                "data[0].id",
            ),
            (
                "{\"data\": [{\"id\": \"\u{e4}\"},\n{\"id\": 1}]}",
                "data[1].id",
            ),
            (r#"{"data":[{"id":"cut"#, "data[0].id"),
        ] {
            let error = serde_json::from_str::<Page>(json).unwrap_err();
            assert_eq!(path(json, &error), found, "{json}: {error}");
        }
        let elsewhere = <serde_json::Error as serde::de::Error>::custom("not caused by a text");
        assert_eq!(path(r#"{"data":7}"#, &elsewhere), "");
    }

    #[test]
    fn strings_are_left_out_of_the_message() {
        let message =
            |json: &str| Cause::from(&serde_json::from_str::<u8>(json).unwrap_err()).to_string();
        assert_eq!(
            message(r#""Doug""#),
            "invalid type: a string, expected u8 at line 1 column 6"
        );
        assert_eq!(
            message(r#""a\", expected b""#),
            "invalid type: a string, expected u8 at line 1 column 17"
        );
        assert_eq!(
            message("700"),
            "invalid value: integer `700`, expected u8 at line 1 column 3"
        );
        assert_eq!(
            message("["),
            "invalid type: sequence, expected u8 at line 1 column 0"
        );
    }
}
