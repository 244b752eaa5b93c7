//! Arguments of the commands that query aggregates.

use apivideo::aggregates::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Filter, Interval, MediaType,
    Metric, SeriesMetric, SeriesOrder, ViewDuration,
};
use apivideo::query::SortOrder;
use apivideo::{LiveStreamId, VideoId};
use clap::Args;

use super::lists::ListOptions;
use super::timeframe::TimeframeArgs;

#[derive(Debug, Args)]
pub(crate) struct Metrics {
    /// The metric and its aggregation (ccv: concurrent viewers): play/count, play/rate, play/total, start/count, end/count,
    /// impression/count, impression-time/average, impression-time/sum, watch-time/average, watch-time/sum, ccv/peak,
    /// ccv/live, view/count
    #[arg(value_name = "METRIC")]
    pub(crate) metric: Metric,
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Debug, Args)]
pub(crate) struct Buckets {
    /// The metric (ccv: concurrent viewers): play, play-rate, play-total, start, end, impression, ccv-peak, ccv-average or view
    #[arg(value_name = "METRIC")]
    pub(crate) metric: BucketMetric,
    /// The dimension: media-id, media-type, continent, country, device-type, operating-system, browser or referrer
    #[arg(value_name = "DIMENSION")]
    pub(crate) breakdown: Breakdown,
    /// Sort by this field: metricValue or dimensionValue
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<BucketOrder>,
    /// The sort direction: asc or desc [default: asc]
    #[arg(long, value_name = "DIRECTION", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Timeseries {
    /// The metric (ccv: concurrent viewers): play, play-rate, start, end, impression, ccv-peak, ccv-average or view
    #[arg(value_name = "METRIC")]
    pub(crate) metric: SeriesMetric,
    /// The interval between points: minute (for a time range of at most 60 minutes), hour or day [default: hour for up to two
    /// days, day otherwise]
    #[arg(long, value_name = "INTERVAL")]
    pub(crate) interval: Option<Interval>,
    /// Sort by this field: emittedAt or metricValue
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<SeriesOrder>,
    /// The sort direction: asc or desc [default: asc]
    #[arg(long, value_name = "DIRECTION", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) list: ListOptions,
}

/// The time range and filters of an aggregate.
#[derive(Debug, Args)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Scope {
    #[command(flatten)]
    pub(crate) timeframe: TimeframeArgs,
    /// Count each viewer once per day; for views and concurrent viewers
    #[arg(long)]
    unique: bool,
    /// The minimum duration of a view: 3s, 5s, 10s or 30s
    #[arg(long, value_name = "DURATION")]
    view_duration: Option<ViewDuration>,
    /// Only this video; can be repeated
    #[arg(long, value_name = "VIDEO_ID")]
    video: Vec<VideoId>,
    /// Only this live stream; can be repeated
    #[arg(long, value_name = "LIVE_STREAM_ID")]
    live_stream: Vec<LiveStreamId>,
    /// Only this type of asset: video or live-stream
    #[arg(long, value_name = "TYPE")]
    media_type: Option<MediaType>,
    /// Only this continent: AS, AF, NA, SA, AN, EU or AZ (Oceania); can be repeated
    #[arg(long, value_name = "CODE")]
    continent: Vec<Continent>,
    /// Only this country, by its two-letter code (FR); can be repeated
    #[arg(long, value_name = "CODE")]
    country: Vec<String>,
    /// Only this type of device: computer, phone, tablet, tv, console, wearable or unknown; can be repeated
    #[arg(long, value_name = "TYPE")]
    device_type: Vec<DeviceType>,
    /// Only this operating system, as the service names it (windows); can be repeated
    #[arg(long, value_name = "NAME")]
    operating_system: Vec<String>,
    /// Only this browser, as the service names it (firefox); can be repeated
    #[arg(long, value_name = "NAME")]
    browser: Vec<String>,
    /// Only views from this page, by its exact URL; can be repeated
    #[arg(long, value_name = "URL")]
    referrer: Vec<String>,
    /// Only videos with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

impl Scope {
    pub(crate) fn is_unique(&self) -> bool {
        self.unique
    }

    pub(crate) fn view_duration(&self) -> Option<ViewDuration> {
        self.view_duration.clone()
    }

    /// Returns the filter: values of one option are alternatives, and all options must match.
    pub(crate) fn filter(&self) -> Filter {
        let mut filter = Filter::new();
        for id in &self.video {
            filter = filter.video(id.clone());
        }
        for id in &self.live_stream {
            filter = filter.live_stream(id.clone());
        }
        if let Some(kind) = &self.media_type {
            filter = filter.media_type(kind.clone());
        }
        for continent in &self.continent {
            filter = filter.continent(continent.clone());
        }
        for letters in &self.country {
            filter = filter.country(letters);
        }
        for kind in &self.device_type {
            filter = filter.device_type(kind.clone());
        }
        for name in &self.operating_system {
            filter = filter.operating_system(name);
        }
        for name in &self.browser {
            filter = filter.browser(name);
        }
        for url in &self.referrer {
            filter = filter.referrer(url);
        }
        if let Some(tag) = &self.tag {
            filter = filter.tag(tag);
        }
        filter
    }
}
