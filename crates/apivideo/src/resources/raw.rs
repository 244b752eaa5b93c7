//! The way out for lists: the pages of any path of the service.

use std::fmt;
use std::marker::PhantomData;

use apivideo_core::types;
use apivideo_core::wire::Object;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::list::query::{Ask, Listing, sealed};
use crate::list::{List, fetch};
use crate::stream::pager::Fetched;
use crate::transport::Transport;
use crate::transport::call::{Request, Response, Undecodable, call};
use crate::transport::cause::{self, Cause};
use crate::transport::clock::BoxFuture;
use crate::transport::path;

/// The query for a list at any path; see [`Client::list`](crate::Client::list).
///
/// ```
/// use apivideo::{Anything, List};
///
/// async fn count(players: List<Anything<serde_json::Value>>) -> apivideo::Result<u64> {
///     players.total().await
/// }
/// ```
pub struct Anything<T> {
    path: String,
    query: Vec<(String, String)>,
    item: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned + Send + 'static> List<Anything<T>> {
    /// A parameter of the query, in the service's words; may come several times. The pages have theirs from
    /// [`page_size`](List::page_size) and the like.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let tagged = client.list::<serde_json::Value>("/videos")?.query("tags[]", "a").query("tags[]", "b");
    /// assert_eq!(tagged.total().await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn query(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let pair = (key.into(), value.into());
        self.change(|query| query.query.push(pair))
    }
}

impl<T> Clone for Anything<T> {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            query: self.query.clone(),
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Anything<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values can be personal.
        let keys: Vec<_> = self.query.iter().map(|(key, _)| key).collect();
        f.debug_struct("Anything")
            .field("path", &self.path)
            .field("query_keys", &keys)
            .finish()
    }
}

/// A page of which only the envelope is known.
#[derive(Deserialize)]
struct AnyPage {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    pagination: Option<Object<types::Pagination>>,
}

impl<T: DeserializeOwned + Send + 'static> Listing for Anything<T> {
    type Item = T;
}

impl<T: DeserializeOwned + Send + 'static> sealed::Listing<T> for Anything<T> {
    fn path(&self) -> String {
        self.path.clone()
    }

    fn filters(&self) -> String {
        format!("{:?}", self.query)
    }

    fn fetch(&self, ask: Ask) -> BoxFuture<Result<Fetched<T>>> {
        let query = self.clone();
        Box::pin(async move {
            let number = ask.page;
            query
                .page(&ask)
                .await
                .map_err(|error| error.with_page(number))
        })
    }
}

impl<T: DeserializeOwned + Send + 'static> Anything<T> {
    pub(crate) fn list(transport: Transport, path: &str) -> Result<List<Self>> {
        path::resolve(&transport.shared.base_url, path)?;
        Ok(List::new(
            transport,
            Self {
                path: path.to_owned(),
                query: Vec::new(),
                item: PhantomData,
            },
        ))
    }

    async fn page(&self, ask: &Ask) -> Result<Fetched<T>> {
        const OURS: [&str; 2] = ["currentPage", "pageSize"];
        if let Some((key, _)) = self.query.iter().find(|(key, _)| OURS.contains(&&**key)) {
            return Err(Error::input(format!(
                "`{key}` can't be a parameter of a list, which counts its pages by it; ask for a page or a page size"
            )));
        }
        let number = ask.page;
        let url = path::resolve(&ask.transport.shared.base_url, &self.path)?;
        let request = Request::new("list", format!("GET {}", self.path)).at_page(number);
        let (page, size) = (number.to_string(), ask.size.to_string());
        let pages = [("currentPage", page.as_str()), ("pageSize", size.as_str())];
        let own = self.query.iter().map(|(key, value)| (&**key, &**value));
        let query: Vec<(&str, &str)> = own.chain(pages).collect();
        let sent = call(&ask.transport, &request, |core| {
            path::get(core, url.clone(), &query)
        });
        let Response {
            value: AnyPage { data, pagination },
            status,
            headers,
        } = match sent.await {
            Ok(reply) => reply,
            Err(error) => return tolerantly(&request, number, error),
        };
        let pagination = fetch::read_pagination(pagination);
        let digest = match fetch::may_be_followed(number, data.len(), &pagination) {
            true => fetch::digest(&data),
            false => 0,
        };
        let records = data.iter().enumerate().map(|(index, raw)| {
            let raw = raw.get();
            serde_json::from_str::<T>(raw).map_err(|error| invalid(index, number, raw, &error))
        });
        Ok(Fetched {
            number,
            records: records.collect(),
            repaired: 0,
            digest,
            pagination,
            status,
            headers,
        })
    }
}

fn invalid(index: usize, number: u32, raw: &str, error: &serde_json::Error) -> Error {
    let path = cause::path(raw, error);
    Error::record(index, None, raw, &path)
        .with_source(Cause::from(error))
        .with_page(number)
}

/// A page that is not JSON as it is, or has its records in another form than a list.
fn tolerantly<T: DeserializeOwned>(
    request: &Request,
    number: u32,
    error: Error,
) -> Result<Fetched<T>> {
    let Some(Undecodable { body, .. }) = Undecodable::of(&error) else {
        return Err(error);
    };
    // What the records have in common is not known: a damaged one ends with the page.
    let Some((page, pagination)) = fetch::split(request, body, "")? else {
        return Err(error);
    };
    let mut repaired = 0;
    let digest = fetch::digest_of_raw(&page);
    let records = page.records.into_iter().enumerate().map(|(index, record)| {
        let raw = String::from_utf8_lossy(record.raw);
        let value = record.value.map_err(|damage| {
            Error::record(index, None, &raw, "")
                .with_source(damage)
                .with_page(number)
        })?;
        let item = T::deserialize(value.to_value())
            .map_err(|error| invalid(index, number, &raw, &error))?;
        repaired += u64::from(record.repaired);
        Ok(item)
    });
    let records = records.collect();
    // What could not be decoded came with a good status; its headers are not kept.
    Ok(Fetched {
        number,
        records,
        repaired,
        digest,
        pagination,
        status: StatusCode::OK,
        headers: HeaderMap::new(),
    })
}
