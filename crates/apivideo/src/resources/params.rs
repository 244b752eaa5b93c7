//! The words of the service's parameters, as types.

use crate::error::Error;

macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal {
            $($(#[$word_doc:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            ///
            /// ```
            #[doc = concat!("for word in apivideo::", stringify!($name), "::ALL {")]
            #[doc = concat!("    assert_eq!(word.as_str().parse::<apivideo::", stringify!($name), ">()?, *word);")]
            /// }
            /// # Ok::<(), apivideo::Error>(())
            /// ```
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word of the service.
            ///
            /// ```
            #[doc = concat!("let words = apivideo::", stringify!($name), "::ALL.iter().map(|word| word.as_str());")]
            #[doc = concat!("assert_eq!(words.collect::<Vec<_>>(), [", $("\"", $word, "\", ",)* "]);")]
            /// ```
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(unknown($what, text, &[$($word),*])),
                }
            }
        }
    };
}

fn unknown(what: &str, text: &str, words: &[&str]) -> Error {
    let shown: String = text.chars().take(64).collect();
    Error::input(format!(
        "{shown:?} is no {what}; there are {}",
        words.join(", ")
    ))
}

words! {
    /// What is measured, and how it is put together: `metric/aggregation` in the service's words.
    ///
    /// ```
    /// use apivideo::Metric;
    ///
    /// assert_eq!("watch-time/sum".parse::<Metric>()?, Metric::WatchTimeSum);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    Metric, "metric" {
        /// How often playing began.
        PlayCount = "play/count",
        /// Plays for each impression.
        PlayRate = "play/rate",
        /// Plays since the asset was made, whatever the time asked for; filter by media only.
        PlayTotal = "play/total",
        /// How often a first frame was shown.
        StartCount = "start/count",
        /// How often the end was reached.
        EndCount = "end/count",
        /// How often a player was loaded.
        ImpressionCount = "impression/count",
        /// Milliseconds from loading to being ready, on average.
        ImpressionTimeAverage = "impression-time/average",
        /// Milliseconds from loading to being ready, all together.
        ImpressionTimeSum = "impression-time/sum",
        /// Seconds watched, on average.
        WatchTimeAverage = "watch-time/average",
        /// Seconds watched, all together.
        WatchTimeSum = "watch-time/sum",
        /// The most viewers at a time.
        CcvPeak = "ccv/peak",
        /// The viewers of the last 20 seconds.
        CcvLive = "ccv/live",
        /// Views of at least a [`ViewDuration`].
        ViewCount = "view/count",
    }
}

impl Metric {
    /// The two segments of its path.
    pub(crate) fn segments(self) -> (&'static str, &'static str) {
        self.as_str().split_once('/').unwrap_or((self.as_str(), ""))
    }
}

words! {
    /// What is measured for each value of a dimension.
    ///
    /// ```
    /// assert_eq!(apivideo::BucketMetric::PlayRate.as_str(), "play-rate");
    /// ```
    BucketMetric, "metric of buckets" {
        /// How often playing began.
        Play = "play",
        /// Plays for each impression.
        PlayRate = "play-rate",
        /// Plays since the asset was made; by media id only.
        PlayTotal = "play-total",
        /// How often a first frame was shown.
        Start = "start",
        /// How often the end was reached.
        End = "end",
        /// How often a player was loaded.
        Impression = "impression",
        /// The most viewers at a time.
        CcvPeak = "ccv-peak",
        /// The viewers at a time, on average.
        CcvAverage = "ccv-average",
        /// Views of at least a [`ViewDuration`].
        View = "view",
    }
}

words! {
    /// What is measured for each step of time.
    ///
    /// ```
    /// assert_eq!(apivideo::SeriesMetric::CcvPeak.as_str(), "ccv-peak");
    /// ```
    SeriesMetric, "metric of timeseries" {
        /// How often playing began.
        Play = "play",
        /// Plays for each impression.
        PlayRate = "play-rate",
        /// How often a first frame was shown.
        Start = "start",
        /// How often the end was reached.
        End = "end",
        /// How often a player was loaded.
        Impression = "impression",
        /// The most viewers at a time.
        CcvPeak = "ccv-peak",
        /// The viewers at a time, on average.
        CcvAverage = "ccv-average",
        /// Views of at least a [`ViewDuration`].
        View = "view",
    }
}

