//! The videos and live streams of an audience, and the rows of its breakdowns.

use std::collections::HashMap;

use super::cell::Cell;
use super::part::Part;
use crate::length::{LengthEvidence, LengthSource, MediaLength};
use crate::session::{Asset, AssetKind};

/// What is kept of one video or live stream.
#[derive(Clone, Debug)]
pub(crate) struct AssetState {
    /// `None` for sessions without an asset.
    pub(crate) key: Option<(AssetKind, Box<str>)>,
    /// The length that was set, which replaces the evidence.
    pub(crate) given: Option<MediaLength>,
    pub(crate) evidence: LengthEvidence,
    pub(crate) part: Part,
    /// The measures of the asset; used in a breakdown by asset.
    pub(crate) cell: Cell,
}

impl AssetState {
    pub(crate) fn is_video(&self) -> bool {
        matches!(self.key, Some((AssetKind::Video, _)))
    }

    pub(crate) fn is_live(&self) -> bool {
        matches!(self.key, Some((AssetKind::LiveStream, _)))
    }

    /// Returns the length of a video: as it was set, else as far as it can be inferred.
    pub(crate) fn length(&self) -> Option<MediaLength> {
        match self.is_video() {
            true => self.given.or_else(|| self.evidence.length()),
            false => None,
        }
    }

    /// Returns a length below which the inferred length of a video cannot fall when more sessions are added.
    pub(crate) fn min_length(&self) -> Option<f64> {
        self.evidence
            .length()
            .filter(|length| length.source == LengthSource::Ends)
            .map(|length| length.seconds)
    }
}

/// Indexes by key. The last key is remembered, because sessions are usually sorted by asset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assets {
    pub(crate) states: Vec<AssetState>,
    videos: HashMap<Box<str>, u32>,
    live_streams: HashMap<Box<str>, u32>,
    without: Option<u32>,
    last: Option<u32>,
}

impl Assets {
    /// Returns the index of an asset; a new one has the length of `length`.
    pub(crate) fn index(
        &mut self,
        asset: Option<Asset<'_>>,
        length: impl FnOnce(Asset<'_>) -> Option<MediaLength>,
    ) -> u32 {
        if let Some(last) = self.last.filter(|&last| self.is_asset(last, asset)) {
            return last;
        }
        let next = self.states.len() as u32;
        let found = match asset {
            None => self.without,
            Some(asset) => self.map(asset.kind).get(asset.id).copied(),
        };
        let index = found.unwrap_or_else(|| {
            match asset {
                None => self.without = Some(next),
                Some(asset) => {
                    self.map(asset.kind).insert(asset.id.into(), next);
                }
            }
            self.states.push(AssetState {
                key: asset.map(|asset| (asset.kind, asset.id.into())),
                given: asset.and_then(length),
                evidence: LengthEvidence::default(),
                part: Part::default(),
                cell: Cell::default(),
            });
            next
        });
        self.last = Some(index);
        index
    }

    fn is_asset(&self, index: u32, asset: Option<Asset<'_>>) -> bool {
        match (&self.states[index as usize].key, asset) {
            (Some((kind, id)), Some(asset)) => *kind == asset.kind && **id == *asset.id,
            (None, None) => true,
            _ => false,
        }
    }

    fn map(&mut self, kind: AssetKind) -> &mut HashMap<Box<str>, u32> {
        match kind {
            AssetKind::Video => &mut self.videos,
            AssetKind::LiveStream => &mut self.live_streams,
        }
    }
}

/// The rows of a breakdown, except of one by asset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rows: Vec<(Option<Box<str>>, Cell)>,
    index: HashMap<Box<str>, u32>,
    unknown: Option<u32>,
}

impl Rows {
    /// Returns the index of the row of a value.
    pub(crate) fn index(&mut self, value: Option<&str>) -> u32 {
        let next = self.rows.len() as u32;
        let found = match value {
            None => self.unknown,
            Some(value) => self.index.get(value).copied(),
        };
        found.unwrap_or_else(|| {
            match value {
                None => self.unknown = Some(next),
                Some(value) => {
                    self.index.insert(value.into(), next);
                }
            }
            self.rows.push((value.map(Into::into), Cell::default()));
            next
        })
    }
}
