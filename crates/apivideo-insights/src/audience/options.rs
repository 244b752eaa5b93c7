//! What an audience computes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::dimension::Dimension;
use super::filter::Filter;
use crate::length::MediaLength;
use crate::micros;
use crate::session::{Asset, AssetKind, SessionFacts};

/// How sessions and playback that cross the borders of a period are counted; see
/// [`Audience::with_period`](crate::Audience::with_period).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MidnightRule {
    /// A session belongs wholly to the period in which it started.
    #[default]
    Start,
    /// Sessions and events are counted in the period in which the session started. Durations are split at the borders.
    Split,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) breakdowns: Vec<Dimension>,
    pub(crate) excluded: Vec<Filter>,
    pub(crate) only: Vec<Filter>,
    pub(crate) viewer_key: Dimension,
    /// Whether the key was set, and is not a default.
    pub(crate) has_viewer_key: bool,
    pub(crate) lengths: BTreeMap<(AssetKind, String), MediaLength>,
    pub(crate) time_zone: TimeZone,
    pub(crate) min_cell: u64,
    pub(crate) top: Option<usize>,
    pub(crate) has_cohorts: bool,
    pub(crate) has_minutes: bool,
    pub(crate) has_steps: bool,
    pub(crate) period: Option<(Timestamp, Timestamp)>,
    pub(crate) midnight_rule: MidnightRule,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            breakdowns: Vec::new(),
            excluded: Vec::new(),
            only: Vec::new(),
            viewer_key: Dimension::Metadata("userId".to_owned()),
            has_viewer_key: false,
            lengths: BTreeMap::new(),
            time_zone: TimeZone::UTC,
            min_cell: 0,
            top: None,
            has_cohorts: false,
            has_minutes: false,
            has_steps: false,
            period: None,
            midnight_rule: MidnightRule::Start,
        }
    }
}

impl Options {
    /// Returns whether a session passes the filters.
    pub(crate) fn accepts(&self, session: &SessionFacts<'_>) -> bool {
        self.only
            .iter()
            .all(|filter| filter.matches_in(session, &self.time_zone))
            && !self
                .excluded
                .iter()
                .any(|filter| filter.matches_in(session, &self.time_zone))
    }

    pub(crate) fn length(&self, asset: Asset<'_>) -> Option<MediaLength> {
        if self.lengths.is_empty() || asset.kind == AssetKind::LiveStream {
            return None;
        }
        self.lengths
            .get(&(asset.kind, asset.id.to_owned()))
            .copied()
    }

    /// Returns the value of a dimension; days are those of the time zone.
    pub(crate) fn value<'s>(
        &self,
        dimension: &Dimension,
        session: &'s SessionFacts<'_>,
    ) -> Option<Cow<'s, str>> {
        dimension.value_in(session, &self.time_zone)
    }

    /// Returns the date of an instant in the time zone.
    pub(crate) fn date(&self, at: i64) -> String {
        self.time_zone
            .to_datetime(micros::to_timestamp(at))
            .date()
            .to_string()
    }

    pub(crate) fn period_micros(&self) -> Option<(i64, i64)> {
        self.period
            .map(|(start, end)| (start.as_microsecond(), end.as_microsecond()))
    }
}
