//! The numbers of a page once more, as JSON.

use std::collections::BTreeMap;

use apivideo_insights::{AudienceReport, Breakdown, RowKind};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::asset::ReportAsset;
use crate::calendar::{Period, Zone};
use crate::concurrency;
use crate::days::{DayRow, Days};
use crate::referrers;
use crate::retention::drops;
use crate::totals::{Totals, TotalsRow};
use crate::view::View;

/// Rows of a breakdown beyond these are not in the data.
const MAX_ROWS: usize = 200;

/// Of more days, those without a visit are not in the data.
const MAX_DAYS: usize = 400;

/// The data of a page.
#[derive(Serialize)]
pub(crate) struct Data<'a> {
    schema: &'static str,
    period: PeriodData<'a>,
    read_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assets: Vec<AssetData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonData<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<TotalsData<'a>>,
}

#[derive(Serialize)]
struct PeriodData<'a> {
    text: &'a str,
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
    time_zone: &'a str,
}

#[derive(Serialize)]
struct AssetData<'a> {
    kind: &'static str,
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    chapters: Vec<(f64, &'a str)>,
    rules: String,
    measures: MeasuresData<'a>,
    days: Vec<DayData>,
    watch_minutes: Vec<Vec<f64>>,
    breakdowns: BTreeMap<&'a str, Vec<RowData>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention: Option<RetentionData<'a>>,
    /// Seconds since the first of them, and the viewers from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    viewers_at_once: Option<StepsData>,
}

#[derive(Serialize)]
struct MeasuresData<'a> {
    visits: u64,
    impressions: u64,
    ready_events: u64,
    plays: u64,
    play_events: u64,
    viewers: u64,
    viewer_key: &'a str,
    visits_without_viewer_key: u64,
    watch_seconds: f64,
    watch_seconds_lower: f64,
    watch_seconds_upper: f64,
    estimated_seconds: f64,
    covered_seconds: f64,
    playing_seconds: f64,
    average_watch_seconds: Option<f64>,
    average_viewed_percent: Option<f64>,
    average_covered_percent: Option<f64>,
    length_seconds: Option<f64>,
    length_source: Option<&'static str>,
    ended: u64,
    reached: Option<u64>,
    reached_at_seconds: Option<f64>,
    reached_quarters: Option<[u64; 3]>,
    covered: Option<u64>,
    peak: u64,
    peak_at: Option<Timestamp>,
    peak_seconds: Option<f64>,
    peak_times: Option<u64>,
    average_viewers_at_once: Option<f64>,
    visits_without_events: u64,
    visits_unreadable: u64,
    visits_skewed: u64,
    visits_excluded: u64,
    dropped: apivideo_insights::Dropped,
}

#[derive(Serialize)]
struct DayData {
    date: Date,
    visits: u64,
    plays: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    viewers: Option<u64>,
    watch_seconds: f64,
    average: Option<f64>,
}

#[derive(Serialize)]
struct RowData {
    value: Option<String>,
    kind: RowKind,
    plays: u64,
    viewers: u64,
    watch_seconds: f64,
}

#[derive(Serialize)]
struct RetentionData<'a> {
    bin_seconds: f64,
    plays: u64,
    views: &'a [u32],
    viewers: &'a [u32],
    drops: Vec<[f64; 3]>,
}

#[derive(Serialize)]
struct StepsData {
    from: Timestamp,
    steps: Vec<(f64, u64)>,
}

#[derive(Serialize)]
struct ComparisonData<'a> {
    label: &'a str,
    rules: String,
    measures: MeasuresData<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention: Option<RetentionData<'a>>,
}

#[derive(Serialize)]
struct TotalsData<'a> {
    kind: &'static str,
    id: &'a str,
    title: &'a str,
    #[serde(flatten)]
    totals: Totals,
}

/// Returns four decimals at most.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

fn period<'a>(period: &'a Period, zone: &'a Zone) -> PeriodData<'a> {
    PeriodData {
        text: &period.text,
        from: period.days.map(|(first, _)| first),
        to: period.days.map(|(_, last)| last),
        time_zone: zone.hours(),
    }
}

impl<'a> Data<'a> {
    /// Returns the data of a page of measures.
    pub(crate) fn of_measures(
        views: &'a [View<'a>],
        comparison: Option<(&'a str, &'a AudienceReport)>,
        about: (&'a Period, &'a Zone, Option<Timestamp>),
    ) -> Self {
        Self {
            schema: "apivideo-report/1",
            period: period(about.0, about.1),
            read_at: about.2,
            assets: views.iter().map(asset).collect(),
            comparison: comparison.map(|(label, audience)| ComparisonData {
                label,
                rules: rules(audience),
                measures: measures(audience),
                retention: retention(audience),
            }),
            totals: None,
        }
    }

    /// Returns the data of a page of aggregates.
    pub(crate) fn of_totals(
        asset: &'a ReportAsset,
        totals: &Totals,
        about: (&'a Period, &'a Zone, Option<Timestamp>),
    ) -> Self {
        let mut totals = totals.clone();
        totals.referrers = without_queries(&totals.referrers);
        Self {
            schema: "apivideo-report/1",
            period: period(about.0, about.1),
            read_at: about.2,
            assets: Vec::new(),
            comparison: None,
            totals: Some(TotalsData {
                kind: asset.kind().as_str(),
                id: asset.id(),
                title: asset.title(),
                totals,
            }),
        }
    }

    /// Returns JSON that can be inside of an element `script`.
    pub(crate) fn to_json(&self) -> String {
        // Serialization fails for maps with keys that are not strings, which there are none of.
        let json = serde_json::to_string(self).unwrap_or_default();
        let json = json.replace('<', "\\u003c");
        json.replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    }
}

