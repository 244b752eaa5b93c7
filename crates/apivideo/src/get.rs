//! The way out: any path of the service.

use apivideo_core::Client as Core;
use progenitor_client::{ClientInfo, Error as CoreError, ResponseValue};
use reqwest::Url;
use serde::de::DeserializeOwned;

use crate::call::{Request, call};
use crate::client::Client;
use crate::error::{Error, Result};

impl Client {
    /// Asks for any path of the service that this crate has no call for, with the same authorization, timeout and errors.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let reply: serde_json::Value = client.get("/videos", &[("pageSize", "1")]).await?;
    /// assert_eq!(reply["pagination"]["pageSize"], 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When `path` does not begin with a slash, has a query or leaves the base URL, and whatever a request can fail with.
    pub async fn get<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T> {
        let url = resolve(self.base_url(), path)?;
        let request = Request::new("get", format!("GET {path}"));
        let reply = call(self, &request, |core| {
            let url = url.clone();
            async move { send(core, url, query).await }
        });
        Ok(reply.await?.value)
    }
}

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
