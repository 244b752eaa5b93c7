//! A report of aggregates alone, for an account without raw statistics.

use apivideo::aggregates::{Breakdown, BucketMetric, Filter, Interval, Metric, SeriesMetric};
use apivideo::jiff::SignedDuration;
use apivideo::jiff::tz::TimeZone;
use apivideo::query::AggregateQuery;
use apivideo::{AssetId, Client, List, Timestamp};
use apivideo_report::{Report, Totals, TotalsDay, TotalsRow};
use futures_util::TryStreamExt as _;

use super::{Run, report_asset};
use crate::args::ResolvedPeriod;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::source::Source;
use crate::stderr::print_error;

/// The days that the service keeps. Source: the documentation of its analytics.
const KEPT_DAYS: i64 = 30;

/// The aggregates of a video or live stream in a period.
struct Reader<'a> {
    client: &'a Client,
    asset: &'a AssetId,
    since: Timestamp,
    /// `None` is the current time.
    until: Option<Timestamp>,
}

impl Run<'_> {
    /// Reads the aggregates, and writes the report.
    pub(super) async fn totals(&self) -> Result<Exit, Failure> {
        let (Source::Service(connection), Some(period), [asset]) =
            (&self.source, &self.period, self.assets.as_slice())
        else {
            return Err(Failure::usage(
                "a report from totals is of one video or live stream of the service, in a period",
            ));
        };
        check_age(period, self.now)?;
        let reader = Reader {
            client: &connection.client,
            asset,
            since: period.start,
            until: Some(period.end).filter(|end| *end <= self.now),
        };
        let read = async {
            let totals = reader.read(period).await?;
            if totals.loads.unwrap_or(0) == 0 && totals.plays.unwrap_or(0) == 0 {
                reader.check_exists().await?;
            }
            let title = match self.arguments.title.first() {
                Some(title) => title.clone(),
                None => self.title(asset).await,
            };
            Ok::<_, apivideo::Error>((totals, title))
        };
        let Some(read) = self.context.stop.run_until(read).await else {
            return Ok(Exit::Interrupted);
        };
        let (totals, title) = read?;
        let report = Report::totals(report_asset(asset, title, Vec::new()), totals)
            .read_at(self.now)
            .source(self.source_line("Aggregates"))
            .command(self.command());
        self.write(&report.to_html())?;
        Ok(Exit::Done)
    }
}

/// Returns an error if the service no longer has the first day.
fn check_age(period: &ResolvedPeriod, now: Timestamp) -> Result<(), Failure> {
    let oldest = now - SignedDuration::from_hours(24 * KEPT_DAYS);
    let first = TimeZone::UTC.to_datetime(oldest).date();
    if period.days.first_day() >= first {
        return Ok(());
    }
    let last = period.days.last_day();
    let failure = Failure::usage(format!(
        "the period {} starts too early for totals: the service keeps {KEPT_DAYS} days at most",
        period.days
    ));
    Err(match last >= first {
        true => failure.with_hint(format!("use --period {first}/{last}")),
        false => failure.with_hint(format!("use days since {first}")),
    })
}

