//! The values of request parameters, as enums.

use crate::error::Result;
use crate::resources::query_macro::{list_parameters, string_parameters};
use crate::string_enum::{check_segments, string_enum};

string_enum! {
    /// A metric and its aggregation, in the form `metric/aggregation`.
    ///
    /// ```
    /// use apivideo::aggregates::Metric;
    ///
    /// assert_eq!("watch-time/sum".parse::<Metric>()?, Metric::WatchTimeSum);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    open Metric, "metric", checked by check_segments, {
        /// The number of plays.
        PlayCount = "play/count",
        /// Plays per impression.
        PlayRate = "play/rate",
        /// Plays since the asset was created, regardless of the time range. It can be filtered by media only.
        PlayTotal = "play/total",
        /// The number of times that a first frame was shown.
        StartCount = "start/count",
        /// The number of times that the end was reached.
        EndCount = "end/count",
        /// The number of times that a player was loaded.
        ImpressionCount = "impression/count",
        /// The average time from loading to being ready, in milliseconds.
        ImpressionTimeAverage = "impression-time/average",
        /// The total time from loading to being ready, in milliseconds.
        ImpressionTimeSum = "impression-time/sum",
        /// The average time watched, in seconds.
        WatchTimeAverage = "watch-time/average",
        /// The total time watched, in seconds.
        WatchTimeSum = "watch-time/sum",
        /// The maximum number of concurrent viewers.
        CcvPeak = "ccv/peak",
        /// The number of viewers in the last 20 seconds.
        CcvLive = "ccv/live",
        /// The number of views of at least a [`ViewDuration`].
        ViewCount = "view/count",
    }
}

impl Metric {
    /// Returns the variant of a known metric, or [`Other`](Self::Other) for a metric that this version of the crate does not name.
    ///
    /// ```
    /// use apivideo::aggregates::Metric;
    ///
    /// assert_eq!(Metric::other("ccv", "live")?, Metric::CcvLive);
    /// assert_eq!(Metric::other("rebuffer", "count")?.as_str(), "rebuffer/count");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error of kind [`Input`](crate::ErrorKind::Input) unless metric and aggregation each consist of 1 to 64 letters,
    /// digits, `-`, `_` and `.`, beginning with a letter or digit.
    pub fn other(metric: impl AsRef<str>, aggregation: impl AsRef<str>) -> Result<Self> {
        Self::from_any(&format!("{}/{}", metric.as_ref(), aggregation.as_ref()))
    }

    /// Returns the two segments of its path.
    pub(crate) fn segments(&self) -> (&str, &str) {
        self.as_str().split_once('/').unwrap_or((self.as_str(), ""))
    }
}

string_enum! {
    /// A metric of buckets.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::BucketMetric::PlayRate.as_str(), "play-rate");
    /// ```
    open BucketMetric, "bucket metric" {
        /// The number of plays.
        Play = "play",
        /// Plays per impression.
        PlayRate = "play-rate",
        /// Plays since the asset was created; by [`Breakdown::MediaId`] only.
        PlayTotal = "play-total",
        /// The number of times that a first frame was shown.
        Start = "start",
        /// The number of times that the end was reached.
        End = "end",
        /// The number of times that a player was loaded.
        Impression = "impression",
        /// The maximum number of concurrent viewers.
        CcvPeak = "ccv-peak",
        /// The average number of concurrent viewers.
        CcvAverage = "ccv-average",
        /// The number of views of at least a [`ViewDuration`].
        View = "view",
    }
}

string_enum! {
    /// A metric of timeseries.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::SeriesMetric::CcvPeak.as_str(), "ccv-peak");
    /// ```
    open SeriesMetric, "timeseries metric" {
        /// The number of plays.
        Play = "play",
        /// Plays per impression.
        PlayRate = "play-rate",
        /// The number of times that a first frame was shown.
        Start = "start",
        /// The number of times that the end was reached.
        End = "end",
        /// The number of times that a player was loaded.
        Impression = "impression",
        /// The maximum number of concurrent viewers.
        CcvPeak = "ccv-peak",
        /// The average number of concurrent viewers.
        CcvAverage = "ccv-average",
        /// The number of views of at least a [`ViewDuration`].
        View = "view",
    }
}

string_enum! {
    /// The dimension of buckets.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::Breakdown::DeviceType.as_str(), "device-type");
    /// ```
    open Breakdown, "breakdown" {
        /// Video or live stream, by identifier.
        MediaId = "media-id",
        /// Videos or live streams.
        MediaType = "media-type",
        /// Continent, by two-letter code.
        Continent = "continent",
        /// Country, by two-letter code.
        Country = "country",
        /// Kind of device.
        DeviceType = "device-type",
        /// Operating system.
        OperatingSystem = "operating-system",
        /// Browser.
        Browser = "browser",
        /// The page that the viewer came from.
        Referrer = "referrer",
    }
}

string_enum! {
    /// The interval of a timeseries.
    ///
    /// ```
    /// use apivideo::aggregates::Interval;
    ///
    /// assert_eq!("hour".parse::<Interval>()?, Interval::Hour);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    open Interval, "interval" {
        /// A minute, for time ranges of up to 60 minutes.
        Minute = "minute",
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
    }
}

