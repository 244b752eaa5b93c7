//! One page of a list, and its size.

use std::fmt;
use std::str::FromStr;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::id::AssetId;

/// One page of a list: its items, its pagination, and the status and headers of the response.
///
/// ```
/// # apivideo_simulator::doctest! { |client|
/// let page = client.videos().page_size(5.try_into()?).page(2).await?;
/// assert_eq!(page.pagination.current_page, Some(2));
/// println!("{} of {:?}", page.items.len(), page.pagination.items_total);
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items, in the order of the service.
    pub items: Vec<T>,
    /// The records that could not be decoded, each as an error of the kind [`Record`](crate::ErrorKind::Record).
    pub invalid: Vec<Error>,
    /// The number of items that were decoded after a repair of their JSON; see
    /// [`Progress::repaired`](crate::Progress::repaired).
    pub repaired: u64,
    /// The video or live stream whose sessions the page contains; `None` for other lists.
    pub asset: Option<AssetId>,
    /// The pagination that the response reports.
    pub pagination: Pagination,
    /// The HTTP status of the response.
    pub status: StatusCode,
    /// The headers of the response, `X-RateLimit-*` among them.
    pub headers: HeaderMap,
}

/// The pagination of a page, as the service reports it. Fields that the service leaves out are `None`.
///
/// ```
/// # apivideo_simulator::doctest! { |client|
/// let pagination = client.videos().page_size(5.try_into()?).page(1).await?.pagination;
/// assert_eq!((pagination.current_page, pagination.page_size), (Some(1), Some(5)));
/// println!("{:?} items on {:?} pages", pagination.items_total, pagination.pages_total);
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pagination {
    /// The number of the page, counted from 1.
    pub current_page: Option<u32>,
    /// The number of items on a full page.
    pub page_size: Option<u32>,
    /// The number of pages; 0 or 1 for an empty list.
    pub pages_total: Option<u32>,
    /// The number of items on this page.
    pub current_page_items: Option<u32>,
    /// The number of items in the list.
    pub items_total: Option<u64>,
    /// Whether the page links to a next one. Pages are requested by number; the link matters only where no total is reported.
    pub has_next: bool,
    /// Whether the page announces a number of items that is not a number, or is too large for one.
    pub(crate) has_unreadable_total: bool,
}

/// The number of items on a page: 1 to 100, the bounds in the service's documentation. Defaults to 100, which needs the
/// fewest requests.
///
/// ```
/// use apivideo::PageSize;
///
/// assert_eq!(PageSize::default().get(), 100);
/// assert_eq!(PageSize::new(25)?.get(), 25);
/// assert!(PageSize::new(101).is_err());
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
    /// The largest page, which is the default.
    ///
    /// ```
    /// assert_eq!(apivideo::PageSize::MAX, apivideo::PageSize::default());
    /// ```
    pub const MAX: Self = Self(100);

    /// Creates a page size.
    ///
    /// ```
    /// let videos = |client: &apivideo::Client| -> apivideo::Result<_> {
    ///     Ok(client.videos().page_size(apivideo::PageSize::new(25)?))
    /// };
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) if `size` is not 1 to 100.
    pub fn new(size: u32) -> Result<Self, Error> {
        match u8::try_from(size) {
            Ok(size @ 1..=100) => Ok(Self(size)),
            _ => Err(invalid(&size.to_string())),
        }
    }

    /// Returns the number of items.
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

fn invalid(size: &str) -> Error {
    Error::input(format!("invalid page size {size}: it must be 1 to 100"))
}

impl Default for PageSize {
    fn default() -> Self {
        Self::MAX
    }
}

impl TryFrom<u32> for PageSize {
    type Error = Error;

    fn try_from(size: u32) -> Result<Self, Error> {
        Self::new(size)
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
        match text.parse::<u32>() {
            Ok(size) => Self::new(size),
            Err(_) => {
                let shown: String = text.chars().take(32).collect();
                Err(invalid(&format!("{shown:?}")))
            }
        }
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
    fn accepts_1_to_100() {
        for size in ["1", "25", "100"] {
            assert_eq!(size.parse::<PageSize>().unwrap().to_string(), size);
        }
        for size in ["0", "101", "256", "4294967297", "-1", "many", ""] {
            let error = size.parse::<PageSize>().unwrap_err().to_string();
            assert!(error.contains("1 to 100"), "{error}");
        }
        assert!(serde_json::from_str::<PageSize>("0").is_err());
    }
}
