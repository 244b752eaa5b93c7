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
    for part in &lake.parts {
        let now = total_now(client, part).await?;
        found.requests += 1;
        let Some(then) = part.items_total.filter(|then| *then != now) else {
            continue;
        };
        let period = part.period.period();
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

fn look(folder: &Folder, lake: &Lake) -> Result<Verification> {
    let mut found = Verification {
        complete_until: match lake.complete_until {
            Some(Partition::Day(day)) => Some(day),
            _ => None,
        },
        ..Verification::default()
    };
    let is_unfinished = folder.staging().exists();
    if is_unfinished {
        found
            .notes
            .push("a pull was begun and is not finished: run it again".to_owned());
    }
    let mut rows_by_asset: BTreeMap<String, u64> = BTreeMap::new();
    let finished = finished(lake);
    let mut beyond = 0;
    let mut known = BTreeSet::new();
    for partition in Day::all(folder)? {
        let Some(day) = Day::load(folder, partition)? else {
            continue;
        };
        found.days += u64::from(!day.files.is_empty());
        found.out_of_period += day.out_of_period.len() as u64;
        if !day.without_events.is_empty() {
            found.notes.push(format!(
                "{partition}: sessions whose events the service did not have: {} (a pull with --reread asks again)",
                day.without_events.len()
            ));
        }
        known.extend(day.files.values().map(|entry| folder.resolve(&entry.path)));
        let rows = look_at_day(folder, lake, &day, &mut found)?;
        for (asset, rows) in rows {
            match is_covered(&finished, &asset, &day) {
                true => *rows_by_asset.entry(asset).or_default() += rows,
                false => beyond += rows,
            }
        }
    }
    if beyond > 0 && !is_unfinished {
        found.notes.push(format!(
            "{beyond} sessions are from a pull that was not finished; a pull of their days completes them"
        ));
    }
    for table in Table::ALL {
        for path in files(&folder.path().join(table.name()))? {
            if !known.contains(&path) {
                found.problems.push(format!(
                    "{} is in no manifest; move it away",
                    path.display()
                ));
            }
        }
    }
    counts(lake, &rows_by_asset, is_unfinished, &mut found);
    Ok(found)
}

fn look_at_day(
    folder: &Folder,
    lake: &Lake,
    day: &Day,
    found: &mut Verification,
) -> Result<BTreeMap<String, u64>> {
    let mut rows_by_asset: BTreeMap<String, u64> = BTreeMap::new();
    let mut sessions: HashSet<Key> = HashSet::new();
    let mut orphans = 0_u64;
    for table in Table::ALL {
        let Some(entry) = day.file(table) else {
            continue;
        };
        if let Some(error) = entry.broken(folder)? {
            found.problems.push(error.to_string());
            continue;
        }
        found.files += 1;
        found.bytes += entry.written.bytes;
        let path = folder.resolve(&entry.path);
        let mut rows = 0;
        for row in format::read(lake.settings.format, table, &path)? {
            let key = row?.key();
            rows += 1;
            match table {
                Table::Sessions => {
                    *rows_by_asset
                        .entry(format!("{}/{}", key.asset_kind, key.asset_id))
                        .or_default() += 1;
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
    if orphans > 0 {
        found.problems.push(format!(
            "{}: {orphans} events are of sessions that are not there",
            day.date
        ));
    }
    Ok(rows_by_asset)
}

/// The stretches of days that are finished, by asset.
type Finished = HashMap<String, Vec<Span>>;

fn finished(lake: &Lake) -> Finished {
    let mut finished = Finished::new();
    for part in &lake.parts {
        finished
            .entry(part.asset.to_string())
            .or_default()
            .push(part.period);
    }
    finished
}

/// Whether the sessions of an asset on a day came with parts that are finished.
fn is_covered(finished: &Finished, asset: &str, day: &Day) -> bool {
    let Some(spans) = finished.get(asset) else {
        return false;
    };
    match day.date {
        Partition::Day(date) => {
            spans.iter().any(|span| span.contains(date))
                || day.out_of_period.iter().any(|stray| {
                    stray.asset.to_string() == asset
                        && spans.iter().any(|span| span.covers(stray.period))
                })
        }
        Partition::Unknown => true,
    }
}

/// What came against what the service said, and what is there against what came.
fn counts(
    lake: &Lake,
    rows_by_asset: &BTreeMap<String, u64>,
    is_unfinished: bool,
    found: &mut Verification,
) {
    let mut came: BTreeMap<String, (u64, bool)> = BTreeMap::new();
    for part in &lake.parts {
        let asset = part.asset.to_string();
        let period = part.period.period();
        let read = part.sessions + part.skipped;
        if let Some(total) = part.items_total
            && part.closed
            && total != read
        {
            found.problems.push(format!(
                "{asset} {period}: the service said {total} sessions, and {read} came; pull that period again (--reread)"
            ));
        }
        if part.skipped > 0 {
            found.notes.push(format!(
                "{asset} {period}: {} sessions could not be understood",
                part.skipped
            ));
        }
        let (sessions, has_strays) = came.entry(asset).or_default();
        *sessions += part.sessions;
        *has_strays |= part.out_of_period > 0;
    }
    if is_unfinished {
        return;
    }
    for (asset, (sessions, has_strays)) in came {
        let rows = rows_by_asset.get(&asset).copied().unwrap_or_default();
        // One that came with two periods is there once.
        if rows > sessions || rows < sessions && !has_strays {
            found.problems.push(format!(
                "{asset}: {rows} sessions are there, and {sessions} came"
            ));
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
