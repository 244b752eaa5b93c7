//! Arguments of the commands that answer questions about an audience.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use apivideo::jiff::tz::TimeZone;
use apivideo::{AssetId, LiveStreamId, SessionId, Timestamp, VideoId};
use apivideo_insights as insights;
use apivideo_insights::{Asset, Dimension, Filter};
use apivideo_lake::Location;
use clap::{Args, ValueEnum};

use super::lists::AssetType;
use super::period::{self, PeriodArg, ResolvedPeriod};
use super::values;
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(override_usage = "\
apivideo audience [OPTIONS] --period <PERIOD> video <ID>...
       apivideo audience [OPTIONS] --period <PERIOD> live-stream <ID>...
       apivideo audience [OPTIONS] --period <PERIOD> --all-videos [--all-live-streams]")]
pub(crate) struct Audience {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Break the figures down by a dimension: asset, country, city, device.type, device.vendor, device.model, os, client (the
    /// browser or app), referrer.medium, referrer.source, referrer.host, referrer.page, date or metadata.KEY; can be repeated
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', value_parser = dimension)]
    pub(crate) by: Vec<Dimension>,
    /// The number of rows of each breakdown; the others are combined [default: 10 on a terminal, otherwise all]
    #[arg(long, value_name = "N", requires = "by", value_parser = values::positive)]
    pub(crate) top: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) file: OutFile,
}

#[derive(Debug, Args)]
pub(crate) struct Retention {
    #[command(flatten)]
    pub(crate) subject: VideoSubject,
    /// Compare with another video (video:ID), with another period (2022-01), or a cohort with all others (metadata.plan=pro)
    #[arg(long, value_name = "WHAT")]
    pub(crate) compare: Option<Comparison>,
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) file: OutFile,
}

#[derive(Debug, Args)]
#[command(override_usage = "\
apivideo concurrency [OPTIONS] --period <PERIOD> video <ID>...
       apivideo concurrency [OPTIONS] --period <PERIOD> live-stream <ID>...
       apivideo concurrency [OPTIONS] --period <PERIOD> --all-videos [--all-live-streams]")]
pub(crate) struct Concurrency {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// How viewers are counted
    #[arg(long, value_name = "RULE", default_value = "playing")]
    pub(crate) rule: ConcurrencyRule,
    #[command(flatten)]
    pub(crate) question: Question,
    #[command(flatten)]
    pub(crate) file: OutFile,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id of the session
    #[arg(value_name = "SESSION_ID")]
    pub(crate) session: SessionId,
    /// Read the session from this lake, a folder or URL of `apivideo pull`: without an API key or a request
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: Option<Location>,
    /// The days of UTC in which the lake is searched [default: all]
    #[arg(long, value_name = "PERIOD", requires = "from")]
    pub(crate) period: Option<PeriodArg>,
    /// The length of the video, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = length)]
    pub(crate) length: Option<f64>,
    #[command(flatten)]
    pub(crate) file: OutFile,
}

/// The videos or live streams that a question is about.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// The type of the assets
    #[arg(value_name = "TYPE", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) asset_type: Option<AssetType>,
    /// The ids of the videos or live streams
    #[arg(value_name = "ID", requires = "asset_type", required_unless_present_any = ["all_videos", "all_live_streams"])]
    pub(crate) ids: Vec<String>,
    /// All videos of the account or of the lake
    #[arg(long, conflicts_with = "asset_type")]
    pub(crate) all_videos: bool,
    /// All live streams of the account or of the lake
    #[arg(long, conflicts_with = "asset_type")]
    pub(crate) all_live_streams: bool,
}

/// The video of a retention curve. Other assets are refused with the reason.
#[derive(Debug, Args)]
pub(crate) struct VideoSubject {
    /// The type of the asset: a live stream has no length
    #[arg(value_name = "TYPE")]
    pub(crate) asset_type: AssetType,
    /// The id of the video
    #[arg(value_name = "ID", required = true)]
    pub(crate) ids: Vec<String>,
}

