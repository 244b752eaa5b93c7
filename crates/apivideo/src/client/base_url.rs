//! The base URL of the service.

use reqwest::Url;

use crate::error::{Error, Result};
use crate::transport::path::is_loopback;

/// Validates a base URL, and returns it without a trailing slash.
pub(super) fn parse(text: &str) -> Result<String> {
    let invalid = |why: &str| {
        // A text that can contain a secret is not shown, even if it is not a URL.
        let shown = match text.contains(['@', '?', '#']) {
            true => String::new(),
            false => format!(" {:?}", text.chars().take(200).collect::<String>()),
        };
        Error::configuration(format!(
            "invalid base URL{shown}: {why}; use a URL such as https://ws.api.video"
        ))
    };
    let url = Url::parse(text).map_err(|error| invalid("it is not a URL").with_source(error))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "it contains a user or a password, and the API key is set separately",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(invalid(
                "plain http would expose the API key in transit, use https",
            ));
        }
        _ => return Err(invalid("its scheme is neither http nor https")),
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it contains a query or a fragment"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_trimmed_and_validated() {
        for (text, expected) in [
            ("https://ws.api.video/", "https://ws.api.video"),
            ("https://proxy.example/av//", "https://proxy.example/av"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80/", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            assert_eq!(parse(text).unwrap(), expected);
        }
        for (text, why) in [
            ("ws.api.video", "it is not a URL"),
            ("http://ws.api.video", "use https"),
            ("http://localhost.example", "use https"),
            ("ftp://ws.api.video", "neither http nor https"),
            ("https://ws.api.video?x=1", "a query"),
            ("https://u:hidden@ws.api.video", "a user or a password"),
            ("https://u:hidden@ws api.video", "it is not a URL"),
            ("user:hidden@ws.api.video", "neither http nor https"),
            ("https://ws.api.video/?token=hidden", "a query"),
            ("http://ws.api.video/#hidden", "use https"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("hidden"));
        }
    }
}
