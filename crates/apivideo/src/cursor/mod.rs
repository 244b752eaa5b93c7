//! The position of a stream, as data. It is produced and resumed by `stream::ledger`.

mod parse;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::AssetId;

/// The version of the form that this release writes and reads.
pub(crate) const VERSION: u32 = 3;

/// The number of items of a window whose fingerprints a cursor keeps: 19 bytes each.
pub(crate) const MAX_GIVEN: usize = 4_096;

/// The position of a stream over one list or several assets. It can be stored, and a stream can be resumed from it with
/// [`List::resume`](crate::List::resume).
///
/// A cursor contains a fingerprint of the filters, and the page size of its list. For each window in progress, it contains
/// the page and the fingerprints of the items that were yielded: up to 4,096 items, at 19 bytes each. For several assets, it
/// contains the remaining assets. It contains neither filter values nor items.
///
/// `Display` and `FromStr` use one line of JSON, the same as serde. The content is opaque: do not read or change it. A
/// release that changes the format increases its version, and parsing a cursor of another version fails.
///
/// ```
/// use apivideo::{Cursor, Session};
/// use futures::TryStreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?);
/// let mut stream = sessions.stream();
/// let first = stream.try_next().await?;
/// let saved = stream.cursor().to_string();
///
/// let cursor: Cursor = saved.parse()?;
/// let rest: Vec<Session> = sessions.resume(&cursor)?.try_collect().await?;
/// assert!(!rest.contains(&first.unwrap()));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cursor {
    version: u32,
    /// The fingerprint of the filters, the period and its windows among them.
    pub(crate) filters: Hex,
    pub(crate) page_size: u32,
    #[serde(flatten)]
    pub(crate) position: Position,
}

/// The position in one list or in the lists of several assets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Position {
    List(ListPosition),
    Assets(AssetsPosition),
}

/// The position in one list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListPosition {
    /// The path of the list.
    pub(crate) target: String,
    #[serde(flatten)]
    pub(crate) windows: WindowsPosition,
}

/// The position in the windows of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WindowsPosition {
    /// The first window that was not begun.
    pub(crate) next_window: u32,
    /// The windows that were begun and are not finished.
    pub(crate) open: Vec<OpenWindow>,
}

/// The position in the lists of several assets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AssetsPosition {
    /// The number of finished assets.
    pub(crate) done: u64,
    /// The other assets, in their order.
    pub(crate) assets: Vec<AssetPosition>,
}

/// An asset that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AssetPosition {
    pub(crate) asset: AssetId,
    /// `None` where nothing was yielded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) position: Option<WindowsPosition>,
}

impl Cursor {
    pub(crate) fn new(filters: Hex, page_size: u32, position: Position) -> Self {
        Self {
            version: VERSION,
            filters,
            page_size,
            position,
        }
    }

    /// Returns the assets that are not completely read, in order; empty for a list of a single asset.
    ///
    /// A list of these assets can be resumed from the cursor as well.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let ids: [apivideo::VideoId; 2] = ["vi4k0jvEUuaTdRAEjQ4Prklg".parse()?, "vi3q7HhxApxRF1c8F8r6VeaI".parse()?];
    /// let cursor = client.assets(ids).sessions("2022-01-01".parse()?).stream().cursor();
    /// let remaining: Vec<_> = cursor.remaining_assets().cloned().collect();
    /// assert_eq!(remaining.len(), 2);
    ///
    /// let stream = client.assets(remaining).sessions("2022-01-01".parse()?).resume(&cursor)?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn remaining_assets(&self) -> impl Iterator<Item = &AssetId> {
        let assets = match &self.position {
            Position::List(_) => &[],
            Position::Assets(position) => position.assets.as_slice(),
        };
        assets.iter().map(|entry| &entry.asset)
    }

    /// Returns the total number of items that the service reported for the windows in progress when the cursor was taken; for
    /// several assets, that of the first remaining one. Returns `None` if the service reported no total.
    ///
    /// If the list has grown since then, the resumed stream can yield duplicates: at most as many as the items that were added.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let videos = client.videos();
    /// let mut stream = videos.stream();
    /// stream.try_next().await?;
    /// assert_eq!(stream.cursor().total(), Some(videos.total().await?));
    /// # }
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        match &self.position {
            Position::List(position) => position.windows.total(),
            Position::Assets(position) => position.assets.first()?.position.as_ref()?.total(),
        }
    }
}

impl WindowsPosition {
    fn total(&self) -> Option<u64> {
        let totals = self.open.iter().map(|open| open.read.total);
        totals.reduce(|sum, total| Some(sum?.saturating_add(total?)))?
    }
}

/// The position in one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenWindow {
    pub(crate) window: u32,
    /// The first page of which some records were not yielded.
    pub(crate) page: u32,
    /// The number of its records that were yielded, which is enough where items have no identity.
    pub(crate) taken: u32,
    /// The records that were yielded, where items have an identity.
    pub(crate) given: Vec<Hex>,
    /// The last item that was yielded, where items have an identity: the place is found by it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) last: Option<Hex>,
    /// The items of the window that were read.
    pub(crate) read: Before,
    /// All items that were yielded, in windows of up to [`MAX_GIVEN`]: needed to notice an order that changes between pages,
    /// and to read the list a second time.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) known: Vec<Hex>,
}

impl OpenWindow {
    /// Whether all items that were read are in `known`.
    pub(crate) fn is_whole(&self) -> bool {
        self.known.len() as u64 >= self.read.read
    }
}

/// The part of a window that an earlier stream read before the page at which it is resumed.
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
    /// Whether duplicates were found although the total stayed the same.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(crate) unstable: bool,
    /// Whether the list was read a second time and new items were found: only that reader knows which ones.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub(crate) exhausted: bool,
    /// The first item: some services return the first page for every page past the last one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) first_item: Option<Hex>,
}

/// A fingerprint, written as a string: not every JSON reader keeps all digits of a 64-bit number.
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

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        f.write_str(&json)
    }
}
