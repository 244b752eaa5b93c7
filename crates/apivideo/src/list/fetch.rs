//! Requests one page of any list, and decodes its envelope and its records.

use std::fmt;
use std::future::Future;

use apivideo_core::Client as Core;
use apivideo_core::types;
use apivideo_core::wire::Object;
use apivideo_core::wire::json::{self, Damage, Json, Member, Mismatch};
use progenitor_client::{Error as CoreError, ResponseValue};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::query::PageRequest;
use crate::error::{Error, Result};
use crate::id::is_id;
use crate::model::wire::FromWire;
use crate::page::{PageSize, Pagination};
use crate::stream::dedup::{fingerprint, fold};
use crate::stream::page_response::PageResponse;
use crate::stream::records::Records;
use crate::transport::Transport;
use crate::transport::call::{self, Operation, Response, Undecodable};

/// A response that is a page; the generated types have no common trait.
pub(crate) trait Envelope {
    type Item: DeserializeOwned + Serialize + Send + Sync + 'static;

    /// The path of the id in an item.
    const ID: &[&str];

    /// A field of every item, by which the next item is found after a damaged one.
    const MARK: &str;

    /// The id of an item, if it has one.
    fn id(item: &Self::Item) -> Option<&str>;

    fn open(self) -> (Vec<Self::Item>, Option<Object<types::Pagination>>);
}

/// Declares the generated type of a page, the type of its items, and the [`MARK`](Envelope::MARK) and id of an item.
macro_rules! envelope {
    ($page:ident of $item:ident by $mark:literal) => {
        $crate::list::fetch::envelope!($page of $item by $mark, [], |_| None);
    };
    ($page:ident of $item:ident by $mark:literal, $path:expr, $id:expr) => {
        impl $crate::list::fetch::Envelope for apivideo_core::types::$page {
            type Item = apivideo_core::wire::Object<apivideo_core::types::$item>;

            const ID: &[&str] = &$path;
            const MARK: &str = $mark;

            fn id(item: &Self::Item) -> Option<&str> {
                let id: fn(&apivideo_core::types::$item) -> Option<&str> = $id;
                id(&item.value)
            }

            fn open(
                self,
            ) -> (
                Vec<Self::Item>,
                Option<apivideo_core::wire::Object<apivideo_core::types::Pagination>>,
            ) {
                (self.data, self.pagination)
            }
        }
    };
}
pub(crate) use envelope;

/// Requests a page, and converts its records.
///
/// The page is decoded as a whole first. Only if that fails, it is split into records, and each record is decoded leniently and
/// separately: an invalid record is one error.
pub(crate) async fn page<E, T, F, Fut>(
    request: &PageRequest,
    operation: &Operation,
    send: F,
) -> Result<PageResponse<T>>
where
    E: Envelope,
    Object<E>: DeserializeOwned + Send,
    T: FromWire<E::Item>,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = std::result::Result<ResponseValue<Object<E>>, CoreError<()>>> + Send,
{
    let number = request.number;
    let operation = &operation.at_page(number);
    let page = match call::call(&request.transport, operation, send).await {
        Ok(response) => decode_page::<E, T>(operation, number, response),
        Err(error) => record_by_record::<E, T>(operation, number, error),
    };
    page.map_err(|error| error.with_page(number))
}

fn decode_page<E, T>(
    operation: &Operation,
    number: u32,
    response: Response<Object<E>>,
) -> Result<PageResponse<T>>
where
    E: Envelope,
    T: FromWire<E::Item>,
{
    let Response {
        value: Object { value, extra },
        status,
        headers,
    } = response;
    call::refuse_old_envelope(operation, extra.iter().map(|(name, _)| name))?;
    let (data, pagination) = value.open();
    let has_id = |item: &E::Item| E::id(item).is_none_or(is_id);
    let pagination = read_pagination(pagination);
    let digest = match E::ID.is_empty() && may_be_followed(number, data.len(), &pagination) {
        true => digest(&data),
        false => 0,
    };
    let records = if data.iter().all(has_id) {
        Records::decoded(data, E::id)
    } else {
        let records = data.into_iter().enumerate().map(|(index, item)| {
            if has_id(&item) {
                return Ok(T::from_wire(item));
            }
            let raw = serde_json::to_string(&item).unwrap_or_default();
            Err(unusable_id::<E>(index, &raw).with_page(number))
        });
        records.collect()
    };
    Ok(PageResponse {
        number,
        records,
        repaired: 0,
        digest,
        pagination,
        status,
        headers,
    })
}

