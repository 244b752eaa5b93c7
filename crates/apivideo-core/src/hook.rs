//! What every request passes through before it leaves.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue};
use reqwest::header::HeaderMap;
use reqwest::{Body, Request, Response, Url};
use serde::de::DeserializeOwned;

use crate::{Client, response};

/// Headers that go on every request of one [`Client`]; cheap to clone.
///
/// ```
/// use apivideo_core::Inner;
/// use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
/// let inner = Inner::new(headers);
/// assert!(!format!("{inner:?}").contains("abc"));
/// ```
#[derive(Clone, Default)]
pub struct Inner {
    headers: Arc<HeaderMap>,
    observer: Option<Arc<Observer>>,
    on_response: Option<Arc<ResponseObserver>>,
    pub(crate) max_body_size: Option<u64>,
}

/// Who sees each request before it leaves.
type Observer = dyn Fn(&Request) + Send + Sync;

/// Is called for each response, when its headers have arrived.
type ResponseObserver = dyn Fn(&Response) + Send + Sync;

impl Inner {
    /// Takes the headers; each replaces what the request had under its name.
    ///
    /// ```
    /// let inner = apivideo_core::Inner::new(reqwest::header::HeaderMap::new());
    /// assert!(inner.headers().is_empty());
    /// ```
    #[must_use]
    pub fn new(headers: HeaderMap) -> Self {
        Self {
            headers: Arc::new(headers),
            observer: None,
            on_response: None,
            max_body_size: None,
        }
    }

    /// Shows each request to `observer` before it leaves, as it leaves.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let inner = apivideo_core::Inner::default().observed_by(Arc::new(|request| println!("{}", request.url())));
    /// ```
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Fn(&Request) + Send + Sync>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Calls `observer` with each response of any status, when its headers have arrived and its body has not.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// let inner = apivideo_core::Inner::default();
    /// let inner = inner.with_response_observer(Arc::new(|response| println!("{}", response.status())));
    /// ```
    #[must_use]
    pub fn with_response_observer(
        mut self,
        observer: Arc<dyn Fn(&Response) + Send + Sync>,
    ) -> Self {
        self.on_response = Some(observer);
        self
    }

    /// Sets the maximum size of the body of a good response in bytes, after decompression. Defaults to 64 MiB.
    ///
    /// A larger one is an [`Error::ResponseBodyError`](crate::Error::ResponseBodyError) with a
    /// [`BodyError`](crate::BodyError) among its sources. No more than the maximum and one chunk is ever held.
    ///
    /// ```
    /// let inner = apivideo_core::Inner::default().with_max_body_size(1 << 20);
    /// ```
    #[must_use]
    pub fn with_max_body_size(mut self, bytes: u64) -> Self {
        self.max_body_size = Some(bytes);
        self
    }

    /// The headers.
    ///
    /// ```
    /// assert!(apivideo_core::Inner::default().headers().is_empty());
    /// ```
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

/// Names only: a value may be a secret, marked as one or not.
impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inner")
            .field(&self.headers.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// The operations whose bodies are secrets.
const SECRET: [&str; 2] = ["create_access_token", "refresh_access_token"];

impl ClientHooks<Inner> for Client {
    async fn pre<E>(&self, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
        self.prepare(request, info.operation_id);
        Ok(())
    }

    async fn post<E>(
        &self,
        result: &reqwest::Result<Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let Ok(response) = result else {
            return Ok(());
        };
        if let Some(place) = self.elsewhere(response) {
            return Err(Error::Custom(place));
        }
        if let Some(observer) = &self.inner().on_response {
            observer(response);
        }
        Ok(())
    }
}

impl Client {
    /// Sends a request that no generated method builds, as the generated methods send theirs, and decodes the body of a
    /// response of status 2xx.
    ///
    /// ```no_run
    /// # async fn run(client: apivideo_core::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = reqwest::Client::new().get("https://ws.api.video/videos").build()?;
    /// let response = client.send::<serde_json::Value>(request).await?;
    /// println!("{}", response["pagination"]["itemsTotal"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns [`Error::UnexpectedResponse`] for any other status, and what a generated method returns otherwise.
    pub async fn send<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<ResponseValue<T>, Error<()>> {
        let info = OperationInfo {
            operation_id: "send",
        };
        let response = response::to(self, request, &info).await?;
        match response.status().is_success() {
            true => response::read(response).await,
            false => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// What every request passes through before it leaves.
    fn prepare(&self, request: &mut Request, operation: &str) {
        let headers = request.headers_mut();
        // The generated code sends the document's version under this name, and the service knows no such header.
        headers.remove("api-version");
        // Each replaces what is there under its name.
        headers.extend(self.inner().headers().clone());
        if SECRET.contains(&operation) {
            // A body that can be read once is never sent again by a redirect, to wherever that may point.
            let body = request
                .body()
                .and_then(Body::as_bytes)
                .map(Bytes::copy_from_slice);
            *request.body_mut() = body.map(|body| Body::wrap(Full::new(body)));
        }
        if let Some(observer) = &self.inner().observer {
            observer(request);
        }
    }

    /// Why a response from elsewhere is none: the HTTP client may follow redirects, and another host is not the service.
    fn elsewhere(&self, response: &Response) -> Option<String> {
        let url = response.url();
        if is_of(self.baseurl(), url) {
            return None;
        }
        let place = url.host_str().unwrap_or_default();
        Some(format!(
            "was redirected to {place:?}, whose response is not taken"
        ))
    }
}

/// Whether the address is of the origin of `base`.
fn is_of(base: &str, url: &Url) -> bool {
    // Nearly always told by the text: what follows the authority, or is a part of the path, begins with a slash.
    let rest = url.as_str().strip_prefix(base);
    rest.is_some_and(|rest| rest.starts_with('/'))
        || Url::parse(base).is_ok_and(|base| base.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_origin_is_told_from_the_same_one() {
        let is_of = |base: &str, url: &str| super::is_of(base, &Url::parse(url).unwrap());
        for base in [
            "https://ws.api.video",
            "https://ws.api.video/",
            "https://WS.api.video:443",
            "https://ws.api.video/v1",
        ] {
            for path in ["", "/", "/v1", "/v1/videos?a=b", "/videos", "/v12"] {
                assert!(
                    is_of(base, &format!("https://ws.api.video{path}")),
                    "{base} {path}"
                );
            }
            for other in [
                "http://ws.api.video/",
                "https://ws.api.video:8443/",
                "https://ws.api.videos/",
                "https://ws.api.video.example/",
                "https://ws.api.video@example.com/",
                "https://example.com/https://ws.api.video/",
            ] {
                assert!(!is_of(base, other), "{base} {other}");
            }
        }
        assert!(!is_of("http://127.0.0.1:80", "http://127.0.0.1:8080/"));
        assert!(is_of(
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/videos"
        ));
    }
}
