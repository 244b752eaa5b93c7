//! A page as it was received.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::error::{Error, ErrorKind, Result};
use crate::id::AssetId;
use crate::page::{Page, Pagination};
use crate::stream::records::Records;
use crate::transport::clock::BoxFuture;

/// Requests the page of a number. Nothing happens before the future is polled.
pub(crate) type Fetch<T> = Arc<dyn Fn(u32) -> BoxFuture<Result<PageResponse<T>>> + Send + Sync>;

/// A page as it was received: its records, decoded or invalid, its pagination, status and headers.
pub struct PageResponse<T> {
    /// The number that was requested.
    pub(crate) number: u32,
    pub(crate) records: Records<T>,
    /// The number of records that were decoded after a repair of their JSON.
    pub(crate) repaired: u64,
    /// A digest of all records where they have no identity and another page may follow; 0 otherwise.
    pub(crate) digest: u64,
    pub(crate) pagination: Pagination,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl<T> PageResponse<T> {
    /// A page that does not exist although it was due.
    pub(crate) fn absent(number: u32) -> Self {
        Self {
            number,
            records: Records::from_iter([]),
            repaired: 0,
            digest: 0,
            pagination: Pagination::default(),
            status: StatusCode::NOT_FOUND,
            headers: HeaderMap::new(),
        }
    }

    /// Drops the total of items where more records than that have been received already.
    pub(crate) fn with_sound_total(mut self, start: u64) -> Self {
        let end = start.saturating_add(self.records.len() as u64);
        if !self.records.is_empty() {
            let total = &mut self.pagination.items_total;
            *total = total.filter(|total| *total >= end);
        }
        self
    }

    /// Refuses a page that reports the number of another one.
    pub(crate) fn check_number(&self) -> Result<()> {
        let number = self.number;
        match self.pagination.current_page {
            Some(other) if other != number => Err(Error::new(
                ErrorKind::Incomplete,
                format!(
                    "page {number} was requested and page {other} was received: the items of page {number} are missing; \
                     read it again"
                ),
            )
            .with_page(number)),
            _ => Ok(()),
        }
    }

    pub(crate) fn into_page(self, asset: Option<AssetId>) -> Page<T> {
        let Self {
            number: _,
            records,
            repaired,
            digest: _,
            pagination,
            status,
            headers,
        } = self;
        let mut page = Page {
            items: Vec::with_capacity(records.len()),
            invalid: Vec::new(),
            repaired,
            asset,
            pagination,
            status,
            headers,
        };
        for record in records {
            match record {
                Ok(item) => page.items.push(item),
                Err(error) => page.invalid.push(error),
            }
        }
        page
    }
}
