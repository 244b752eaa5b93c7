//! The records of a page, until they are taken.

use std::task::Poll;
use std::vec::IntoIter;

use crate::error::{Error, Result};
use crate::id::AssetId;
use crate::model::wire::FromWire;

/// The records of a page, in their order, each decoded or invalid.
///
/// A record is large, so moving it is costly. If all of them were decoded, the usual case, they stay where they were decoded, and
/// each becomes a model when it is taken.
pub(crate) struct Records<T> {
    kept: Kept<T>,
    asset: Option<SetAsset<T>>,
}

enum Kept<T> {
    Decoded {
        left: usize,
        records: Box<dyn DecodedRecords<T>>,
    },
    PerRecord(IntoIter<Result<T>>),
}

/// The asset of all records, and how an item gets it.
struct SetAsset<T> {
    asset: AssetId,
    set: fn(&mut T, &AssetId),
}

/// Decoded records of a generated type that is not named here.
trait DecodedRecords<T>: Send + Sync {
    /// Takes the next one, in the form that a stream returns: so it is not moved once more.
    fn poll_next(&mut self) -> Poll<Option<Result<T>>>;

    /// Calls `visit` with the id of each.
    fn visit(&self, visit: &mut dyn FnMut(&str));

    /// Keeps those whose id passes, and returns how many are left.
    fn retain(&mut self, keep: &mut dyn FnMut(&str) -> bool) -> usize;
}

/// Records of the generated type `W`.
struct WireRecords<W> {
    items: IntoIter<W>,
    id: fn(&W) -> Option<&str>,
}

impl<W: Send + Sync, T: FromWire<W>> DecodedRecords<T> for WireRecords<W> {
    fn poll_next(&mut self) -> Poll<Option<Result<T>>> {
        match self.items.next() {
            Some(item) => Poll::Ready(Some(Ok(T::from_wire(item)))),
            None => Poll::Ready(None),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&str)) {
        for item in self.items.as_slice() {
            visit((self.id)(item).unwrap_or_default());
        }
    }

    fn retain(&mut self, keep: &mut dyn FnMut(&str) -> bool) -> usize {
        let mut items: Vec<W> = std::mem::take(&mut self.items).collect();
        items.retain(|item| (self.id)(item).is_none_or(&mut *keep));
        self.items = items.into_iter();
        self.items.len()
    }
}

impl<T> Records<T> {
    /// Creates the records of a page that was decoded as a whole; `id` returns the identity of a record, if it has one.
    pub(crate) fn decoded<W>(items: Vec<W>, id: fn(&W) -> Option<&str>) -> Self
    where
        W: Send + Sync + 'static,
        T: FromWire<W>,
    {
        let items = items.into_iter();
        Self {
            kept: Kept::Decoded {
                left: items.len(),
                records: Box::new(WireRecords { items, id }),
            },
            asset: None,
        }
    }

    /// Sets the asset of each item when it is taken.
    pub(crate) fn set_asset(&mut self, asset: AssetId, set: fn(&mut T, &AssetId)) {
        self.asset = Some(SetAsset { asset, set });
    }

