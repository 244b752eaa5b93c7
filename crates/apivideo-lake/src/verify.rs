//! Whether the folder is what its manifests say, and what the service says.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use apivideo::Client;
use apivideo::jiff::civil::Date;

use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::format;
use crate::manifest::{Day, Lake};
use crate::plan::total_now;
use crate::pull::commit;
use crate::span::{Partition, Span};
use crate::table::{Key, Table};

/// What was found in a folder; see [`verify`].
///
/// ```
/// fn is_good(found: &apivideo_lake::Verification) -> bool {
///     found.problems.is_empty()
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verification {
    /// Days that have files.
    pub days: u64,
    /// Files that were read, all of them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Sessions in them.
    pub sessions: u64,
    /// Events in them.
    pub events: u64,
    /// Rows of aggregates in them.
    pub aggregates: u64,
    /// Sessions that came with a period that they are not of.
    pub out_of_period: u64,
    /// Up to this day, all that was pulled is there and final.
    pub complete_until: Option<Date>,
    /// Requests that were made.
    pub requests: u64,
    /// What is not as it should be.
    pub problems: Vec<String>,
    /// What is worth knowing, and no fault.
    pub notes: Vec<String>,
}

/// Reads all files of a folder, and holds them against the manifests: bytes, digests, rows, events that belong to no
/// session, files that no manifest knows, and the counts that the service gave.
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().sessions(50).start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path(), simulator.now());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let found = apivideo_lake::verify(folder)?;
/// assert!(found.problems.is_empty() && found.sessions > 0);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When there is no mirror, another process writes to it, or a file can't be read.
pub fn verify(folder: impl Into<PathBuf>) -> Result<Verification> {
    let folder = Folder::new(folder);
    let _lock = folder.lock_to_read()?;
    let lake = load(&folder)?;
    look(&folder, &lake)
}

/// [`verify`], and asks the service for the count of each part: one request for each asset and closed stretch of time.
///
/// ```
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().sessions(50).start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path(), simulator.now());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let found = apivideo_lake::verify_against_service(folder, &client).await?;
/// assert!(found.problems.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As for [`verify`], and when the service can't be asked.
pub async fn verify_against_service(
    folder: impl Into<PathBuf>,
    client: &Client,
) -> Result<Verification> {
    let folder = Folder::new(folder);
    let _lock = folder.lock_to_read()?;
    let lake = load(&folder)?;
    let mut found = look(&folder, &lake)?;
    let mut is_there = lake.parts.is_empty();
    for part in &lake.parts {
        let period = part.period.period();
        found.requests += 1;
        let now = total_now(client, part).await?;
        is_there |= now.is_some();
        let Some(now) = now else {
            found.notes.push(format!(
                "{} {period}: the service does not have it any more",
                part.asset
            ));
            continue;
        };
        let Some(then) = part.items_total.filter(|then| *then != now) else {
            continue;
        };
        let said = format!(
            "{} {period}: the service says {now} sessions now, and said {then}",
            part.asset
        );
        match part.closed {
            true => found
                .problems
                .push(format!("{said}; pull that period again (--reread)")),
            false => found.notes.push(format!(
                "{said}; the days are open, the next pull brings them"
            )),
        }
    }
    if !is_there {
        found.problems.push(
            "the service has none of the lake's videos and live streams; check whether the API key is of the same account"
                .to_owned(),
        );
    }
    Ok(found)
}

fn load(folder: &Folder) -> Result<Lake> {
    let none = || {
        Error::input(format!(
            "{} is no mirror: it has no _manifest/lake.json; a pull makes one",
            folder.path().display()
        ))
    };
    match Lake::load(folder) {
        Ok(lake) => lake.ok_or_else(none),
        // A folder with something else in it.
        Err(error) if error.kind() == crate::ErrorKind::Input => Err(none()),
        Err(error) => Err(error),
    }
}

/// The sessions of assets by the day, without those that came with the period of another day.
type Counts = HashMap<String, BTreeMap<Date, u64>>;

