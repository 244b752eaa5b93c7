//! Why JSON could not be decoded, without the values that it holds.

use std::fmt;

/// What serde says of a mistake, less the texts that it quotes: they can be personal.
pub(crate) struct Cause(String);

impl From<&serde_json::Error> for Cause {
    fn from(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // `invalid type: string "Paris", expected …`; the text may hold quotes itself, so the last end counts.
        let hidden = text.find("string \"").and_then(|start| {
            let end = text.rfind("\", expected")?;
            (end > start).then(|| format!("{}a text{}", &text[..start], &text[end + 1..]))
        });
        Self(hidden.unwrap_or(text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_left_out_and_the_rest_is_kept() {
        let said =
            |json: &str| Cause::from(&serde_json::from_str::<u8>(json).unwrap_err()).to_string();
        assert_eq!(
            said(r#""Doug""#),
            "invalid type: a text, expected u8 at line 1 column 6"
        );
        assert_eq!(
            said(r#""a\", expected b""#),
            "invalid type: a text, expected u8 at line 1 column 17"
        );
        assert_eq!(
            said("700"),
            "invalid value: integer `700`, expected u8 at line 1 column 3"
        );
        assert_eq!(
            said("["),
            "invalid type: sequence, expected u8 at line 1 column 0"
        );
    }
}
