//! The sessions of a day, each once and in the order of its file: the stored ones merged with the staged ones.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use super::session_index::micros;
use super::sort::{self, KeyRef, Sorted};
use crate::asset_id;
use crate::date_range::DateRange;
use crate::error::{Error, Result};
use crate::format::Rows;
use crate::manifest::{DayManifest, OutOfPeriod};
use crate::partition::Partition;
use crate::row::Row;
use crate::row::encoding::{Reader, push_row, read_row};
use crate::staging::frame::damaged;
use crate::staging::{RangeState, Staging};
use crate::table::{Key, Table};

/// The stored and the staged sessions of a day, side by side.
pub(super) struct Merge<'s> {
    day: Partition,
    staging: &'s Staging,
    staged: Sorted,
    next_staged: Option<Vec<u8>>,
    stored: Rows,
    next_stored: Option<Row>,
    last_stored: Option<Key>,
    stored_path: PathBuf,
    /// The periods for which stored sessions of other days' lists were listed.
    listed_for: HashMap<(String, String), DateRange>,
    /// The periods that were read completely, by asset.
    read: HashMap<(String, String), Vec<DateRange>>,
}

/// A session of a day.
pub(super) struct DaySession {
    pub(super) row: Row,
    /// The period for which the session was listed, if the day is not part of it.
    pub(super) out_of_period: Option<DateRange>,
    /// Whether it was stored before and was not listed again.
    pub(super) is_kept: bool,
    /// Whether its stored events are those of its current state.
    pub(super) is_unchanged: bool,
}

impl<'s> Merge<'s> {
    pub(super) fn new(
        day: Partition,
        staging: &'s Staging,
        staged: Sorted,
        stored: Rows,
        stored_path: PathBuf,
        before: Option<&DayManifest>,
    ) -> Result<Self> {
        let listed_for = before
            .into_iter()
            .flat_map(|before| &before.out_of_period)
            .map(|entry| {
                let key = (entry.asset.to_string(), entry.session.clone());
                (key, entry.period)
            });
        let mut read: HashMap<(String, String), Vec<DateRange>> = HashMap::new();
        let complete = staging
            .ranges_to_merge(day)
            .filter(|staged| staged.state == RangeState::Done && staged.range.is_complete());
        for staged in complete {
            let asset = &staged.range.asset;
            read.entry((asset_id::kind(asset).to_owned(), asset.as_str().to_owned()))
                .or_default()
                .push(staged.range.period);
        }
        let mut merge = Self {
            day,
            staging,
            staged,
            next_staged: None,
            stored,
            next_stored: None,
            last_stored: None,
            stored_path,
            listed_for: listed_for.collect(),
            read,
        };
        merge.next_staged = merge.staged.next()?;
        merge.load_stored()?;
        Ok(merge)
    }

    /// Returns the next session.
    pub(super) fn next(&mut self) -> Result<Option<DaySession>> {
        loop {
            let staged = self.next_staged.as_deref().map(sort::key).transpose();
            let staged = staged.map_err(|why| self.damaged(why))?;
            let stored = self.next_stored.as_ref().map(Row::key_ref);
            let key: Key = match (staged, stored) {
                (None, None) => return Ok(None),
                (Some(key), None) | (None, Some(key)) => owned(key),
                (Some(one), Some(other)) => owned(one.min(other)),
            };
            if let Some(session) = self.merge_key(&key)? {
                return Ok(Some(session));
            }
        }
    }

    /// Merges everything that is known of a session. A stored session that a complete list no longer contains is removed.
    fn merge_key(&mut self, key: &Key) -> Result<Option<DaySession>> {
        let mut session: Option<DaySession> = None;
        let mut stored_until = None;
        if self.next_stored.as_ref().map(Row::key_ref) == Some(key.as_ref())
            && let Some(row) = self.next_stored.take()
        {
            self.load_stored()?;
            stored_until = Some(micros(row.ended_at()));
            let listed_for = (key.asset(), key.session_id.clone());
            let out_of_period = self.listed_for.get(&listed_for).copied();
            if !self.is_listed_again(key, out_of_period) {
                session = Some(DaySession {
                    row,
                    out_of_period,
                    is_kept: true,
                    is_unchanged: true,
                });
            }
        }
        while let Some(record) = &self.next_staged {
            let staged_key = sort::key(record).map_err(|why| self.damaged(why))?;
            if staged_key != key.as_ref() {
                break;
            }
            if let Some(staged) = self.staged_session(record)? {
                session = Some(match session {
                    Some(session) => session.merge(staged),
                    None => staged,
                });
            }
            self.next_staged = self.staged.next()?;
        }
        if let Some(session) = &mut session {
            let ended_at = micros(session.row.ended_at());
            session.is_unchanged = stored_until
                .is_some_and(|until| session.is_kept || ended_at.is_some() && until == ended_at);
        }
        Ok(session)
    }

