//! The way out: any path of the service.

use apivideo_core::Client as Core;
use progenitor_client::{ClientInfo, Error as CoreError, ResponseValue};
use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Sends as the generated methods do.
pub(crate) async fn send<T: DeserializeOwned>(
    core: Core,
    url: Url,
    query: &[(&str, &str)],
) -> std::result::Result<ResponseValue<T>, CoreError<()>> {
    let request = core.client().get(url).query(query).build();
    core.send(request.map_err(CoreError::CommunicationError)?)
        .await
}

pub(crate) fn resolve(base: &str, path: &str) -> Result<Url> {
    let refused = |why: &str| {
        let shown: String = path.chars().take(200).collect();
        Error::input(format!(
            "{shown:?} is no path that can be asked for: {why}; write it as /videos, the query apart"
        ))
    };
    if !path.starts_with('/') || path.starts_with("//") {
        return Err(refused("it does not begin with one slash"));
    }
    if path.contains(['?', '#', '\\']) {
        return Err(refused("it holds \"?\", \"#\" or \"\\\""));
    }
    let url = Url::parse(&format!("{base}{path}"))
        .map_err(|error| refused("it makes no URL").with_source(error))?;
    if !url.as_str().starts_with(&format!("{base}/")) {
        return Err(refused("it leaves the base URL"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_base() {
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