fn look(folder: &Folder, lake: &Lake) -> Result<Verification> {
    let mut found = Verification {
        complete_until: match lake.complete_until {
            Some(Partition::Day(day)) => Some(day),
            _ => None,
        },
        ..Verification::default()
    };
    let pending = pending(folder)?;
    let is_unfinished = unfinished(folder, lake, !pending.is_empty(), &mut found);
    let mut look = Look {
        folder,
        lake,
        counts: Counts::new(),
        damaged: pending.clone(),
        known: BTreeSet::new(),
    };
    let days: BTreeSet<Partition> = Day::all(folder)?.into_iter().collect();
    for day in lake.days.difference(&days) {
        if !pending.contains(day) {
            look.damaged.insert(*day);
            found
                .problems
                .push(format!("the manifest of {day} is missing; {READS_AGAIN}"));
        }
    }
    for partition in days {
        let Some(day) = Day::load(folder, partition)? else {
            continue;
        };
        found.days += u64::from(!day.files.is_empty());
        found.out_of_period += day.out_of_period.len() as u64;
        let entries = day.files.values().chain(&day.invalid);
        look.known
            .extend(entries.map(|entry| folder.resolve(&entry.path)));
        // What is about to be replaced is what it was, or is to be.
        if pending.contains(&partition) {
            continue;
        }
        if let Some(problem) = day.problem() {
            found.add(&problem, day.accepted);
        }
        if !day.repaired_events.is_empty() {
            found.notes.push(format!(
                "{partition}: the events of {} sessions were read after a repair of the response; --reread reads the \
                 sessions again",
                day.repaired_events.len()
            ));
        }
        if let Some(entry) = &day.invalid
            && let Some(why) = entry.broken(folder)?
        {
            found.problems.push(format!("{why}; {READS_AGAIN}"));
        }
        look.day(&day, &mut found)?;
    }
    look.invalid(&mut found)?;
    look.strangers(is_unfinished, &pending, &mut found)?;
    for part in &lake.parts {
        if let Some(problem) = part.problem() {
            found.add(&problem, part.accepted);
        }
        if part.repaired > 0 {
            found.notes.push(format!(
                "{} {}: {} records were read after a repair of the response; --reread reads them again",
                part.asset,
                part.period.period(),
                part.repaired
            ));
        }
    }
    if !is_unfinished {
        look.rows(&mut found);
    }
    Ok(found)
}

const READS_AGAIN: &str = "run the pull again, which reads the day again";

/// The days whose files are being put in their places.
fn pending(folder: &Folder) -> Result<BTreeSet<Partition>> {
    let path = folder.days();
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(Error::storage("read", &path, error)),
    };
    let mut days = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::storage("read", &path, error))?;
        days.extend(commit::pending(&entry.file_name()));
    }
    Ok(days)
}

/// Reports pulls that have not reached their end.
fn unfinished(folder: &Folder, lake: &Lake, is_pending: bool, found: &mut Verification) -> bool {
    let place = match is_pending {
        true => ", and was stopped while files were put in their places",
        false => "",
    };
    for goal in &lake.unfinished {
        let again = match &goal.command {
            Some(command) => format!("run it again: {command}"),
            None => "run it again".to_owned(),
        };
        found.problems.push(format!(
            "the pull of {} is not finished{place}; {again}",
            goal.period.period()
        ));
    }
    let is_unfinished = is_pending || folder.staging().exists();
    if lake.unfinished.is_empty() && is_unfinished {
        found
            .problems
            .push(format!("a pull is not finished{place}; run it again"));
    }
    is_unfinished || !lake.unfinished.is_empty()
}

impl Verification {
    /// A problem, or a note where it was accepted.
    fn add(&mut self, problem: &str, is_accepted: bool) {
        match is_accepted {
            true => self.notes.push(format!("{problem}; this was accepted")),
            false => self.problems.push(format!(
                "{problem}; the next pull reads it again (--accept-invalid makes days final in spite of invalid records)"
            )),
        }
    }
}

/// What is looked at, and what was seen.
struct Look<'a> {
    folder: &'a Folder,
    lake: &'a Lake,
    counts: Counts,
    /// Days whose sessions can't be counted.
    damaged: BTreeSet<Partition>,
    /// The files that a manifest knows.
    known: BTreeSet<PathBuf>,
}

