//! The events in the file of a day, by session.

use super::sort::KeyRef;
use crate::error::Result;
use crate::format::Rows;
use crate::row::Row;

/// The rows of a file of events, which is sorted by session.
pub(super) struct StoredEvents {
    rows: Rows,
    next: Option<Row>,
    is_started: bool,
}

impl StoredEvents {
    pub(super) fn new(rows: Rows) -> Self {
        Self {
            rows,
            next: None,
            is_started: false,
        }
    }

    /// Returns the events of a session, whose key is after those of all calls before.
    pub(super) fn take(&mut self, key: KeyRef<'_>) -> Result<Vec<Row>> {
        if !std::mem::replace(&mut self.is_started, true) {
            self.next = self.rows.next().transpose()?;
        }
        let mut events = Vec::new();
        while let Some(row) = self.next.take_if(|row| row.key_ref() <= key) {
            if row.key_ref() == key {
                events.push(row);
            }
            self.next = self.rows.next().transpose()?;
        }
        Ok(events)
    }
}
