//! Requests to the service, and which of their failures concern a single list.

use apivideo::query::Sessions;
use apivideo::{AssetId, Client, List};

use crate::date_range::DateRange;

/// Returns the list of the sessions of an asset and a period.
pub(crate) fn sessions(client: &Client, asset: &AssetId, period: DateRange) -> List<Sessions> {
    client.assets([asset.clone()]).sessions(period.period())
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
