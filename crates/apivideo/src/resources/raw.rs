//! Lists at any path of the service.

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
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::{Operation, Response, Undecodable, call};
use crate::transport::cause::{self, Cause};
use crate::transport::clock::BoxFuture;
use crate::transport::path;

/// The query for a list at any path; see [`Client::list`](crate::Client::list). Its items are JSON values, or decoded by
/// [`items_as`](List::items_as).
///
/// ```
/// use apivideo::List;
/// use apivideo::query::Raw;
///
/// async fn count(players: List<Raw>) -> apivideo::Result<u64> {
///     players.total().await
/// }
/// ```
pub struct Raw<T = serde_json::Value> {
    path: String,
    query: Vec<(String, String)>,
    item: PhantomData<fn() -> T>,
}

impl Raw {
    pub(crate) fn list(transport: Transport, path: String) -> List<Self> {
        let query = Self {
            path,
            query: Vec::new(),
            item: PhantomData,
        };
        List::new(transport, query)
    }
}

impl<T: DeserializeOwned + Send + 'static> List<Raw<T>> {
    /// Adds a parameter to the query, under the service's own name. It can be added several times.
    ///
    /// The list sets the parameters `currentPage` and `pageSize` itself. If one of them is added, the first read returns an
    /// error of kind [`Input`](crate::ErrorKind::Input).
    ///
    /// ```
    /// # apivideo_simulator::doctest! { |client|
    /// let tagged = client.list("/videos").query("tags[]", "a").query("tags[]", "b");
    /// assert_eq!(tagged.total().await?, 0);
    /// # }
    /// ```
    pub fn query(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let pair = (key.into(), value.into());
        self.set(|query| query.query.push(pair))
    }

    /// Decodes the items as a type of the application. A record that is not of that type is an invalid record.
    ///
    /// ```
    /// use futures::TryStreamExt;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Video {
    ///     #[serde(rename = "videoId")]
    ///     id: String,
    /// }
    ///
    /// # apivideo_simulator::doctest! { |client|
    /// let videos: Vec<Video> = client.list("/videos").items_as().stream().try_collect().await?;
    /// assert!(!videos[0].id.is_empty());
    /// # }
    /// ```
    pub fn items_as<U: DeserializeOwned + Send + 'static>(self) -> List<Raw<U>> {
        self.map_query(|query| Raw {
            path: query.path,
            query: query.query,
            item: PhantomData,
        })
    }
}

impl<T> Clone for Raw<T> {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            query: self.query.clone(),
            item: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Raw<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values can be personal.
        let keys: Vec<_> = self.query.iter().map(|(key, _)| key).collect();
        f.debug_struct("Raw")
            .field("path", &self.path)
            .field("query_keys", &keys)
            .finish()
    }
}

/// A page of which only the envelope is known.
#[derive(Deserialize)]
struct RawPage {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    pagination: Option<Object<types::Pagination>>,
}

impl<T: DeserializeOwned + Send + 'static> ListQuery for Raw<T> {
    type Item = T;
}

impl<T: DeserializeOwned + Send + 'static> sealed::Query<T> for Raw<T> {
    fn path(&self) -> String {
        self.path.clone()
    }

    fn filters(&self) -> String {
        format!("{:?}", self.query)
    }

    fn check(&self) -> Result<()> {
        const OF_LIST: [&str; 2] = ["currentPage", "pageSize"];
        match self.query.iter().find(|(key, _)| OF_LIST.contains(&&**key)) {
            Some((key, _)) => Err(Error::input(format!(
                "`{key}` cannot be set as a parameter, because the list sets it; use `page` or `page_size`"
            ))),
            None => Ok(()),
        }
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<T>>> {
        let query = self.clone();
        Box::pin(async move {
            let number = request.number;
            let page = query.page(&request).await;
            page.map_err(|error| error.with_page(number))
        })
    }
}

impl<T: DeserializeOwned> Raw<T> {
    async fn page(&self, request: &PageRequest) -> Result<PageResponse<T>> {
        let number = request.number;
        let transport = &request.transport;
        let url = path::resolve(&transport.shared.base_url, &self.path)?;
        let operation = Operation::new("list", format!("GET {}", self.path)).at_page(number);
        let (page, size) = (number.to_string(), request.size.to_string());
        let pages = [("currentPage", page.as_str()), ("pageSize", size.as_str())];
        let own = self.query.iter().map(|(key, value)| (&**key, &**value));
        let query: Vec<(&str, &str)> = own.chain(pages).collect();
        let response = call(transport, &operation, |core| {
            path::get(core, url.clone(), &query)
        });
        let Response {
            value: RawPage { data, pagination },
            status,
            headers,
        } = match response.await {
            Ok(response) => response,
            Err(error) => return record_by_record(&operation, number, error),
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
        Ok(PageResponse {
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
    Error::invalid_record(index, None, raw, &path)
        .with_source(Cause::from(error))
        .with_page(number)
}

/// Decodes a page that is not valid JSON, or has its records in another form than a list.
fn record_by_record<T: DeserializeOwned>(
    operation: &Operation,
    number: u32,
    error: Error,
) -> Result<PageResponse<T>> {
    let Some(Undecodable { body, .. }) = Undecodable::of(&error) else {
        return Err(error);
    };
    // No field is known that every record has: a damaged record extends to the end of the page.
    let Some((page, pagination)) = fetch::split(operation, body, "")? else {
        return Err(error);
    };
    let mut repaired = 0;
    let digest = fetch::digest_of_raw(&page);
    let records = page.records.into_iter().enumerate().map(|(index, record)| {
        let raw = String::from_utf8_lossy(record.raw);
        let value = record.value.map_err(|damage| {
            Error::invalid_record(index, None, &raw, "")
                .with_source(damage)
                .with_page(number)
        })?;
        let item = T::deserialize(value.to_value())
            .map_err(|error| invalid(index, number, &raw, &error))?;
        repaired += u64::from(record.repaired);
        Ok(item)
    });
    let records = records.collect();
    // The response had the status 200; its headers were not kept.
    Ok(PageResponse {
        number,
        records,
        repaired,
        digest,
        pagination,
        status: StatusCode::OK,
        headers: HeaderMap::new(),
    })
}