impl Reader<'_> {
    async fn read(&self, period: &ResolvedPeriod) -> apivideo::Result<Totals> {
        let mut totals = Totals::new(period.days.first_day(), period.days.last_day());
        totals.loads = self.count(Metric::ImpressionCount, false).await?;
        totals.plays = self.count(Metric::PlayCount, false).await?;
        totals.views = self.count(Metric::ViewCount, false).await?;
        totals.daily_viewers = self.count(Metric::ViewCount, true).await?;
        totals.ends = self.count(Metric::EndCount, false).await?;
        totals.watch_seconds = Some(self.value(Metric::WatchTimeSum, false).await?);
        totals.average_watch_seconds = Some(self.value(Metric::WatchTimeAverage, false).await?);
        totals.peak = self.count(Metric::CcvPeak, false).await?;
        self.read_days(&mut totals).await?;
        totals.hours = self.points(SeriesMetric::Play, Interval::Hour).await?;
        totals.countries = self.rows(Breakdown::Country).await?;
        totals.devices = self.rows(Breakdown::DeviceType).await?;
        totals.referrers = self.rows(Breakdown::Referrer).await?;
        totals.systems = self.rows(Breakdown::OperatingSystem).await?;
        totals.browsers = self.rows(Breakdown::Browser).await?;
        Ok(totals)
    }

    /// Returns an error if the service does not have the asset: its aggregates are 0, as those of an asset without plays.
    async fn check_exists(&self) -> apivideo::Result<()> {
        let found = match self.asset {
            AssetId::LiveStream(id) => self.client.live_stream(id.clone()).get().await.map(drop),
            AssetId::Video(id) => self.client.video(id.clone()).get().await.map(drop),
            _ => Ok(()),
        };
        match found {
            Err(error) if error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }

    fn filter(&self) -> Filter {
        match self.asset {
            AssetId::LiveStream(id) => Filter::new().live_stream(id.clone()),
            AssetId::Video(id) => Filter::new().video(id.clone()),
            _ => Filter::new(),
        }
    }

    async fn value(&self, metric: Metric, is_unique: bool) -> apivideo::Result<f64> {
        let mut request = self
            .client
            .metric(metric)
            .since(self.since)
            .filter(self.filter());
        if let Some(until) = self.until {
            request = request.until(until);
        }
        if is_unique {
            request = request.unique(true);
        }
        Ok(request.send().await?.value)
    }

    async fn count(&self, metric: Metric, is_unique: bool) -> apivideo::Result<Option<u64>> {
        self.value(metric, is_unique).await.map(whole)
    }

    fn scoped<Q: AggregateQuery>(&self, list: List<Q>) -> List<Q> {
        let list = list.since(self.since).filter(self.filter());
        let list = list.on_invalid(|error| print_error(&error));
        match self.until {
            Some(until) => list.until(until),
            None => list,
        }
    }

    async fn points(
        &self,
        metric: SeriesMetric,
        interval: Interval,
    ) -> apivideo::Result<Vec<(Timestamp, u64)>> {
        let list = self.scoped(self.client.timeseries(metric).interval(interval));
        let points: Vec<_> = list.stream().try_collect().await?;
        let known = points
            .into_iter()
            .filter_map(|point| Some((point.emitted_at?, point.metric_value.and_then(whole)?)));
        Ok(known.collect())
    }

    async fn read_days(&self, totals: &mut Totals) -> apivideo::Result<()> {
        type Field = fn(&mut TotalsDay) -> &mut Option<u64>;
        let series: [(SeriesMetric, Field); 5] = [
            (SeriesMetric::Impression, |day| &mut day.loads),
            (SeriesMetric::Play, |day| &mut day.plays),
            (SeriesMetric::View, |day| &mut day.views),
            (SeriesMetric::End, |day| &mut day.ends),
            (SeriesMetric::CcvPeak, |day| &mut day.peak),
        ];
        for (metric, field) in series {
            for (at, value) in self.points(metric, Interval::Day).await? {
                let date = TimeZone::UTC.to_datetime(at).date();
                let index = totals.days.iter().position(|day| day.date == date);
                let index = index.unwrap_or_else(|| {
                    totals.days.push(TotalsDay::new(date));
                    totals.days.len() - 1
                });
                *field(&mut totals.days[index]) = Some(value);
            }
        }
        totals.days.sort_by_key(|day| day.date);
        Ok(())
    }

    async fn rows(&self, breakdown: Breakdown) -> apivideo::Result<Vec<TotalsRow>> {
        let list = self.scoped(self.client.buckets(BucketMetric::Play, breakdown));
        let buckets: Vec<_> = list.stream().try_collect().await?;
        let mut rows: Vec<TotalsRow> = buckets
            .into_iter()
            .filter_map(|bucket| {
                Some(TotalsRow {
                    value: bucket.dimension_value.map(|value| value.to_string()),
                    plays: bucket.metric_value.and_then(whole)?,
                })
            })
            .collect();
        // The service does not define the order of equal numbers.
        rows.sort_by(|a, b| b.plays.cmp(&a.plays).then_with(|| a.value.cmp(&b.value)));
        Ok(rows)
    }
}

/// Returns a count, which the service sends as a number that can have a fraction.
fn whole(value: f64) -> Option<u64> {
    let is_count = value.is_finite() && (0.0..=9e15).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    is_count.then(|| value.round() as u64)
}
