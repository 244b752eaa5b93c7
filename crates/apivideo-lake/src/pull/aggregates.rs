//! The aggregates of each day, stored before the service deletes them.

use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::{
    AssetId, Timestamp,
    aggregates::{Breakdown, BucketMetric, Filter, Interval, SeriesMetric},
    model::Bucket,
};

use super::commit::Commit;
use super::state::Run;
use crate::budget::Budget;
use crate::date_range::{DateRange, day_of};
use crate::error::{Error, Result};
use crate::folder::files;
use crate::invalid::reason;
use crate::manifest::{DayManifest, Settings};
use crate::options::RunOptions;
use crate::page_reader::PageReader;
use crate::partition::Partition;
use crate::row::{self, Row};
use crate::service;
use crate::table::{Measure, Table};

/// The number of days for which the service keeps aggregates.
const RETENTION_DAYS: i64 = 30;

const METRIC: BucketMetric = BucketMetric::Play;
const SERIES_METRIC: SeriesMetric = SeriesMetric::Play;

/// The breakdowns of plays, each with the column of sessions that has the same values.
const BREAKDOWNS: [(Breakdown, &str); 5] = [
    (Breakdown::Country, "location_country"),
    (Breakdown::DeviceType, "device_type"),
    (Breakdown::OperatingSystem, "os_name"),
    (Breakdown::Browser, "client_name"),
    (Breakdown::Referrer, "referrer_url"),
];

/// The aggregates of a day.
#[derive(Default)]
struct DayAggregates {
    buckets: Vec<Row>,
    timeseries: Vec<Row>,
    /// The number of records that could not be decoded.
    invalid: usize,
}

/// Reads the aggregates of one day.
struct DayReader<'a> {
    options: &'a RunOptions,
    settings: &'a Settings,
    budget: &'a Budget,
    since: Timestamp,
    until: Timestamp,
    aggregates: DayAggregates,
}

impl Run {
    /// Reads the aggregates of the days that the service still has; returns `false` if the budget has no request left.
    pub(super) async fn read_aggregates(&mut self, assets: &[AssetId]) -> Result<bool> {
        let Some(period) = available(&self.options, self.period()) else {
            return Ok(true);
        };
        let final_until = self.options.final_until();
        let days = period.subtract(&self.lake.aggregates);
        for day in days.into_iter().flat_map(DateRange::days) {
            let read = read_day(
                &self.options,
                &self.lake.settings,
                assets,
                day,
                &self.budget,
            );
            let aggregates = match read.await {
                Ok(Some(aggregates)) => aggregates,
                Ok(None) => return Ok(false),
                Err(error) if service::is_limited_to_item(&error) => {
                    self.report.problems.push(format!(
                        "the aggregates of {day} could not be read: {}",
                        reason(&error)
                    ));
                    continue;
                }
                Err(error) => return Err(Error::request(error)),
            };
            let invalid = aggregates.invalid;
            if invalid > 0 {
                self.report.problems.push(format!(
                    "the aggregates of {day} contain {invalid} records that could not be decoded"
                ));
            }
            match self.write_aggregates(day, &aggregates)? {
                Some(size) => {
                    self.report.days_written += 1;
                    self.report.add_written(size);
                }
                None => self.report.days_unchanged += 1,
            }
            if invalid == 0 && final_until.is_some_and(|last| day <= last) {
                self.lake.add_aggregates(day);
                self.lake.save(self.folder())?;
            }
        }
        Ok(true)
    }

    fn write_aggregates(
        &self,
        day: Date,
        aggregates: &DayAggregates,
    ) -> Result<Option<(u64, u64)>> {
        let folder = self.folder();
        files::create_dir(&folder.staging())?;
        let partition = Partition::Day(day);
        let before = DayManifest::load(folder, partition)?;
        let manifest = before
            .clone()
            .unwrap_or_else(|| DayManifest::new(partition));
        let mut commit = Commit::new(folder, &self.lake.settings, partition, before.as_ref());
        for (table, rows) in [
            (Table::Buckets, &aggregates.buckets),
            (Table::Timeseries, &aggregates.timeseries),
        ] {
            let mut writer = commit.table(table);
            for row in rows {
                writer.push(row)?;
            }
            writer.finish()?;
        }
        let size = commit.size();
        Ok(commit.run(manifest)?.then_some(size))
    }
}

/// Returns the number of requests if every asset is played every day, and no list has a second page.
pub(super) fn max_requests(
    options: &RunOptions,
    settings: &Settings,
    read: &[DateRange],
    assets: usize,
    period: DateRange,
) -> u64 {
    let days = available(options, period).map_or(0, |period| {
        let days = period.subtract(read).into_iter();
        days.flat_map(DateRange::days).count()
    });
    let breakdowns = BREAKDOWNS
        .iter()
        .filter(|(_, column)| is_stored(settings, column));
    let lists = breakdowns.count() + 1;
    days as u64 * (1 + assets as u64 * lists as u64)
}

