//! The files of a day: what was there and what came, merged, each session once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::commit::Commit;
use super::events::{EventLog, Found};
use super::run::Run;
use super::sessions::is_of;
use crate::asset::Asset;
use crate::error::Result;
use crate::format;
use crate::invalid::Invalid;
use crate::manifest::{Day, Stray};
use crate::span::{Partition, Span};
use crate::staging::State;
use crate::table::{ENDED_AT, Key, Row, Table};

/// A session that the day's file will have.
pub(super) struct Chosen {
    pub(super) row: Row,
    /// The period that it came with, if it is none of the day's.
    stray: Option<Span>,
    /// Whether it was there before and was not read again.
    pub(super) is_kept: bool,
}

pub(super) type Sessions = BTreeMap<Key, Chosen>;

impl Run<'_> {
    /// Writes the files of a day, if they are to change; `false` where the requests did not suffice.
    pub(super) async fn day(&mut self, day: Partition) -> Result<bool> {
        let before = Day::load(&self.pull.folder, day)?;
        if let Some(before) = &before
            && let Some(path) = before.changed(&self.pull.folder)?
        {
            self.block(day, &path);
            return Ok(true);
        }
        let sessions = self.merge(day, before.as_ref())?;
        let mut manifest = Day::new(day);
        if before.is_none() {
            // The service keeps aggregates for 30 days only: what a lost manifest named stays.
            for table in [Table::Buckets, Table::Timeseries] {
                let (folder, format) = (&self.pull.folder, self.lake.settings.format);
                manifest.adopt(folder, table, format)?;
            }
        }
        manifest.out_of_period = strays(&sessions);
        let mut commit = Commit::new(
            &self.pull.folder,
            self.lake.settings.format,
            day,
            before.as_ref(),
        );
        if self.lake.settings.events {
            let mut log = EventLog::open(&self.staging.events_path(day))?;
            self.keep_events(day, before.as_ref(), &sessions, &mut log)?;
            if !self.read_events(&sessions, &mut log).await? {
                return Ok(false);
            }
            let invalid = log.describe(sessions.keys(), &mut manifest);
            let was_accepted =
                !self.pull.reread && before.as_ref().is_some_and(|before| before.accepted);
            manifest.accepted =
                manifest.problem().is_some() && (self.pull.accept_invalid || was_accepted);
            let skipped = manifest.invalid_events.values().sum::<u64>();
            let without = manifest.without_events.len() as u64;
            if manifest.accepted {
                self.report.accepted += skipped + without;
            } else {
                self.report.skipped_events += skipped;
                self.report.without_events += without;
                self.report.describe(&invalid);
            }
            commit.invalid(invalid);
            let mut writer = commit.table(Table::Events);
            for key in sessions.keys() {
                for row in log.events(key)? {
                    writer.push(&row)?;
                }
            }
            writer.finish()?;
        }
        let mut writer = commit.table(Table::Sessions);
        for session in sessions.values() {
            writer.push(&session.row)?;
        }
        writer.finish()?;
        match commit.run(manifest)? {
            true => self.report.days_written += 1,
            false => self.report.days_unchanged += 1,
        }
        Ok(true)
    }

    /// A file of the day was changed by others: it is not overwritten, and what came for the day stays in staging.
    pub(super) fn block(&mut self, day: Partition, path: &Path) {
        if self.blocked.insert(day) {
            self.report.problems.push(format!(
                "{} was changed by something else, so that {day} is not brought up to date; move the file out of the lake \
                 and run the pull again, which reads the day again",
                path.display()
            ));
        }
    }

    fn merge(&self, day: Partition, before: Option<&Day>) -> Result<Sessions> {
        let mut sessions = Sessions::new();
        let mut read: HashMap<(&str, &str), Vec<Span>> = HashMap::new();
        // What a list that is not whole does not have may be there all the same.
        let whole = self
            .staging
            .parts()
            .filter(|(_, staged)| staged.state == State::Done && staged.part.is_whole());
        for (_, staged) in whole {
            let asset = &staged.part.asset;
            read.entry((asset.kind(), asset.id()))
                .or_default()
                .push(staged.part.period);
        }
        let read_again = |key: &Key, covers: &dyn Fn(Span) -> bool| {
            let read = read.get(&(key.asset_kind.as_str(), key.asset_id.as_str()));
            read.is_some_and(|spans| spans.iter().any(|span| covers(*span)))
        };
        let known: BTreeMap<(String, &str), Span> = before
            .into_iter()
            .flat_map(|before| &before.out_of_period)
            .map(|stray| {
                (
                    (stray.asset.to_string(), stray.session.as_str()),
                    stray.period,
                )
            })
            .collect();
        for row in self.rows_before(Table::Sessions, before)? {
            let row = row?;
            let key = row.key();
            let asset = format!("{}/{}", key.asset_kind, key.asset_id);
            let stray = known.get(&(asset, key.session_id.as_str())).copied();
            let gone = match (stray, day) {
                // It comes again with the period that it came with.
                (Some(period), _) => read_again(&key, &|read| read.covers(period)),
                (None, Partition::Day(date)) => read_again(&key, &|read| read.contains(date)),
                (None, Partition::Unknown) => false,
            };
            if !gone {
                sessions.insert(
                    key,
                    Chosen {
                        row,
                        stray,
                        is_kept: true,
                    },
                );
            }
        }
        for (part, row) in self.staging.sessions(day)? {
            let stray = (!is_of(day, &part)).then_some(part.period);
            let new = Chosen {
                row,
                stray,
                is_kept: false,
            };
            match sessions.entry(new.row.key()) {
                std::collections::btree_map::Entry::Vacant(place) => drop(place.insert(new)),
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    place.get_mut().meet(new);
                }
            }
        }
        Ok(sessions)
    }

    /// The rows of a file of before, if there is one.
    fn rows_before(&self, table: Table, before: Option<&Day>) -> Result<format::Rows> {
        let entry = before.and_then(|before| before.file(table));
        match entry.map(|entry| self.pull.folder.resolve(&entry.path)) {
            Some(path) if path.exists() => format::read(self.lake.settings.format, table, &path),
            _ => Ok(Box::new(std::iter::empty())),
        }
    }

    /// Takes over the events of sessions that have not moved since.
    fn keep_events(
        &self,
        day: Partition,
        before: Option<&Day>,
        sessions: &Sessions,
        log: &mut EventLog,
    ) -> Result<()> {
        let Some(before) = before.filter(|before| before.date == day) else {
            return Ok(());
        };
        let is_missing = |table: Table| {
            before
                .file(table)
                .is_some_and(|entry| !self.pull.folder.resolve(&entry.path).exists())
        };
        if is_missing(Table::Sessions) || is_missing(Table::Events) {
            return Ok(());
        }
        // What was accepted is asked for again only when the day is read again.
        let retries = !before.accepted || self.pull.reread;
        let mut invalid: HashMap<String, Vec<Invalid>> = HashMap::new();
        if !retries && let Some(entry) = &before.invalid {
            for record in Invalid::load(&self.pull.folder, &entry.path)? {
                if let Some(session) = record.session_id.clone() {
                    invalid.entry(session).or_default().push(record);
                }
            }
        }
        let mut unmoved = HashSet::new();
        for row in self.rows_before(Table::Sessions, Some(before))? {
            let row = row?;
            let key = row.key();
            let Some(now) = sessions.get(&key) else {
                continue;
            };
            let ended = row.time(ENDED_AT);
            let is_unmoved = now.is_kept || ended.is_some() && ended == now.row.time(ENDED_AT);
            let is_lacking = before.without_events.contains(&key.session_id)
                || before.invalid_events.contains_key(&key.session_id);
            let is_repaired = before.repaired_events.contains_key(&key.session_id);
            let is_retried = retries && is_lacking || self.pull.reread && is_repaired;
            if is_unmoved && !log.has(&key, now) && !is_retried {
                unmoved.insert(key);
            }
        }
        let mut keep = |key: &Key, rows: &[Row], is_unmoved: bool| {
            let Some(session) = sessions.get(key) else {
                return Ok(());
            };
            if is_unmoved {
                let found = Found {
                    is_missing: before.without_events.contains(&key.session_id),
                    invalid: invalid.remove(&key.session_id).unwrap_or_default(),
                    repaired: before
                        .repaired_events
                        .get(&key.session_id)
                        .copied()
                        .unwrap_or_default(),
                };
                return log.append(key, Some(session), rows, found);
            }
            match log.knows(key) {
                true => Ok(()),
                false => log.keep(key, rows),
            }
        };
        let mut held: Option<(Key, Vec<Row>)> = None;
        for row in self.rows_before(Table::Events, Some(before))? {
            let row = row?;
            let key = row.key();
            match &mut held {
                Some((holder, rows)) if *holder == key => rows.push(row),
                _ => {
                    if let Some((key, rows)) = held.replace((key, vec![row])) {
                        keep(&key, &rows, unmoved.remove(&key))?;
                    }
                }
            }
        }
        if let Some((key, rows)) = held {
            keep(&key, &rows, unmoved.remove(&key))?;
        }
        // They were asked for, and had none.
        for key in unmoved {
            keep(&key, &[], true)?;
        }
        Ok(())
    }
}

impl Chosen {
    /// The same session came twice: the one that was heard of later stays.
    fn meet(&mut self, new: Self) {
        // It is the day's as soon as one of them is.
        let stray = match (self.stray, new.stray) {
            (Some(one), Some(other)) => Some(if new.is_kept { one } else { other }),
            _ => None,
        };
        let rank = |chosen: &Self| {
            let mut text = String::new();
            format::line(Table::Sessions, &chosen.row, &mut text);
            (chosen.row.time(ENDED_AT), text)
        };
        if rank(&new) > rank(self) {
            *self = new;
        }
        self.stray = stray;
    }
}

fn strays(sessions: &Sessions) -> Vec<Stray> {
    let stray = |(key, chosen): (&Key, &Chosen)| {
        let asset: Asset = format!("{}/{}", key.asset_kind, key.asset_id)
            .parse()
            .ok()?;
        Some(Stray {
            asset,
            session: key.session_id.clone(),
            period: chosen.stray?,
        })
    };
    sessions.iter().filter_map(stray).collect()
}
