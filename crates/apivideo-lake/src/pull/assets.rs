//! The assets of a selection, listed at the time of the pull.

use std::collections::BTreeMap;

use apivideo::{AssetId, ItemStream};

use crate::asset_id::{LIVE_STREAM, VIDEO};
use crate::budget::Budget;
use crate::error::{Error, Result};
use crate::invalid::InvalidRecord;
use crate::options::RunOptions;
use crate::page_reader::PageReader;

/// The assets of a selection, in order.
#[derive(Default)]
pub(super) struct ListedAssets {
    pub(super) assets: Vec<AssetId>,
    /// The records without a valid id, by the kind of list.
    pub(super) invalid: BTreeMap<&'static str, Vec<InvalidRecord>>,
}

/// Lists the assets of the selection; returns `None` if the budget has no request left.
pub(super) async fn list(options: &RunOptions, budget: &Budget) -> Result<Option<ListedAssets>> {
    let mut assets = options.selection.assets.clone();
    let mut invalid = BTreeMap::new();
    let prefetch = usize::from(!budget.is_limited());
    let (client, page_size) = (&options.client, options.page_size);
    if options.selection.all_videos {
        let list = client.videos().page_size(page_size).with_prefetch(prefetch);
        let Some((videos, records)) = read(options, VIDEO, list.stream(), budget).await? else {
            return Ok(None);
        };
        assets.extend(videos.into_iter().map(|video| AssetId::from(video.id)));
        invalid.insert(VIDEO, records);
    }
    if options.selection.all_live_streams {
        let list = client.live_streams().page_size(page_size);
        let stream = list.with_prefetch(prefetch).stream();
        let Some((streams, records)) = read(options, LIVE_STREAM, stream, budget).await? else {
            return Ok(None);
        };
        assets.extend(streams.into_iter().map(|stream| AssetId::from(stream.id)));
        invalid.insert(LIVE_STREAM, records);
    }
    Ok(Some(ListedAssets {
        assets: assets.into_iter().collect(),
        invalid,
    }))
}

async fn read<T: Send + 'static>(
    options: &RunOptions,
    kind: &str,
    stream: ItemStream<T>,
    budget: &Budget,
) -> Result<Option<(Vec<T>, Vec<InvalidRecord>)>> {
    let read = PageReader::new(stream).read_all(budget).await;
    let Some((items, errors)) = read.map_err(Error::request)? else {
        return Ok(None);
    };
    let records = errors
        .iter()
        .map(|error| InvalidRecord::new(kind, None, None, error, &options.privacy))
        .collect();
    Ok(Some((items, records)))
}
