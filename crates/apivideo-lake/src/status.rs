//! The status of a lake: its contents, settings and last runs, by its manifests.

use std::collections::BTreeMap;

use apivideo::Period;
use apivideo::jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::date_range::optional_day;
use crate::derive::{DerivedDay, DerivedLengths};
use crate::error::Result;
use crate::format::Format;
use crate::location::Location;
use crate::manifest::{DayManifest, FileEntry, LakeManifest};
use crate::partition::Partition;
use crate::reader::coverage::joined;
use crate::runs::{self, RunRecord};
use crate::sample::Sample;
use crate::table::Table;
use crate::verify;
use crate::viewer_key::ViewerKey;

/// What a lake contains, the settings of its first pull, and its last runs; see [`status`].
///
/// ```
/// fn print(status: &apivideo_lake::Status) {
///     println!("{} rows, complete until {:?}", status.rows, status.complete_until);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Status {
    /// The version of the layout of the folder.
    pub layout_version: u32,
    /// The version of the columns.
    pub column_version: u32,
    /// The smallest version of the rules by which the tables of a day were derived; `None` without derived tables. The
    /// current one is [`RULES_VERSION`](apivideo_insights::RULES_VERSION).
    pub rules_version: Option<u32>,
    /// The format of the files.
    pub format: Format,
    /// Whether the tables have Delta logs.
    pub delta: bool,
    /// Whether the lake has events.
    pub events: bool,
    /// The sample of the sessions whose events are pulled; `None` for all sessions.
    pub sample: Option<Sample>,
    /// Whether events of sessions that ended when they were loaded are not requested.
    pub skip_unplayed: bool,
    /// The columns that are dropped.
    pub dropped: Vec<String>,
    /// The columns that are hashed.
    pub hashed: Vec<String>,
    /// What identifies viewers in derived tables.
    pub viewer_key: ViewerKey,
    /// The smallest number of days after the end of a day with which days were made final; `None` before the first pull is
    /// complete.
    pub lag: Option<u32>,
    /// Videos that were pulled.
    pub videos: u64,
    /// Live streams that were pulled.
    pub live_streams: u64,
    /// The first day that was pulled; `None` before the first pull is complete.
    #[serde(with = "optional_day")]
    pub since: Option<Date>,
    /// The last day up to which everything pulled is complete and final.
    #[serde(with = "optional_day")]
    pub complete_until: Option<Date>,
    /// The days that are not final for at least one video or live stream: the next pull of their period reads them again.
    pub mutable: Vec<Period>,
    /// The periods of pulls that have started and are not complete.
    pub unfinished: Vec<Period>,
    /// The days whose manifest is missing: the next pull of their period reads them again.
    pub missing_days: Vec<String>,
    /// The format to which the lake is being converted; `None` if it is not. An interrupted conversion is completed by the same
    /// [`convert`](crate::convert).
    pub converting: Option<Format>,
    /// Days that have files.
    pub days: u64,
    /// The tables that have files.
    pub tables: Vec<TableStatus>,
    /// Rows of all tables.
    pub rows: u64,
    /// Bytes of the files of all tables.
    pub bytes: u64,
    /// Sessions, events, videos and live streams that could not be decoded; they are in `_invalid`.
    pub invalid: u64,
    /// Sessions whose events could not be read.
    pub without_events: u64,
    /// The last runs, oldest first, 30 at most.
    pub runs: Vec<RunRecord>,
}

/// The files of a table of a lake, in [`Status::tables`].
///
/// ```
/// fn print(table: &apivideo_lake::TableStatus) {
///     println!("{}: {} rows in {} files", table.table, table.rows, table.files);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TableStatus {
    /// The table.
    pub table: Table,
    /// The number of files: one for each day, or one for all days.
    pub files: u64,
    /// The number of rows.
    pub rows: u64,
    /// The number of bytes.
    pub bytes: u64,
}

