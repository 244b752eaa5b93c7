//! Requests to the service, and which of their failures concern a single list.

use apivideo::{AssetId, Client, Cursor, ItemStream, PageSize, Result, Session};

use crate::date_range::DateRange;

/// Returns a stream of the sessions that the service lists for an asset and a period, starting at the cursor.
pub(crate) fn sessions(
    client: &Client,
    asset: &AssetId,
    period: DateRange,
    page_size: PageSize,
    prefetch: usize,
    cursor: Option<&Cursor>,
) -> Result<ItemStream<Session>> {
    let period = period.period();
    let stream = match asset {
        AssetId::Video(id) => client
            .video(id.clone())
            .sessions(period)
            .page_size(page_size)
            .with_prefetch(prefetch)
            .stream(),
        AssetId::LiveStream(id) => client
            .live_stream(id.clone())
            .sessions(period)
            .page_size(page_size)
            .with_prefetch(prefetch)
            .stream(),
        _ => unreachable!("a lake contains videos and live streams only"),
    };
    match cursor {
        Some(cursor) => stream.with_cursor(cursor),
        None => Ok(stream),
    }
}

/// Returns the number of sessions that the service reports for an asset and a period.
pub(crate) async fn total(client: &Client, asset: &AssetId, period: DateRange) -> Result<u64> {
    let period = period.period();
    match asset {
        AssetId::Video(id) => client.video(id.clone()).sessions(period).total().await,
        AssetId::LiveStream(id) => {
            client
                .live_stream(id.clone())
                .sessions(period)
                .total()
                .await
        }
        _ => unreachable!("a lake contains videos and live streams only"),
    }
}

/// Returns whether a failure concerns the sessions of one asset or the events of one session, and retrying does not help:
/// the other lists can still be read.
pub(crate) fn is_limited_to_list(error: &apivideo::Error) -> bool {
    is_limited_to_item(error) || error.kind() == apivideo::ErrorKind::Rejected
}

/// Returns whether a failure concerns only what was read: it does not exist, is incomplete, or cannot be decoded.
pub(crate) fn is_limited_to_item(error: &apivideo::Error) -> bool {
    !error.is_retryable()
        && !error.is_auth()
        && !error.is_removed()
        && (error.is_not_found() || error.is_incomplete() || error.is_decode())
}
