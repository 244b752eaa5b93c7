use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::{fmt, fs};

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::Error;
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::reply::Reply;
use crate::http::route::Route;

/// Recorded replies, served instead of a world.
///
/// A recording is a directory with an `index.json` that says which file answers which request:
///
/// ```json
/// {
///   "source": "where the replies come from",
///   "replies": [
///     {"path": "/analytics/videos/vi1", "page": 1, "file": "video_sessions.json"},
///     {"path": "/analytics/videos/*", "status": 404, "content_type": "application/problem+json", "file": "404.json"}
///   ]
/// }
/// ```
///
/// - `path` without its query; a segment `*` stands for any one, and exact paths win over it.
/// - `page`: the `currentPage` that it answers, 1 unless told. A page of a recorded path that is not there gets a 404.
/// - `query`: parameters, decoded, that the request must have; all others are ignored, `pageSize` too, since a
///   recording can't be cut anew.
/// - `status` (200), `content_type` (`application/json`) and `headers` of the reply.
/// - `file`: a file in the directory. Where the content type is JSON, it must be JSON.
///
/// Authorization works as in a world: `/auth/…` can't be recorded.
///
/// ```
/// # fn example() -> Result<(), apivideo_simulator::Error> {
/// let recording = apivideo_simulator::Recording::open("recordings/tutorial")?;
/// let simulator = apivideo_simulator::Simulator::builder().replay(recording);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recording {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
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
    replies: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    path: String,
    #[serde(default = "first_page")]
    page: u64,
    #[serde(default)]
    query: BTreeMap<String, String>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default = "json")]
    content_type: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    file: PathBuf,
}

fn first_page() -> u64 {
    1
}

fn ok() -> u16 {
    200
}

fn json() -> String {
    "application/json".to_owned()
}

/// The recording that comes with the crate: its index and its files.
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
    /// Reads a recording from its directory, all of it.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, Error> {
        let directory = directory.as_ref();
        Self::read(&|file| {
            let path = directory.join(file);
            fs::read(&path)
                .map_err(|error| Error::caused(format!("can't read {}", path.display()), error))
        })
    }

    /// The documented examples of the service, under the ids of its tutorial.
    ///
    /// The recording of events holds page 1 of 2: 25 of 30 events.
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
        Self::read(&read).expect("the built-in recording has all its parts, as a test shows")
    }

    fn read(file: &dyn Fn(&Path) -> Result<Vec<u8>, Error>) -> Result<Self, Error> {
        let text = file(Path::new("index.json"))?;
        let index: Index = serde_json::from_slice(&text).map_err(|error| {
            Error::caused("the recording's index.json can't be understood", error)
        })?;
        if index.replies.is_empty() {
            return Err(Error::new("the recording's index.json lists no replies"));
        }
        let entries = index.replies.into_iter().map(|line| line.load(file));
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// The path and the query parameters of a request that is answered with a success; `None` where there is none.
    ///
    /// ```
    /// let recording = apivideo_simulator::Recording::tutorial();
    /// let (path, query) = recording.example().unwrap();
    /// assert_eq!(path, "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg");
    /// assert!(query.is_empty());
    /// ```
    pub fn example(&self) -> Option<(&str, Vec<(&str, &str)>)> {
        let entry = self.entries.iter().find(|entry| {
            let is_exact = !entry.path.split('/').any(|segment| segment == "*");
            let is_served = Route::of(&entry.path).is_some() && entry.status.is_success();
            is_exact && is_served && entry.page == 1
        })?;
        let query = entry.query.iter();
        let query = query.map(|(name, value)| (name.as_str(), value.as_str()));
        Some((&entry.path, query.collect()))
    }

    /// The reply to a request that was let in.
    pub(crate) fn answer(&self, path: &str, query: &Query) -> Result<Reply, Problem> {
        let page = query.get("currentPage").map_or(Ok(1), str::parse::<u64>);
        let fits = |entry: &&Entry| {
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
                .filter(|entry| matches(&entry.path, path))
        };
        if exact().next().is_some() {
            let found = exact()
                .find(fits)
                .ok_or_else(|| Problem::not_found("currentPage"))?;
            return Ok(found.reply());
        }
        let found = pattern().find(fits).ok_or_else(Problem::unrecognized_url)?;
        Ok(found.reply())
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.entries.iter().map(|entry| (&entry.path, entry.page));
        f.debug_list().entries(paths).finish()
    }
}

impl Line {
    fn load(self, file: &dyn Fn(&Path) -> Result<Vec<u8>, Error>) -> Result<Entry, Error> {
        let name = self.file.display().to_string();
        let wrong = |what: &str| Error::new(format!("the recording's index.json: {what}"));
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        if !self.file.components().all(inside) || name.is_empty() {
            return Err(wrong(&format!(
                "the file `{name}` is not inside the recording's directory"
            )));
        }
        if !self.path.starts_with('/') || self.path.contains('?') {
            return Err(wrong(&format!(
                "the path `{}` must begin with `/` and have no query",
                self.path
            )));
        }
        if self.path.starts_with("/auth/") {
            return Err(wrong(
                "`/auth/…` can't be recorded, tokens are always made anew",
            ));
        }
        let status = StatusCode::from_u16(self.status)
            .map_err(|error| Error::caused(format!("the status of `{name}` is none"), error))?;
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|error| Error::caused(format!("a header of `{name}` is none"), error))
        };
        let mut headers = Vec::new();
        for (header, text) in &self.headers {
            let header = HeaderName::from_bytes(header.as_bytes())
                .map_err(|error| Error::caused(format!("a header of `{name}` is none"), error))?;
            headers.push((header, value(text)?));
        }
        let body = file(&self.file)?;
        if self.content_type.contains("json") {
            serde_json::from_slice::<serde::de::IgnoredAny>(&body).map_err(|error| {
                Error::caused(format!("the recorded file `{name}` is not JSON"), error)
            })?;
        }
        Ok(Entry {
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

impl Entry {
    fn reply(&self) -> Reply {
        let mut reply = Reply::new(self.status, self.content_type.clone(), self.body.clone());
        reply.headers.extend(self.headers.iter().cloned());
        reply
    }
}

/// Whether a path fits a pattern in which `*` is any one segment.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|found| expected == "*" || expected == found)
    }) && segments.next().is_none()
}

#[cfg(test)]
mod tests;
