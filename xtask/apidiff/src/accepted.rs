//! The accepted differences between the published document and this project's.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::difference::Code;

/// The accepted differences, with their reasons.
///
/// ```
/// # use serde_json::json;
/// let accepted = xtask_apidiff::Accepted::parse(&json!([
///     { "change": "field-added", "at": ["getVideo response 200 assets"], "reason": "not needed for statistics" },
/// ]));
/// assert!(accepted.is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accepted(pub(crate) Vec<Entry>);

/// Accepted differences with one reason.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The kind of change.
    pub(crate) change: String,
    /// The places; `*` matches any characters.
    pub(crate) at: BTreeSet<String>,
    pub(crate) reason: String,
    /// The value of the published document, as the report shows it, so that another value is a new difference. Added parts
    /// need none.
    pub(crate) published: Option<String>,
}

impl Accepted {
    /// Parses a list of entries: `change` is a kind of change, `at` a list of places, in which `*` matches any characters,
    /// `published` the value of the published document, and `reason` the reason why these differences are accepted.
    ///
    /// # Errors
    /// Returns the reason if the list has another form, or an entry has an unknown kind, or no places or reason.
    pub fn parse(list: &Value) -> Result<Self, String> {
        let entries: Vec<Entry> = serde_path_to_error::deserialize(list)
            .map_err(|error| format!("at `{}`: {}", error.path(), error.inner()))?;
        for (
            index,
            Entry {
                change, at, reason, ..
            },
        ) in entries.iter().enumerate()
        {
            let problem = if !Code::ALL.iter().any(|code| code.as_str() == change) {
                format!("unknown kind of change `{change}`; use one that the report contains")
            } else if at.is_empty() {
                "`at` is empty; list the places that the report contains".to_owned()
            } else if reason.trim().is_empty() {
                "`reason` is empty; state why the difference is accepted".to_owned()
            } else {
                continue;
            };
            return Err(format!("at `[{index}]`: {problem}"));
        }
        Ok(Self(entries))
    }
}

/// Returns `true` if a pattern matches the whole text; `*` matches any characters.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|after| {
            let mut ends = after.char_indices().map(|(index, _)| index);
            ends.any(|index| matches(rest, &after[index..])) || matches(rest, "")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_matches_any_characters() {
        for (pattern, text, expected) in [
            ("a b", "a b", true),
            ("a b", "a b c", false),
            ("a *", "a b c", true),
            ("* c", "a b c", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abcd", false),
            ("*", "", true),
            ("*é", "aé", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
