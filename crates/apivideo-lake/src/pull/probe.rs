//! One request for several parts at once, where one page holds all of their sessions.
//!
//! Open days are read one by one, because what moves while it is read by pages can't be relied on. A single page is one
//! answer, and moves not at all. So the days of an asset that are asked for anew each night, few sessions or none as a
//! rule, cost one request together.

use apivideo::{Client, ItemStream, PageSize, Result, Session};

use crate::asset::Asset;
use crate::manifest::Part;
use crate::requests::{Budget, Chunk, Chunks};
use crate::span::{Span, day_of};

/// What one request for several parts brought.
pub(crate) enum Probed {
    /// All sessions there are, and each is of one day whichever of its times is looked at.
    Whole(Vec<Session>),
    /// It takes more than that: the parts have to be read by themselves.
    More,
    /// No request was left.
    Stop,
}

/// Parts of one asset that follow each other, open ones among them, by their places; together with single ones these
/// are all parts.
pub(crate) fn groups(parts: &[&Part]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let before = groups.last().and_then(|group| parts.get(*group.last()?));
        let follows = before.is_some_and(|before| {
            before.asset == part.asset && before.period.meets(part.period) && !part.closed
        });
        match groups.last_mut() {
            Some(group) if follows => group.push(place),
            _ => groups.push(vec![place]),
        }
    }
    groups
}

/// Asks for one page of the whole stretch.
pub(crate) async fn probe(
    client: &Client,
    asset: &Asset,
    stretch: Span,
    budget: &Budget,
    page_size: PageSize,
) -> Result<Probed> {
    let mut chunks = Chunks::new(stream(client, asset, stretch, 0, page_size));
    let (sessions, invalid) = match chunks.next(budget).await? {
        Chunk::Items(sessions, invalid) => (sessions, invalid),
        Chunk::End => (Vec::new(), Vec::new()),
        Chunk::Stop => return Ok(Probed::Stop),
    };
    let is_whole = invalid.is_empty() && chunks.total() == u64::try_from(sessions.len()).ok();
    // By which of its times the service selects a session is not known. Where both are of one day, it is the same.
    let is_of_one_day = |session: &Session| {
        let day = session.loaded_at.map(day_of);
        day.is_some_and(|day| stretch.contains(day)) && day == session.ended_at.map(day_of)
    };
    Ok(match is_whole && sessions.iter().all(is_of_one_day) {
        true => Probed::Whole(sessions),
        false => Probed::More,
    })
}

/// The sessions of an asset that the service lists for these days.
pub(crate) fn stream(
    client: &Client,
    asset: &Asset,
    span: Span,
    prefetch: usize,
    page_size: PageSize,
) -> ItemStream<Session> {
    let period = span.period();
    match asset {
        Asset::Video(id) => client
            .video(id.clone())
            .sessions(period)
            .page_size(page_size)
            .with_prefetch(prefetch)
            .stream(),
        Asset::LiveStream(id) => client
            .live_stream(id.clone())
            .sessions(period)
            .page_size(page_size)
            .with_prefetch(prefetch)
            .stream(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_days_go_with_the_closed_time_before_them() {
        let part = |asset: &str, period: &str, closed| {
            let period: apivideo::Period = period.parse().unwrap();
            Part::new(asset.parse().unwrap(), period.into(), closed)
        };
        let parts = [
            part("video/a", "2022-01-01", true),
            part("video/a", "2022-01-03/2022-01-05", true),
            part("video/a", "2022-01-06", false),
            part("video/a", "2022-01-07", false),
            part("video/b", "2022-01-08", false),
            part("video/b", "2022-01-10", false),
            part("video/b", "2022-01-11", false),
        ];
        let parts: Vec<&Part> = parts.iter().collect();
        assert_eq!(
            groups(&parts),
            [vec![0], vec![1, 2, 3], vec![4], vec![5, 6]]
        );
    }
}
