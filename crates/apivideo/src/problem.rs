//! The error body of the service.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The error body of a response.
///
/// The shape is that of RFC 7807, plus `name`, the parameter that caused the failure. Every field is optional: bodies in which
/// all of them are null have been recorded, as have HTML and empty bodies, for which [`Error::problem`](crate::Error::problem)
/// is `None`. Do not match on `kind` or `title`, because both have changed over the years for the same failure.
///
/// `Display` shows title, detail and parameter in one line.
///
/// ```
/// use futures::TryStreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let error = client.video("viUnknown".parse()?).get().await.unwrap_err();
/// let problem = error.problem().expect("the error body of the response");
/// assert_eq!(problem.status, Some(404));
/// assert_eq!(problem.to_string(), "The requested resource was not found (videoId)");
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
#[non_exhaustive]
pub struct Problem {
    /// The URI of the kind of problem (`type` in JSON).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What failed, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The parameter that caused the failure. It is not reliable: a 404 for a session has named `videoId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// More about the failure, in responses since 2023.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The HTTP status, as the body contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The individual problems, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

impl Problem {
    /// Decodes a body leniently. Returns `None` if it is not a JSON object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) =
            serde_json::from_str(str::from_utf8(body).unwrap_or_default())
        else {
            return None;
        };
        Some(Self::from_object(&object, 0))
    }

    fn from_object(object: &Map<String, Value>, depth: usize) -> Self {
        let string = |key: &str| {
            let string = object.get(key)?.as_str()?;
            (!string.is_empty()).then(|| string.to_owned())
        };
        let parts = object
            .get("problems")
            .and_then(Value::as_array)
            .filter(|_| depth < 4);
        Self {
            kind: string("type"),
            // The oldest responses have the form of an OAuth server.
            title: string("title")
                .or_else(|| string("hint"))
                .or_else(|| string("message")),
            name: string("name"),
            detail: string("detail"),
            status: object
                .get("status")
                .and_then(|status| u16::deserialize(status).ok()),
            problems: parts
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .map(|part| Self::from_object(part, depth + 1))
                .collect(),
        }
    }

    /// Replaces every string, of the parts as well.
    pub(crate) fn map_strings(&mut self, map: &mut impl FnMut(&str) -> String) {
        let strings = [
            &mut self.kind,
            &mut self.title,
            &mut self.name,
            &mut self.detail,
        ];
        for string in strings.into_iter().flatten() {
            *string = map(string);
        }
        for part in &mut self.problems {
            part.map_strings(map);
        }
    }

    /// Returns title, detail and parameter in one line, or `None` if the body has none of them.
    pub(crate) fn summary(&self) -> Option<String> {
        let sentence = |string: &String| string.trim_end_matches('.').to_owned();
        let mut parts = Vec::new();
        parts.extend(self.title.as_ref().map(sentence));
        parts.extend(self.detail.as_ref().map(sentence));
        parts.extend(self.problems.iter().take(3).filter_map(Problem::summary));
        let summary = parts.join(": ");
        match &self.name {
            _ if summary.is_empty() => None,
            Some(name) => Some(format!("{summary} ({name})")),
            None => Some(summary),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.summary(), self.status) {
            (Some(summary), _) => f.write_str(&summary),
            (None, Some(status)) => write!(f, "status {status}"),
            (None, None) => f.write_str("no details"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_bodies_are_decoded() {
        let problem = Problem::read(
            br#"{"type":"https://docs.api.video/docs/resourcenot_found","title":"The requested resource was not found.","name":"videoId","status":404}"#,
        )
        .unwrap();
        assert_eq!(
            problem.summary().unwrap(),
            "The requested resource was not found (videoId)"
        );
        assert_eq!(problem.status, Some(404));

        let empty =
            Problem::read(br#"{"type":null,"title":null,"name":null,"status":404}"#).unwrap();
        assert_eq!(empty.summary(), None);
        assert_eq!(empty.to_string(), "status 404");
        assert_eq!(Problem::default().to_string(), "no details");

        let parts = Problem::read(
            br#"{"title":"Invalid attributes.","status":"400","problems":[{"title":"An attribute is invalid.","name":"title"},7]}"#,
        )
        .unwrap();
        assert_eq!(
            parts.summary().unwrap(),
            "Invalid attributes: An attribute is invalid (title)"
        );
        assert_eq!(parts.status, None);

        let newer = Problem::read(
            br#"{"title":"A query parameter is invalid.","status":400,"detail":"This field was not expected.","name":"filterBy[referrer]"}"#,
        )
        .unwrap();
        assert_eq!(
            newer.summary().unwrap(),
            "A query parameter is invalid: This field was not expected (filterBy[referrer])"
        );
    }

    #[test]
    fn a_body_that_is_not_an_object_is_not_a_problem() {
        for body in [
            &b""[..],
            b"<html>502</html>",
            b"[]",
            b"null",
            b"\"oops\"",
            b"{",
        ] {
            assert_eq!(Problem::read(body), None);
        }
        assert_eq!(Problem::read(b"{}"), Some(Problem::default()));
    }

    #[test]
    fn a_problem_serializes_as_the_service_writes_it() {
        let body = r#"{"type":"https://x","title":"Invalid.","status":400,"problems":[{"title":"Too long.","name":"title"}]}"#;
        let problem = Problem::read(body.as_bytes()).unwrap();
        assert_eq!(serde_json::to_string(&problem).unwrap(), body);
        assert_eq!(serde_json::from_str::<Problem>(body).unwrap(), problem);
    }

    #[test]
    fn map_strings_changes_every_string_at_every_depth() {
        let body =
            br#"{"type":"a","title":"b","name":"c","detail":"d","problems":[{"title":"e"}]}"#;
        let mut problem = Problem::read(body).unwrap();
        problem.map_strings(&mut |_| "***".to_owned());
        assert_eq!(
            serde_json::to_string(&problem).unwrap(),
            r#"{"type":"***","title":"***","name":"***","detail":"***","problems":[{"title":"***"}]}"#
        );
    }
}