words! {
    /// The dimension that buckets are made by.
    ///
    /// ```
    /// assert_eq!(apivideo::Breakdown::DeviceType.as_str(), "device-type");
    /// ```
    Breakdown, "breakdown" {
        /// By video or live stream.
        MediaId = "media-id",
        /// Videos against live streams.
        MediaType = "media-type",
        /// By continent, two letters.
        Continent = "continent",
        /// By country, two letters.
        Country = "country",
        /// By kind of device.
        DeviceType = "device-type",
        /// By operating system.
        OperatingSystem = "operating-system",
        /// By browser.
        Browser = "browser",
        /// By the page that the viewer came from.
        Referrer = "referrer",
    }
}

words! {
    /// The length of a step of a timeseries.
    ///
    /// ```
    /// assert_eq!("hour".parse::<apivideo::Interval>()?, apivideo::Interval::Hour);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    Interval, "interval" {
        /// A minute; for times of up to 60 minutes.
        Minute = "minute",
        /// An hour.
        Hour = "hour",
        /// A day.
        Day = "day",
    }
}

words! {
    /// How long a view must last to be counted.
    ///
    /// ```
    /// assert_eq!(apivideo::ViewDuration::Seconds5.as_str(), "5s");
    /// ```
    ViewDuration, "view duration" {
        /// 3 seconds.
        Seconds3 = "3s",
        /// 5 seconds, the service's default.
        Seconds5 = "5s",
        /// 10 seconds.
        Seconds10 = "10s",
        /// 30 seconds.
        Seconds30 = "30s",
    }
}

words! {
    /// A direction of sorting.
    ///
    /// ```
    /// assert_eq!(apivideo::SortOrder::Descending.as_str(), "desc");
    /// ```
    SortOrder, "order" {
        /// The smallest first.
        Ascending = "asc",
        /// The largest first.
        Descending = "desc",
    }
}

words! {
    /// What videos are sorted by.
    ///
    /// ```
    /// assert_eq!(apivideo::VideoOrder::CreatedAt.as_str(), "createdAt");
    /// ```
    VideoOrder, "order of videos" {
        /// The title.
        Title = "title",
        /// When it was made.
        CreatedAt = "createdAt",
        /// When it was published.
        PublishedAt = "publishedAt",
        /// When it was last changed.
        UpdatedAt = "updatedAt",
    }
}

words! {
    /// What live streams are sorted by.
    ///
    /// ```
    /// assert_eq!(apivideo::LiveStreamOrder::Name.as_str(), "name");
    /// ```
    LiveStreamOrder, "order of live streams" {
        /// The name.
        Name = "name",
        /// When it was made.
        CreatedAt = "createdAt",
        /// When it was last changed.
        UpdatedAt = "updatedAt",
    }
}

words! {
    /// What buckets are sorted by.
    ///
    /// ```
    /// assert_eq!(apivideo::BucketOrder::MetricValue.as_str(), "metricValue");
    /// ```
    BucketOrder, "order of buckets" {
        /// The measurement.
        MetricValue = "metricValue",
        /// The value of the dimension.
        DimensionValue = "dimensionValue",
    }
}

words! {
    /// What the points of a timeseries are sorted by.
    ///
    /// ```
    /// assert_eq!(apivideo::SeriesOrder::EmittedAt.as_str(), "emittedAt");
    /// ```
    SeriesOrder, "order of points" {
        /// The time.
        EmittedAt = "emittedAt",
        /// The measurement.
        MetricValue = "metricValue",
    }
}

words! {
    /// Videos or live streams.
    ///
    /// ```
    /// assert_eq!(apivideo::MediaType::LiveStream.as_str(), "live-stream");
    /// ```
    MediaType, "media type" {
        /// Videos.
        Video = "video",
        /// Live streams.
        LiveStream = "live-stream",
    }
}

words! {
    /// A continent, in the service's letters.
    ///
    /// ```
    /// assert_eq!(apivideo::Continent::Europe.as_str(), "EU");
    /// ```
    Continent, "continent" {
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
        /// Oceania. The service writes `AZ` where others write `OC`.
        Oceania = "AZ",
    }
}

words! {
    /// A kind of device, as the aggregates name it.
    ///
    /// ```
    /// assert_eq!(apivideo::DeviceType::Computer.as_str(), "computer");
    /// ```
    DeviceType, "device type" {
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
        /// Something that is worn.
        Wearable = "wearable",
        /// Not recognized.
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_others_are_refused_with_the_list() {
        for word in Metric::ALL {
            assert_eq!(word.as_str().parse::<Metric>().unwrap(), *word);
            assert!(!word.segments().1.is_empty());
        }
        let error = "decade".parse::<Interval>().unwrap_err().to_string();
        assert_eq!(
            error,
            "\"decade\" is no interval; there are minute, hour, day"
        );
    }
}
