//! What all sections of one video or live stream have in common.

use apivideo_insights::{AssetKind, AudienceReport, Breakdown, Measures};
use jiff::Timestamp;

use crate::asset::ReportAsset;
use crate::calendar::{Period, Zone};
use crate::format::Clock;

/// Below this number of plays, percentages and rankings are left out.
pub(crate) const MIN_PLAYS: u64 = 20;

/// The visits in which the player was loaded. If some plays have no load, loads were not recorded, and all visits are counted.
pub(crate) fn visits(measures: &Measures) -> u64 {
    match measures.impressions >= measures.plays {
        true => measures.impressions,
        false => measures.quality.sessions,
    }
}

/// The place of sections in the page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// Precedes identifiers; empty in a report of one video or live stream.
    pub(crate) prefix: String,
    /// Follows the names of regions, which are unique in the page.
    pub(crate) suffix: String,
    /// Whether headings are one level lower, below the heading of a video or live stream.
    pub(crate) is_nested: bool,
}

impl Scope {
    pub(crate) fn id(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

pub(crate) struct View<'a> {
    pub(crate) asset: &'a ReportAsset,
    pub(crate) audience: &'a AudienceReport,
    pub(crate) zone: &'a Zone,
    pub(crate) period: &'a Period,
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) clock: Clock,
    pub(crate) scope: Scope,
}

impl<'a> View<'a> {
    pub(crate) fn measures(&self) -> &'a Measures {
        &self.audience.measures
    }

    pub(crate) fn plays(&self) -> u64 {
        self.measures().plays
    }

    /// The visits in which the player was loaded; all visits if loads are missing.
    pub(crate) fn visits(&self) -> u64 {
        visits(self.measures())
    }

    pub(crate) fn is_small(&self) -> bool {
        self.plays() < MIN_PLAYS
    }

    pub(crate) fn is_live(&self) -> bool {
        self.asset.kind() == AssetKind::LiveStream
    }

    /// The length of the video in seconds.
    pub(crate) fn length(&self) -> Option<f64> {
        let length = self.measures().length.filter(|_| !self.is_live());
        length.map(|length| length.seconds)
    }

    pub(crate) fn breakdown(&self, dimension: &str) -> Option<&'a Breakdown> {
        let mut all = self.audience.breakdowns.iter();
        all.find(|breakdown| breakdown.dimension == dimension)
    }
}