/// Which sessions a question is about, and where they are read from.
#[derive(Debug, Args)]
pub(crate) struct Question {
    #[arg(long, value_name = "PERIOD", help = period::HELP, required_unless_present = "from")]
    pub(crate) period: Option<PeriodArg>,
    /// The time zone of the period and of days, such as Europe/Paris [default: UTC]
    #[arg(long, value_name = "ZONE", value_parser = period::time_zone)]
    pub(crate) tz: Option<TimeZone>,
    /// Answer from this lake, a folder or URL of `apivideo pull`: without an API key or a request, and without --period of all its days
    #[arg(long, value_name = "DIR|URL")]
    pub(crate) from: Option<Location>,
    /// Only sessions with this value of a dimension, such as country=France; if repeated, all must match
    #[arg(long, value_name = "DIMENSION=VALUE", value_parser = filter)]
    pub(crate) only: Vec<Filter>,
    /// Without sessions that have this value of a dimension, such as metadata.staff=true; can be repeated
    #[arg(long, value_name = "DIMENSION=VALUE", value_parser = filter)]
    pub(crate) exclude: Vec<Filter>,
    /// The dimension that identifies viewers [default: metadata.userId, or that of the lake]
    #[arg(long, value_name = "DIMENSION")]
    pub(crate) viewer_key: Option<Dimension>,
    /// The length of the video, in seconds, which is otherwise inferred from events
    #[arg(long, value_name = "SECONDS", value_parser = length)]
    pub(crate) length: Option<f64>,
    /// Concurrent requests for sessions and events [default: 8]
    #[arg(long, value_name = "N", conflicts_with = "from")]
    pub(crate) concurrency: Option<NonZeroUsize>,
}

/// The file of an answer.
#[derive(Debug, Args)]
pub(crate) struct OutFile {
    /// Write to FILE instead of stdout; the format is that of --output, else of the extension: .ndjson, .json or .csv
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite the file of --out
    #[arg(long, requires = "out")]
    pub(crate) force: bool,
}

/// What a retention curve is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Comparison {
    Video(VideoId),
    Cohort(Filter),
    Period(PeriodArg),
}

/// How concurrent viewers are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConcurrencyRule {
    /// Sessions that play at the same instant, exactly
    Playing,
    /// Sessions that play within the same minute
    Minutes,
    /// Sessions between their start and their end, which need not play: an upper bound
    Presence,
}

impl Subject {
    /// Returns the assets with the given ids, each once.
    pub(crate) fn assets(&self) -> apivideo::Result<Vec<AssetId>> {
        match self.asset_type {
            Some(kind) => assets(kind, &self.ids),
            None => Ok(Vec::new()),
        }
    }

    /// Whether there are live streams only.
    pub(crate) fn is_live(&self) -> bool {
        match self.asset_type {
            Some(kind) => kind == AssetType::LiveStream,
            None => !self.all_videos,
        }
    }
}

impl VideoSubject {
    pub(crate) fn assets(&self) -> apivideo::Result<Vec<AssetId>> {
        assets(self.asset_type, &self.ids)
    }
}

/// Returns the assets of these ids, each once.
pub(super) fn assets(kind: AssetType, ids: &[String]) -> apivideo::Result<Vec<AssetId>> {
    let mut assets: Vec<AssetId> = Vec::new();
    for id in ids {
        let asset = match kind {
            AssetType::Video => VideoId::new(id)?.into(),
            AssetType::LiveStream => LiveStreamId::new(id)?.into(),
        };
        if !assets.contains(&asset) {
            assets.push(asset);
        }
    }
    Ok(assets)
}

impl Question {
    pub(crate) fn zone(&self) -> TimeZone {
        self.tz.clone().unwrap_or(TimeZone::UTC)
    }

    /// Returns the name of the time zone.
    pub(crate) fn zone_name(&self) -> String {
        let name = |zone: &TimeZone| zone.iana_name().map(str::to_owned);
        self.tz
            .as_ref()
            .and_then(name)
            .unwrap_or_else(|| "UTC".to_owned())
    }

    /// Returns the period of the question.
    pub(crate) fn period(&self, now: Timestamp) -> Result<Option<ResolvedPeriod>, Failure> {
        let zone = self.zone();
        self.period
            .map(|period| period.resolve(now, &zone))
            .transpose()
    }

