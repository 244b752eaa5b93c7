//! One request for several adjacent ranges, used if a single page contains all of their sessions.
//!
//! Mutable days are requested one by one, because a list that changes while its pages are read is unreliable. A single page
//! is one response and does not change. So the mutable days of an asset, which usually have few sessions or none, cost one
//! request together.

use apivideo::{Client, PageSize, Result, Session};

use crate::budget::Budget;
use crate::date_range::{DateRange, day_of};
use crate::manifest::RequestRange;
use crate::page_reader::{PageRead, PageReader};
use crate::service;

/// The outcome of a probe.
pub(super) enum Probe {
    /// All sessions of the ranges. Both times of each are on the same day.
    Complete(Vec<Session>),
    /// The ranges have to be requested separately.
    Separate,
    /// The budget has no request left.
    OutOfBudget,
}

/// Groups the indices of adjacent ranges of one asset, all but the first of which are mutable. Every range is in one group.
pub(super) fn groups(ranges: &[&RequestRange]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, range) in ranges.iter().enumerate() {
        let before = groups.last().and_then(|group| ranges.get(*group.last()?));
        let is_adjacent = before.is_some_and(|before| {
            before.asset == range.asset
                && before.period.is_followed_by(range.period)
                && !range.is_final
        });
        match groups.last_mut() {
            Some(group) if is_adjacent => group.push(index),
            _ => groups.push(vec![index]),
        }
    }
    groups
}

/// Requests one page of the period that `first` and `last` span.
pub(super) async fn probe(
    client: &Client,
    first: &RequestRange,
    last: &RequestRange,
    page_size: PageSize,
    budget: &Budget,
) -> Result<Probe> {
    let period = DateRange::new(first.period.first, last.period.last);
    let list = service::sessions(client, &first.asset, period)
        .page_size(page_size)
        .with_prefetch(0);
    let mut reader = PageReader::new(list.stream());
    let (sessions, invalid) = match reader.next(budget).await? {
        PageRead::Items(sessions, invalid) => (sessions, invalid),
        PageRead::End => (Vec::new(), Vec::new()),
        PageRead::OutOfBudget => return Ok(Probe::OutOfBudget),
    };
    let is_complete = invalid.is_empty() && reader.total() == u64::try_from(sessions.len()).ok();
    // Whether the service selects sessions by their start or their end is not documented.
    let is_of_one_day = |session: &Session| {
        let day = session.loaded_at.map(day_of);
        day.is_some_and(|day| period.contains(day)) && day == session.ended_at.map(day_of)
    };
    Ok(match is_complete && sessions.iter().all(is_of_one_day) {
        true => Probe::Complete(sessions),
        false => Probe::Separate,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutable_days_are_grouped_with_the_range_before_them() {
        let range = |asset: &str, period: &str, is_final| {
            let period: apivideo::Period = period.parse().unwrap();
            RequestRange::new(asset.parse().unwrap(), period.into(), is_final)
        };
        let ranges = [
            range("video/a", "2022-01-01", true),
            range("video/a", "2022-01-03/2022-01-05", true),
            range("video/a", "2022-01-06", false),
            range("video/a", "2022-01-07", false),
            range("video/b", "2022-01-08", false),
            range("video/b", "2022-01-10", false),
            range("video/b", "2022-01-11", false),
        ];
        let ranges: Vec<&RequestRange> = ranges.iter().collect();
        assert_eq!(
            groups(&ranges),
            [vec![0], vec![1, 2, 3], vec![4], vec![5, 6]]
        );
    }
}
