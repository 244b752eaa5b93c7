//! Raw requests: any path of the service, sent as by the generated methods; and where URLs lead.

use apivideo_core::Client as Core;
use progenitor_client::{ClientInfo, Error as CoreError, ResponseValue};
use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Sends a GET request, once.
pub(crate) async fn get<T: DeserializeOwned>(
    core: Core,
    url: Url,
    query: &[(&str, &str)],
) -> std::result::Result<ResponseValue<T>, CoreError<()>> {
    let request = core.client().get(url).query(query).build();
    core.send(request.map_err(CoreError::CommunicationError)?)
        .await
}

/// The URL of a path below the base URL.
pub(crate) fn resolve(base_url: &str, path: &str) -> Result<Url> {
    let invalid = |why: &str| {
        let shown: String = path.chars().take(200).collect();
        Error::input(format!(
            "invalid path {shown:?}: {why}; use a path such as \"/videos\", and pass the query separately"
        ))
    };
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(invalid("it does not begin with a single slash"));
    }
    if path.contains(['?', '#', '\\']) {
        return Err(invalid("it contains \"?\", \"#\" or \"\\\""));
    }
    let url = Url::parse(&format!("{base_url}{path}"))
        .map_err(|error| invalid("it does not form a URL").with_source(error))?;
    if !url.as_str().starts_with(&format!("{base_url}/")) {
        return Err(invalid("it leaves the base URL"));
    }
    Ok(url)
}

/// Whether a URL has an address of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_base_url() {
        let base = "https://proxy.example/av";
        assert_eq!(
            resolve(base, "/videos/vi1").unwrap().as_str(),
            "https://proxy.example/av/videos/vi1"
        );
        for path in [
            "videos",
            "",
            "//evil.example/x",
            "/x?y=1",
            "/x#y",
            "/..",
            "/%2e%2e/x",
            "/a\\b",
            "/../av2/x",
        ] {
            assert!(resolve(base, path).is_err(), "{path}");
        }
    }
}
