mod example;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::{fmt, fs};

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::error::Error;
use crate::http::path::path_matches;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::response::Response;

/// Recorded responses, which a simulator can serve instead of a world.
///
/// A recording is a directory with an `index.json` that assigns files to requests:
///
/// ```json
/// {
///   "source": "where the responses were recorded",
///   "responses": [
///     {"path": "/analytics/videos/vi1", "page": 1, "file": "video_sessions.json"},
///     {"path": "/analytics/videos/*", "status": 404, "content_type": "application/problem+json", "file": "404.json"}
///   ]
/// }
/// ```
///
/// | member | value |
/// |---|---|
/// | `path` | the path, without a query; a segment `*` matches any one segment, and exact paths take precedence |
/// | `page` | the value of `currentPage`; defaults to 1. Other pages of a recorded path are a 404 |
/// | `query` | parameters (decoded) that the request must have; other parameters are ignored, including `pageSize` |
/// | `status` | defaults to 200 |
/// | `content_type` | defaults to `application/json` |
/// | `headers` | further headers of the response |
/// | `file` | a file in the directory, which must be valid JSON if the content type is JSON |
///
/// Authentication works as without a recording; responses of `/auth/…` cannot be recorded.
///
/// ```
/// # fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::{Recording, Simulator};
///
/// let recording = Recording::open("recordings/tutorial")?;
/// let builder = Simulator::builder().replay(recording);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    entries: Vec<RecordedResponse>,
}

#[derive(Clone, PartialEq, Eq)]
struct RecordedResponse {
    path: String,
    page: u64,
    query: BTreeMap<String, String>,
    status: StatusCode,
    content_type: HeaderValue,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    #[serde(default, rename = "source")]
    _source: String,
    responses: Vec<IndexEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndexEntry {
    path: String,
    #[serde(default = "default_page")]
    page: u64,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default = "default_status")]
    status: u16,
    #[serde(default = "default_content_type")]
    content_type: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    file: PathBuf,
}

fn default_page() -> u64 {
    1
}

fn default_status() -> u16 {
    200
}

fn default_content_type() -> String {
    "application/json".to_owned()
}

/// The files of the built-in recording.
const TUTORIAL: &[(&str, &str)] = &[
    (
        "index.json",
        include_str!("../recordings/tutorial/index.json"),
    ),
    (
        "video_sessions.json",
        include_str!("../recordings/tutorial/video_sessions.json"),
    ),
    (
        "live_stream_sessions.json",
        include_str!("../recordings/tutorial/live_stream_sessions.json"),
    ),
    (
        "session_events.json",
        include_str!("../recordings/tutorial/session_events.json"),
    ),
    (
        "video_not_found.json",
        include_str!("../recordings/tutorial/video_not_found.json"),
    ),
    (
        "live_stream_not_found.json",
        include_str!("../recordings/tutorial/live_stream_not_found.json"),
    ),
    (
        "session_not_found.json",
        include_str!("../recordings/tutorial/session_not_found.json"),
    ),
];

