//! The service's error body.

use serde::Deserialize;
use serde_json::{Map, Value};

/// What the service said of a failure, as far as it said anything.
///
/// The shape is that of RFC 7807 with `name` beside it, the parameter at fault. Every field can be
/// absent or null: replies with all of them null have been recorded, and HTML, and empty bodies
/// (for which [`Error::problem`](crate::Error::problem) is `None`).
/// Never match on `kind` or `title`: both have changed over the years for the same failure.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// let events = client.session(&"psNobody".parse()?).events().stream();
/// let error = events.try_collect::<Vec<_>>().await.unwrap_err();
/// let problem = error.problem().expect("the service said why");
/// assert_eq!(problem.status, Some(404));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Problem {
    /// The URI of the kind of problem (`type` on the wire).
    pub kind: Option<String>,
    /// What went wrong, in a sentence.
    pub title: Option<String>,
    /// The parameter at fault. A 404 for a session has said `videoId`: do not rely on it.
    pub name: Option<String>,
    /// More on what went wrong (in replies since 2023).
    pub detail: Option<String>,
    /// The HTTP status, as the body has it.
    pub status: Option<u16>,
    /// The parts of the problem, where there are several.
    pub problems: Vec<Problem>,
}

impl Problem {
    /// Reads a body leniently: `None` where it is no JSON object.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(object)) =
            serde_json::from_str(str::from_utf8(body).unwrap_or_default())
        else {
            return None;
        };
        Some(Self::from_object(&object, 0))
    }

    fn from_object(object: &Map<String, Value>, depth: usize) -> Self {
        let text = |key: &str| {
            let text = object.get(key)?.as_str()?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let parts = object
            .get("problems")
            .and_then(Value::as_array)
            .filter(|_| depth < 4);
        Self {
            kind: text("type"),
            // The oldest replies have the form of an OAuth server's.
            title: text("title")
                .or_else(|| text("hint"))
                .or_else(|| text("message")),
            name: text("name"),
            detail: text("detail"),
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

    /// Replaces each string by the result of `map`.
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

    /// The problem in a line: title, detail, and the parameter at fault.
    pub(crate) fn summary(&self) -> Option<String> {
        let mut parts = Vec::new();
        parts.extend(
            self.title
                .as_deref()
                .map(|title| title.trim_end_matches('.').to_owned()),
        );
        parts.extend(
            self.detail
                .as_deref()
                .map(|detail| detail.trim_end_matches('.').to_owned()),
        );
        parts.extend(self.problems.iter().take(3).filter_map(Problem::summary));
        let text = parts.join(": ");
        match &self.name {
            _ if text.is_empty() => None,
            Some(name) => Some(format!("{text} ({name})")),
            None => Some(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_bodies_are_read() {
        let problem = Problem::read(
            br#"{"type":"https://docs.api.video/docs/resourcenot_found","title":"The requested resource was not found.","name":"videoId","status":404}"#,
        )
        .unwrap();
        assert_eq!(
            problem.summary().unwrap(),
            "The requested resource was not found (videoId)"
        );
        assert_eq!(problem.status, Some(404));

        let nothing =
            Problem::read(br#"{"type":null,"title":null,"name":null,"status":404}"#).unwrap();
        assert_eq!(nothing.summary(), None);

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
    fn what_is_no_problem_is_none() {
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
}
