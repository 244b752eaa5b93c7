//! The derived files of a day, written from the playback of its sessions.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;

use apivideo::Timestamp;
use apivideo_insights::{DropReason, Playback};

use super::source::SourceSession;
use crate::column::Cell;
use crate::error::{Error, Operation, Result};
use crate::event_scope::EventScope;
use crate::folder::Folder;
use crate::folder::names::FileNames;
use crate::format::{Format, Writer};
use crate::manifest::FileEntry;
use crate::partition::Partition;
use crate::table::Table;
use crate::viewer_key::ViewerKey;

/// The new derived files of a day.
pub(super) struct Output {
    folder: Folder,
    format: Format,
    names: FileNames,
    scope: EventScope,
    day: Partition,
    /// Created with the first row: a table without rows has no file.
    writers: BTreeMap<&'static str, (Table, Writer)>,
}

impl Output {
    pub(super) fn new(
        folder: &Folder,
        format: Format,
        names: FileNames,
        scope: EventScope,
        day: Partition,
    ) -> Self {
        Self {
            folder: folder.clone(),
            format,
            names,
            scope,
            day,
            writers: BTreeMap::new(),
        }
    }

    /// Adds a session.
    pub(super) fn push(
        &mut self,
        session: &SourceSession<'_>,
        playback: &Playback,
        viewer_key: &ViewerKey,
    ) -> Result<()> {
        let facts = &session.facts;
        let viewer = session.metadata.get(viewer_key.metadata_key());
        let asset_id = facts.asset.map_or("", |asset| asset.id);
        let key = [session.asset_kind, asset_id, facts.id].map(Cell::from);
        let dimensions = [
            facts.country,
            facts.city,
            facts.device_type,
            facts.device_vendor,
            facts.device_model,
            facts.os,
            facts.client,
            facts.referrer_medium,
            facts.referrer_source,
            facts.referrer_host,
            facts.referrer_page.as_deref(),
            session.metadata_json,
        ]
        .map(optional);
        let mut cells: Vec<Cell<'_>> = Vec::with_capacity(40);
        let pieces = playback.pieces();
        for piece in &pieces {
            cells.clear();
            cells.extend_from_slice(&key);
            cells.extend([
                Cell::Integer(piece.number().into()),
                Cell::Timestamp(piece.started_at()),
                Cell::Timestamp(piece.ended_at()),
                Cell::Number(piece.from_seconds()),
                Cell::Number(piece.to_seconds()),
                Cell::Bool(piece.is_estimated()),
                Cell::Bool(piece.is_rewatch()),
                Cell::Number(piece.upper_seconds()),
                optional(viewer),
            ]);
            cells.extend_from_slice(&dimensions);
            self.write(Table::Played, &cells)?;
        }
        for (index, seek) in playback.seeks().iter().enumerate() {
            cells.clear();
            cells.extend_from_slice(&key);
            cells.extend([
                integer(index as u64 + 1),
                Cell::Timestamp(seek.emitted_at()),
                Cell::Number(seek.from_seconds()),
                Cell::Number(seek.to_seconds()),
            ]);
            cells.extend_from_slice(&dimensions);
            self.write(Table::Seeks, &cells)?;
        }
        let dropped = playback.dropped();
        cells.clear();
        cells.extend_from_slice(&key);
        cells.extend([
            time(facts.loaded_at),
            time(facts.ended_at),
            optional(viewer),
            integer(playback.events().into()),
            integer(playback.ready_events().into()),
            integer(playback.play_events().into()),
            integer(playback.end_events().into()),
            integer(playback.visits().into()),
            integer(pieces.len() as u64),
            integer(playback.seeks().len() as u64),
            Cell::Number(playback.covered_seconds()),
            number(playback.exit_seconds()),
            number(playback.furthest_seconds()),
            number(playback.time_to_play_seconds()),
            Cell::Bool(playback.is_open()),
            Cell::Bool(playback.is_skewed()),
        ]);
        cells.extend(DropReason::ALL.map(|reason| integer(dropped.count(reason))));
        cells.extend_from_slice(&dimensions);
        self.write(Table::Playbacks, &cells)
    }

    fn write(&mut self, table: Table, cells: &[Cell<'_>]) -> Result<()> {
        let path = incoming(&self.folder, table, self.day);
        let failed = |error| Error::storage(Operation::Write, &path, error);
        if !self.writers.contains_key(table.name()) {
            let file = File::create(&path).map_err(failed)?;
            let writer = Writer::new(self.format, table, self.scope, file).map_err(failed)?;
            self.writers.insert(table.name(), (table, writer));
        }
        match self.writers.get_mut(table.name()) {
            Some((_, writer)) => writer.push_cells(cells).map_err(failed),
            None => Ok(()),
        }
    }

    /// Completes the files; returns their entries by the names of their tables.
    pub(super) fn finish(self) -> Result<BTreeMap<String, FileEntry>> {
        let mut entries = BTreeMap::new();
        for (name, (table, writer)) in self.writers {
            let path = incoming(&self.folder, table, self.day);
            let written = writer
                .finish()
                .map_err(|error| Error::storage(Operation::Write, &path, error))?;
            let path = self.names.data(table, self.day, &written.sha256);
            entries.insert(name.to_owned(), FileEntry { path, written });
        }
        Ok(entries)
    }
}

/// Replaces the files of a day with the new ones, and removes those of tables without rows.
pub(super) fn replace(
    folder: &Folder,
    day: Partition,
    entries: &BTreeMap<String, FileEntry>,
) -> Result<()> {
    for table in Table::DERIVED_BY_DAY {
        let entry = entries.get(table.name());
        if let Some(entry) = entry {
            folder.put_file(&entry.path, &incoming(folder, table, day))?;
        }
        for format in Format::ALL {
            let name = Folder::data(table, day, format);
            if entry.is_none_or(|entry| entry.path != name) {
                folder.delete(&name)?;
            }
        }
    }
    Ok(())
}

/// Returns the path under which a file is written before it replaces the old one.
fn incoming(folder: &Folder, table: Table, day: Partition) -> std::path::PathBuf {
    let name = format!("{}-{day}.incoming", table.name());
    folder.derived_incoming().join(name)
}

fn optional(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Null, |value| Cell::String(Cow::Borrowed(value)))
}

fn time(value: Option<Timestamp>) -> Cell<'static> {
    value.map_or(Cell::Null, Cell::Timestamp)
}

fn number(value: Option<f64>) -> Cell<'static> {
    value.map_or(Cell::Null, Cell::Number)
}

fn integer(value: u64) -> Cell<'static> {
    Cell::Integer(value.try_into().unwrap_or(i64::MAX))
}
