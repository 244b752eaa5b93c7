//! `apivideo sessions`: of one, several or all videos and live streams.

use std::num::NonZeroUsize;
use std::pin::pin;

use apivideo::{AssetId, AssetsCursor, Client, OfAsset, Session, SessionEvents};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::list;
use crate::args::Sessions;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::{ItemSchema, SESSIONS, SESSIONS_OF_ASSETS, SESSIONS_WITH_EVENTS};

/// The default number of concurrent requests.
const DEFAULT_CONCURRENCY: usize = 8;
/// With events, the number of concurrent requests for events of each asset: there are more sessions than assets.
const EVENTS_PER_ASSET: usize = 4;

pub(crate) async fn run(context: &Context<'_>, sessions: &Sessions) -> Result<Exit, Failure> {
    let schema: &ItemSchema = match (sessions.with_events, sessions.ids.len()) {
        (true, _) => &SESSIONS_WITH_EVENTS,
        (false, 1) => &SESSIONS,
        (false, _) => &SESSIONS_OF_ASSETS,
    };
    if list::print_field_names(context, schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let assets = assets(context, client, sessions);
    let Some(assets) = context.stop.run_until(assets).await else {
        return Ok(Exit::Interrupted);
    };
    let concurrency = sessions
        .concurrency
        .map_or(DEFAULT_CONCURRENCY, NonZeroUsize::get);
    let assets = assets?;
    let concurrent_assets = match sessions.with_events {
        true => (concurrency / EVENTS_PER_ASSET).clamp(1, assets.len().max(1)),
        false => concurrency,
    };
    let mut list = client
        .assets(assets)
        .sessions(sessions.period)
        .page_size(context.settings.page_size.value)
        .with_concurrency(concurrent_assets);
    for (key, value) in &sessions.metadata {
        list = list.metadata(key, value);
    }
    let options = &sessions.list;
    if options.count {
        let count = async { list::print_count(context, schema, list.total().await?) };
        return context.run_until_stopped(count).await;
    }
    if let Some(last) = options.last {
        let newest = async {
            let newest = list.last(last.get()).await?;
            match sessions.with_events {
                false => list::print_items(context, schema, &newest),
                true => {
                    let newest = include_events(client, newest, concurrency).await?;
                    list::print_items(context, schema, &newest)
                }
            }
        };
        return context.run_until_stopped(newest).await;
    }
    match sessions.with_events {
        false => list::write_stream(context, schema, list.stream(), options).await,
        true => {
            let stream = list.stream().with_events(concurrency / concurrent_assets);
            list::write_stream(context, schema, stream, options).await
        }
    }
}

/// Returns the assets: those of the arguments, those of a checkpoint, or all assets of the account.
async fn assets(
    context: &Context<'_>,
    client: &Client,
    sessions: &Sessions,
) -> Result<Vec<AssetId>, Failure> {
    let mut assets: Vec<AssetId> = Vec::new();
    assets.extend(sessions.videos()?.into_iter().map(AssetId::from));
    assets.extend(sessions.live_streams()?.into_iter().map(AssetId::from));
    if !sessions.all_videos && !sessions.all_live_streams {
        return Ok(assets);
    }
    // A resumed list keeps its assets: those created or deleted since are ignored.
    if let Some(checkpoint) = list::read_checkpoint(&sessions.list)? {
        let cursor: AssetsCursor = checkpoint.cursor()?;
        return Ok(cursor.assets().to_vec());
    }
    let size = context.settings.page_size.value;
    if sessions.all_videos {
        let videos = client.videos().page_size(size).stream();
        assets.extend(
            videos
                .map_ok(|video| AssetId::from(video.id))
                .try_collect::<Vec<_>>()
                .await?,
        );
    }
    if sessions.all_live_streams {
        let live_streams = client.live_streams().page_size(size).stream();
        assets.extend(
            live_streams
                .map_ok(|live_stream| AssetId::from(live_stream.id))
                .try_collect::<Vec<_>>()
                .await?,
        );
    }
    Ok(assets)
}

/// Adds the events of each session, in the same order.
async fn include_events(
    client: &Client,
    sessions: Vec<OfAsset<Session>>,
    concurrency: usize,
) -> Result<Vec<OfAsset<SessionEvents>>, Failure> {
    let read = stream::iter(sessions).map(|OfAsset { asset, item }| async move {
        let events = client.session(&item.id).events().stream();
        let events = events.try_collect().await?;
        Ok::<_, apivideo::Error>(OfAsset {
            asset,
            item: SessionEvents::new(item, events),
        })
    });
    let read = pin!(read.buffered(concurrency));
    Ok(read.try_collect().await?)
}
