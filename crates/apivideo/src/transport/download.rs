//! Downloads a file whose URL the service returned: without credentials, because it is on another host.

use std::sync::Arc;

use reqwest::header::USER_AGENT;
use reqwest::{Response, StatusCode, Url};
use tracing::Instrument;

use crate::error::{Error, ErrorKind, Result};
use crate::transport::clock::Timeout;
use crate::transport::connection::Permanent;
use crate::transport::path::is_loopback;
use crate::transport::shared::Shared;
use crate::transport::{observe, trace};

/// The maximum size of a file in bytes.
const MAX_BYTES: usize = 1_000_000;
/// The name of the operation for observers.
const OPERATION: &str = "download";

/// Downloads a file, which is named `what` in messages, by one request.
pub(crate) async fn file(shared: &Shared, url: &str, what: &str) -> Result<Vec<u8>> {
    let url = accepted(url, &shared.base_url, what)?;
    let origin = url.origin().ascii_serialization();
    let mut request = shared.http.get(url.clone());
    if let Some(agent) = shared.headers.get(USER_AGENT) {
        request = request.header(USER_AGENT, agent);
    }
    let request = request.build().map_err(|error| {
        Error::new(
            ErrorKind::Unexpected,
            format!("{what} of {origin} cannot be requested"),
        )
        .with_source(error.without_url())
    })?;
    if let Some(observer) = &shared.observer {
        observe::request_hook(observer, &shared.secrets, OPERATION)(&request);
    }
    let download = async {
        let response = shared.http.execute(request).await;
        let response = response.map_err(|error| broken(error, &origin, what))?;
        if response.url() != &url {
            return Err(redirected(&origin, what));
        }
        read(response, &origin, what).await
    };
    // Without the path: that of a private video contains a token.
    let line = format!("GET {origin}");
    let span = trace::request(&line, 0);
    let began = shared.clock.now();
    let outcome = Timeout::new(Arc::clone(&shared.clock), shared.timeout, download)
        .instrument(span.clone())
        .await;
    let outcome = outcome.unwrap_or_else(|| {
        let limit = shared.timeout;
        Err(Error::new(
            ErrorKind::Timeout,
            format!("{what} of {origin} was not complete within {limit:?}; try again, or set a longer timeout"),
        ))
    });
    let elapsed = shared.clock.now() - began;
    let status = outcome.as_ref().map(|_| StatusCode::OK);
    if let Some(observer) = &shared.observer {
        observe::response(&**observer, OPERATION, &line, status, elapsed);
    }
    trace::response(&span, status, elapsed);
    outcome
}

/// Returns the URL if it can be requested. The message does not show it, because it can contain a token.
fn accepted(url: &str, base_url: &str, what: &str) -> Result<Url> {
    let refused = |why: &str| {
        Error::new(
            ErrorKind::Unexpected,
            format!("the service's URL of {what} is not accepted: {why}"),
        )
    };
    let url = Url::parse(url).map_err(|error| refused("it is not a URL").with_source(error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("it contains a user or a password"));
    }
    // A service elsewhere has no reason to refer to this machine.
    let is_local_service = || Url::parse(base_url).is_ok_and(|base| is_loopback(&base));
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) && is_local_service() => Ok(url),
        _ => Err(refused("its scheme is not https")),
    }
}

/// Reads a file with the status 200, up to the maximum size.
async fn read(mut response: Response, origin: &str, what: &str) -> Result<Vec<u8>> {
    let status = response.status();
    if status != StatusCode::OK {
        let kind = match status.as_u16() {
            300..=399 => return Err(redirected(origin, what).with_status(status)),
            404 | 410 => ErrorKind::NotFound,
            400..=499 => ErrorKind::Rejected,
            500..=599 => ErrorKind::Service,
            _ => ErrorKind::Unexpected,
        };
        let message = format!("{origin} did not return {what}: {status}");
        return Err(Error::new(kind, message).with_status(status));
    }
    let mut file = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if file.len() + chunk.len() > MAX_BYTES => {
                return Err(Error::new(
                    ErrorKind::Unexpected,
                    format!("{what} of {origin} is larger than {MAX_BYTES} bytes, the maximum"),
                ));
            }
            Ok(Some(chunk)) => file.extend_from_slice(&chunk),
            Ok(None) => return Ok(file),
            Err(error) => return Err(broken(error, origin, what)),
        }
    }
}

fn redirected(origin: &str, what: &str) -> Error {
    Error::new(
        ErrorKind::Unexpected,
        format!("{origin} redirects the request for {what}, and redirects are not followed"),
    )
}

fn broken(error: reqwest::Error, origin: &str, what: &str) -> Error {
    let error = error.without_url();
    let (kind, message) = if error.is_timeout() {
        let message = format!("the request to {origin} for {what} timed out; try again");
        (ErrorKind::Timeout, message)
    } else if Permanent::of(&error) == Some(Permanent::Certificate) {
        let message = format!(
            "the certificate of {origin} was not accepted for {what}; check the system's certificates and its date"
        );
        (ErrorKind::Certificate, message)
    } else if error.is_connect() {
        let message =
            format!("{origin} cannot be reached for {what}; check the network and the proxy");
        (ErrorKind::Connection, message)
    } else {
        let message = format!("the connection to {origin} was lost during {what}; try again");
        (ErrorKind::Connection, message)
    };
    Error::new(kind, message).with_source(error)
}

#[cfg(test)]
mod tests {
    #[test]
    fn urls_of_files_are_https_or_of_the_same_machine() {
        let accepted = |url: &str, base_url: &str| {
            let url = super::accepted(url, base_url, "the file");
            url.map(drop).map_err(|error| error.to_string())
        };
        const REMOTE: &str = "https://ws.api.video";
        const LOCAL: &str = "http://127.0.0.1:8080";
        for (url, base_url) in [
            (
                "https://cdn.api.video/vod/vi1/chapters/fr.vtt?token=a",
                REMOTE,
            ),
            ("https://cdn.api.video/vod/vi1/chapters/fr.vtt", LOCAL),
            ("http://localhost:9/fr.vtt", LOCAL),
        ] {
            assert_eq!(accepted(url, base_url), Ok(()), "{url}");
        }
        for (url, base_url, why) in [
            ("/vod/hidden", REMOTE, "it is not a URL"),
            ("", REMOTE, "it is not a URL"),
            (
                "http://cdn.api.video/hidden",
                LOCAL,
                "its scheme is not https",
            ),
            (
                "http://127.0.0.1:8080/hidden",
                REMOTE,
                "its scheme is not https",
            ),
            ("file:///etc/hidden", LOCAL, "its scheme is not https"),
            ("data:text/vtt,hidden", LOCAL, "its scheme is not https"),
            (
                "https://u:hidden@cdn.api.video",
                REMOTE,
                "a user or a password",
            ),
            (
                "https://hidden@cdn.api.video",
                REMOTE,
                "a user or a password",
            ),
        ] {
            let error = accepted(url, base_url).unwrap_err();
            assert!(error.ends_with(why), "{url}: {error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }
}
