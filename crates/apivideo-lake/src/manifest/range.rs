//! Request ranges: the unit in which sessions are requested and made final.

use apivideo::AssetId;
use serde::{Deserialize, Serialize};

use super::skip::{is_false, is_zero};
use crate::asset_id;
use crate::date_range::DateRange;
use crate::partition::Partition;

/// An asset and a range of days whose sessions are requested as one list, and the outcome of reading it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestRange {
    #[serde(with = "asset_id::text")]
    pub(crate) asset: AssetId,
    pub(crate) period: DateRange,
    /// Whether its days are final: they ended long enough ago, and all of it was read.
    #[serde(rename = "final")]
    pub(crate) is_final: bool,
    /// The number of sessions that the service reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) items_total: Option<u64>,
    /// The number of sessions received, without the forgotten ones.
    pub(crate) sessions: u64,
    /// The number of these sessions that were loaded outside of the period.
    pub(crate) out_of_period: u64,
    /// The number of sessions that could not be decoded; they are in `_invalid`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) invalid: u64,
    /// The number of sessions that were not stored because they were forgotten.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) forgotten: u64,
    /// The number of sessions that were decoded only after the response was repaired.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) repaired: u64,
    /// The reason why the list could not be read completely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
    /// Whether the days were made final although some of the sessions could not be read.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) accepted: bool,
}

impl RequestRange {
    pub(crate) fn new(asset: AssetId, period: DateRange, is_final: bool) -> Self {
        Self {
            asset,
            period,
            is_final,
            items_total: None,
            sessions: 0,
            out_of_period: 0,
            invalid: 0,
            forgotten: 0,
            repaired: 0,
            failed: None,
            accepted: false,
        }
    }

    /// Returns whether a partition is one of the days of the range.
    pub(crate) fn contains(&self, partition: Partition) -> bool {
        partition.day().is_some_and(|day| self.period.contains(day))
    }

    /// Returns whether every reported session was received and decoded.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_none() && self.invalid == 0 && self.missing() == 0
    }

    /// Returns how many of the reported sessions were not received.
    pub(crate) fn missing(&self) -> u64 {
        self.items_total
            .map_or(0, |total| total.saturating_sub(self.received()))
    }

    fn received(&self) -> u64 {
        self.sessions + self.invalid + self.forgotten
    }

    /// Adds the counts of the range that follows this one.
    pub(super) fn extend(&mut self, next: Self) {
        self.period.last = next.period.last;
        self.items_total = self
            .items_total
            .zip(next.items_total)
            .map(|(one, other)| one + other);
        self.sessions += next.sessions;
        self.out_of_period += next.out_of_period;
        self.invalid += next.invalid;
        self.forgotten += next.forgotten;
        self.repaired += next.repaired;
        self.accepted |= next.accepted;
        self.failed = self.failed.take().or(next.failed);
    }

    /// Describes what is wrong with the range, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        let why = if let Some(why) = &self.failed {
            format!("incomplete: {why}")
        } else if self.missing() > 0 {
            format!(
                "incomplete: the service reported {} sessions and returned {}",
                self.items_total.unwrap_or_default(),
                self.received()
            )
        } else if self.invalid > 0 {
            format!(
                "{} sessions could not be decoded (see _invalid)",
                self.invalid
            )
        } else {
            return None;
        };
        Some(format!("{}: {why}", self.describe()))
    }

    /// Returns the asset and the period.
    pub(crate) fn describe(&self) -> String {
        let asset = self.asset.to_string();
        format!("{asset} {}", self.period.period())
    }
}
