//! Reading the derived tables of a lake into an audience.

pub(crate) mod coverage;
mod day;
pub(crate) mod explain;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, mpsc};
use std::thread;

use apivideo::jiff::{SignedDuration, Timestamp, tz::TimeZone};
use apivideo::{AssetId, Period};
use apivideo_insights::{Asset, Audience, Dimension, LengthSource, MediaLength};

use crate::date_range::DateRange;
use crate::derive::{DerivedDay, DerivedLengths};
use crate::error::{Error, ErrorKind, Result};
use crate::folder::Folder;
use crate::format::{Batches, Format};
use crate::location::Location;
use crate::manifest::{DayManifest, LakeManifest};
use crate::partition::Partition;
use crate::sample::Sample;
use crate::table::Table;
use crate::verify;
use day::{DayInput, DayReader};

/// Reads what was played from the derived tables of a lake.
///
/// ```
/// use apivideo_insights::{Audience, Dimension};
/// use apivideo_lake::{Format, LakeReader, Pull};
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
///
/// let period: apivideo::Period = "2022-01".parse()?;
/// Pull::new(&client, folder).with_period(period).with_format(Format::Ndjson).run().await?;
/// let audience = Audience::new().by(Dimension::Asset);
/// let report = LakeReader::new(folder).with_period(period).audience(audience)?.finish();
/// println!("{} s", report.measures.watch_seconds);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LakeReader {
    location: Location,
    /// The lake once it is opened.
    folder: OnceLock<Folder>,
    period: Option<Period>,
    assets: Vec<AssetId>,
    threads: Option<usize>,
}

impl LakeReader {
    /// Creates a reader of a lake.
    ///
    /// ```
    /// let reader = apivideo_lake::LakeReader::new("statistics");
    /// ```
    pub fn new(location: impl Into<Location>) -> Self {
        Self {
            location: location.into(),
            folder: OnceLock::new(),
            period: None,
            assets: Vec::new(),
            threads: None,
        }
    }