    /// Returns an empty audience with the settings of the question, but the period.
    pub(crate) fn settings(&self, assets: &[AssetId]) -> insights::Audience {
        let mut audience = insights::Audience::new().with_time_zone(self.zone());
        for filter in &self.only {
            audience = audience.only(filter.clone());
        }
        for filter in &self.exclude {
            audience = audience.exclude(filter.clone());
        }
        if let Some(key) = &self.viewer_key {
            audience = audience.viewer_key(key.clone());
        }
        if let Some(length) = self.length {
            for asset in assets {
                audience = audience.with_length(Asset::from(asset), length);
            }
        }
        audience
    }
}

/// Describes an invalid id, such as a title.
pub(super) fn invalid_id(error: &apivideo::Error, is_live: bool) -> String {
    let list = if is_live { "live-streams" } else { "videos" };
    format!("{error}; `apivideo {list}` lists ids and titles")
}

/// Returns an error if the options of a question do not fit its assets.
pub(super) fn check(subject: &Subject, question: &Question) -> Result<(), String> {
    subject
        .assets()
        .map_err(|error| invalid_id(&error, subject.is_live()))?;
    if question.length.is_some() && subject.is_live() {
        return Err("a live stream has no length, so --length cannot be used with it".to_owned());
    }
    if question.length.is_some() && subject.ids.len() != 1 {
        return Err("--length is the length of one video; use it with a single ID".to_owned());
    }
    Ok(())
}

/// Returns an error if a retention curve makes no sense.
pub(super) fn check_retention(retention: &Retention) -> Result<(), String> {
    let subject = &retention.subject;
    if subject.asset_type == AssetType::LiveStream {
        return Err(
            "a live stream has no length, so retention by position does not apply; use `apivideo concurrency live-stream ID`"
                .to_owned(),
        );
    }
    subject
        .assets()
        .map_err(|error| invalid_id(&error, false))?;
    if subject.ids.len() > 1 {
        return Err(
            "several videos have no common retention, because their lengths differ; compare two of them: --compare video:ID"
                .to_owned(),
        );
    }
    match &retention.compare {
        Some(Comparison::Video(_)) if retention.question.length.is_some() => Err(
            "--length is the length of one video and cannot be used with --compare video:ID"
                .to_owned(),
        ),
        Some(Comparison::Period(_)) if retention.question.period.is_none() => {
            Err("--compare with a period requires --period".to_owned())
        }
        _ => Ok(()),
    }
}

impl std::str::FromStr for Comparison {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(id) = text.strip_prefix("video:") {
            return match VideoId::new(id) {
                Ok(id) => Ok(Self::Video(id)),
                Err(error) => Err(error.to_string()),
            };
        }
        if text.starts_with("live-stream:") {
            return Err(
                "a live stream has no length, so retention by position does not apply".to_owned(),
            );
        }
        if text.contains('=') {
            return filter(text).map(Self::Cohort);
        }
        text.parse().map(Self::Period).map_err(|error: String| {
            format!("expected video:ID, a condition (metadata.plan=pro) or a period: {error}")
        })
    }
}

/// Parses a dimension of a breakdown. The error of a name that is close to one suggests it.
fn dimension(text: &str) -> Result<Dimension, String> {
    text.parse().map_err(|error: insights::InvalidDimension| {
        let hint = match text {
            "browser" | "app" => "use client",
            "device" | "devices" => "use device.type",
            "referrer" | "page" => "use referrer.page",
            "day" => "use date",
            "video" | "live-stream" | "title" => "use asset",
            "hour" | "weekday" => "hours of the week are a part of `apivideo report`",
            "metadata" => "add the key, such as metadata.plan",
            _ => return error.to_string(),
        };
        format!("{hint}; {error}")
    })
}

/// Parses a condition. The error contains its cause.
fn filter(text: &str) -> Result<Filter, String> {
    text.parse().map_err(|error: insights::InvalidFilter| {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
        format!("{error}{}", cause.unwrap_or_default())
    })
}

/// Parses the length of a video in seconds.
fn length(text: &str) -> Result<f64, String> {
    match values::number(text) {
        Some(seconds) if seconds > 0.0 && seconds <= 864_000.0 => Ok(seconds),
        _ => Err("expected seconds, greater than 0 and at most 864000, such as 63.5".to_owned()),
    }
}
