//! The aggregates of each day, before the service forgets them.

use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo::{Breakdown, BucketMetric, Filter, Interval, SeriesMetric, Timestamp};

use crate::asset::Asset;
use crate::error::Result;
use crate::folder;
use crate::invalid::reason;
use crate::manifest::{Day, Lake, Settings};
use crate::pull::commit::Commit;
use crate::pull::{Pull, Report, all, is_of_one_asset, service};
use crate::requests::{Budget, Chunks};
use crate::rows;
use crate::span::{Partition, Span, day_of, subtract};
use crate::table::{Row, Table};

/// The service keeps them so long.
const KEPT_DAYS: i64 = 30;

/// What plays are broken down by, and the column of sessions that tells the same.
const BREAKDOWNS: [(Breakdown, &str); 5] = [
    (Breakdown::Country, "location_country"),
    (Breakdown::DeviceType, "device_type"),
    (Breakdown::OperatingSystem, "os_name"),
    (Breakdown::Browser, "client_name"),
    (Breakdown::Referrer, "referrer_url"),
];

/// Reads those of the span that are still there; `false` where the requests did not suffice.
pub(crate) async fn read(
    pull: &Pull,
    lake: &mut Lake,
    assets: &[Asset],
    span: Span,
    budget: &Budget,
    report: &mut Report,
) -> Result<bool> {
    let Some(span) = kept(pull, span) else {
        return Ok(true);
    };
    let closed_until = pull.closed_until();
    for day in subtract(span, &lake.aggregates)
        .into_iter()
        .flat_map(Span::days)
    {
        let (tables, invalid) = match read_day(pull, lake, assets, day, budget).await {
            Ok(Some(read)) => read,
            Ok(None) => return Ok(false),
            Err(error) if is_of_one_asset(&error) => {
                report.problems.push(format!(
                    "the aggregates of {day} could not be read: {}",
                    reason(&error)
                ));
                continue;
            }
            Err(error) => return Err(service(error)),
        };
        let (buckets, series) = tables;
        let is_whole = invalid == 0;
        if !is_whole {
            report.problems.push(format!(
                "the aggregates of {day} have {invalid} records that could not be decoded"
            ));
        }
        match write(pull, lake, day, &buckets, &series)? {
            true => report.days_written += 1,
            false => report.days_unchanged += 1,
        }
        if is_whole && closed_until.is_some_and(|last| day <= last) {
            lake.add_aggregates(day);
            lake.save(&pull.folder)?;
        }
    }
    Ok(true)
}

/// What of the span the service still has.
fn kept(pull: &Pull, span: Span) -> Option<Span> {
    let oldest = pull
        .as_of
        .checked_sub(SignedDuration::from_hours(24 * KEPT_DAYS))
        .unwrap_or(pull.as_of);
    let first = day_of(oldest).tomorrow().unwrap_or(span.first);
    span.within(Span::new(first, span.last))
}

/// How many requests they take where every asset is played every day, and no list has a second page.
pub(crate) fn most(
    pull: &Pull,
    settings: &Settings,
    read: &[Span],
    assets: usize,
    span: Span,
) -> u64 {
    let days = kept(pull, span).map_or(0, |span| {
        subtract(span, read)
            .into_iter()
            .flat_map(Span::days)
            .count()
    });
    let shown = BREAKDOWNS
        .iter()
        .filter(|(_, column)| shows(settings, column));
    let lists = shown.count() + 1;
    days as u64 * (1 + assets as u64 * lists as u64)
}

/// Whether the column is neither left out nor hashed.
fn shows(settings: &Settings, column: &str) -> bool {
    let hidden = [&settings.drop, &settings.hash];
    !hidden
        .iter()
        .any(|names| names.iter().any(|name| name == column))
}

/// Rows of buckets and of timeseries.
type Tables = (Vec<Row>, Vec<Row>);

/// The rows of a day, and how many records could not be decoded.
type Read = (Tables, usize);

