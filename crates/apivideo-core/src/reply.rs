//! How the generated code comes to a reply, and reads a good one.
//!
//! What can be the same for all operations is: each copy would be felt in the size of an application. So futures are boxed
//! here, one for each step of a request.

use std::pin::Pin;

use bytes::Bytes;
use progenitor_client::{ClientHooks, Error, OperationInfo, ResponseValue};
use reqwest::{Request, Response};
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
        Ok(result?)
    })
}

/// Reads the whole body, and decodes it.
///
/// As `ResponseValue::from_response`, but for one thing: that one decodes bytes, and looks at each text by itself whether
/// it is UTF-8. Here the body is looked at once, which costs a sixth less instructions for a page of sessions.
pub(crate) async fn read<T: DeserializeOwned>(
    mut response: Response,
) -> Result<ResponseValue<T>, Error<()>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let body = whole(response).await.map_err(Error::ResponseBodyError)?;
    match text(&body).and_then(serde_json::from_str) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body, error)),
    }
}

fn whole(response: Response) -> BoxFuture<'static, reqwest::Result<Bytes>> {
    Box::pin(response.bytes())
}

/// JSON is UTF-8. A second decoder, of bytes, would only swell every application.
fn text(body: &[u8]) -> serde_json::Result<&str> {
    str::from_utf8(body).map_err(serde_json::Error::custom)
}
