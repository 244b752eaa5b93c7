//! Construction of errors inside the crate.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::{Error, ErrorKind, Inner, InvalidRecord};
use crate::cursor::Cursor;
use crate::id::{AssetId, SessionId, is_id};
use crate::problem::Problem;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_parts(kind, message.into())
    }

    fn from_parts(kind: ErrorKind, message: String) -> Self {
        Self(Arc::new(Inner {
            kind,
            message,
            status: None,
            problem: None,
            asset: None,
            session: None,
            page: None,
            record: None,
            cursor: None,
            attempts: None,
            retry_after: None,
            source: None,
        }))
    }

    /// An invalid argument.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Input, message)
    }

    /// An invalid configuration of the client.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// A response could not be decoded, for a reason that the decoder does not find.
    pub(crate) fn undecodable(cause: Error) -> Self {
        Self::new(ErrorKind::Decode, "the response could not be decoded").with_source(cause)
    }

    /// The events of one session could not be read; the stream continues.
    pub(crate) fn events(session: SessionId, cause: Error) -> Self {
        Self::new(
            ErrorKind::Events,
            format!("the events of session {session} could not be read"),
        )
        .with_session(session)
        .with_source(cause)
    }

    /// An operation failed for several sessions in a row; `first` is the failure of the first of them.
    pub(crate) fn operation(first: Error, message: String) -> Self {
        let kind = first.cause().map_or(first.0.kind, Error::kind);
        let mut error = Self::new(kind, message);
        let inner = error.inner();
        inner.session = first.0.session.clone();
        inner.status = first.status();
        error.with_source(first)
    }

    /// One of several assets does not exist; the stream continues.
    pub(crate) fn asset(asset: AssetId, cause: Error) -> Self {
        Self::new(ErrorKind::Asset, format!("{asset} was skipped"))
            .with_asset(asset)
            .with_source(cause)
    }

    /// One record of a page could not be decoded; the stream continues.
    pub(crate) fn invalid_record(index: usize, id: Option<String>, raw: &str, path: &str) -> Self {
        // Any other value in its place is shown in the raw record only.
        let id = id.filter(|id| is_id(id));
        let mut message = format!("record {index} of the page");
        if let Some(id) = &id {
            message += &format!(" ({id})");
        }
        message += " could not be decoded";
        if !path.is_empty() {
            message += &format!(" at `{path}`");
        }
        let mut error = Self::new(ErrorKind::Record, message);
        error.inner().record = Some(InvalidRecord {
            index,
            id,
            path: (!path.is_empty()).then(|| path.to_owned()),
            raw: raw.to_owned(),
        });
        error
    }

    /// The failure of a call after several attempts; `last` is the failure of the last one.
    pub(crate) fn after_attempts(last: Error, message: String) -> Self {
        let mut error = Self::new(last.0.kind, message);
        let inner = error.inner();
        inner.status = last.0.status;
        inner.retry_after = last.0.retry_after;
        error.with_source(last)
    }

    /// The fields, to be changed.
    #[inline(never)]
    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }

    pub(crate) fn with_cursor(mut self, cursor: Cursor) -> Self {
        self.inner().cursor = Some(cursor);
        self
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with_shared_source(Arc::new(source))
    }

    fn with_shared_source(mut self, source: Arc<dyn StdError + Send + Sync>) -> Self {
        self.inner().source = Some(source);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner().status = Some(status);
        self
    }

    pub(crate) fn with_problem(mut self, problem: Option<Problem>) -> Self {
        self.inner().problem = problem;
        self
    }

    pub(crate) fn with_asset(mut self, asset: AssetId) -> Self {
        self.inner().asset = Some(asset);
        self
    }

    pub(crate) fn with_session(mut self, session: SessionId) -> Self {
        self.inner().session = Some(session);
        self
    }

    pub(crate) fn with_page(mut self, page: u32) -> Self {
        self.inner().page = Some(page);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner().attempts = Some(attempts);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner().retry_after = wait;
        self
    }
}
