//! Streams that can be resumed from a cursor.

use apivideo::{AssetStream, AssetsCursor, Cursor, ItemStream, OfAsset, Progress};
use futures_util::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

/// A stream that can be resumed from a cursor.
pub(crate) trait ResumableStream:
    Stream<Item = apivideo::Result<Self::Record>> + Unpin + Sized
{
    type Record: Serialize;
    type Cursor: Serialize + DeserializeOwned;

    fn resume(self, cursor: &Self::Cursor) -> apivideo::Result<Self>;
    fn cursor(&self) -> Self::Cursor;
    fn progress(&mut self) -> watch::Receiver<Progress>;
    /// Returns the length of the list at each of two cursors, if both are known and belong to the same list.
    fn totals(before: &Self::Cursor, now: &Self::Cursor) -> Option<(u64, u64)>;
}

impl<T: Serialize + 'static> ResumableStream for ItemStream<T> {
    type Record = T;
    type Cursor = Cursor;

    fn resume(self, cursor: &Cursor) -> apivideo::Result<Self> {
        self.with_cursor(cursor)
    }

    fn cursor(&self) -> Cursor {
        self.cursor()
    }

    fn progress(&mut self) -> watch::Receiver<Progress> {
        self.progress()
    }

    fn totals(before: &Cursor, now: &Cursor) -> Option<(u64, u64)> {
        Some((before.total()?, now.total()?))
    }
}

impl<T> ResumableStream for AssetStream<T>
where
    T: Serialize + 'static,
{
    type Record = OfAsset<T>;
    type Cursor = AssetsCursor;

    fn resume(self, cursor: &AssetsCursor) -> apivideo::Result<Self> {
        self.with_cursor(cursor)
    }

    fn cursor(&self) -> AssetsCursor {
        self.cursor()
    }

    fn progress(&mut self) -> watch::Receiver<Progress> {
        self.progress()
    }

    fn totals(before: &AssetsCursor, now: &AssetsCursor) -> Option<(u64, u64)> {
        let is_same = before.assets().first() == now.assets().first();
        is_same.then_some((before.total()?, now.total()?))
    }
}
