//! Audiences from the service or a simulator.

use std::num::NonZeroUsize;
use std::pin::pin;

use apivideo::insights::Audience;
use apivideo::{AssetId, Client, PageSize};
use futures_util::TryStreamExt;
use futures_util::future::{Either, select};

use super::request::Request;
use crate::clock;
use crate::connection::Connection;
use crate::context::Context;
use crate::failure::Failure;
use crate::progress::{Status, TICK};
use crate::stderr::print_error;

/// The default number of concurrent requests.
const DEFAULT_CONCURRENCY: usize = 8;
/// The number of concurrent requests for events of each asset: there are more sessions than assets.
const EVENTS_PER_ASSET: usize = 4;

pub(super) async fn read(
    context: &Context<'_>,
    connection: &Connection,
    request: Request<'_>,
) -> Result<Option<Audience>, Failure> {
    let Some(period) = request.period else {
        return Err(
            Failure::usage("the service lists sessions of a period only")
                .with_hint("add --period, such as --period last-month"),
        );
    };
    let concurrency = request
        .concurrency
        .map_or(DEFAULT_CONCURRENCY, NonZeroUsize::get);
    let assets = (concurrency / EVENTS_PER_ASSET).clamp(1, request.assets.len().max(1));
    let reader = connection
        .client
        .assets(request.assets.iter().cloned())
        .sessions(period.utc_days)
        .with_concurrency(assets)
        .include_events((concurrency / assets).max(1))
        .page_size(context.settings.page_size.value)
        .on_invalid(|error| print_error(&error))
        .audience_reader(request.settings);
    let progress = reader.progress();
    let mut reporter = context.reporter();
    let mut read = pin!(context.stop.run_until(reader.read()));
    let audience = loop {
        match select(read.as_mut(), pin!(clock::sleep(TICK))).await {
            Either::Left((audience, _)) => break audience,
            Either::Right(_) => {
                reporter.show(&Status::of_stream(&progress.get(), ("session", "sessions")));
            }
        }
    };
    reporter.finish();
    Ok(audience.transpose()?)
}

/// Returns the ids of all videos and all live streams.
pub(super) async fn assets(
    client: &Client,
    page_size: PageSize,
    videos: bool,
    live_streams: bool,
) -> apivideo::Result<Vec<AssetId>> {
    let mut assets: Vec<AssetId> = Vec::new();
    if videos {
        let videos = client.videos().page_size(page_size).stream();
        let videos = videos.map_ok(|video| AssetId::from(video.id));
        assets.extend(videos.try_collect::<Vec<_>>().await?);
    }
    if live_streams {
        let live_streams = client.live_streams().page_size(page_size).stream();
        let live_streams = live_streams.map_ok(|live_stream| AssetId::from(live_stream.id));
        assets.extend(live_streams.try_collect::<Vec<_>>().await?);
    }
    Ok(assets)
}

pub(super) async fn title(client: &Client, asset: &AssetId) -> Option<String> {
    let title = match asset {
        AssetId::Video(id) => client.video(id.clone()).get().await.ok()?.title,
        AssetId::LiveStream(id) => client.live_stream(id.clone()).get().await.ok()?.name,
        _ => None,
    };
    title.map(|title| title.to_string())
}
