//! Decodes the body of a successful response.
//!
//! Code that does not depend on the type of the response is shared by all operations to keep applications small, and its
//! futures are boxed.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use progenitor_client::{Error, ResponseValue};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use reqwest::{Body, Response};
use serde::de::{DeserializeOwned, Error as _};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reads and decodes the body.
///
/// Unlike `ResponseValue::from_response`, this limits the size of the body, and checks its UTF-8 once instead of once per
/// string.
pub(crate) async fn read<T: DeserializeOwned>(
    mut response: Response,
) -> Result<ResponseValue<T>, Error<()>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = read_body(response)
        .await
        .map_err(Error::ResponseBodyError)?;
    match text(&body).and_then(serde_json::from_str) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => match content_coding(&headers, &body) {
            Some(encoding) => Err(response_error(BodyError::Compressed(encoding)).await),
            None => Err(Error::InvalidResponsePayload(body, error)),
        },
    }
}

/// The limit of [`Inner::with_max_body_size`](crate::Inner::with_max_body_size), as an extension of a response.
#[derive(Clone, Copy)]
pub(crate) struct MaxBodySize(pub(crate) u64);

impl Default for MaxBodySize {
    /// Returns 64 MiB.
    fn default() -> Self {
        Self(64 << 20)
    }
}

/// The reason why a body could not be read, in the chain of sources of an [`Error::ResponseBodyError`].
///
/// ```
/// use apivideo_core::BodyError;
///
/// let error = BodyError::TooLarge { limit: 1_000 };
/// assert_eq!(error.to_string(), "the body is larger than 1000 bytes");
/// ```
#[derive(Clone, Debug)]
pub enum BodyError {
    /// The body, after decompression, exceeds the maximum size set on [`Inner`](crate::Inner).
    TooLarge {
        /// The maximum in bytes.
        limit: u64,
    },
    /// The body has a content coding that was not requested, with the name of the coding.
    Compressed(String),
    /// The connection ended before the end of the body.
    CutShort {
        /// The number of bytes received, after decompression.
        received: u64,
        /// The number of bytes announced, if known.
        announced: Option<u64>,
        /// The error that ended the transfer.
        source: Arc<reqwest::Error>,
    },
}

impl std::error::Error for BodyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CutShort { source, .. } => Some(source),
            Self::TooLarge { .. } | Self::Compressed(_) => None,
        }
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the body is larger than {limit} bytes"),
            Self::Compressed(encoding) => write!(
                f,
                "the body is compressed with {encoding}, which was not requested"
            ),
            Self::CutShort {
                received,
                announced,
                ..
            } => {
                write!(f, "the body was cut short after {received}")?;
                if let Some(announced) = announced {
                    write!(f, " of {announced}")?;
                }
                f.write_str(" bytes")
            }
        }
    }
}

/// Reads the whole body, up to the maximum size.
fn read_body(mut response: Response) -> BoxFuture<'static, reqwest::Result<Bytes>> {
    Box::pin(async move {
        let MaxBodySize(limit) = response.extensions().get().copied().unwrap_or_default();
        // The length of a body that is decompressed is not known.
        let announced = response.content_length();
        if announced.is_some_and(|length| length > limit) {
            return body_error(BodyError::TooLarge { limit }).await;
        }
        let mut received = 0;
        let mut chunks = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    received += chunk.len() as u64;
                    if received > limit {
                        return body_error(BodyError::TooLarge { limit }).await;
                    }
                    chunks.push(chunk);
                }
                Ok(None) => return Ok(join_chunks(chunks)),
                Err(error) => {
                    let source = Arc::new(error.without_url());
                    return body_error(BodyError::CutShort {
                        received,
                        announced,
                        source,
                    })
                    .await;
                }
            }
        }
    })
}

/// Joins the chunks. A single chunk is not copied.
fn join_chunks(mut chunks: Vec<Bytes>) -> Bytes {
    if chunks.len() < 2 {
        return chunks.pop().unwrap_or_default();
    }
    let mut body = Vec::with_capacity(chunks.iter().map(Bytes::len).sum());
    for chunk in chunks {
        body.extend_from_slice(&chunk);
    }
    body.into()
}

/// Wraps the error in a `reqwest::Error`, which has no constructor, by reading a body that fails with it.
async fn body_error(error: BodyError) -> reqwest::Result<Bytes> {
    let failing =
        Limited::new(Full::new(Bytes::from_static(b"-")), 0).map_err(move |_| error.clone());
    let response = http::Response::new(Body::wrap(failing));
    Response::from(response).bytes().await
}

async fn response_error(error: BodyError) -> Error<()> {
    let message = error.to_string();
    match body_error(error).await {
        Ok(_) => Error::Custom(message),
        Err(error) => Error::ResponseBodyError(error),
    }
}

/// Returns the content coding of a body that is still compressed. Codings requested by the HTTP client are already decoded.
fn content_coding(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    // Some servers announce a coding and send plain JSON.
    if body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let announced = headers
        .get(CONTENT_ENCODING)
        .and_then(|coding| coding.to_str().ok());
    let announced = announced.map(str::trim).filter(|coding| {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_, ".contains(&byte);
        (1..=50).contains(&coding.len())
            && coding.bytes().all(is_name)
            && !coding.eq_ignore_ascii_case("identity")
    });
    let found = match body {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        [0x78, level, ..] if (0x7800 + u16::from(*level)) % 31 == 0 => Some("deflate"),
        _ => None,
    };
    announced
        .filter(|_| !body.is_empty())
        .or(found)
        .map(str::to_owned)
}

/// Checks that the body is UTF-8, so that only the decoder for strings is compiled.
fn text(body: &[u8]) -> serde_json::Result<&str> {
    str::from_utf8(body).map_err(serde_json::Error::custom)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn detects_compression_by_header_and_by_first_bytes() {
        let content_coding = |header: Option<&'static str>, body: &[u8]| {
            let header = header.map(|text| (CONTENT_ENCODING, HeaderValue::from_static(text)));
            super::content_coding(&header.into_iter().collect(), body)
        };
        for (header, body, expected) in [
            (None, &b"\x1f\x8b\x08"[..], Some("gzip")),
            (None, b"\x28\xb5\x2f\xfd", Some("zstd")),
            (None, b"\x78\x9c", Some("deflate")),
            (Some("br"), b"\x0b\x00", Some("br")),
            (Some(" gzip "), b"12345", Some("gzip")),
            (Some("identity"), b"12345", None),
            (Some("gzip"), b" {", None),
            (Some("gzip"), b"", None),
            (Some("a?b=c"), b"12345", None),
            (None, b"xml", None),
            (None, b"<html>", None),
        ] {
            assert_eq!(
                content_coding(header, body).as_deref(),
                expected,
                "{header:?} {body:?}"
            );
        }
    }
}