    /// Decodes a staged session; returns `None` if its request range was discarded.
    fn staged_session(&self, record: &[u8]) -> Result<Option<DaySession>> {
        let mut reader = Reader(record);
        let row = read_row(Table::Sessions, Vec::new(), &mut reader);
        let row = row.map_err(|why| self.damaged(why))?;
        let number = reader.number().map_err(|why| self.damaged(why))?;
        let staged = u32::try_from(number).ok();
        let Some(staged) = staged.and_then(|number| self.staging.range(number)) else {
            return Ok(None);
        };
        let range = &staged.range;
        Ok(Some(DaySession {
            row,
            out_of_period: (!range.contains(self.day)).then_some(range.period),
            is_kept: false,
            is_unchanged: false,
        }))
    }

    /// Returns the sessions of the day that were forgotten, without those of the lists that were read again: these count them.
    pub(super) fn forgotten(&self, before: Option<&DayManifest>) -> BTreeMap<String, u64> {
        let forgotten = before.map(|before| before.forgotten.clone());
        let mut forgotten = forgotten.unwrap_or_default();
        forgotten.retain(|asset, _| {
            let (kind, id) = asset.split_once('/').unwrap_or_default();
            let read = self.read.get(&(kind.to_owned(), id.to_owned()));
            let day = self.day.day();
            let is_read = day
                .zip(read)
                .is_some_and(|(day, read)| read.iter().any(|read| read.contains(day)));
            !is_read
        });
        forgotten
    }

    fn is_listed_again(&self, key: &Key, out_of_period: Option<DateRange>) -> bool {
        let asset = (key.asset_kind.clone(), key.asset_id.clone());
        let mut read = self.read.get(&asset).into_iter().flatten();
        match (out_of_period, self.day) {
            (Some(period), _) => read.any(|read| read.covers(period)),
            (None, Partition::Day(date)) => read.any(|read| read.contains(date)),
            (None, Partition::Unknown) => false,
        }
    }

    fn load_stored(&mut self) -> Result<()> {
        self.next_stored = self.stored.next().transpose()?;
        let key = self.next_stored.as_ref().map(Row::key);
        if key.is_some() && key <= self.last_stored {
            return Err(Error::corrupt(
                &self.stored_path,
                "is not sorted by asset and session",
            ));
        }
        self.last_stored = key;
        Ok(())
    }

    fn damaged(&self, why: &'static str) -> Error {
        damaged(&self.staging.day_path(self.day)).with_source(why)
    }
}

fn owned((asset_kind, asset_id, session_id): KeyRef<'_>) -> Key {
    Key {
        asset_kind: asset_kind.to_owned(),
        asset_id: asset_id.to_owned(),
        session_id: session_id.to_owned(),
    }
}

impl DaySession {
    /// Merges the same session from another list: the later state is kept, regardless of the order of the lists.
    fn merge(self, other: Self) -> Self {
        // The session is in its period as soon as one of the lists has it there.
        let out_of_period = match (self.out_of_period, other.out_of_period) {
            (Some(one), Some(two)) => Some(match (self.is_kept, other.is_kept) {
                (true, false) => two,
                (false, true) => one,
                _ => one.min(two),
            }),
            _ => None,
        };
        let rank = |session: &Self| {
            let mut bytes = Vec::new();
            push_row(&session.row, 0, &mut bytes);
            (session.row.ended_at(), bytes)
        };
        let later = match rank(&other) > rank(&self) {
            true => other,
            false => self,
        };
        Self {
            out_of_period,
            ..later
        }
    }

    /// Returns the entry of the manifest if the session was only listed for a period of other days.
    pub(super) fn out_of_period(&self) -> Option<OutOfPeriod> {
        let key = self.row.key();
        Some(OutOfPeriod {
            asset: key.asset_id()?,
            session: key.session_id,
            period: self.out_of_period?,
        })
    }
}
