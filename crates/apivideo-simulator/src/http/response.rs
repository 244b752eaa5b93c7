use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};

use super::body::ResponseBody;
use super::problem::Problem;

/// A response before it is sent, with its complete body.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
}

impl Response {
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

    /// Compresses the body with gzip.
    pub(crate) fn compress(&mut self) {
        let mut encoder =
            GzEncoder::new(Vec::with_capacity(self.body.len() / 4), Compression::fast());
        // Writing to a vector does not fail.
        let compressed = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish());
        if let Ok(body) = compressed {
            self.body = body.into();
            self.header(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
    }

    pub(crate) fn into_http(self) -> hyper::Response<ResponseBody> {
        self.into_http_with(ResponseBody::from)
    }

    /// Converts the response, with a body made of its complete body.
    pub(crate) fn into_http_with(
        self,
        make_body: impl FnOnce(Bytes) -> ResponseBody,
    ) -> hyper::Response<ResponseBody> {
        let mut response = hyper::Response::new(make_body(self.body));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        Self::new(
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            HeaderValue::from_static("application/problem+json"),
            problem.render().into(),
        )
    }
}
