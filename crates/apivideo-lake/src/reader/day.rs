//! The sessions of a day from its tables `playbacks`, `played` and `seeks`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use apivideo::{AssetId, Timestamp};
use apivideo_insights::{
    Asset, AssetKind, Audience, DropReason, Dropped, Playback, PlaybackSummary, PlayedInterval,
    Seek, SessionFacts,
};

use crate::asset_id;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::format::{Batch, Batches, Format};
use crate::manifest::FileEntry;
use crate::metadata::MetadataPairs;
use crate::partition::Partition;
use crate::table::Table;

const PLAYBACK_COLUMNS: [&str; 32] = [
    "asset_kind",
    "asset_id",
    "session_id",
    "loaded_at",
    "ended_at",
    "events",
    "ready_events",
    "play_events",
    "end_events",
    "visits",
    "played_rows",
    "seek_rows",
    "time_to_play_seconds",
    "is_open",
    "is_skewed",
    "dropped_not_finite",
    "dropped_negative",
    "dropped_too_long",
    "dropped_beyond_length",
    "dropped_too_short",
    "location_country",
    "location_city",
    "device_type",
    "device_vendor",
    "device_model",
    "os_name",
    "client_name",
    "referrer_medium",
    "referrer_source",
    "referrer_host",
    "referrer_page",
    "metadata",
];

const PLAYED_COLUMNS: [&str; 6] = [
    "started_at",
    "ended_at",
    "from_seconds",
    "to_seconds",
    "is_estimated",
    "upper_seconds",
];

const SEEK_COLUMNS: [&str; 3] = ["emitted_at", "from_seconds", "to_seconds"];

/// A day to read.
pub(super) struct DayInput {
    pub(super) partition: Partition,
    /// The sessions whose events could not be read.
    pub(super) without_events: BTreeSet<String>,
    pub(super) files: BTreeMap<String, FileEntry>,
}

/// Reads days.
pub(super) struct DayReader<'a> {
    folder: &'a Folder,
    format: Format,
    assets: &'a [AssetId],
}

/// The rows of a file that belong to sessions, taken in order.
struct Rows {
    path: PathBuf,
    batches: Batches,
    batch: Option<Batch>,
    row: usize,
}

impl Rows {
    /// Calls a function with each of the next rows.
    fn take(&mut self, count: i64, mut visit: impl FnMut(&Batch, usize)) -> Result<()> {
        for _ in 0..count {
            while self
                .batch
                .as_ref()
                .is_none_or(|batch| self.row >= batch.rows())
            {
                self.row = 0;
                self.batch = self.batches.next().transpose()?;
                if self.batch.is_none() {
                    return Err(self.mismatch());
                }
            }
            if let Some(batch) = &self.batch {
                visit(batch, self.row);
            }
            self.row += 1;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        let is_read = self
            .batch
            .as_ref()
            .is_none_or(|batch| self.row >= batch.rows());
        match is_read && self.batches.next().transpose()?.is_none() {
            true => Ok(()),
            false => Err(self.mismatch()),
        }
    }

    fn mismatch(&self) -> Error {
        Error::corrupt(
            &self.path,
            "does not have the rows of the table `playbacks`: it was changed by another program; run \
             `apivideo lake rebuild`",
        )
    }
}

impl<'a> DayReader<'a> {
    pub(super) fn new(folder: &'a Folder, format: Format, assets: &'a [AssetId]) -> Self {
        Self {
            folder,
            format,
            assets,
        }
    }