/// Whether another page may follow this one, or precedes it: only then it can be a copy of another page.
pub(crate) fn may_be_followed(number: u32, len: usize, pagination: &Pagination) -> bool {
    let size = pagination.page_size.unwrap_or(PageSize::MAX.get());
    number > 1
        || pagination.has_next
        || pagination.pages_total.is_some_and(|pages| pages > 1)
        || pagination
            .items_total
            .is_some_and(|total| total > len as u64)
        || len as u64 >= u64::from(size.min(PageSize::MAX.get()))
        || (pagination.items_total.is_none() && pagination.pages_total.is_none())
}

/// Returns a digest of records without identity, by which a copy of a page is recognized.
pub(crate) fn digest<T: Serialize>(records: &[T]) -> u64 {
    records.iter().fold(1, |digest, record| {
        let text = serde_json::to_string(record).unwrap_or_default();
        fold(digest, fingerprint(&text))
    })
}

/// The same for a page that is decoded record by record.
pub(crate) fn digest_of_raw(page: &json::Page<'_>) -> u64 {
    page.records.iter().fold(1, |digest, record| {
        fold(digest, fingerprint(&String::from_utf8_lossy(record.raw)))
    })
}

/// Returns the error for a record with an invalid id.
fn unusable_id<E: Envelope>(index: usize, raw: &str) -> Error {
    Error::invalid_record(index, None, raw, &E::ID.join(".")).with_source(Unusable::Id)
}

/// The reason why a record that is valid JSON cannot be used, without its content, which can be personal data.
#[derive(Debug)]
enum Unusable {
    NotAnObject,
    Id,
}

impl std::error::Error for Unusable {}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => "the record is not an object",
            Self::Id => "the id is not 1 to 64 letters, digits, \"-\" and \"_\"",
        })
    }
}

fn record_by_record<E, T>(
    operation: &Operation,
    number: u32,
    error: Error,
) -> Result<PageResponse<T>>
where
    E: Envelope,
    T: FromWire<E::Item>,
{
    let Some(Undecodable { body, .. }) = Undecodable::of(&error) else {
        return Err(error);
    };
    let split = split(operation, body, E::MARK)?;
    let Some((page, pagination)) = split else {
        return Err(error);
    };
    let mut repaired = 0;
    let digest = match E::ID.is_empty() {
        true => digest_of_raw(&page),
        false => 0,
    };
    let records = page.records.into_iter().enumerate().map(|(index, record)| {
        let value = object(index, record.raw, record.value, E::ID)?;
        let item = json::decode(&value, T::OPTIONAL)
            .map_err(|mismatch| mistyped(index, record.raw, id_of(&value, E::ID), mismatch))?;
        if E::id(&item).is_some_and(|id| !is_id(id)) {
            let raw = String::from_utf8_lossy(record.raw);
            return Err(unusable_id::<E>(index, &raw));
        }
        repaired += u64::from(record.repaired);
        Ok(T::from_wire(item))
    });
    let records = records
        .map(|record| record.map_err(|error| error.with_page(number)))
        .collect();
    // The status was 200; the headers were not kept.
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

/// Splits the body of a page into records, and returns them with the pagination; `None` if that is not possible.
pub(crate) fn split<'a>(
    operation: &Operation,
    body: &'a [u8],
    mark: &str,
) -> Result<Option<(json::Page<'a>, Pagination)>> {
    let Ok(page) = json::Page::split(body, mark) else {
        return Ok(None);
    };
    if let Json::Object(members) = &page.envelope {
        call::refuse_old_envelope(operation, members.iter().map(|member| &*member.name))?;
    }
    let pagination = match page.envelope.get("pagination") {
        None | Some(Json::Null) => None,
        Some(pagination) => match json::decode(&with_list_of_links(pagination), &[]) {
            Ok(pagination) => Some(pagination),
            Err(_) => return Ok(None),
        },
    };
    Ok(Some((page, read_pagination(pagination))))
}

