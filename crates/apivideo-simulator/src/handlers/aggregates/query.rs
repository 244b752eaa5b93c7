use std::borrow::Cow;

use jiff::Timestamp;

use crate::handlers::filters;
use crate::http::problem::Problem;
use crate::http::query::FilterSyntax;
use crate::state::{ApiRequest, State};
use crate::time::{DAY, HOUR, MINUTE, SECOND};
use crate::world::catalog::Country;
use crate::world::viewer::Viewer;
use crate::world::{Asset, AssetKind};

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Metric {
    Play,
    PlayRate,
    PlayTotal,
    Start,
    End,
    Impression,
    ImpressionTimeAverage,
    ImpressionTimeSum,
    WatchTimeAverage,
    WatchTimeSum,
    CcvPeak,
    CcvLive,
    CcvAverage,
    View,
}

impl Metric {
    /// Parses a metric and its aggregation.
    pub(crate) fn with_aggregation(metric: &str, aggregation: &str) -> Result<Self, Problem> {
        Ok(match (metric, aggregation) {
            ("play", "count") => Self::Play,
            ("play", "rate") => Self::PlayRate,
            ("play", "total") => Self::PlayTotal,
            ("start", "count") => Self::Start,
            ("end", "count") => Self::End,
            ("impression", "count") => Self::Impression,
            ("impression-time", "average") => Self::ImpressionTimeAverage,
            ("impression-time", "sum") => Self::ImpressionTimeSum,
            ("watch-time", "average") => Self::WatchTimeAverage,
            ("watch-time", "sum") => Self::WatchTimeSum,
            ("ccv", "peak") => Self::CcvPeak,
            ("ccv", "live") => Self::CcvLive,
            ("view", "count") => Self::View,
            (
                "play" | "start" | "end" | "impression" | "impression-time" | "watch-time" | "ccv"
                | "view",
                _,
            ) => return Err(Problem::attribute("aggregation")),
            _ => return Err(Problem::attribute("metric")),
        })
    }

    /// Parses a metric of buckets and time series.
    pub(crate) fn of_list(metric: &str) -> Result<Self, Problem> {
        Ok(match metric {
            "play" => Self::Play,
            "play-rate" => Self::PlayRate,
            "play-total" => Self::PlayTotal,
            "start" => Self::Start,
            "end" => Self::End,
            "impression" => Self::Impression,
            "ccv-peak" => Self::CcvPeak,
            "ccv-average" => Self::CcvAverage,
            "view" => Self::View,
            _ => return Err(Problem::attribute("metric")),
        })
    }

    fn supports_unique(self) -> bool {
        matches!(
            self,
            Self::View | Self::CcvPeak | Self::CcvLive | Self::CcvAverage
        )
    }
}

/// The dimension of buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakdown {
    MediaId,
    MediaType,
    Continent,
    Country,
    DeviceType,
    OperatingSystem,
    Browser,
    Referrer,
}

impl Breakdown {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        Ok(match text {
            "media-id" => Self::MediaId,
            "media-type" => Self::MediaType,
            "continent" => Self::Continent,
            "country" => Self::Country,
            "device-type" => Self::DeviceType,
            "operating-system" => Self::OperatingSystem,
            "browser" => Self::Browser,
            "referrer" => Self::Referrer,
            _ => return Err(Problem::attribute("breakdown")),
        })
    }

    /// Returns the value of a session in this dimension.
    pub(crate) fn value<'a>(self, asset: &'a Asset, viewer: &Viewer) -> &'a str {
        let of_country =
            |field: fn(&'static Country) -> &'static str| viewer.country.map_or("unknown", field);
        match self {
            Self::MediaId => &asset.id,
            Self::MediaType => media_type(asset),
            Self::Continent => of_country(|country| country.continent),
            Self::Country => of_country(|country| country.code),
            Self::DeviceType => viewer.device.aggregate_kind,
            Self::OperatingSystem => viewer.device.aggregate_os,
            Self::Browser => viewer.device.aggregate_browser,
            Self::Referrer => viewer.referrer.url.unwrap_or_default(),
        }
    }
}