    pub(super) fn read(&self, day: &DayInput, audience: &mut Audience) -> Result<()> {
        let mut played = self.rows(day, Table::Played, &PLAYED_COLUMNS)?;
        let mut seeks = self.rows(day, Table::Seeks, &SEEK_COLUMNS)?;
        let sessions = self.rows(day, Table::Playbacks, &PLAYBACK_COLUMNS)?;
        let mut metadata = MetadataPairs::default();
        for batch in sessions.batches {
            let batch = batch?;
            for row in 0..batch.rows() {
                let count = |column| batch.integer(column, row).unwrap_or_default();
                let mut intervals = Vec::with_capacity(bounded(count(10)));
                played.take(count(10), |batch, row| {
                    intervals.extend(interval(batch, row));
                })?;
                let mut found = Vec::with_capacity(bounded(count(11)));
                seeks.take(count(11), |batch, row| found.extend(seek(batch, row)))?;
                if !self.is_chosen(&batch, row) {
                    continue;
                }
                metadata.set(batch.string(31, row));
                let mut facts = facts(&batch, row);
                facts.metadata = metadata.to_facts();
                let summary = summary(&batch, row, facts.is_live());
                let is_unreadable = summary.events == 0 && day.without_events.contains(facts.id);
                match is_unreadable {
                    true => audience.add_unreadable(&facts),
                    false => {
                        let playback = Playback::from_rows(&summary, intervals, found);
                        audience.add_playback(&facts, playback);
                    }
                }
            }
        }
        played.finish()?;
        seeks.finish()
    }

    fn rows(&self, day: &DayInput, table: Table, names: &[&'static str]) -> Result<Rows> {
        let entry = day.files.get(table.name());
        let path = entry.map_or(table.name(), |entry| &entry.path);
        let batches: Batches = match entry {
            Some(entry) => {
                super::derived_columns(self.folder, self.format, table, &entry.path, names)?
            }
            None => Box::new(std::iter::empty()),
        };
        Ok(Rows {
            path: self.folder.path_of(path),
            batches,
            batch: None,
            row: 0,
        })
    }

    fn is_chosen(&self, batch: &Batch, row: usize) -> bool {
        self.assets.is_empty()
            || self.assets.iter().any(|asset| {
                batch.string(0, row) == Some(asset_id::kind(asset))
                    && batch.string(1, row) == Some(asset.as_str())
            })
    }
}

fn facts(batch: &Batch, row: usize) -> SessionFacts<'_> {
    let string = |column| batch.string(column, row);
    let kind: Option<AssetKind> = string(0).and_then(|kind| kind.parse().ok());
    SessionFacts {
        asset: kind.zip(string(1)).map(|(kind, id)| Asset { kind, id }),
        loaded_at: time(batch, 3, row),
        ended_at: time(batch, 4, row),
        country: string(20),
        city: string(21),
        device_type: string(22),
        device_vendor: string(23),
        device_model: string(24),
        os: string(25),
        client: string(26),
        referrer_medium: string(27),
        referrer_source: string(28),
        referrer_host: string(29),
        referrer_page: string(30).map(Cow::Borrowed),
        ..SessionFacts::new(string(2).unwrap_or_default())
    }
}

fn summary(batch: &Batch, row: usize, is_live: bool) -> PlaybackSummary {
    let count = |column| {
        let value = batch.integer(column, row).unwrap_or_default();
        u32::try_from(value).unwrap_or_default()
    };
    let mut dropped = Dropped::default();
    for (column, reason) in (15..).zip(DropReason::ALL) {
        dropped.add(reason, count(column).into());
    }
    PlaybackSummary {
        is_live,
        events: count(5),
        ready_events: count(6),
        play_events: count(7),
        end_events: count(8),
        visits: count(9),
        time_to_play_seconds: batch.number(12, row),
        is_open: batch.bool(13, row).unwrap_or_default(),
        is_skewed: batch.bool(14, row).unwrap_or_default(),
        dropped,
    }
}

fn interval(batch: &Batch, row: usize) -> Option<PlayedInterval> {
    let number = |column| batch.number(column, row);
    let interval = PlayedInterval::new(
        time(batch, 0, row)?..time(batch, 1, row)?,
        number(2)?..number(3)?,
    );
    Some(match batch.bool(4, row)? {
        true => interval.estimated(number(5)?),
        false => interval,
    })
}

fn seek(batch: &Batch, row: usize) -> Option<Seek> {
    let number = |column| batch.number(column, row);
    Some(Seek::new(time(batch, 0, row)?, number(1)?, number(2)?))
}

fn time(batch: &Batch, column: usize, row: usize) -> Option<Timestamp> {
    let micros = batch.integer(column, row)?;
    Timestamp::from_microsecond(micros).ok()
}

/// Returns a number of rows to reserve memory for.
fn bounded(count: i64) -> usize {
    usize::try_from(count.clamp(0, 1_024)).unwrap_or_default()
}