/// Returns the days of the period for which the service has aggregates.
fn available(options: &RunOptions, period: DateRange) -> Option<DateRange> {
    let oldest = options
        .as_of
        .checked_sub(SignedDuration::from_hours(24 * RETENTION_DAYS))
        .unwrap_or(options.as_of);
    let first = day_of(oldest).tomorrow().unwrap_or(period.first);
    period.intersection(DateRange::new(first, period.last))
}

/// Returns whether a column is neither dropped nor hashed.
fn is_stored(settings: &Settings, column: &str) -> bool {
    let hidden = [&settings.drop, &settings.hash];
    !hidden
        .iter()
        .any(|names| names.iter().any(|name| name == column))
}

/// Reads the aggregates of a day; returns `None` if the budget has no request left.
async fn read_day(
    options: &RunOptions,
    settings: &Settings,
    assets: &[AssetId],
    day: Date,
    budget: &Budget,
) -> apivideo::Result<Option<DayAggregates>> {
    let Some((since, until)) = bounds(day) else {
        return Ok(Some(DayAggregates::default()));
    };
    let mut reader = DayReader {
        options,
        settings,
        budget,
        since,
        until,
        aggregates: DayAggregates::default(),
    };
    let Some(played) = reader.buckets(&Breakdown::MediaId, None).await? else {
        return Ok(None);
    };
    for asset in assets {
        let id = Some(asset.as_str());
        let mut of_asset = played.iter();
        let Some(bucket) = of_asset.find(|bucket| bucket.dimension_value.as_deref() == id) else {
            continue;
        };
        reader.add_buckets(asset, &Breakdown::MediaId, std::slice::from_ref(bucket));
        let is_played = bucket.metric_value.unwrap_or_default() > 0.0;
        if is_played && !reader.read_asset(asset).await? {
            return Ok(None);
        }
    }
    Ok(Some(reader.aggregates))
}

impl DayReader<'_> {
    /// Reads the breakdowns and the time series of an asset; returns `false` if the budget has no request left.
    async fn read_asset(&mut self, asset: &AssetId) -> apivideo::Result<bool> {
        let filter = match asset {
            AssetId::Video(id) => Filter::new().video(id.clone()),
            AssetId::LiveStream(id) => Filter::new().live_stream(id.clone()),
            _ => return Ok(true),
        };
        for (breakdown, column) in BREAKDOWNS {
            if !is_stored(self.settings, column) {
                continue;
            }
            let read = self.buckets(&breakdown, Some(filter.clone())).await?;
            let Some(mut buckets) = read else {
                return Ok(false);
            };
            buckets.sort_by(|one, other| {
                one.dimension_value
                    .as_deref()
                    .cmp(&other.dimension_value.as_deref())
            });
            self.add_buckets(asset, &breakdown, &buckets);
        }
        let list = self
            .options
            .client
            .timeseries(SERIES_METRIC)
            .interval(Interval::Hour)
            .since(self.since)
            .until(self.until)
            .filter(filter)
            .page_size(self.options.page_size)
            .with_prefetch(0);
        let read = PageReader::new(list.stream()).read_all(self.budget).await?;
        let Some((mut points, errors)) = read else {
            return Ok(false);
        };
        self.aggregates.invalid += errors.len();
        points.sort_by_key(|point| point.emitted_at);
        let measure = Measure {
            asset: asset.clone(),
            metric: SERIES_METRIC.as_str().to_owned(),
            breakdown: String::new(),
        };
        let rows = points.iter().map(|point| row::point(&measure, point));
        self.aggregates.timeseries.extend(rows);
        Ok(true)
    }

    /// Reads a list of buckets; returns `None` if the budget has no request left.
    async fn buckets(
        &mut self,
        breakdown: &Breakdown,
        filter: Option<Filter>,
    ) -> apivideo::Result<Option<Vec<Bucket>>> {
        let list = self
            .options
            .client
            .buckets(METRIC, breakdown.clone())
            .since(self.since)
            .until(self.until)
            .page_size(self.options.page_size)
            .with_prefetch(0);
        let list = match filter {
            Some(filter) => list.filter(filter),
            None => list,
        };
        let read = PageReader::new(list.stream()).read_all(self.budget).await?;
        let Some((buckets, errors)) = read else {
            return Ok(None);
        };
        self.aggregates.invalid += errors.len();
        Ok(Some(buckets))
    }

    fn add_buckets(&mut self, asset: &AssetId, breakdown: &Breakdown, buckets: &[Bucket]) {
        let measure = Measure {
            asset: asset.clone(),
            metric: METRIC.as_str().to_owned(),
            breakdown: breakdown.as_str().to_owned(),
        };
        let rows = buckets.iter().map(|bucket| row::bucket(&measure, bucket));
        self.aggregates.buckets.extend(rows);
    }
}

/// Returns the first instant of a day and that of the next.
fn bounds(day: Date) -> Option<(Timestamp, Timestamp)> {
    let start = |day: Date| {
        let midnight = day.to_zoned_datetime(TimeZone::UTC);
        midnight.map(|midnight| midnight.timestamp()).ok()
    };
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}