async fn read_day(
    pull: &Pull,
    lake: &Lake,
    assets: &[Asset],
    day: Date,
    budget: &Budget,
) -> apivideo::Result<Option<Read>> {
    let mut invalid = 0;
    let client = &pull.client;
    // A day of a period always has bounds.
    let Some((from, to)) = bounds(day) else {
        return Ok(Some(((Vec::new(), Vec::new()), 0)));
    };
    let (mut buckets, mut series) = (Vec::new(), Vec::new());
    let metric = BucketMetric::Play;
    let played = client
        .buckets(metric, Breakdown::MediaId)
        .from(from)
        .to(to)
        .with_prefetch(0);
    let played = played.page_size(pull.page_size);
    let Some((played, errors)) = all(Chunks::new(played.stream()), budget).await? else {
        return Ok(None);
    };
    invalid += errors.len();
    for asset in assets {
        let Some(bucket) = played
            .iter()
            .find(|bucket| bucket.dimension_value.as_deref() == Some(asset.id()))
        else {
            continue;
        };
        buckets.push(rows::bucket(
            asset,
            metric.as_str(),
            Breakdown::MediaId.as_str(),
            bucket,
        ));
        if bucket.metric_value.unwrap_or_default() <= 0.0 {
            continue;
        }
        let filter = match asset {
            Asset::Video(id) => Filter::new().video(id),
            Asset::LiveStream(id) => Filter::new().live_stream(id),
        };
        for (breakdown, column) in BREAKDOWNS {
            if !shows(&lake.settings, column) {
                continue;
            }
            let list = client
                .buckets(metric, breakdown)
                .from(from)
                .to(to)
                .filter(filter.clone())
                .with_prefetch(0);
            let list = list.page_size(pull.page_size);
            let Some((mut found, errors)) = all(Chunks::new(list.stream()), budget).await? else {
                return Ok(None);
            };
            invalid += errors.len();
            found.sort_by(|one, other| {
                one.dimension_value
                    .as_deref()
                    .cmp(&other.dimension_value.as_deref())
            });
            buckets.extend(
                found
                    .iter()
                    .map(|bucket| rows::bucket(asset, metric.as_str(), breakdown.as_str(), bucket)),
            );
        }
        let metric = SeriesMetric::Play;
        let list = client
            .timeseries(metric)
            .interval(Interval::Hour)
            .from(from)
            .to(to)
            .filter(filter)
            .with_prefetch(0);
        let list = list.page_size(pull.page_size);
        let Some((mut points, errors)) = all(Chunks::new(list.stream()), budget).await? else {
            return Ok(None);
        };
        invalid += errors.len();
        points.sort_by_key(|point| point.emitted_at);
        series.extend(
            points
                .iter()
                .map(|point| rows::point(asset, metric.as_str(), point)),
        );
    }
    Ok(Some(((buckets, series), invalid)))
}

fn write(pull: &Pull, lake: &Lake, day: Date, buckets: &[Row], series: &[Row]) -> Result<bool> {
    folder::create(&pull.folder.staging())?;
    let partition = Partition::Day(day);
    let before = Day::load(&pull.folder, partition)?;
    let manifest = before.clone().unwrap_or_else(|| Day::new(partition));
    let mut commit = Commit::new(
        &pull.folder,
        lake.settings.format,
        partition,
        before.as_ref(),
    );
    for (table, rows) in [(Table::Buckets, buckets), (Table::Timeseries, series)] {
        let mut writer = commit.table(table);
        for row in rows {
            writer.push(row)?;
        }
        writer.finish()?;
    }
    commit.run(manifest)
}

/// The first instant of a day, and that of the next.
fn bounds(day: Date) -> Option<(Timestamp, Timestamp)> {
    let start = |day: Date| {
        let midnight = day.to_zoned_datetime(TimeZone::UTC);
        midnight.map(|midnight| midnight.timestamp()).ok()
    };
    Some((start(day)?, start(day.tomorrow().ok()?)?))
}