impl Recording {
    /// Reads a recording from a directory. The files are read into memory.
    ///
    /// # Errors
    ///
    /// Returns an error if the index or a file cannot be read or is invalid.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, Error> {
        let directory = directory.as_ref();
        Self::read(&|file| {
            let path = directory.join(file);
            fs::read(&path).map_err(|error| {
                Error::with_source(format!("cannot read {}", path.display()), error)
            })
        })
    }

    /// Returns the examples of the service's documentation, with the identifiers of its tutorial.
    ///
    /// The list of events consists of page 1 of 2: 25 of 30 events.
    ///
    /// ```
    /// # async fn example() -> Result<(), apivideo_simulator::Error> {
    /// use apivideo_simulator::{Recording, Simulator};
    ///
    /// let simulator = Simulator::builder().replay(Recording::tutorial()).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tutorial() -> Self {
        let read = |file: &Path| {
            let found = TUTORIAL.iter().find(|(name, _)| Path::new(name) == file);
            found
                .map(|(_, text)| text.as_bytes().to_vec())
                .ok_or_else(|| Error::new(format!("{} is not built in", file.display())))
        };
        Self::read(&read).expect("a test reads the built-in recording")
    }

    fn read(file: &dyn Fn(&Path) -> Result<Vec<u8>, Error>) -> Result<Self, Error> {
        let text = file(Path::new("index.json"))?;
        let index: Index = serde_json::from_slice(&text)
            .map_err(|error| Error::with_source("invalid index.json of the recording", error))?;
        if index.responses.is_empty() {
            return Err(Error::new(
                "invalid index.json of the recording: `responses` must not be empty",
            ));
        }
        let entries = index.responses.into_iter().map(|entry| entry.load(file));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the response to an authenticated request.
    pub(crate) fn respond(&self, path: &str, query: &Query) -> Result<Response, Problem> {
        let page = query.get("currentPage").map_or(Ok(1), str::parse::<u64>);
        let matches = |entry: &&RecordedResponse| {
            page == Ok(entry.page)
                && entry
                    .query
                    .iter()
                    .all(|(name, value)| query.get(name) == Some(value))
        };
        let exact = || self.entries.iter().filter(|entry| entry.path == path);
        let pattern = || {
            self.entries
                .iter()
                .filter(|entry| path_matches(&entry.path, path))
        };
        if exact().next().is_some() {
            let found = exact()
                .find(matches)
                .ok_or_else(|| Problem::not_found("currentPage"))?;
            return Ok(found.to_response());
        }
        let found = pattern()
            .find(matches)
            .ok_or_else(Problem::unrecognized_url)?;
        Ok(found.to_response())
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.entries.iter().map(|entry| (&entry.path, entry.page));
        f.debug_list().entries(paths).finish()
    }
}

impl IndexEntry {
    fn load(
        self,
        file: &dyn Fn(&Path) -> Result<Vec<u8>, Error>,
    ) -> Result<RecordedResponse, Error> {
        let name = self.file.display().to_string();
        let invalid =
            |what: &str| Error::new(format!("invalid index.json of the recording: {what}"));
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        if !self.file.components().all(inside) || name.is_empty() {
            return Err(invalid(&format!(
                "the file {name:?} must be inside the directory"
            )));
        }
        if !self.path.starts_with('/') || self.path.contains('?') {
            return Err(invalid(&format!(
                "the path {:?} must start with `/` and have no query",
                self.path
            )));
        }
        if self.path.starts_with("/auth/") {
            return Err(invalid("responses of `/auth/…` cannot be recorded"));
        }
        let status = StatusCode::from_u16(self.status).map_err(|error| {
            Error::with_source(
                format!(
                    "invalid index.json of the recording: invalid status {} of {name:?}",
                    self.status
                ),
                error,
            )
        })?;
        let value = |text: &str| {
            HeaderValue::from_str(text).map_err(|error| {
                Error::with_source(
                    format!("invalid index.json of the recording: invalid header of {name:?}"),
                    error,
                )
            })
        };
        let mut headers = Vec::new();
        for (header, text) in &self.headers {
            let header = HeaderName::from_bytes(header.as_bytes()).map_err(|error| {
                Error::with_source(
                    format!("invalid index.json of the recording: invalid header of {name:?}"),
                    error,
                )
            })?;
            headers.push((header, value(text)?));
        }
        let body = file(&self.file)?;
        if self.content_type.contains("json") {
            serde_json::from_slice::<serde::de::IgnoredAny>(&body).map_err(|error| {
                Error::with_source(
                    format!("the recorded file {name:?} is not valid JSON"),
                    error,
                )
            })?;
        }
        Ok(RecordedResponse {
            content_type: value(&self.content_type)?,
            path: self.path,
            page: self.page,
            query: self.query,
            status,
            headers,
            body: body.into(),
        })
    }
}

impl RecordedResponse {
    fn to_response(&self) -> Response {
        let mut response = Response::new(self.status, self.content_type.clone(), self.body.clone());
        response.headers.extend(self.headers.iter().cloned());
        response
    }
}

#[cfg(test)]
mod tests;
