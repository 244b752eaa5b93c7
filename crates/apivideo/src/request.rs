//! Raw requests: the escape hatch for operations that this crate does not wrap.

use serde::de::DeserializeOwned;

use crate::error::Result;
use crate::transport::Transport;
use crate::transport::call::{Operation, call};
use crate::transport::path;

/// A GET request for any path of the service; see [`Client::get`](crate::Client::get).
///
/// It can be sent many times, with the authorization, timeout, rate limit and retry policy of the client.
///
/// ```
/// use apivideo::request::GetRequest;
///
/// let client = apivideo::Client::builder().api_key("my key").build()?;
/// let players: GetRequest = client.get("/players").query("pageSize", "1");
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct GetRequest {
    transport: Transport,
    path: String,
    query: Vec<(String, String)>,
}

impl GetRequest {
    pub(crate) fn new(transport: Transport, path: String) -> Self {
        Self {
            transport,
            path,
            query: Vec::new(),
        }
    }

    /// Adds a parameter to the query. Repeated keys are sent repeatedly, in order.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let request = client.get("/videos").query("tags[]", "news").query("tags[]", "sport");
    /// let page: serde_json::Value = request.send().await?;
    /// assert_eq!(page["data"], serde_json::json!([]));
    /// # }
    /// ```
    pub fn query(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((key.into(), value.into()));
        self
    }

    /// Sends the request, and decodes the JSON of the response.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let videos: serde_json::Value = client.get("/videos").query("pageSize", "1").send().await?;
    /// assert_eq!(videos["pagination"]["pageSize"], 1);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if the path does not begin with a slash, contains a query
    /// or leaves the base URL; of kind [`Decode`](crate::ErrorKind::Decode) if the response is not a `T`; and an error if the
    /// request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    pub async fn send<T: DeserializeOwned + Send>(&self) -> Result<T> {
        let Self {
            transport,
            path,
            query,
        } = self;
        let url = path::resolve(&transport.shared.base_url, path)?;
        let query: Vec<(&str, &str)> = query
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let operation = Operation::new("get", format!("GET {path}"));
        let response = call(transport, &operation, |core| {
            path::get(core, url.clone(), &query)
        });
        Ok(response.await?.value)
    }
}

impl std::fmt::Debug for GetRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the query, which can contain personal data.
        f.debug_struct("GetRequest")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
