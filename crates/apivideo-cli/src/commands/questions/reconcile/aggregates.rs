//! The aggregates of the service.

use apivideo::aggregates::{Filter, Metric};
use apivideo::{AssetId, Client, Timestamp};

/// The numbers of the service for one asset and time range.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Totals {
    pub(super) impressions: f64,
    pub(super) plays: f64,
    pub(super) watch_seconds: f64,
    pub(super) views: f64,
    pub(super) unique_views: f64,
}

/// Requests the numbers.
pub(super) async fn read(
    client: &Client,
    asset: &AssetId,
    start: Timestamp,
    end: Timestamp,
) -> apivideo::Result<Totals> {
    let filter = match asset {
        AssetId::Video(id) => Filter::new().video(id.clone()),
        AssetId::LiveStream(id) => Filter::new().live_stream(id.clone()),
        _ => Filter::new(),
    };
    let metric = |metric: Metric, unique: bool| {
        let mut request = client.metric(metric).filter(filter.clone());
        if unique {
            request = request.unique(true);
        }
        let request = request.since(start).until(end);
        async move { Ok::<_, apivideo::Error>(request.send().await?.value) }
    };
    Ok(Totals {
        impressions: metric(Metric::ImpressionCount, false).await?,
        plays: metric(Metric::PlayCount, false).await?,
        watch_seconds: metric(Metric::WatchTimeSum, false).await?,
        views: metric(Metric::ViewCount, false).await?,
        unique_views: metric(Metric::ViewCount, true).await?,
    })
}