/// Returns the value of a record, which has to be an object.
fn object<'a>(
    index: usize,
    raw: &[u8],
    value: std::result::Result<Json<'a>, Damage>,
    path: &[&str],
) -> Result<Json<'a>> {
    let raw = || String::from_utf8_lossy(raw);
    match value {
        Ok(value @ Json::Object(_)) => Ok(value),
        Ok(_) => {
            Err(Error::invalid_record(index, None, &raw(), "").with_source(Unusable::NotAnObject))
        }
        Err(damage) => {
            let raw = raw();
            let id = path.last().and_then(|name| id_in(&raw, name));
            Err(Error::invalid_record(index, id, &raw, "").with_source(damage))
        }
    }
}

/// Returns the string value of a name in the text of a damaged record.
fn id_in(raw: &str, name: &str) -> Option<String> {
    let (_, rest) = raw.split_once(&format!("\"{name}\""))?;
    let rest = rest.trim_ascii_start().strip_prefix(':')?;
    let rest = rest.trim_ascii_start().strip_prefix('"')?;
    let (id, _) = rest.split_once('"')?;
    Some(id.to_owned())
}

fn mistyped(index: usize, raw: &[u8], id: Option<String>, mismatch: Mismatch) -> Error {
    let raw = String::from_utf8_lossy(raw);
    Error::invalid_record(index, id, &raw, &mismatch.path()).with_source(mismatch)
}

/// Returns the id of a record that could not be decoded.
fn id_of(value: &Json<'_>, path: &[&str]) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    let value = path.iter().try_fold(value, |value, name| value.get(name));
    value?.as_str().map(str::to_owned)
}

/// Returns the pagination with its links as a list. The service also sends an object, which is one link or has one for each
/// relation.
fn with_list_of_links<'a>(pagination: &Json<'a>) -> Json<'a> {
    let Json::Object(members) = pagination else {
        return pagination.clone();
    };
    let members = members.iter().map(|member| match &member.value {
        Json::Object(links) if member.name == "links" => {
            let links = match member.value.get("rel") {
                Some(_) => vec![member.value.clone()],
                None => links
                    .iter()
                    .map(|link| {
                        let rel = Json::String(link.name.clone());
                        Json::Object(vec![
                            Member::new("rel", rel),
                            Member::new("uri", link.value.clone()),
                        ])
                    })
                    .collect(),
            };
            Member::new("links", Json::Array(links))
        }
        _ => member.clone(),
    });
    Json::Object(members.collect())
}

/// Requests a single object, and decodes it leniently if it cannot be decoded as it is.
pub(crate) async fn one<W, F, Fut>(
    transport: &Transport,
    operation: &Operation,
    send: F,
) -> Result<Object<W>>
where
    Object<W>: DeserializeOwned + Send,
    F: Fn(Core) -> Fut + Sync,
    Fut: Future<Output = std::result::Result<ResponseValue<Object<W>>, CoreError<()>>> + Send,
{
    let error = match call::call(transport, operation, send).await {
        Ok(response) => return Ok(response.value),
        Err(error) => error,
    };
    let parsed = Undecodable::of(&error).map(|undecodable| json::parse(&undecodable.body));
    match parsed {
        Some(Ok((value @ Json::Object(_), _))) => {
            json::decode(&value, &[]).map_err(|_| error.clone())
        }
        _ => Err(error.clone()),
    }
}

pub(crate) fn read_pagination(wire: Option<Object<types::Pagination>>) -> Pagination {
    let Some(Object { value: wire, extra }) = wire else {
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
        has_unreadable_total: extra
            .get("itemsTotal")
            .is_some_and(|total| !total.is_null()),
    }
}