fn without_queries(rows: &[TotalsRow]) -> Vec<TotalsRow> {
    let mut pages: Vec<TotalsRow> = Vec::new();
    for row in rows {
        let value = row.known().map(|address| {
            let (host, path) = referrers::split(address);
            host + &path
        });
        match pages.iter_mut().find(|page| page.value == value) {
            Some(page) => page.plays += row.plays,
            None => pages.push(TotalsRow {
                value,
                plays: row.plays,
            }),
        }
    }
    pages
}

fn rules(audience: &AudienceReport) -> String {
    format!("measures/{}", audience.rules_version)
}

fn asset<'a>(view: &'a View<'a>) -> AssetData<'a> {
    let (audience, asset) = (view.audience, view.asset);
    let measured = view.measures();
    let days = Days::new(view).map_or_else(Vec::new, |days| {
        let is_long = days.rows.len() > MAX_DAYS;
        let rows = days.rows.iter().enumerate();
        let rows = rows.filter(|(_, row)| !is_long || **row != DayRow::default());
        let rows = rows.map(|(index, row)| DayData {
            date: days.axis.date(index),
            visits: row.visits,
            plays: row.plays,
            viewers: row.viewers,
            watch_seconds: rounded(row.watch_seconds),
            average: row.average.map(rounded),
        });
        rows.collect()
    });
    let minutes = measured.time_of_day.watch_minutes;
    let tenths = |value: &f64| (value * 10.0).round() / 10.0;
    let watch_minutes = minutes.iter().map(|day| day.iter().map(tenths).collect());
    let breakdowns = audience
        .breakdowns
        .iter()
        .filter(|breakdown| breakdown.dimension != "date");
    AssetData {
        kind: asset.kind().as_str(),
        id: asset.id(),
        title: asset.title(),
        chapters: asset
            .chapters()
            .iter()
            .map(|chapter| (chapter.start_seconds, chapter.title.as_str()))
            .collect(),
        rules: rules(audience),
        measures: measures(audience),
        days,
        watch_minutes: watch_minutes.collect(),
        breakdowns: breakdowns
            .map(|breakdown| (breakdown.dimension.as_str(), rows(breakdown)))
            .collect(),
        retention: retention(audience).filter(|_| !view.is_live()),
        viewers_at_once: concurrency::drawn(view).filter(|_| view.is_live()).map(
            |(from, steps)| StepsData {
                from,
                steps: steps
                    .into_iter()
                    .map(|(at, viewers)| (rounded(at), viewers))
                    .collect(),
            },
        ),
    }
}

fn rows(breakdown: &Breakdown) -> Vec<RowData> {
    let is_page = breakdown.dimension == "referrer.page";
    let rows = breakdown.rows.iter().take(MAX_ROWS).map(|row| RowData {
        value: row.value.as_deref().map(|value| match is_page {
            true => {
                let (host, path) = referrers::split(value);
                host + &path
            }
            false => value.to_owned(),
        }),
        kind: row.kind,
        plays: row.measures.plays,
        viewers: row.measures.unique_viewers.played,
        watch_seconds: rounded(row.measures.watch_seconds),
    });
    rows.collect()
}

fn measures(audience: &AudienceReport) -> MeasuresData<'_> {
    let measures = &audience.measures;
    let (quality, completion) = (&measures.quality, &measures.completion);
    let peak = &measures.concurrency.playing;
    MeasuresData {
        visits: quality.sessions,
        impressions: measures.impressions,
        ready_events: measures.ready_events,
        plays: measures.plays,
        play_events: measures.play_events,
        viewers: measures.unique_viewers.played,
        viewer_key: &measures.unique_viewers.key,
        visits_without_viewer_key: measures.unique_viewers.sessions_without_key,
        watch_seconds: rounded(measures.watch_seconds),
        watch_seconds_lower: rounded(quality.watch_seconds_lower),
        watch_seconds_upper: rounded(quality.watch_seconds_upper),
        estimated_seconds: rounded(quality.estimated_seconds),
        covered_seconds: rounded(measures.covered_seconds),
        playing_seconds: rounded(measures.playing_seconds),
        average_watch_seconds: measures.average_watch_seconds.map(rounded),
        average_viewed_percent: measures.average_viewed_percent.map(rounded),
        average_covered_percent: measures.average_covered_percent.map(rounded),
        length_seconds: measures.length.map(|length| rounded(length.seconds)),
        length_source: measures.length.map(|length| length.source.as_str()),
        ended: completion.ended,
        reached: completion.reached,
        reached_at_seconds: completion.reached_at_seconds.map(rounded),
        reached_quarters: completion.reached_quarters,
        covered: completion.covered,
        peak: peak.peak,
        peak_at: peak.peak_at,
        peak_seconds: peak.seconds.map(rounded),
        peak_times: peak.times,
        average_viewers_at_once: peak.average.map(rounded),
        visits_without_events: quality.sessions_without_events,
        visits_unreadable: quality.sessions_unreadable,
        visits_skewed: quality.sessions_skewed,
        visits_excluded: audience.sessions_excluded,
        dropped: quality.dropped,
    }
}

fn retention(audience: &AudienceReport) -> Option<RetentionData<'_>> {
    let retention = audience.measures.retention.as_ref()?;
    Some(RetentionData {
        bin_seconds: retention.bin_seconds,
        plays: retention.plays,
        views: &retention.views,
        viewers: &retention.viewers,
        drops: drops(retention)
            .iter()
            .map(|drop| {
                [
                    rounded(drop.from_seconds),
                    rounded(drop.to_seconds),
                    rounded(drop.points),
                ]
            })
            .collect(),
    })
}
