//! Hooks that every request passes through, and raw requests.

use bytes::Bytes;
use http_body_util::Full;
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue};
use reqwest::{Body, Request, Response, Url};
use serde::de::DeserializeOwned;

use crate::response::{self, BoxFuture, MaxBodySize};
use crate::{Client, Inner};

/// The operations whose bodies contain secrets.
const SECRET_BODIES: [&str; 2] = ["create_access_token", "refresh_access_token"];

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
        if let Some(error) = self.foreign_origin(response) {
            return Err(Error::Custom(error));
        }
        if let Some(observer) = &self.inner().on_response {
            observer(response);
        }
        Ok(())
    }
}

impl Client {
    /// Sends a request built by the caller in the same way as generated methods do, and decodes the body of a response with
    /// status 2xx.
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
    /// Returns [`Error::UnexpectedResponse`] for any other status, and the errors of a generated method otherwise.
    pub async fn send<T: DeserializeOwned>(
        &self,
        request: Request,
    ) -> Result<ResponseValue<T>, Error<()>> {
        let info = OperationInfo {
            operation_id: "send",
        };
        let response = self.receive(request, &info).await?;
        match response.status().is_success() {
            true => response::read(response).await,
            false => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// Sends a request with the hooks applied. Generated methods call this.
    pub(crate) fn receive<'a>(
        &'a self,
        mut request: Request,
        info: &'a OperationInfo,
    ) -> BoxFuture<'a, Result<Response, Error<()>>> {
        Box::pin(async move {
            self.pre::<()>(&mut request, info).await?;
            let result = self.exec(request, info).await;
            self.post::<()>(&result, info).await?;
            let mut response = result?;
            if let Some(limit) = self.inner().max_body_size {
                response.extensions_mut().insert(MaxBodySize(limit));
            }
            Ok(response)
        })
    }

    /// Adds the default headers and calls the observer.
    fn prepare(&self, request: &mut Request, operation: &str) {
        let headers = request.headers_mut();
        // The generated code adds this header with the version of the document; the service does not define it.
        headers.remove("api-version");
        headers.extend(self.inner().headers().clone());
        if SECRET_BODIES.contains(&operation) {
            // A body that can be read only once is not sent again when a redirect is followed.
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

    /// Returns an error message if the HTTP client followed a redirect to another origin, which is not the service.
    fn foreign_origin(&self, response: &Response) -> Option<String> {
        let url = response.url();
        if is_same_origin(self.baseurl(), url) {
            return None;
        }
        let host = url.host_str().unwrap_or_default();
        Some(format!(
            "was redirected to {host:?}; responses of other hosts are not accepted"
        ))
    }
}

/// Returns `true` if the URL has the origin of `base`.
fn is_same_origin(base: &str, url: &Url) -> bool {
    // The common case, without parsing: what follows the base begins with a slash.
    let rest = url.as_str().strip_prefix(base);
    rest.is_some_and(|rest| rest.starts_with('/'))
        || Url::parse(base).is_ok_and(|base| base.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_the_same_origin_only() {
        let is_same_origin =
            |base: &str, url: &str| super::is_same_origin(base, &Url::parse(url).unwrap());
        for base in [
            "https://ws.api.video",
            "https://ws.api.video/",
            "https://WS.api.video:443",
            "https://ws.api.video/v1",
        ] {
            for path in ["", "/", "/v1", "/v1/videos?a=b", "/videos", "/v12"] {
                assert!(
                    is_same_origin(base, &format!("https://ws.api.video{path}")),
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
                assert!(!is_same_origin(base, other), "{base} {other}");
            }
        }
        assert!(!is_same_origin(
            "http://127.0.0.1:80",
            "http://127.0.0.1:8080/"
        ));
        assert!(is_same_origin(
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080/videos"
        ));
    }
}