fn media_type(asset: &Asset) -> &'static str {
    match asset.kind {
        AssetKind::Video => "video",
        AssetKind::LiveStream => "live-stream",
    }
}

/// The validated parameters of a request for aggregates.
#[derive(Debug)]
pub(crate) struct AggregateQuery<'a> {
    pub(crate) metric: Metric,
    pub(crate) from_ms: i64,
    /// The end of the timeframe, exclusive.
    pub(crate) to_ms: i64,
    pub(crate) unique: bool,
    pub(crate) view_ms: i64,
    filters: Vec<(&'a str, &'a str)>,
}

/// The maximum length of a referrer filter, in characters.
const MAX_REFERRER_LENGTH: usize = 2_048;

impl<'a> AggregateQuery<'a> {
    pub(crate) fn parse(
        state: &State,
        metric: Metric,
        request: ApiRequest<'a>,
    ) -> Result<Self, Problem> {
        filters::check(
            &state.behaviour,
            request,
            "filterBy",
            FilterSyntax::ObjectOfLists,
        )?;
        let (from_ms, to_ms) = timeframe(state, metric, request)?;
        Ok(Self {
            metric,
            from_ms,
            to_ms,
            unique: unique(metric, request)?,
            view_ms: view_duration(metric, request)?,
            filters: filters(metric, request)?,
        })
    }

    pub(crate) fn length_ms(&self) -> i64 {
        self.to_ms - self.from_ms
    }

    /// Returns the name of the metric in the response, which includes the duration of views and the prefix `unique-`.
    pub(crate) fn name<'n>(&self, requested: &'n str) -> Cow<'n, str> {
        let unique = if self.unique { "unique-" } else { "" };
        match self.metric {
            Metric::View => format!("{unique}view-{}", self.view_ms / SECOND).into(),
            _ if self.unique => format!("{unique}{requested}").into(),
            _ => requested.into(),
        }
    }

    pub(crate) fn includes_asset(&self, asset: &Asset) -> bool {
        let matches = |name: &str, expected: &str| match name {
            "mediaId" => asset.id == expected,
            "mediaType" => media_type(asset) == expected,
            "tag" => asset.tags.contains(&expected),
            _ => true,
        };
        self.includes(&["mediaId", "mediaType", "tag"], matches)
    }

    pub(crate) fn includes_viewer(&self, asset: &Asset, viewer: &Viewer) -> bool {
        let matches = |name: &str, expected: &str| {
            let by = match name {
                "continent" => Breakdown::Continent,
                "country" => Breakdown::Country,
                "deviceType" => Breakdown::DeviceType,
                "operatingSystem" => Breakdown::OperatingSystem,
                "browser" => Breakdown::Browser,
                _ => Breakdown::Referrer,
            };
            by.value(asset, viewer) == expected
        };
        self.includes(VIEWER_FILTERS, matches)
    }

    /// Whether all filters with these names match. Several values of a filter are alternatives.
    fn includes(&self, names: &[&str], matches: impl Fn(&str, &str) -> bool) -> bool {
        names.iter().all(|name| {
            let mut expected = self.filters.iter().filter(|(found, _)| found == name);
            match expected.next() {
                None => true,
                Some((_, first)) => {
                    matches(name, first) || expected.any(|(_, value)| matches(name, value))
                }
            }
        })
    }
}

const VIEWER_FILTERS: &[&str] = &[
    "continent",
    "country",
    "deviceType",
    "operatingSystem",
    "browser",
    "referrer",
];

/// The start of the year 0000, the earliest that four digits can express.
const FIRST_MS: i64 = -62_167_219_200_000;

