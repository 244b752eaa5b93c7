//! Arguments of `report`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use apivideo::{AssetId, LiveStreamId, VideoId};
use clap::Args;

use super::lists::AssetType;
use super::period::PeriodArg;
use super::questions::{self, Question};

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The type of the assets
    #[arg(value_name = "TYPE")]
    asset_type: AssetType,
    /// The ids of the videos or live streams
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// The file to write, such as report.html; `-` is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Overwrite the file of --out
    #[arg(long)]
    pub(crate) force: bool,
    /// The title of the video or live stream; repeated, once for each ID [default: that of the service, or the ID]
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Vec<String>,
    /// Compare with another period (2021-12, last-month), another video (video:ID) or live stream (live-stream:ID)
    #[arg(long, value_name = "WHAT")]
    pub(crate) compare: Option<ReportComparison>,
    /// The chapters of the video, a WebVTT file, which are drawn on the axis [default: those that the service has]
    #[arg(long, value_name = "FILE")]
    pub(crate) chapters: Option<PathBuf>,
    /// Without chapters
    #[arg(long, conflicts_with = "chapters")]
    pub(crate) no_chapters: bool,
    /// The language of the chapters that the service has, such as fr [default: the first in its list]
    #[arg(
        long,
        value_name = "LANG",
        conflicts_with_all = ["chapters", "no_chapters", "from", "from_totals"]
    )]
    pub(crate) language: Option<String>,
    /// Make the report from aggregates alone, for an account without raw statistics: at most 30 days back, in UTC, and without
    /// how far viewers watched
    #[arg(
        long,
        requires = "period",
        conflicts_with_all = ["from", "only", "exclude", "viewer_key", "length", "compare", "chapters", "tz", "concurrency"]
    )]
    pub(crate) from_totals: bool,
    #[command(flatten)]
    pub(crate) question: Question,
}

/// What a report is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReportComparison {
    Asset(AssetId),
    Period(PeriodArg),
}

impl FromStr for ReportComparison {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let asset = if let Some(id) = text.strip_prefix("video:") {
            VideoId::new(id).map(AssetId::from)
        } else if let Some(id) = text.strip_prefix("live-stream:") {
            LiveStreamId::new(id).map(AssetId::from)
        } else {
            return text.parse().map(Self::Period).map_err(|error: String| {
                format!("expected a period, video:ID or live-stream:ID: {error}")
            });
        };
        asset.map(Self::Asset).map_err(|error| error.to_string())
    }
}

impl Report {
    /// Returns the assets, each once.
    pub(crate) fn assets(&self) -> apivideo::Result<Vec<AssetId>> {
        questions::assets(self.asset_type, &self.ids)
    }

    pub(crate) fn is_live(&self) -> bool {
        self.asset_type == AssetType::LiveStream
    }

    /// Returns the file to write; `None` is stdout.
    pub(crate) fn file(&self) -> Option<&Path> {
        Some(self.out.as_path()).filter(|path| *path != Path::new("-"))
    }
}

/// Returns an error if the options of a report do not fit its assets.
pub(super) fn check(report: &Report) -> Result<(), String> {
    let assets = report.assets().map_err(|error| error.to_string())?;
    let is_live = report.is_live();
    match report.title.len() {
        0 => {}
        titles if titles == assets.len() => {}
        titles => {
            return Err(format!(
                "--title is set {titles} times, but the number of IDs is {}; set it once for each ID",
                assets.len()
            ));
        }
    }
    if report.question.length.is_some() && is_live {
        return Err("a live stream has no length, so --length cannot be used with it".to_owned());
    }
    if report.question.length.is_some() && assets.len() > 1 {
        return Err("--length is the length of one video; use it with a single ID".to_owned());
    }
    if report.force && report.file().is_none() {
        return Err("--force overwrites a file, and `--out -` writes to stdout".to_owned());
    }
    let has_chapters = report.chapters.is_some() || report.no_chapters || report.language.is_some();
    if has_chapters && is_live {
        return Err("a live stream has no chapters".to_owned());
    }
    if report.chapters.is_some() && assets.len() > 1 {
        return Err("--chapters are those of one video; use it with a single ID".to_owned());
    }
    if report.from_totals && assets.len() > 1 {
        return Err(
            "a report from totals is of one video or live stream; run the command for each ID"
                .to_owned(),
        );
    }
    let Some(compared) = &report.compare else {
        return Ok(());
    };
    if assets.len() > 1 {
        return Err(
            "--compare requires a single ID; several IDs are compared in the first table of their report"
                .to_owned(),
        );
    }
    match compared {
        ReportComparison::Asset(other) if assets.contains(other) => {
            Err("--compare requires another video or live stream, or a period".to_owned())
        }
        ReportComparison::Asset(AssetId::LiveStream(_)) if !is_live => {
            Err("a video cannot be compared with a live stream, which has no length".to_owned())
        }
        ReportComparison::Asset(AssetId::Video(_)) if is_live => {
            Err("a live stream, which has no length, cannot be compared with a video".to_owned())
        }
        ReportComparison::Asset(_) if report.question.length.is_some() => Err(
            "--length is the length of one video and cannot be used with --compare video:ID"
                .to_owned(),
        ),
        ReportComparison::Period(_) if report.question.period.is_none() => {
            Err("--compare with a period requires --period".to_owned())
        }
        _ => Ok(()),
    }
}
