//! The commands that measure.

use apivideo::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Filter, Interval, LiveStreamId,
    MediaType, Metric, SeriesMetric, SeriesOrder, SortOrder, Timestamp, VideoId, ViewDuration,
};
use clap::Args;

use super::reading::{self, Range};

#[derive(Debug, Args)]
pub(crate) struct Metrics {
    /// What is measured, and how it is put together: play/count, play/rate, play/total, start/count, end/count,
    /// impression/count, impression-time/average, impression-time/sum, watch-time/average, watch-time/sum, ccv/peak,
    /// ccv/live, view/count
    #[arg(value_name = "METRIC")]
    pub(crate) metric: Metric,
    #[command(flatten)]
    pub(crate) scope: Scope,
}

#[derive(Debug, Args)]
pub(crate) struct Buckets {
    /// What is measured: play, play-rate, play-total, start, end, impression, ccv-peak, ccv-average or view
    #[arg(value_name = "METRIC")]
    pub(crate) metric: BucketMetric,
    /// For each of what: media-id, media-type, continent, country, device-type, operating-system, browser or referrer
    #[arg(value_name = "DIMENSION")]
    pub(crate) breakdown: Breakdown,
    /// What buckets are sorted by: metricValue or dimensionValue
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<BucketOrder>,
    /// The direction of sorting: asc or desc [default: asc]
    #[arg(long, value_name = "WAY", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, Args)]
pub(crate) struct Timeseries {
    /// What is measured: play, play-rate, start, end, impression, ccv-peak, ccv-average or view
    #[arg(value_name = "METRIC")]
    pub(crate) metric: SeriesMetric,
    /// The step: minute, hour or day
    #[arg(long, value_name = "STEP")]
    pub(crate) interval: Option<Interval>,
    /// What points are sorted by: emittedAt or metricValue
    #[arg(long, value_name = "FIELD")]
    pub(crate) sort: Option<SeriesOrder>,
    /// The direction of sorting: asc or desc [default: asc]
    #[arg(long, value_name = "WAY", requires = "sort")]
    pub(crate) order: Option<SortOrder>,
    #[command(flatten)]
    pub(crate) scope: Scope,
    #[command(flatten)]
    pub(crate) range: Range,
}

/// Which views are counted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which views")]
pub(crate) struct Scope {
    /// Where the time begins, included: 2022-01-01T00:00:00Z; a day before its end unless told, 30 days ago at most
    #[arg(long, value_name = "TIME", value_parser = reading::time)]
    pub(crate) from: Option<Timestamp>,
    /// Where the time ends, not included; now unless told
    #[arg(long, value_name = "TIME", value_parser = reading::time)]
    pub(crate) to: Option<Timestamp>,
    /// Counts each viewer once a day; for views and concurrent viewers
    #[arg(long)]
    unique: bool,
    /// How long a view must last: 3s, 5s, 10s or 30s; for views
    #[arg(long, value_name = "TIME")]
    view_duration: Option<ViewDuration>,
    /// Of this video
    #[arg(long, value_name = "ID")]
    video: Vec<VideoId>,
    /// Of this live stream
    #[arg(long, value_name = "ID")]
    live_stream: Vec<LiveStreamId>,
    /// Of all videos or all live streams: video or live-stream
    #[arg(long, value_name = "KIND")]
    media_type: Option<MediaType>,
    /// From this continent: AS, AF, NA, SA, AN, EU or AZ (Oceania)
    #[arg(long, value_name = "LETTERS")]
    continent: Vec<Continent>,
    /// From this country, by its two letters: FR
    #[arg(long, value_name = "LETTERS")]
    country: Vec<String>,
    /// On this kind of device: computer, phone, tablet, tv, console, wearable or unknown
    #[arg(long, value_name = "KIND")]
    device_type: Vec<DeviceType>,
    /// On this operating system, in the service's words: windows
    #[arg(long, value_name = "NAME")]
    operating_system: Vec<String>,
    /// In this browser, in the service's words: firefox
    #[arg(long, value_name = "NAME")]
    browser: Vec<String>,
    /// From exactly this page
    #[arg(long, value_name = "URL")]
    referrer: Vec<String>,
    /// Of videos with this tag
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
}

impl Scope {
    pub(crate) fn is_unique(&self) -> bool {
        self.unique
    }

    pub(crate) fn view_duration(&self) -> Option<ViewDuration> {
        self.view_duration
    }

    /// Several values of one option are alternatives; options must all fit.
    pub(crate) fn filter(&self) -> Filter {
        let mut filter = Filter::new();
        for id in &self.video {
            filter = filter.video(id);
        }
        for id in &self.live_stream {
            filter = filter.live_stream(id);
        }
        if let Some(kind) = self.media_type {
            filter = filter.media_type(kind);
        }
        for continent in &self.continent {
            filter = filter.continent(*continent);
        }
        for letters in &self.country {
            filter = filter.country(letters);
        }
        for kind in &self.device_type {
            filter = filter.device_type(*kind);
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
