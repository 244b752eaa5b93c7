//! Where a stream stands.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::page::PageSize;

/// The form that this release writes and reads.
pub(crate) const VERSION: u32 = 2;

/// Where a stream stands: it can be written down, and a stream can be resumed from it.
///
/// It names the list, its filters and its page size, and for each window that is not done its page and which
/// items of it have been given. What it says in JSON is not meant to be read or changed; a release that changes the
/// form changes its version, and refuses others by name.
///
/// It contains the fingerprints of the items that were yielded, up to 4,096 of each window, which take 19 bytes each as JSON.
///
/// ```
/// use apivideo::{Cursor, Session};
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
/// let mut stream = sessions.stream();
/// let first = stream.try_next().await?;
/// let saved = serde_json::to_string(&stream.cursor())?;
///
/// let cursor: Cursor = serde_json::from_str(&saved)?;
/// let rest: Vec<Session> = sessions.stream().with_cursor(&cursor)?.try_collect().await?;
/// assert!(!rest.contains(&first.unwrap()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub(crate) version: u32,
    /// What is listed: the path of its pages.
    pub(crate) target: String,
    /// The fingerprint of the filters, the period and its windows among them.
    pub(crate) filters: Hex,
    pub(crate) page_size: PageSize,
    /// The first window that was not begun.
    pub(crate) next_window: u32,
    /// The windows that were begun and are not done.
    pub(crate) open: Vec<OpenWindow>,
}

impl Cursor {
    /// Returns how many items the list had when the cursor was taken, in its windows that were begun and not done; `None` where
    /// the service has not reported it.
    ///
    /// A stream resumed in a list that has grown since may yield as many items again as the list has grown by.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let videos = client.videos();
    /// let mut stream = videos.stream();
    /// stream.try_next().await?;
    /// assert_eq!(stream.cursor().total(), Some(videos.total().await?));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        let totals = self.open.iter().map(|open| open.read.total);
        totals.reduce(|sum, total| Some(sum?.saturating_add(total?)))?
    }
}

/// Where one window stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenWindow {
    pub(crate) window: u32,
    /// The first page of which not all was given.
    pub(crate) page: u32,
    /// How many records of it were given: all that is needed where items have no identity.
    pub(crate) taken: u32,
    /// Which ones, where they have one.
    pub(crate) given: Vec<Hex>,
    /// The last item that was given, where items have an identity: the place is found again by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) last: Option<Hex>,
    /// What was read of the window.
    pub(crate) read: Before,
    /// All items that were given, in windows of up to [`MAX_GIVEN`]: a service that returns items in another order for each
    /// page is noticed, and the list can be read a second time.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) known: Vec<Hex>,
}

impl OpenWindow {
    /// Whether all items that were read are in `known`.
    pub(crate) fn is_whole(&self) -> bool {
        self.known.len() as u64 >= self.read.read
    }
}

/// The number of items of a window whose fingerprints a cursor keeps: 19 bytes each.
pub(crate) const MAX_GIVEN: usize = 4_096;

/// A fingerprint, written so that every reader of JSON keeps all its digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Hex(pub(crate) u64);

impl From<Hex> for String {
    fn from(hex: Hex) -> Self {
        format!("{:016x}", hex.0)
    }
}

impl TryFrom<String> for Hex {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

impl fmt::Debug for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What was read of a list before its first page, by an earlier reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Before {
    /// The number of items, as last announced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) total: Option<u64>,
    /// The number of records on the pages before.
    pub(crate) position: u64,
    /// The number of distinct items that were read.
    #[serde(rename = "items")]
    pub(crate) read: u64,
    /// Whether items came again although the total stayed the same.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(crate) unstable: bool,
    /// Whether the list was read a second time, and brought items by that: which ones came is known to that reader alone.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(crate) exhausted: bool,
    /// The first item: some services return the first page for every page past the last one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) first_item: Option<Hex>,
}
