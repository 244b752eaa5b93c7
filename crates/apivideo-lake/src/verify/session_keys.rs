//! The sessions of a day in their order, so that a day of any size is checked without keeping its sessions in memory.

use std::path::Path;

use crate::error::Result;
use crate::folder::Folder;
use crate::format::{Batch, Batches, Format};
use crate::table::{Key, Table};

const KEY: [&str; 3] = ["asset_kind", "asset_id", "session_id"];

/// Whether the sessions of a file are in their order, each once.
#[derive(Default)]
pub(super) struct SortOrder {
    last: Option<Key>,
    duplicate: Option<String>,
    is_unsorted: bool,
}

impl SortOrder {
    pub(super) fn add(&mut self, key: Key) {
        match &self.last {
            Some(last) if *last == key => {
                self.duplicate.get_or_insert_with(|| key.session_id.clone());
            }
            Some(last) if *last > key => self.is_unsorted = true,
            _ => {}
        }
        self.last = Some(key);
    }

    /// Describes what is wrong with the file, if anything.
    pub(super) fn problem(&self, path: &Path) -> Option<String> {
        let path = path.display();
        if self.is_unsorted {
            return Some(format!(
                "{path}: it is not sorted by asset and session; pull the day again with --reread"
            ));
        }
        let id = self.duplicate.as_ref()?;
        Some(format!("{path}: it contains the session {id} twice"))
    }
}

/// The keys of a file of sessions, read along with the events of the day.
#[derive(Default)]
pub(super) struct SessionKeys {
    batches: Option<Batches>,
    batch: Option<Batch>,
    row: usize,
}

impl SessionKeys {
    pub(super) fn open(folder: &Folder, format: Format, name: &str) -> Result<Self> {
        Ok(Self {
            batches: Some(folder.pulled_columns(format, Table::Sessions, name, &KEY)?),
            ..Self::default()
        })
    }

    /// Returns whether there is a session. The keys have to be requested in their order.
    pub(super) fn contains(&mut self, key: (&str, &str, &str)) -> Result<bool> {
        loop {
            let Some(batch) = self.batch.as_ref().filter(|batch| self.row < batch.rows()) else {
                self.row = 0;
                self.batch = match &mut self.batches {
                    Some(batches) => batches.next().transpose()?,
                    None => None,
                };
                match self.batch {
                    Some(_) => continue,
                    None => return Ok(false),
                }
            };
            let cell = |column| batch.string(column, self.row).unwrap_or_default();
            let current = (cell(0), cell(1), cell(2));
            if current >= key {
                return Ok(current == key);
            }
            self.row += 1;
        }
    }
}
