use std::borrow::Cow;

use jiff::Timestamp;

use crate::api::filters;
use crate::http::problem::Problem;
use crate::http::query::Written;
use crate::http::service::{Call, Service};
use crate::time::{DAY, HOUR, MINUTE, SECOND};
use crate::world::viewer::Viewer;
use crate::world::{Asset, AssetKind};

/// What is counted.
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
    /// A metric and an aggregation that go together.
    pub(crate) fn of_metrics(metric: &str, aggregation: &str) -> Result<Self, Problem> {
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

    /// A metric of buckets and time series.
    pub(crate) fn of_lists(metric: &str) -> Result<Self, Problem> {
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

    fn can_be_unique(self) -> bool {
        matches!(
            self,
            Self::View | Self::CcvPeak | Self::CcvLive | Self::CcvAverage
        )
    }
}

/// What buckets are made by.
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
    pub(crate) fn read(text: &str) -> Result<Self, Problem> {
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

    /// What a session says in this respect, in the words of the aggregates.
    pub(crate) fn value<'a>(self, asset: &'a Asset, viewer: &Viewer) -> &'a str {
        let of_country = |pick: fn(&'static crate::world::vocabulary::Country) -> &'static str| {
            viewer.country.map_or("unknown", pick)
        };
        match self {
            Self::MediaId => &asset.id,
            Self::MediaType => media_type(asset),
            Self::Continent => of_country(|country| country.continent),
            Self::Country => of_country(|country| country.code),
            Self::DeviceType => viewer.device.data_kind,
            Self::OperatingSystem => viewer.device.data_os,
            Self::Browser => viewer.device.data_browser,
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

/// A question to the aggregates, its parameters read and checked.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    pub(crate) metric: Metric,
    pub(crate) from_ms: i64,
    /// Not included.
    pub(crate) to_ms: i64,
    pub(crate) unique: bool,
    pub(crate) view_ms: i64,
    filters: Vec<(&'a str, &'a str)>,
}

const REFERRER_LENGTH: usize = 2_048;

impl<'a> Question<'a> {
    pub(crate) fn read(service: &Service, metric: Metric, call: Call<'a>) -> Result<Self, Problem> {
        filters::check(&service.behaviour, call, "filterBy", Written::Choices)?;
        let (from_ms, to_ms) = timeframe(service, metric, call)?;
        Ok(Self {
            metric,
            from_ms,
            to_ms,
            unique: unique(metric, call)?,
            view_ms: view_duration(metric, call)?,
            filters: filters(metric, call)?,
        })
    }

    pub(crate) fn length_ms(&self) -> i64 {
        self.to_ms - self.from_ms
    }

    /// How the reply names the metric: views with their duration, unique ones with that word.
    pub(crate) fn name<'n>(&self, asked: &'n str) -> Cow<'n, str> {
        let unique = if self.unique { "unique-" } else { "" };
        match self.metric {
            Metric::View => format!("{unique}view-{}", self.view_ms / SECOND).into(),
            _ if self.unique => format!("{unique}{asked}").into(),
            _ => asked.into(),
        }
    }

    pub(crate) fn takes_asset(&self, asset: &Asset) -> bool {
        let fits = |name: &str, wanted: &str| match name {
            "mediaId" => asset.id == wanted,
            "mediaType" => media_type(asset) == wanted,
            "tag" => asset.tags.contains(&wanted),
            _ => true,
        };
        self.takes(&["mediaId", "mediaType", "tag"], fits)
    }

    pub(crate) fn takes_viewer(&self, asset: &Asset, viewer: &Viewer) -> bool {
        let fits = |name: &str, wanted: &str| {
            let by = match name {
                "continent" => Breakdown::Continent,
                "country" => Breakdown::Country,
                "deviceType" => Breakdown::DeviceType,
                "operatingSystem" => Breakdown::OperatingSystem,
                "browser" => Breakdown::Browser,
                _ => Breakdown::Referrer,
            };
            by.value(asset, viewer) == wanted
        };
        self.takes(VIEWER_FILTERS, fits)
    }

    /// Whether each filter of these names has a value that fits; several values of one name are alternatives.
    fn takes(&self, names: &[&str], fits: impl Fn(&str, &str) -> bool) -> bool {
        names.iter().all(|name| {
            let mut wanted = self.filters.iter().filter(|(found, _)| found == name);
            match wanted.next() {
                None => true,
                Some((_, first)) => fits(name, first) || wanted.any(|(_, value)| fits(name, value)),
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

/// The first moment that four digits of a year can write: 0000-01-01.
const FIRST_MS: i64 = -62_167_219_200_000;

/// From `from` to `to`, by default the day before now. The total of all plays knows no time.
fn timeframe(service: &Service, metric: Metric, call: Call<'_>) -> Result<(i64, i64), Problem> {
    if metric == Metric::PlayTotal {
        let first_ms = i64::from(service.world.first_day_number()) * DAY;
        return Ok((first_ms.min(call.now_ms), call.now_ms));
    }
    let read = |name: &'static str| match call.query.get(name) {
        None => Ok(None),
        Some(text) => match text.parse::<Timestamp>() {
            Ok(time) if time.as_millisecond() >= FIRST_MS => Ok(Some(time.as_millisecond())),
            _ => Err(Problem::query(
                name,
                "This value must be a date and time with an offset.",
            )),
        },
    };
    let to_ms = read("to")?.unwrap_or(call.now_ms);
    let from_ms = read("from")?.unwrap_or((to_ms - DAY).max(FIRST_MS));
    let named = || match (call.query.get("from"), call.query.get("to")) {
        (None, Some(to)) => format!("to:{to}"),
        (from, _) => format!("from:{}", from.unwrap_or_default()),
    };
    if let Some(days) = service.behaviour.data_retention_days
        && from_ms.div_euclid(DAY) < call.now_ms.div_euclid(DAY) - i64::from(days)
    {
        return Err(Problem::unexpected(named()));
    }
    if from_ms >= to_ms {
        return Err(Problem::query(
            named(),
            "This value must be earlier than \"to\".",
        ));
    }
    Ok((from_ms, to_ms))
}

fn unique(metric: Metric, call: Call<'_>) -> Result<bool, Problem> {
    match call.query.get("unique") {
        None => Ok(false),
        Some(_) if !metric.can_be_unique() => Err(Problem::unexpected("unique")),
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(_) => Err(Problem::query(
            "unique",
            "This value must be of type boolean.",
        )),
    }
}

fn view_duration(metric: Metric, call: Call<'_>) -> Result<i64, Problem> {
    match call.query.get("viewDuration") {
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

fn filters<'a>(metric: Metric, call: Call<'a>) -> Result<Vec<(&'a str, &'a str)>, Problem> {
    let filters: Vec<_> = call.query.object("filterBy").collect();
    for (name, value) in &filters {
        let of_viewer = VIEWER_FILTERS.contains(name) || *name == "tag";
        let known = of_viewer || matches!(*name, "mediaId" | "mediaType");
        if !known || (of_viewer && metric == Metric::PlayTotal) {
            return Err(Problem::unexpected(format!("filterBy[{name}]")));
        }
        if *name == "referrer" && value.chars().count() > REFERRER_LENGTH {
            return Err(Problem::query(
                "filterBy[referrer]",
                "This value should not contain more than 2048 characters.",
            ));
        }
    }
    Ok(filters)
}

/// How long the steps of a time series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    Minute,
    Hour,
    Day,
}

impl Interval {
    pub(crate) fn read(call: Call<'_>, question: &Question<'_>) -> Result<Self, Problem> {
        match call.query.get("interval") {
            None if question.length_ms() <= 2 * DAY => Ok(Self::Hour),
            None | Some("day") => Ok(Self::Day),
            Some("hour") => Ok(Self::Hour),
            Some("minute") if question.length_ms() <= HOUR => Ok(Self::Minute),
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