/// Returns what a lake contains, its settings and its last runs, by its manifests: no table is read.
///
/// It takes no lock and writes nothing, so it also works while a pull or a conversion is running. Each day is then shown as it was before or
/// after its files were replaced.
///
/// ```
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let pull = apivideo_lake::Pull::new(&client, folder.path());
/// # pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?).run().await?;
/// # let folder = folder.path();
/// let status = apivideo_lake::status(folder)?;
/// assert!(status.rows > 0 && status.invalid == 0);
/// assert_eq!(status.runs.last().unwrap().outcome, apivideo_lake::RunOutcome::Complete);
/// # }
/// ```
///
/// # Errors
/// Returns an error if the location is not a lake, or a manifest cannot be read.
pub fn status(location: impl Into<Location>) -> Result<Status> {
    let folder = location.into().open()?;
    let lake = verify::load_converting(&folder)?;
    let mut files = Files::default();
    let mut status = of_manifest(&lake);
    let missing = lake.missing_days(&folder)?;
    status.missing_days = missing.iter().map(Partition::to_string).collect();
    for partition in folder.days()? {
        // A day can be removed while it is listed.
        let Some(day) = DayManifest::load(&folder, partition)? else {
            continue;
        };
        status.days += u64::from(!day.files.is_empty());
        status.invalid += day.invalid_events.values().sum::<u64>();
        status.without_events += day.without_events.len() as u64;
        files.add_all(&day.files);
    }
    for partition in folder.derived_days()? {
        if let Some(day) = DerivedDay::load(&folder, partition)? {
            let oldest = status.rules_version.unwrap_or(day.rules_version);
            status.rules_version = Some(oldest.min(day.rules_version));
            files.add_all(&day.files);
        }
    }
    // While the lake is converted, they have either format.
    for format in [Some(lake.settings.format), lake.converting] {
        let Some(format) = format else { continue };
        let lengths = DerivedLengths::load(&folder, format)?;
        if let Some(entry) = lengths.and_then(|lengths| lengths.file) {
            files.add(Table::Lengths.name(), &entry);
            break;
        }
    }
    status.tables = files.tables();
    status.rows = status.tables.iter().map(|table| table.rows).sum();
    status.bytes = status.tables.iter().map(|table| table.bytes).sum();
    status.runs = runs::load(&folder);
    Ok(status)
}

/// Returns the settings and state in the manifest of the lake.
fn of_manifest(lake: &LakeManifest) -> Status {
    let mut assets: Vec<_> = lake.ranges.iter().map(|range| &range.asset).collect();
    assets.sort_unstable();
    assets.dedup();
    let videos = assets
        .iter()
        .filter(|asset| matches!(asset, apivideo::AssetId::Video(_)))
        .count() as u64;
    let mutable = lake.ranges.iter().filter(|range| !range.is_final);
    let unfinished = lake.unfinished.iter().map(|goal| goal.period.period());
    let invalid_sessions = lake.ranges.iter().map(|range| range.invalid);
    let invalid_assets = lake.invalid_assets.values().map(|invalid| invalid.records);
    let settings = &lake.settings;
    Status {
        layout_version: lake.apivideo_lake,
        column_version: settings.schema,
        rules_version: None,
        format: settings.format,
        events: settings.events,
        delta: settings.delta,
        sample: settings.scope.sample,
        skip_unplayed: settings.scope.skip_unplayed,
        dropped: settings.drop.clone(),
        hashed: settings.hash.clone(),
        viewer_key: lake.viewer_key.clone(),
        lag: lake.lag,
        videos,
        live_streams: assets.len() as u64 - videos,
        since: lake.since.and_then(Partition::day),
        complete_until: lake.complete_until.and_then(Partition::day),
        mutable: joined(mutable.map(|range| range.period)),
        unfinished: unfinished.collect(),
        missing_days: Vec::new(),
        converting: lake.converting,
        days: 0,
        tables: Vec::new(),
        rows: 0,
        bytes: 0,
        invalid: invalid_sessions.chain(invalid_assets).sum(),
        without_events: 0,
        runs: Vec::new(),
    }
}

/// Counts of files by table.
#[derive(Default)]
struct Files(BTreeMap<String, TableCounts>);

#[derive(Default)]
struct TableCounts {
    files: u64,
    rows: u64,
    bytes: u64,
}

impl Files {
    fn add_all(&mut self, files: &BTreeMap<String, FileEntry>) {
        for (name, entry) in files {
            self.add(name, entry);
        }
    }

    fn add(&mut self, name: &str, entry: &FileEntry) {
        let counts = self.0.entry(name.to_owned()).or_default();
        counts.files += 1;
        counts.rows += entry.written.rows;
        counts.bytes += entry.written.bytes;
    }

    fn tables(self) -> Vec<TableStatus> {
        let tables = Table::ALL.iter().filter_map(|table| {
            let counts = self.0.get(table.name())?;
            Some(TableStatus {
                table: *table,
                files: counts.files,
                rows: counts.rows,
                bytes: counts.bytes,
            })
        });
        tables.collect()
    }
}
