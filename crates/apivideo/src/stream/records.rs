//! The records of a page while they wait to be taken.

use std::task::Poll;
use std::vec::IntoIter;

use crate::error::{Error, Result};
use crate::model::wire::FromWire;

/// The records of a page, in their order, each by itself, good or bad.
///
/// A record is large, and each time that it is moved is felt. So where all are good, the usual case, they stay where they were
/// decoded, and each becomes a model when it is taken.
pub(crate) struct Records<T>(Kept<T>);

enum Kept<T> {
    Good {
        left: usize,
        items: Box<dyn Good<T>>,
    },
    Mixed(IntoIter<Result<T>>),
}

/// Good records, of a generated type that is not told here.
trait Good<T>: Send + Sync {
    /// The next one, as a stream gives it: so it is not moved on its way.
    fn poll_next(&mut self) -> Poll<Option<Result<T>>>;

    /// Calls `visit` with the id of each.
    fn visit(&self, visit: &mut dyn FnMut(&str));

    /// Drops those whose id is refused, and tells how many are left.
    fn retain(&mut self, keep: &mut dyn FnMut(&str) -> bool) -> usize;
}

/// What was decoded, and not yet mapped.
struct Decoded<W> {
    items: IntoIter<W>,
    id: fn(&W) -> Option<&str>,
}

impl<W: Send + Sync, T: FromWire<W>> Good<T> for Decoded<W> {
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
    /// Records that are all good; `id` is what they are known by, if anything.
    pub(crate) fn good<W>(items: Vec<W>, id: fn(&W) -> Option<&str>) -> Self
    where
        W: Send + Sync + 'static,
        T: FromWire<W>,
    {
        let items = items.into_iter();
        Self(Kept::Good {
            left: items.len(),
            items: Box::new(Decoded { items, id }),
        })
    }

    /// How many are left.
    pub(crate) fn len(&self) -> usize {
        match &self.0 {
            Kept::Good { left, .. } => *left,
            Kept::Mixed(records) => records.len(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the next one is a good one.
    #[inline]
    pub(crate) fn has_good(&self) -> bool {
        match &self.0 {
            Kept::Good { left, .. } => *left > 0,
            Kept::Mixed(records) => matches!(records.as_slice(), [Ok(_), ..]),
        }
    }

    /// The next one, as a stream gives it.
    #[inline]
    pub(crate) fn poll_next(&mut self) -> Poll<Option<Result<T>>> {
        match &mut self.0 {
            Kept::Good { left, items } => {
                *left = left.saturating_sub(1);
                items.poll_next()
            }
            Kept::Mixed(records) => Poll::Ready(records.next()),
        }
    }

    /// What can't be understood.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Error> {
        let records = match &self.0 {
            Kept::Good { .. } => &[],
            Kept::Mixed(records) => records.as_slice(),
        };
        records.iter().filter_map(|record| record.as_ref().err())
    }

    /// Calls `visit` with what each is known by, or with its error.
    pub(crate) fn visit(
        &self,
        identity: fn(&T) -> &str,
        mut visit: impl FnMut(Result<&str, &Error>),
    ) {
        match &self.0 {
            Kept::Good { items, .. } => items.visit(&mut |id| visit(Ok(id))),
            Kept::Mixed(records) => records
                .as_slice()
                .iter()
                .for_each(|record| visit(record.as_ref().map(identity))),
        }
    }

    /// Drops those that are refused by what they are known by, or by their error.
    pub(crate) fn retain(
        &mut self,
        identity: fn(&T) -> &str,
        mut keep: impl FnMut(Result<&str, &Error>) -> bool,
    ) {
        match &mut self.0 {
            Kept::Good { left, items } => *left = items.retain(&mut |id| keep(Ok(id))),
            Kept::Mixed(records) => {
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
        Self(Kept::Mixed(Vec::from_iter(records).into_iter()))
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

    fn good(ids: &[&str]) -> Records<Video> {
        let items = ids.iter().copied().map(wire).collect();
        Records::good(items, |item: &Wire| Some(&item.video_id))
    }

    fn bad(raw: &str) -> Error {
        Error::invalid_record(0, None, raw, "")
    }

    fn mixed() -> Records<Video> {
        let all = ["a", "?", "b"].map(|id| match id {
            "?" => Err(bad(id)),
            id => Ok(Video::from_wire(wire(id))),
        });
        all.into_iter().collect()
    }

    /// What is left, by id; what is bad, by its text.
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
    fn good_ones_come_in_order_and_are_counted_down() {
        let mut records = good(&["a", "b"]);
        for left in [2, 1] {
            assert_eq!((records.len(), records.has_good()), (left, true));
            assert!(records.next().is_some_and(|record| record.is_ok()));
        }
        assert!(records.is_empty() && !records.has_good());
        assert!(records.next().is_none() && records.next().is_none());
        assert_eq!((records.len(), records.errors().count()), (0, 0));
    }

    #[test]
    fn bad_ones_stand_among_the_good_ones() {
        let mut records = mixed();
        assert_eq!((records.len(), records.errors().count()), (3, 1));
        assert!(records.has_good());
        records.next();
        assert!(!records.has_good());
        assert_eq!(names(records), ["?", "b"]);
    }

    #[test]
    fn those_that_are_refused_are_dropped() {
        fn identity(video: &Video) -> &str {
            video.id.as_str()
        }
        for (mut records, left) in [(good(&["a", "b", "c"]), ["b", "c"]), (mixed(), ["?", "b"])] {
            records.retain(identity, |record| {
                record.is_err_and(|error| error.record().is_some_and(|record| record.raw == "?"))
                    || record.is_ok_and(|id| id != "a")
            });
            assert_eq!(records.len(), 2);
            assert_eq!(names(records), left);
        }
    }
}
