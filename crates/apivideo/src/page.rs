//! One page of a list, and its size.

use std::fmt;
use std::str::FromStr;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::stream::pager::Fetched;

/// One page of a list: its items, where it stands, and what came with the reply.
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// let page = client.videos().page_size(5.try_into()?).page(2).await?;
/// assert_eq!(page.pagination.current_page, Some(2));
/// println!("{} of {:?}", page.items.len(), page.pagination.items_total);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in the order of the service.
    pub items: Vec<T>,
    /// The records that can't be understood, each with its [index](Error::index) on the page and its
    /// [raw text](Error::raw).
    pub invalid: Vec<Error>,
    /// How many of the items were read only after their JSON was repaired; see [`Progress::repaired`](crate::Progress::repaired).
    pub repaired: u64,
    /// Where the page stands.
    pub pagination: Pagination,
    /// The HTTP status of the reply.
    pub status: StatusCode,
    /// The headers of the reply: `X-RateLimit-*` among them.
    pub headers: HeaderMap,
}

impl<T> From<Fetched<T>> for Page<T> {
    fn from(fetched: Fetched<T>) -> Self {
        let Fetched {
            number: _,
            records,
            repaired,
            digest: _,
            pagination,
            status,
            headers,
        } = fetched;
        let mut page = Self {
            items: Vec::with_capacity(records.len()),
            invalid: Vec::new(),
            repaired,
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

/// Where a page stands, as the service says it. Fields that it leaves out are `None`.
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// let pagination = client.videos().page_size(5.try_into()?).page(1).await?.pagination;
/// assert_eq!((pagination.current_page, pagination.page_size), (Some(1), Some(5)));
/// println!("{:?} items on {:?} pages", pagination.items_total, pagination.pages_total);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// The number of the page, counted from 1.
    pub current_page: Option<u32>,
    /// How many items the page has.
    pub current_page_items: Option<u32>,
    /// How many items a full page has.
    pub page_size: Option<u32>,
    /// How many pages there are. 0 or 1 for an empty list.
    pub pages_total: Option<u32>,
    /// How many items there are.
    pub items_total: Option<u64>,
    /// Whether the page has a link to a next one. Pages go by number: the link counts only where there is no total.
    pub has_next: bool,
    /// Whether the page announces a number of items that is not a number, or is too large for one.
    pub(crate) has_unreadable_total: bool,
}

/// How many items a page has: 1 to 100, as the service's documentation bounds it.
///
/// ```
/// use apivideo::PageSize;
///
/// assert_eq!(PageSize::default().get(), 100);
/// assert_eq!(PageSize::try_from(25)?.get(), 25);
/// assert!(PageSize::try_from(101).is_err());
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PageSize(u8);

impl PageSize {
    /// The smallest page: one item.
    ///
    /// ```
    /// assert_eq!(apivideo::PageSize::MIN.get(), 1);
    /// ```
    pub const MIN: Self = Self(1);
    /// The largest page, and the one that is asked for unless told otherwise: a list costs the fewest requests by it.
    ///
    /// ```
    /// assert_eq!(apivideo::PageSize::MAX, apivideo::PageSize::default());
    /// ```
    pub const MAX: Self = Self(100);

    /// The number of items.
    ///
    /// ```
    /// assert_eq!("25".parse::<apivideo::PageSize>()?.get(), 25);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.into()
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self::MAX
    }
}

impl TryFrom<u32> for PageSize {
    type Error = Error;

    fn try_from(size: u32) -> Result<Self, Error> {
        match u8::try_from(size) {
            Ok(size @ 1..=100) => Ok(Self(size)),
            _ => Err(Error::input(format!(
                "{size} is no page size: the service gives 1 to 100 items a page"
            ))),
        }
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> u32 {
        size.get()
    }
}

impl FromStr for PageSize {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let shown: String = text.chars().take(32).collect();
        text.parse::<u32>()
            .map_err(|_| {
                Error::input(format!(
                    "{shown:?} is no page size: the service gives 1 to 100 items a page"
                ))
            })?
            .try_into()
    }
}

impl fmt::Display for PageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_bounds() {
        for good in ["1", "25", "100"] {
            assert_eq!(good.parse::<PageSize>().unwrap().to_string(), good);
        }
        for bad in ["0", "101", "256", "4294967297", "-1", "many", ""] {
            let error = bad.parse::<PageSize>().unwrap_err().to_string();
            assert!(error.contains("1 to 100"), "{error}");
        }
        assert!(serde_json::from_str::<PageSize>("0").is_err());
    }
}
