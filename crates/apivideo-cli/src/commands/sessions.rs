//! `apivideo sessions`: of one, several or all videos and live streams.

use std::num::NonZeroUsize;

use apivideo::query::ListQuery;
use apivideo::{AssetId, Client, List, LiveStream, Video, query};
use futures_util::TryStreamExt;

use super::list;
use crate::args;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema;

/// The default number of concurrent requests.
const DEFAULT_CONCURRENCY: usize = 8;
/// With events, the number of concurrent requests for events of each asset: there are more sessions than assets.
const EVENTS_PER_ASSET: usize = 4;

pub(crate) async fn run(context: &Context<'_>, sessions: &args::Sessions) -> Result<Exit, Failure> {
    // The user has specified a single asset: the table does not repeat it.
    let shows_asset = sessions.with_events.is_some() || sessions.ids.len() != 1;
    let schema = schema::sessions(shows_asset, sessions.with_events);
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let assets = assets(context, client, sessions);
    let Some(assets) = context.stop.run_until(assets).await else {
        return Ok(Exit::Interrupted);
    };
    let list = sessions_list(client, assets?, sessions);
    list::run(context, &schema, list, &sessions.list).await
}

/// Returns the list that the arguments describe, of these assets.
fn sessions_list(
    client: &Client,
    assets: Vec<AssetId>,
    sessions: &args::Sessions,
) -> List<query::Sessions> {
    let concurrency = sessions
        .concurrency
        .map_or(DEFAULT_CONCURRENCY, NonZeroUsize::get);
    let concurrent_assets = match sessions.with_events.is_some() {
        true => (concurrency / EVENTS_PER_ASSET).clamp(1, assets.len().max(1)),
        false => concurrency,
    };
    let mut list = client
        .assets(assets)
        .sessions(sessions.period)
        .with_concurrency(concurrent_assets);
    for (key, value) in &sessions.metadata {
        list = list.metadata(key, value);
    }
    match (sessions.with_events.is_some(), sessions.list.last) {
        (false, _) => list,
        // The events are read after the sessions of all assets.
        (true, Some(_)) => list.include_events(concurrency),
        (true, None) => list.include_events(concurrency / concurrent_assets),
    }
}

/// Returns the assets: those of the arguments, those of a checkpoint, or all assets of the account.
async fn assets(
    context: &Context<'_>,
    client: &Client,
    sessions: &args::Sessions,
) -> Result<Vec<AssetId>, Failure> {
    if !sessions.all_videos && !sessions.all_live_streams {
        return Ok(sessions.assets()?);
    }
    // A resumed list keeps its assets: those created or deleted since are ignored.
    let checkpoint = list::read_checkpoint(&sessions.list)?;
    if let Some(checkpoint) = &checkpoint {
        let remaining: Vec<_> = checkpoint.cursor.remaining_assets().cloned().collect();
        if !remaining.is_empty() {
            return Ok(remaining);
        }
    }
    let mut assets = Vec::new();
    if sessions.all_videos {
        let id = |video: Video| video.id.into();
        assets.extend(ids(context, client.videos(), id).await?);
    }
    if sessions.all_live_streams {
        let id = |live_stream: LiveStream| live_stream.id.into();
        assets.extend(ids(context, client.live_streams(), id).await?);
    }
    // The cursor of a single asset does not list it.
    if let Some(checkpoint) = &checkpoint {
        let size = context.settings.page_size.value;
        let is_listed = |asset: &&AssetId| {
            let list = sessions_list(client, vec![(*asset).clone()], sessions);
            list.page_size(size).resume(&checkpoint.cursor).is_ok()
        };
        if let Some(asset) = assets.iter().find(is_listed) {
            return Ok(vec![asset.clone()]);
        }
    }
    Ok(assets)
}

/// Returns the ids of all items of a list.
async fn ids<Q: ListQuery>(
    context: &Context<'_>,
    list: List<Q>,
    id: impl Fn(Q::Item) -> AssetId,
) -> apivideo::Result<Vec<AssetId>> {
    let list = list.page_size(context.settings.page_size.value);
    list.stream().map_ok(id).try_collect().await
}