/// Returns the timeframe, by default the last 24 hours. The total of all plays covers all time.
fn timeframe(
    state: &State,
    metric: Metric,
    request: ApiRequest<'_>,
) -> Result<(i64, i64), Problem> {
    if metric == Metric::PlayTotal {
        let first_ms = i64::from(state.world.first_day_number()) * DAY;
        return Ok((first_ms.min(request.now_ms), request.now_ms));
    }
    let parse = |name: &'static str| match request.query.get(name) {
        None => Ok(None),
        Some(text) => match text.parse::<Timestamp>() {
            Ok(time) if time.as_millisecond() >= FIRST_MS => Ok(Some(time.as_millisecond())),
            _ => Err(Problem::query(
                name,
                "This value must be a date and time with an offset.",
            )),
        },
    };
    let to_ms = parse("to")?.unwrap_or(request.now_ms);
    let from_ms = parse("from")?.unwrap_or((to_ms - DAY).max(FIRST_MS));
    let parameter = || match (request.query.get("from"), request.query.get("to")) {
        (None, Some(to)) => format!("to:{to}"),
        (from, _) => format!("from:{}", from.unwrap_or_default()),
    };
    if let Some(days) = state.behaviour.data_retention_days
        && from_ms.div_euclid(DAY) < request.now_ms.div_euclid(DAY) - i64::from(days)
    {
        return Err(Problem::unexpected(parameter()));
    }
    if from_ms >= to_ms {
        return Err(Problem::query(
            parameter(),
            "This value must be earlier than \"to\".",
        ));
    }
    Ok((from_ms, to_ms))
}

fn unique(metric: Metric, request: ApiRequest<'_>) -> Result<bool, Problem> {
    match request.query.get("unique") {
        None => Ok(false),
        Some(_) if !metric.supports_unique() => Err(Problem::unexpected("unique")),
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(Problem::query(
            "unique",
            "This value must be of type boolean.",
        )),
    }
}

fn view_duration(metric: Metric, request: ApiRequest<'_>) -> Result<i64, Problem> {
    match request.query.get("viewDuration") {
        None => Ok(5 * SECOND),
        Some(_) if metric != Metric::View => Err(Problem::unexpected("viewDuration")),
        Some("3s") => Ok(3 * SECOND),
        Some("5s") => Ok(5 * SECOND),
        Some("10s") => Ok(10 * SECOND),
        Some("30s") => Ok(30 * SECOND),
        Some(_) => Err(Problem::query(
            "viewDuration",
            r#"This view duration is invalid. Use one of "3s", "5s", "10s", "30s"."#,
        )),
    }
}

fn filters<'a>(
    metric: Metric,
    request: ApiRequest<'a>,
) -> Result<Vec<(&'a str, &'a str)>, Problem> {
    let filters: Vec<_> = request.query.object("filterBy").collect();
    for (name, value) in &filters {
        let of_viewer = VIEWER_FILTERS.contains(name) || *name == "tag";
        let known = of_viewer || matches!(*name, "mediaId" | "mediaType");
        if !known || (of_viewer && metric == Metric::PlayTotal) {
            return Err(Problem::unexpected(format!("filterBy[{name}]")));
        }
        if *name == "referrer" && value.chars().count() > MAX_REFERRER_LENGTH {
            return Err(Problem::query(
                "filterBy[referrer]",
                "This value should not contain more than 2048 characters.",
            ));
        }
    }
    Ok(filters)
}

/// The interval of a time series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    Minute,
    Hour,
    Day,
}

impl Interval {
    pub(crate) fn parse(
        request: ApiRequest<'_>,
        query: &AggregateQuery<'_>,
    ) -> Result<Self, Problem> {
        match request.query.get("interval") {
            None if query.length_ms() <= 2 * DAY => Ok(Self::Hour),
            None | Some("day") => Ok(Self::Day),
            Some("hour") => Ok(Self::Hour),
            Some("minute") if query.length_ms() <= HOUR => Ok(Self::Minute),
            Some("minute") => Err(Problem::query(
                "interval",
                "This interval cannot be used with a timeframe over 60 minutes.",
            )),
            Some(_) => Err(Problem::query(
                "interval",
                r#"This interval is invalid. Use one of "minute", "hour", "day"."#,
            )),
        }
    }

    pub(crate) fn ms(self) -> i64 {
        match self {
            Self::Minute => MINUTE,
            Self::Hour => HOUR,
            Self::Day => DAY,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}
