//! `apivideo sessions`: of one, several or all videos and live streams.

use std::num::NonZeroUsize;

use apivideo::jiff::SignedDuration;
use apivideo::query::ListQuery;
use apivideo::{AssetId, Client, List, LiveStream, Period, Timestamp, Video, query};
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
/// The number of days for which a list of a relative period can be resumed.
const RESUMABLE_DAYS: i64 = 60;

pub(crate) async fn run(context: &Context<'_>, sessions: &args::Sessions) -> Result<Exit, Failure> {
    // The user has specified a single asset: the table does not repeat it.
    let shows_asset = sessions.with_events.is_some() || sessions.ids.len() != 1;
    let schema = schema::sessions(shows_asset, sessions.with_events);
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let now = connection.now();
    let assets = assets(context, client, sessions, now);
    let Some(assets) = context.stop.run_until(assets).await else {
        return Ok(Exit::Interrupted);
    };
    let assets = assets?;
    let period = period(context, client, &assets, sessions, now)?;
    let list = sessions_list(client, assets, sessions, period);
    list::run(context, &schema, list, &sessions.list).await
}

/// Returns the list that the arguments describe, of these assets.
fn sessions_list(
    client: &Client,
    assets: Vec<AssetId>,
    sessions: &args::Sessions,
    period: Period,
) -> List<query::Sessions> {
    let concurrency = sessions
        .concurrency
        .map_or(DEFAULT_CONCURRENCY, NonZeroUsize::get);
    let concurrent_assets = match sessions.with_events.is_some() {
        true => (concurrency / EVENTS_PER_ASSET).clamp(1, assets.len().max(1)),
        false => concurrency,
    };
    let list = client
        .assets(assets)
        .sessions(period)
        .with_concurrency(concurrent_assets);
    let list = sessions.set_on(list);
    match (sessions.with_events.is_some(), sessions.list.last) {
        (false, _) => list,
        // The events are read after the sessions of all assets.
        (true, Some(_)) => list.include_events(concurrency),
        (true, None) => list.include_events(concurrency / concurrent_assets),
    }
}

/// Returns the days of the period. A relative period of a list that is resumed is that of the day on which the list was started:
/// the same command resumes it later.
fn period(
    context: &Context<'_>,
    client: &Client,
    assets: &[AssetId],
    sessions: &args::Sessions,
    now: Timestamp,
) -> Result<Period, Failure> {
    let current = sessions.period.utc_days(now)?;
    if !sessions.period.is_relative() {
        return Ok(current);
    }
    let Some(checkpoint) = list::read_checkpoint(&sessions.list)? else {
        return Ok(current);
    };
    let size = context.settings.page_size.value;
    let earlier = (0..RESUMABLE_DAYS).filter_map(|days| {
        let then = now.checked_sub(SignedDuration::from_hours(24 * days));
        sessions.period.utc_days(then.ok()?).ok()
    });
    let started = earlier.into_iter().find(|period| {
        let list = sessions_list(client, assets.to_vec(), sessions, *period);
        list.page_size(size).resume(&checkpoint.cursor).is_ok()
    });
    Ok(started.unwrap_or(current))
}

/// Returns the assets: those of the arguments, those of a checkpoint, or all assets of the account.
async fn assets(
    context: &Context<'_>,
    client: &Client,
    sessions: &args::Sessions,
    now: Timestamp,
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
        for asset in &assets {
            let asset = std::slice::from_ref(asset);
            let period = period(context, client, asset, sessions, now)?;
            let list = sessions_list(client, asset.to_vec(), sessions, period);
            if list.page_size(size).resume(&checkpoint.cursor).is_ok() {
                return Ok(asset.to_vec());
            }
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
