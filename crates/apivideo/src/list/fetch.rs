//! One page of any list: the call, its envelope, its items.

use std::future::Future;

use apivideo_core::Client as Core;
use apivideo_core::types;
use apivideo_core::wire::Object;
use progenitor_client::{Error as CoreError, ResponseValue};
use serde::de::DeserializeOwned;

use crate::call::{self, Reply, Request};
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::page::{Page, Pagination};

/// A reply that is a page: the generated types have no trait of their own for it.
pub(super) trait Envelope {
    type Item;

    fn open(self) -> (Vec<Self::Item>, Option<Object<types::Pagination>>);
}

macro_rules! envelope {
    ($($page:ident of $item:ident),* $(,)?) => {$(
        impl Envelope for types::$page {
            type Item = Object<types::$item>;

            fn open(self) -> (Vec<Self::Item>, Option<Object<types::Pagination>>) {
                (self.data, self.pagination)
            }
        }
    )*};
}

envelope! {
    SessionPage of Session,
    EventPage of Event,
    VideoPage of Video,
    LiveStreamPage of LiveStream,
    BucketPage of Bucket,
    TimeseriesPage of TimeseriesPoint,
}

/// Asks for page `number`, and maps its items.
pub(super) async fn page<E, T, F, Fut>(
    client: &Client,
    request: &Request,
    number: u32,
    send: F,
) -> Result<Page<T>>
where
    E: Envelope,
    Object<E>: DeserializeOwned,
    T: TryFrom<E::Item, Error = Error>,
    F: Fn(Core) -> Fut,
    Fut: Future<Output = Result<ResponseValue<Object<E>>, CoreError<()>>>,
{
    let reply = call::call(client, request, send).await;
    reply
        .and_then(|reply| read(request, number, reply))
        .map_err(|error| error.with_page(number))
}

fn read<E, T>(request: &Request, number: u32, reply: Reply<Object<E>>) -> Result<Page<T>>
where
    E: Envelope,
    T: TryFrom<E::Item, Error = Error>,
{
    let Reply {
        value: Object { value, extra },
        status,
        headers,
    } = reply;
    call::refuse_old_envelope(request, extra.keys().map(String::as_str))?;
    let (data, pagination) = value.open();
    let mut items = Vec::with_capacity(data.len());
    for (index, item) in data.into_iter().enumerate() {
        items.push(T::try_from(item).map_err(|error| {
            Error::new(
                ErrorKind::Decode,
                format!("item {index} of the page can't be understood"),
            )
            .with_source(error)
        })?);
    }
    let pagination = pagination
        .map(|pagination| read_pagination(pagination.value))
        .unwrap_or_default();
    if let Some(other) = pagination.current_page.filter(|other| *other != number) {
        return Err(Error::new(
            ErrorKind::Incomplete,
            format!(
                "page {number} was asked for and page {other} came; the items of page {number} are missing, read it again"
            ),
        ));
    }
    Ok(Page {
        items,
        pagination,
        status,
        headers,
    })
}

fn read_pagination(wire: types::Pagination) -> Pagination {
    let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    Pagination {
        current_page: small(wire.current_page),
        current_page_items: small(wire.current_page_items),
        page_size: small(wire.page_size),
        pages_total: small(wire.pages_total),
        items_total: wire
            .items_total
            .and_then(|number| u64::try_from(number).ok()),
        has_next: wire
            .links
            .into_iter()
            .flatten()
            .any(|link| link.value.rel.as_deref() == Some("next")),
    }
}
