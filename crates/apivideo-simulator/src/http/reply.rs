use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::outgoing::Outgoing;
use super::problem::Problem;

/// A reply before it goes out: the one form that all answers take on their way to the connection.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self::new(
            StatusCode::OK,
            HeaderValue::from_static("application/json"),
            body.into(),
        )
    }

    pub(crate) fn new(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Self {
        Self {
            status,
            headers: vec![(CONTENT_TYPE, content_type)],
            body,
        }
    }

    pub(crate) fn header(&mut self, name: HeaderName, value: impl Into<HeaderValue>) {
        self.headers.push((name, value.into()));
    }

    /// Makes gzip of the body.
    pub(crate) fn compress(&mut self) {
        let mut encoder =
            GzEncoder::new(Vec::with_capacity(self.body.len() / 4), Compression::fast());
        // A vector takes all that is written.
        let done = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish());
        if let Ok(body) = done {
            self.body = body.into();
            self.header(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }

    pub(crate) fn into_response(self) -> Response<Outgoing> {
        self.map_body(Outgoing::from)
    }

    /// The reply as it goes out, with a body made from its own.
    pub(crate) fn map_body(self, make: impl FnOnce(Bytes) -> Outgoing) -> Response<Outgoing> {
        let mut response = Response::new(make(self.body));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        Self::new(
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            HeaderValue::from_static("application/problem+json"),
            problem.render().into(),
        )
    }
}