string_enum! {
    /// The minimum duration of a view.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::ViewDuration::Seconds5.as_str(), "5s");
    /// ```
    open ViewDuration, "view duration" {
        /// 3 seconds.
        Seconds3 = "3s",
        /// 5 seconds, the default of the service.
        Seconds5 = "5s",
        /// 10 seconds.
        Seconds10 = "10s",
        /// 30 seconds.
        Seconds30 = "30s",
    }
}

string_enum! {
    /// The sort direction.
    ///
    /// ```
    /// assert_eq!(apivideo::query::SortOrder::Descending.as_str(), "desc");
    /// ```
    closed SortOrder, "sort order" {
        /// The smallest first.
        Ascending = "asc",
        /// The largest first.
        Descending = "desc",
    }
}

string_enum! {
    /// The field by which videos are sorted.
    ///
    /// ```
    /// assert_eq!(apivideo::query::VideoOrder::CreatedAt.as_str(), "createdAt");
    /// ```
    open VideoOrder, "order of videos" {
        /// The title.
        Title = "title",
        /// The time of creation.
        CreatedAt = "createdAt",
        /// The time of publication.
        PublishedAt = "publishedAt",
        /// The time of the last change.
        UpdatedAt = "updatedAt",
    }
}

string_enum! {
    /// The field by which live streams are sorted.
    ///
    /// ```
    /// assert_eq!(apivideo::query::LiveStreamOrder::Name.as_str(), "name");
    /// ```
    open LiveStreamOrder, "order of live streams" {
        /// The name.
        Name = "name",
        /// The time of creation.
        CreatedAt = "createdAt",
        /// The time of the last change.
        UpdatedAt = "updatedAt",
    }
}

string_enum! {
    /// The field by which buckets are sorted.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::BucketOrder::MetricValue.as_str(), "metricValue");
    /// ```
    open BucketOrder, "order of buckets" {
        /// The measurement.
        MetricValue = "metricValue",
        /// The value of the dimension.
        DimensionValue = "dimensionValue",
    }
}

string_enum! {
    /// The field by which the points of a timeseries are sorted.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::SeriesOrder::EmittedAt.as_str(), "emittedAt");
    /// ```
    open SeriesOrder, "order of points" {
        /// The start of the interval.
        EmittedAt = "emittedAt",
        /// The measurement.
        MetricValue = "metricValue",
    }
}

string_enum! {
    /// Videos or live streams.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::MediaType::LiveStream.as_str(), "live-stream");
    /// ```
    open MediaType, "media type" {
        /// Videos.
        Video = "video",
        /// Live streams.
        LiveStream = "live-stream",
    }
}

string_enum! {
    /// A continent, by its two-letter code.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::Continent::Europe.as_str(), "EU");
    /// ```
    open Continent, "continent" {
        /// Asia.
        Asia = "AS",
        /// Africa.
        Africa = "AF",
        /// North America.
        NorthAmerica = "NA",
        /// South America.
        SouthAmerica = "SA",
        /// Antarctica.
        Antarctica = "AN",
        /// Europe.
        Europe = "EU",
        /// Oceania. The service uses `AZ`, not the usual `OC`.
        Oceania = "AZ",
    }
}

string_enum! {
    /// A kind of device, as the aggregates name it.
    ///
    /// ```
    /// assert_eq!(apivideo::aggregates::DeviceType::Computer.as_str(), "computer");
    /// ```
    open DeviceType, "device type" {
        /// A computer.
        Computer = "computer",
        /// A phone.
        Phone = "phone",
        /// A tablet.
        Tablet = "tablet",
        /// A television set.
        Tv = "tv",
        /// A game console.
        Console = "console",
        /// A wearable device.
        Wearable = "wearable",
        /// A device that the service did not recognize.
        Unknown = "unknown",
    }
}

// The optional parameters of queries.
string_parameters!(
    BucketOrder,
    Interval,
    LiveStreamOrder,
    MediaType,
    SeriesOrder,
    SortOrder,
    VideoOrder,
    ViewDuration,
);
list_parameters!(Continent, DeviceType);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_two_segments() {
        for metric in Metric::KNOWN {
            let (metric_segment, aggregation) = metric.segments();
            assert!(!aggregation.is_empty());
            assert_eq!(&Metric::other(metric_segment, aggregation).unwrap(), metric);
        }
        let other = Metric::other("rebuffer", "count").unwrap();
        assert_eq!(other.segments(), ("rebuffer", "count"));
        for (metric, aggregation) in [("a/b", "c"), ("..", "count"), ("play", "")] {
            assert!(Metric::other(metric, aggregation).is_err());
        }
    }

    #[test]
    fn an_unknown_value_is_rejected_with_the_known_ones() {
        assert_eq!(
            "decade".parse::<Interval>().unwrap_err().to_string(),
            "invalid interval \"decade\": expected minute, hour or day"
        );
    }
}
