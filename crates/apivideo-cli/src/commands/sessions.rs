//! Sessions of videos and live streams: one, several, or all.

use std::num::NonZeroUsize;
use std::pin::pin;

use apivideo::{AssetId, AssetsCursor, Client, OfAsset, Session, SessionEvents};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::list;
use crate::args::Sessions;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::record::{Kind, SESSIONS, SESSIONS_OF_MANY, SESSIONS_WITH_EVENTS};

/// How many lists are read side by side, unless told.
const CONCURRENCY: usize = 8;
/// With events, most of them are for the events of one asset, which can be many more than there are assets.
const EVENTS_PER_ASSET: usize = 4;

pub(crate) async fn run(context: &Context<'_>, sessions: &Sessions) -> Result<Exit, Failure> {
    let kind: &Kind = match (sessions.with_events, sessions.ids.len()) {
        (true, _) => &SESSIONS_WITH_EVENTS,
        (false, 1) => &SESSIONS,
        (false, _) => &SESSIONS_OF_MANY,
    };
    if list::shows_fields(context, kind)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let assets = assets(context, client, sessions);
    let Some(assets) = context.stop.or(assets).await else {
        return Ok(Exit::Interrupted);
    };
    let concurrency = sessions.concurrency.map_or(CONCURRENCY, NonZeroUsize::get);
    let assets = assets?;
    let side_by_side = match sessions.with_events {
        true => (concurrency / EVENTS_PER_ASSET).clamp(1, assets.len().max(1)),
        false => concurrency,
    };
    let mut list = client
        .assets(assets)
        .sessions(sessions.period)
        .page_size(context.settings.page_size.value)
        .with_concurrency(side_by_side);
    for (key, value) in &sessions.metadata {
        list = list.metadata(key, value);
    }
    let range = &sessions.range;
    if range.count {
        let count = async { list::count(context, kind, list.total().await?) };
        return context.until_stopped(count).await;
    }
    if let Some(last) = range.last {
        let newest = async {
            let newest = list.last(last.get()).await?;
            match sessions.with_events {
                false => list::all(context, kind, &newest),
                true => {
                    let newest = events(client, newest, concurrency).await?;
                    list::all(context, kind, &newest)
                }
            }
        };
        return context.until_stopped(newest).await;
    }
    match sessions.with_events {
        false => list::read(context, kind, list.stream(), range).await,
        true => {
            let stream = list.stream().with_events(concurrency / side_by_side);
            list::read(context, kind, stream, range).await
        }
    }
}

/// Which assets are meant: those that were named, those that a checkpoint goes on with, or all that there are.
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
    // Those that there were then; what was made or deleted since changes nothing.
    if let Some(checkpoint) = list::found(&sessions.range)? {
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

/// The sessions with all their events, in the same order.
async fn events(
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