    /// The number of records that are left.
    pub(crate) fn len(&self) -> usize {
        match &self.kept {
            Kept::Decoded { left, .. } => *left,
            Kept::PerRecord(records) => records.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the next record was decoded.
    #[inline]
    pub(crate) fn has_decoded(&self) -> bool {
        match &self.kept {
            Kept::Decoded { left, .. } => *left > 0,
            Kept::PerRecord(records) => matches!(records.as_slice(), [Ok(_), ..]),
        }
    }

    /// Takes the next record, in the form that a stream returns.
    #[inline]
    pub(crate) fn poll_next(&mut self) -> Poll<Option<Result<T>>> {
        let mut record = match &mut self.kept {
            Kept::Decoded { left, records } => {
                *left = left.saturating_sub(1);
                records.poll_next()
            }
            Kept::PerRecord(records) => Poll::Ready(records.next()),
        };
        if let Some(SetAsset { asset, set }) = &self.asset
            && let Poll::Ready(Some(Ok(item))) = &mut record
        {
            set(item, asset);
        }
        record
    }

    /// The errors of the invalid records.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Error> {
        let records = match &self.kept {
            Kept::Decoded { .. } => &[],
            Kept::PerRecord(records) => records.as_slice(),
        };
        records.iter().filter_map(|record| record.as_ref().err())
    }

    /// Calls `visit` with the identity of each record, or with its error.
    pub(crate) fn visit(
        &self,
        identity: fn(&T) -> &str,
        mut visit: impl FnMut(std::result::Result<&str, &Error>),
    ) {
        match &self.kept {
            Kept::Decoded { records, .. } => records.visit(&mut |id| visit(Ok(id))),
            Kept::PerRecord(records) => records
                .as_slice()
                .iter()
                .for_each(|record| visit(record.as_ref().map(identity))),
        }
    }

    /// Keeps the records that pass, by their identity or by their error.
    pub(crate) fn retain(
        &mut self,
        identity: fn(&T) -> &str,
        mut keep: impl FnMut(std::result::Result<&str, &Error>) -> bool,
    ) {
        match &mut self.kept {
            Kept::Decoded { left, records } => *left = records.retain(&mut |id| keep(Ok(id))),
            Kept::PerRecord(records) => {
                let mut all: Vec<_> = std::mem::take(records).collect();
                all.retain(|record| keep(record.as_ref().map(identity)));
                *records = all.into_iter();
            }
        }
    }
}

impl<T> Iterator for Records<T> {
    type Item = Result<T>;

    #[inline]
    fn next(&mut self) -> Option<Result<T>> {
        match self.poll_next() {
            Poll::Ready(record) => record,
            Poll::Pending => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len(), Some(self.len()))
    }
}

impl<T> FromIterator<Result<T>> for Records<T> {
    fn from_iter<I: IntoIterator<Item = Result<T>>>(records: I) -> Self {
        Self {
            kept: Kept::PerRecord(Vec::from_iter(records).into_iter()),
            asset: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use apivideo_core::types;
    use apivideo_core::wire::Object;

    use super::*;
    use crate::model::Video;

    type Wire = Object<types::Video>;

    fn wire(id: &str) -> Wire {
        serde_json::from_value(serde_json::json!({ "videoId": id })).unwrap()
    }

    fn decoded(ids: &[&str]) -> Records<Video> {
        let items = ids.iter().copied().map(wire).collect();
        Records::decoded(items, |item: &Wire| Some(&item.video_id))
    }

    fn invalid(raw: &str) -> Error {
        Error::invalid_record(0, None, raw, "")
    }

    fn mixed() -> Records<Video> {
        let all = ["a", "?", "b"].map(|id| match id {
            "?" => Err(invalid(id)),
            id => Ok(Video::from_wire(wire(id))),
        });
        all.into_iter().collect()
    }

    /// The ids of the records that are left; the text of invalid ones.
    fn names(records: Records<Video>) -> Vec<String> {
        let name = |record: Result<Video>| match record {
            Ok(video) => video.id.to_string(),
            Err(error) => error
                .record()
                .map(|record| record.raw.clone())
                .unwrap_or_default(),
        };
        records.map(name).collect()
    }

    #[test]
    fn yields_decoded_records_in_order() {
        let mut records = decoded(&["a", "b"]);
        for left in [2, 1] {
            assert_eq!((records.len(), records.has_decoded()), (left, true));
            assert!(records.next().is_some_and(|record| record.is_ok()));
        }
        assert!(records.is_empty() && !records.has_decoded());
        assert!(records.next().is_none() && records.next().is_none());
        assert_eq!((records.len(), records.errors().count()), (0, 0));
    }

    #[test]
    fn yields_invalid_records_at_their_place() {
        let mut records = mixed();
        assert_eq!((records.len(), records.errors().count()), (3, 1));
        assert!(records.has_decoded());
        records.next();
        assert!(!records.has_decoded());
        assert_eq!(names(records), ["?", "b"]);
    }

    #[test]
    fn drops_what_is_not_retained() {
        fn identity(video: &Video) -> &str {
            video.id.as_str()
        }
        for (mut records, left) in [
            (decoded(&["a", "b", "c"]), ["b", "c"]),
            (mixed(), ["?", "b"]),
        ] {
            records.retain(identity, |record| {
                record.is_err_and(|error| error.record().is_some_and(|record| record.raw == "?"))
                    || record.is_ok_and(|id| id != "a")
            });
            assert_eq!(records.len(), 2);
            assert_eq!(names(records), left);
        }
    }
}