    /// Sets the period: only sessions that were loaded in it are read. Defaults to all days, including the unknown one.
    ///
    /// ```
    /// let reader = apivideo_lake::LakeReader::new("statistics").with_period("2024-05".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Adds videos and live streams to read. Defaults to all.
    ///
    /// ```
    /// let video: apivideo::AssetId = "video/vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let reader = apivideo_lake::LakeReader::new("statistics").with_assets([video]);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_assets(mut self, assets: impl IntoIterator<Item = AssetId>) -> Self {
        self.assets.extend(assets);
        self
    }

    /// Sets the number of threads, from 1 to 64. Defaults to the number of processors, at most 8.
    ///
    /// ```
    /// let reader = apivideo_lake::LakeReader::new("statistics").with_threads(1);
    /// ```
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.clamp(1, 64));
        self
    }

    /// Reads the sessions into an audience with the settings of `audience`. Sessions that it contains already are removed.
    ///
    /// The inferred lengths of videos are those of the whole lake; lengths that are set in `audience` are kept. Viewers are identified by the
    /// viewer key of the lake, if `audience` sets none. Each thread has
    /// the sessions of one day in memory at a time. The concurrency of earlier days is
    /// [sealed](Audience::seal_before), unless the minutes are reported.
    ///
    /// ```
    /// # fn example() -> apivideo_lake::Result<()> {
    /// let audience = apivideo_insights::Audience::new();
    /// let report = apivideo_lake::LakeReader::new("statistics").audience(audience)?.finish();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is not a lake, it has no events, its derived tables are not up to date, another process
    /// writes to it, or a file cannot be read.
    pub fn audience(&self, audience: Audience) -> Result<Audience> {
        let folder = self.folder()?;
        let lake = verify::load(folder)?;
        let _lock = folder.lock_shared()?;
        if !lake.settings.events {
            return Err(without_events(folder));
        }
        let days = self.days(&lake)?;
        let lengths = self.lengths(lake.settings.format)?;
        let lengths = lengths
            .iter()
            .map(|(id, length)| (Asset::video(id), *length));
        let viewer_key = Dimension::Metadata(lake.viewer_key.metadata_key().to_owned());
        let mut audience = audience
            .with_inferred_lengths(lengths)
            .viewer_key_or(viewer_key)
            .fork();
        let parallel = thread::available_parallelism().map_or(1, |count| count.get().min(8));
        let threads = self.threads.unwrap_or(parallel).min(days.len()).max(1);
        self.read_days(&days, threads, lake.settings.format, &mut audience)?;
        Ok(audience)
    }

    /// Returns the sample of sessions whose events the lake has, or `None` if it has those of all sessions.
    ///
    /// Counts and durations of an [audience](Self::audience) are those of the sample; the [factor](Sample::factor) of the sample
    /// estimates those of all sessions. Means, shares and curves need no factor.
    ///
    /// ```
    /// # fn example() -> apivideo_lake::Result<()> {
    /// if let Some(sample) = apivideo_lake::LakeReader::new("statistics").sample()? {
    ///     println!("a sample of {sample}: multiply counts by {}", sample.factor());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is not a lake, or its manifest cannot be read.
    pub fn sample(&self) -> Result<Option<Sample>> {
        Ok(verify::load(self.folder()?)?.settings.scope.sample)
    }

    /// Opens the lake, once.
    fn folder(&self) -> Result<&Folder> {
        match self.folder.get() {
            Some(folder) => Ok(folder),
            None => {
                let folder = self.location.open()?;
                Ok(self.folder.get_or_init(|| folder))
            }
        }
    }

    /// Reads days in parallel and merges them in their order.
    fn read_days(
        &self,
        days: &[DayInput],
        threads: usize,
        format: Format,
        audience: &mut Audience,
    ) -> Result<()> {
        let folder = self.folder()?;
        let template = audience.fork();
        let next = Mutex::new(0..days.len());
        // Without space in the channel: threads wait until their days are merged, so that memory is bounded.
        let (sender, receiver) = mpsc::sync_channel::<(usize, Result<Audience>)>(0);
        thread::scope(|scope| {
            for _ in 0..threads {
                let sender = sender.clone();
                let (next, template) = (&next, &template);
                scope.spawn(move || {
                    loop {
                        let index = match next.lock() {
                            Ok(mut range) => range.next(),
                            Err(_) => None,
                        };
                        let Some((index, day)) = index.and_then(|i| Some((i, days.get(i)?))) else {
                            return;
                        };
                        let mut part = template.fork();
                        let read = DayReader::new(folder, format, &self.assets)
                            .read(day, &mut part)
                            .map(|()| part);
                        if sender.send((index, read)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut waiting: BTreeMap<usize, Audience> = BTreeMap::new();
            let mut merged = 0;
            for (index, read) in receiver {
                waiting.insert(index, read?);
                while let Some(part) = waiting.remove(&merged) {
                    audience.merge(part).map_err(|error| {
                        Error::input("cannot merge the audiences of days").with_source(error)
                    })?;
                    merged += 1;
                    if let Some(sealed) = days.get(merged).and_then(sealed_before)
                        && !audience.has_minutes()
                    {
                        audience.seal_before(sealed);
                    }
                }
            }
            Ok(())
        })
    }

    /// Returns the days to read, if all of them are up to date.
    fn days(&self, lake: &LakeManifest) -> Result<Vec<DayInput>> {
        let folder = self.folder()?;
        let stale = |why: &str| stale(folder, why);
        if lake.is_older() {
            return Err(stale("the lake has no derived tables"));
        }
        let range = self.period.map(DateRange::from);
        let is_chosen = |partition: &Partition| match (range, partition) {
            (None, _) => true,
            (Some(range), Partition::Day(day)) => range.contains(*day),
            (Some(_), Partition::Unknown) => false,
        };
        let found = folder.days()?;
        // A day without its manifest would be a day without sessions.
        let mut recorded = lake.days.iter().filter(|day| is_chosen(day));
        if let Some(day) = recorded.find(|day| !found.contains(day)) {
            return Err(Error::new(
                ErrorKind::Corrupt,
                format!(
                    "the manifest of {day} is missing; run the pull again to read the day again"
                ),
            ));
        }
        let mut days = Vec::new();
        for partition in found.into_iter().filter(is_chosen) {
            let Some(manifest) = DayManifest::load(folder, partition)?
                .filter(|day| day.file(Table::Sessions).is_some())
            else {
                continue;
            };
            let Some(derived) = DerivedDay::load(folder, partition)? else {
                return Err(stale(&format!("{partition} has no derived tables")));
            };
            if let Some(why) = derived.staleness(&manifest, &lake.viewer_key) {
                return Err(stale(&format!("{partition} {why}")));
            }
            days.push(DayInput {
                partition,
                without_events: manifest.without_events,
                files: derived.files,
            });
        }
        Ok(days)
    }

    fn lengths(&self, format: Format) -> Result<BTreeMap<String, MediaLength>> {
        const COLUMNS: [&str; 3] = ["asset_id", "length_seconds", "length_source"];
        let folder = self.folder()?;
        let mut lengths = BTreeMap::new();
        let entry = match DerivedLengths::load(folder, format)? {
            Some(derived) => derived.file,
            // A lake without derived tables has no lengths.
            None if folder.derived_days()?.is_empty() => None,
            None => {
                return Err(stale(
                    folder,
                    "the manifest of the table `lengths` is missing",
                ));
            }
        };
        let Some(entry) = entry else {
            return Ok(lengths);
        };
        for batch in derived_columns(folder, format, Table::Lengths, &entry.path, &COLUMNS)? {
            let batch = batch?;
            for row in 0..batch.rows() {
                let source = match batch.string(2, row) {
                    Some("ends") => LengthSource::Ends,
                    _ => LengthSource::FurthestPosition,
                };
                if let (Some(id), Some(seconds)) = (batch.string(0, row), batch.number(1, row)) {
                    lengths.insert(id.to_owned(), MediaLength { seconds, source });
                }
            }
        }
        Ok(lengths)
    }
}

/// Returns columns of a derived file.
fn derived_columns(
    folder: &Folder,
    format: Format,
    table: Table,
    name: &str,
    columns: &[&'static str],
) -> Result<Batches> {
    let found = folder.columns(format, table, name, columns)?;
    found.ok_or_else(|| stale(folder, &format!("{name} is missing")))
}

/// The error of derived tables that are not those of the lake.
fn stale(folder: &Folder, why: &str) -> Error {
    let path = folder.path();
    let path = path.display();
    Error::new(
        ErrorKind::Corrupt,
        format!("{path}: {why}; run `apivideo lake rebuild {path}`"),
    )
}

fn without_events(folder: &Folder) -> Error {
    Error::input(format!(
        "{} has no events, so it is not known what was played: pull into a new folder with events",
        folder.path().display()
    ))
}

/// Returns the day before the next day: sessions of later days are not expected to play before it.
fn sealed_before(next: &DayInput) -> Option<Timestamp> {
    let start = TimeZone::UTC
        .to_timestamp(next.partition.day()?.at(0, 0, 0, 0))
        .ok()?;
    start.checked_sub(SignedDuration::from_hours(24)).ok()
}