impl Look<'_> {
    fn day(&mut self, day: &Day, found: &mut Verification) -> Result<()> {
        let mut sessions: HashSet<Key> = HashSet::new();
        let mut has_sessions = true;
        let mut orphans = 0_u64;
        for table in Table::ALL {
            let Some(entry) = day.file(table) else {
                continue;
            };
            if let Some(why) = entry.broken(self.folder)? {
                let path = self.folder.resolve(&entry.path);
                let advice = match path.exists() {
                    true => format!("move it out of the lake, and {READS_AGAIN}"),
                    false => READS_AGAIN.to_owned(),
                };
                found.problems.push(format!("{why}; {advice}"));
                if table == Table::Sessions {
                    has_sessions = false;
                    self.damaged.insert(day.date);
                }
                continue;
            }
            found.files += 1;
            found.bytes += entry.written.bytes;
            let path = self.folder.resolve(&entry.path);
            let mut rows = 0;
            for row in format::read(self.lake.settings.format, table, &path)? {
                let key = row?.key();
                rows += 1;
                match table {
                    Table::Sessions => {
                        if sessions.contains(&key) {
                            found.problems.push(format!(
                                "{}: {} is in it twice",
                                path.display(),
                                key.session_id
                            ));
                        }
                        sessions.insert(key);
                    }
                    Table::Events => orphans += u64::from(!sessions.contains(&key)),
                    Table::Buckets | Table::Timeseries => {}
                }
            }
            if rows != entry.written.rows {
                let said = entry.written.rows;
                found.problems.push(format!(
                    "{}: it has {rows} rows, and the manifest says {said}",
                    path.display()
                ));
            }
            match table {
                Table::Sessions => found.sessions += rows,
                Table::Events => found.events += rows,
                Table::Buckets | Table::Timeseries => found.aggregates += rows,
            }
        }
        if orphans > 0 && has_sessions {
            found.problems.push(format!(
                "{}: {orphans} events are of sessions that are not there",
                day.date
            ));
        }
        if let Partition::Day(date) = day.date {
            let strays: HashSet<(String, &str)> = day
                .out_of_period
                .iter()
                .map(|stray| (stray.asset.to_string(), stray.session.as_str()))
                .collect();
            for key in &sessions {
                let asset = format!("{}/{}", key.asset_kind, key.asset_id);
                if !strays.contains(&(asset.clone(), key.session_id.as_str())) {
                    *self
                        .counts
                        .entry(asset)
                        .or_default()
                        .entry(date)
                        .or_default() += 1;
                }
            }
        }
        Ok(())
    }

    /// The files of `_invalid` that are not of a day, and lists of assets that are not whole.
    fn invalid(&mut self, found: &mut Verification) -> Result<()> {
        for entry in &self.lake.invalid {
            self.known.insert(self.folder.resolve(&entry.path));
            if let Some(why) = entry.broken(self.folder)? {
                found.problems.push(format!(
                    "{why}; a pull of its sessions with --reread writes it again"
                ));
            }
        }
        for (kind, invalid) in &self.lake.invalid_assets {
            let records = invalid.records;
            let problem = format!(
                "{records} records of the list of assets of the kind {kind} have no usable id, so that their sessions are not \
                 there (see _invalid/assets.ndjson)"
            );
            found.add(&problem, invalid.accepted);
        }
        Ok(())
    }

    /// Files that no manifest knows.
    fn strangers(
        &self,
        is_unfinished: bool,
        pending: &BTreeSet<Partition>,
        found: &mut Verification,
    ) -> Result<()> {
        let is_pending = |path: &Path| {
            pending.iter().any(|day| {
                path.components()
                    .any(|part| part.as_os_str() == day.folder().as_str())
            })
        };
        let folders = Table::ALL.map(Table::name);
        for name in folders.into_iter().chain(["_invalid"]) {
            for path in files(&self.folder.path().join(name))? {
                if self.known.contains(&path) || is_pending(&path) {
                    continue;
                }
                match is_unfinished {
                    // The pull may be about to remove it.
                    true => found.notes.push(format!(
                        "{} is in no manifest; run the pull again first",
                        path.display()
                    )),
                    false => found.problems.push(format!(
                        "{} is in no manifest; move it away",
                        path.display()
                    )),
                }
            }
        }
        Ok(())
    }

    /// The rows that are there against the sessions that came.
    fn rows(&self, found: &mut Verification) {
        let is_damaged = |period: Span| {
            self.damaged.iter().any(|day| match day {
                Partition::Day(day) => period.contains(*day),
                Partition::Unknown => false,
            })
        };
        let none = BTreeMap::new();
        for part in &self.lake.parts {
            // What was there before a list that is not whole is kept.
            if !part.is_whole() || is_damaged(part.period) {
                continue;
            }
            let asset = part.asset.to_string();
            let days = self.counts.get(&asset).unwrap_or(&none);
            let (first, last) = (part.period.first, part.period.last);
            let rows: u64 = days.range(first..=last).map(|(_, rows)| rows).sum();
            let came = part.sessions.saturating_sub(part.out_of_period);
            if rows != came {
                found.problems.push(format!(
                    "{asset} {}: {rows} sessions are there, and {came} came; pull that period again (--reread)",
                    part.period.period()
                ));
            }
        }
    }
}

/// All files in a folder and those below it.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::storage("read", folder, error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| Error::storage("read", folder, error))?
            .path();
        match path.is_dir() {
            true => found.extend(files(&path)?),
            false => found.push(path),
        }
    }
    found.sort_unstable();
    Ok(found)
}
