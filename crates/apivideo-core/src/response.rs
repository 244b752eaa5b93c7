//! How the generated code comes to a response, and reads a good one.
//!
//! What can be the same for all operations is: each copy would be felt in the size of an application. So futures are boxed
//! here, one for each step of a request.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use reqwest::{Body, Request, Response};
use serde::de::{DeserializeOwned, Error as _};

use crate::Client;

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends the request, past the hook.
pub(crate) fn to<'a>(
    client: &'a Client,
    mut request: Request,
    info: &'a OperationInfo,
) -> BoxFuture<'a, Result<Response, Error<()>>> {
    Box::pin(async move {
        client.pre::<()>(&mut request, info).await?;
        let result = client.exec(request, info).await;
        client.post::<()>(&result, info).await?;
        let mut response = result?;
        if let Some(limit) = client.inner().max_body_size {
            response.extensions_mut().insert(MaxBodySize(limit));
        }
        Ok(response)
    })
}

/// Reads the whole body, and decodes it.
///
/// As `ResponseValue::from_response`, but for two things: the size of the body is bounded, and its UTF-8 is checked once
/// for the whole body instead of once for each string, which costs a sixth less instructions for a page of sessions.
pub(crate) async fn read<T: DeserializeOwned>(
    mut response: Response,
) -> Result<ResponseValue<T>, Error<()>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = whole(response).await.map_err(Error::ResponseBodyError)?;
    match text(&body).and_then(serde_json::from_str) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => match encoding(&headers, &body) {
            Some(encoding) => Err(failed(BodyError::Compressed(encoding)).await),
            None => Err(Error::InvalidResponsePayload(body, error)),
        },
    }
}

/// The bound of [`Inner::with_max_body_size`](crate::Inner::with_max_body_size), on its way with a response.
#[derive(Clone, Copy)]
pub(crate) struct MaxBodySize(pub(crate) u64);

impl Default for MaxBodySize {
    /// 64 MiB.
    fn default() -> Self {
        Self(64 << 20)
    }
}

/// Why a body was not read: found in the chain of sources of an [`Error::ResponseBodyError`].
///
/// ```
/// use apivideo_core::BodyError;
///
/// let error = BodyError::TooLarge { limit: 1_000 };
/// assert_eq!(error.to_string(), "the body is larger than 1000 bytes");
/// ```
#[derive(Clone, Debug)]
pub enum BodyError {
    /// The body, after decompression, is larger than the maximum of [`Inner`](crate::Inner).
    TooLarge {
        /// The maximum in bytes.
        limit: u64,
    },
    /// The body is compressed in a way that was not requested; the name of the content coding.
    Compressed(String),
    /// The body did not come whole.
    CutShort {
        /// How many bytes of it came, after decompression.
        received: u64,
        /// How many were announced, where that is known.
        announced: Option<u64>,
        /// What ended it.
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
fn whole(mut response: Response) -> BoxFuture<'static, reqwest::Result<Bytes>> {
    Box::pin(async move {
        let MaxBodySize(limit) = response.extensions().get().copied().unwrap_or_default();
        // Of a body that is decompressed the length is not known.
        let announced = response.content_length();
        if announced.is_some_and(|length| length > limit) {
            return refused(BodyError::TooLarge { limit }).await;
        }
        let mut received = 0;
        let mut chunks = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    received += chunk.len() as u64;
                    if received > limit {
                        return refused(BodyError::TooLarge { limit }).await;
                    }
                    chunks.push(chunk);
                }
                Ok(None) => return Ok(joined(chunks)),
                Err(error) => {
                    let source = Arc::new(error.without_url());
                    return refused(BodyError::CutShort {
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

/// The chunks as one; a single one is not copied.
fn joined(mut chunks: Vec<Bytes>) -> Bytes {
    if chunks.len() < 2 {
        return chunks.pop().unwrap_or_default();
    }
    let mut body = Vec::with_capacity(chunks.iter().map(Bytes::len).sum());
    for chunk in chunks {
        body.extend_from_slice(&chunk);
    }
    body.into()
}

/// Returns the error as reqwest's, which can't be made otherwise: by the reading of a body that fails with it.
async fn refused(error: BodyError) -> reqwest::Result<Bytes> {
    let failing =
        Limited::new(Full::new(Bytes::from_static(b"-")), 0).map_err(move |_| error.clone());
    let response = http::Response::new(Body::wrap(failing));
    Response::from(response).bytes().await
}

async fn failed(error: BodyError) -> Error<()> {
    let message = error.to_string();
    match refused(error).await {
        Ok(_) => Error::Custom(message),
        Err(error) => Error::ResponseBodyError(error),
    }
}

/// The content coding of a body that is still compressed. Codings that the HTTP client asked for it has already undone.
fn encoding(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    // Some servers announce a coding and send JSON all the same.
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

/// JSON is UTF-8. A second decoder, of bytes, would only swell every application.
fn text(body: &[u8]) -> serde_json::Result<&str> {
    str::from_utf8(body).map_err(serde_json::Error::custom)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn compression_is_told_by_the_header_and_by_the_first_bytes() {
        let encoding = |header: Option<&'static str>, body: &[u8]| {
            let header = header.map(|text| (CONTENT_ENCODING, HeaderValue::from_static(text)));
            super::encoding(&header.into_iter().collect(), body)
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
                encoding(header, body).as_deref(),
                expected,
                "{header:?} {body:?}"
            );
        }
    }
}
