//! One page of any list: the call, its envelope, its records.

use std::future::Future;

use apivideo_core::Client as Core;
use apivideo_core::types;
use apivideo_core::wire::Object;
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Ask;
use crate::call::{self, Reply, Request, Undecodable};
use crate::cause::{self, Cause};
use crate::error::{Error, Result};
use crate::id::is_id;
use crate::model::FromWire;
use crate::page::Pagination;
use crate::stream::pager::Fetched;
use crate::stream::records::Records;

/// A reply that is a page: the generated types have no trait of their own for it.
pub(super) trait Envelope {
    type Item: DeserializeOwned + Serialize + Send + Sync + 'static;

    /// Where an item has its id, as a JSON pointer.
    const ID: &str;

    /// The id of an item, if it has one.
    fn id(item: &Self::Item) -> Option<&str>;

    fn open(self) -> (Vec<Self::Item>, Option<Object<types::Pagination>>);
}

macro_rules! envelope {
    ($($page:ident of $item:ident, $pointer:literal, $id:expr;)*) => {$(
        impl Envelope for types::$page {
            type Item = Object<types::$item>;

            const ID: &str = $pointer;

            fn id(item: &Self::Item) -> Option<&str> {
                let id: fn(&types::$item) -> Option<&str> = $id;
                id(&item.value)
            }

            fn open(self) -> (Vec<Self::Item>, Option<Object<types::Pagination>>) {
                (self.data, self.pagination)
            }
        }
    )*};
}

envelope! {
    SessionPage of Session, "/session/sessionId", |item| Some(&item.session.session_id);
    EventPage of Event, "", |_| None;
    VideoPage of Video, "/videoId", |item| Some(&item.video_id);
    LiveStreamPage of LiveStream, "/liveStreamId", |item| Some(&item.live_stream_id);
    BucketPage of Bucket, "", |_| None;
    TimeseriesPage of TimeseriesPoint, "", |_| None;
}

/// A page of which only the envelope is understood.
#[derive(Deserialize)]
struct RawPage {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    pagination: Option<Object<types::Pagination>>,
}

/// Asks for a page, and maps its records.
///
/// It is decoded as a whole first. Only when that fails, record by record: the good ones are given, and the bad ones are
/// errors of their own.
pub(super) async fn page<E, T, F, Fut>(ask: &Ask, request: &Request, send: F) -> Result<Fetched<T>>
where
    E: Envelope,
    Object<E>: DeserializeOwned + Send,
    T: FromWire<E::Item> + TryFrom<E::Item, Error = Error>,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = Result<ResponseValue<Object<E>>, CoreError<()>>> + Send,
{
    let number = ask.page;
    let request = &request.at_page(number);
    let page = match call::call(&ask.client, request, send).await {
        Ok(reply) => strictly::<E, T>(request, number, reply),
        Err(error) => record_by_record::<E, T>(number, error),
    };
    page.map_err(|error| error.with_page(number))
}

fn strictly<E, T>(request: &Request, number: u32, reply: Reply<Object<E>>) -> Result<Fetched<T>>
where
    E: Envelope,
    T: FromWire<E::Item> + TryFrom<E::Item, Error = Error>,
{
    let Reply {
        value: Object { value, extra },
        status,
        headers,
    } = reply;
    call::refuse_old_envelope(request, extra.keys().map(String::as_str))?;
    let (data, pagination) = value.open();
    let has_id = |item: &E::Item| E::id(item).is_none_or(is_id);
    let records = if data.iter().all(has_id) {
        Records::good(data, E::id)
    } else {
        let records = data.into_iter().enumerate().map(|(index, item)| {
            if has_id(&item) {
                return Ok(T::from_wire(item));
            }
            let raw = serde_json::to_string(&item).unwrap_or_default();
            Err(bad_id::<E, T>(index, item, &raw).with_page(number))
        });
        records.collect()
    };
    Ok(Fetched {
        number,
        records,
        pagination: read_pagination(pagination),
        status,
        headers,
    })
}

/// An item whose id is none: the reason is what its conversion says.
fn bad_id<E, T>(index: usize, item: E::Item, raw: &str) -> Error
where
    E: Envelope,
    T: FromWire<E::Item> + TryFrom<E::Item, Error = Error>,
{
    let error = Error::record(
        index,
        None,
        raw,
        E::ID.trim_start_matches('/').replace('/', ".").as_str(),
    );
    match T::try_from(item) {
        Ok(_) => error,
        Err(cause) => error.with_source(cause),
    }
}

fn record_by_record<E, T>(number: u32, error: Error) -> Result<Fetched<T>>
where
    E: Envelope,
    T: FromWire<E::Item> + TryFrom<E::Item, Error = Error>,
{
    let Some(Undecodable { body, .. }) = Undecodable::of(&error) else {
        return Err(error);
    };
    let Ok(RawPage { data, pagination }) =
        serde_json::from_str(str::from_utf8(body).unwrap_or_default())
    else {
        return Err(error);
    };
    let records = data.iter().enumerate().map(|(index, raw)| {
        let raw = raw.get();
        match serde_json::from_str::<E::Item>(raw) {
            Ok(item) if E::id(&item).is_some_and(|id| !is_id(id)) => {
                Err(bad_id::<E, T>(index, item, raw).with_page(number))
            }
            Ok(item) => Ok(T::from_wire(item)),
            Err(error) => {
                let value: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
                let id = value
                    .pointer(E::ID)
                    .and_then(serde_json::Value::as_str)
                    .map(str::to_owned);
                let path = cause::path(raw, &error);
                Err(Error::record(index, id, raw, &path)
                    .with_source(Cause::from(&error))
                    .with_page(number))
            }
        }
    });
    // What could not be decoded came with a good status; its headers are not kept.
    Ok(Fetched {
        number,
        records: records.collect(),
        pagination: read_pagination(pagination),
        status: StatusCode::OK,
        headers: HeaderMap::new(),
    })
}

pub(super) fn read_pagination(wire: Option<Object<types::Pagination>>) -> Pagination {
    let Some(Object { value: wire, .. }) = wire else {
        return Pagination::default();
    };
    let types::Pagination {
        current_page,
        current_page_items,
        page_size,
        pages_total,
        items_total,
        links,
    } = wire;
    let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    Pagination {
        current_page: small(current_page),
        current_page_items: small(current_page_items),
        page_size: small(page_size),
        pages_total: small(pages_total),
        items_total: items_total.and_then(|number| u64::try_from(number).ok()),
        has_next: links
            .into_iter()
            .flatten()
            .any(|link| link.value.rel.as_deref() == Some("next")),
    }
}
