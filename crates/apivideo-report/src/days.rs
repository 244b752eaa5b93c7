//! Day by day.

use apivideo_insights::{DayMeasures, RowKind};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::calendar::{self, DayAxis};
use crate::format::{count, duration, percent, plural, tenths, whole};
use crate::html::{Html, html};
use crate::quality::has_no_keys;
use crate::section::{Section, numbers};
use crate::strip::Strip;
use crate::view::View;

/// More days than this have no chart, and a table by month.
const MAX_CHART: usize = 4_000;
/// More days than this have a table by month.
const MAX_TABLE: usize = 400;
/// Days are left out if there are more than this even of those with activity.
const MAX_DAYS: usize = 20_000;
/// Longer periods are cut to the days with activity.
const MAX_PERIOD: usize = 1_100;

/// The measures of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct DayRow {
    pub(crate) visits: u64,
    pub(crate) plays: u64,
    /// Viewers who played something, if known.
    pub(crate) viewers: Option<u64>,
    pub(crate) watch_seconds: f64,
    /// The average share of the video, or the average watch time in seconds without a length.
    pub(crate) average: Option<f64>,
}

/// The days of a report: those of its time zone, or of UTC.
pub(crate) struct Days {
    pub(crate) axis: DayAxis,
    pub(crate) rows: Vec<DayRow>,
    /// Whether watch time is split at midnight. Otherwise it belongs to the day on which the visit began.
    is_split: bool,
    is_utc: bool,
}

impl Days {
    /// Returns `None` without a day.
    pub(crate) fn new(view: &View<'_>) -> Option<Self> {
        let by_date = local_rows(view);
        let is_utc = view.zone.is_utc() || by_date.is_none();
        let mut found: Vec<(Date, DayRow)> = match &by_date {
            Some(rows) if !is_utc => rows.clone(),
            _ => view
                .measures()
                .days
                .iter()
                .map(|day| utc_row(view, day))
                .collect(),
        };
        if let Some(by_date) = by_date.filter(|_| is_utc) {
            for (date, row) in &mut found {
                let same = by_date.iter().find(|(other, _)| other == date);
                row.viewers = Some(same.and_then(|(_, row)| row.viewers).unwrap_or(0));
            }
        }
        let period = match is_utc {
            true => utc_period(view),
            false => view
                .period
                .days
                .filter(|_| view.audience.period_start.is_some()),
        };
        Self::arrange(found, period, is_utc)
    }

    /// Returns the days of UTC, up to one that can be after the period: playback of a session can end later.
    pub(crate) fn of_utc(view: &View<'_>, until: Date) -> Option<Self> {
        let rows = view
            .measures()
            .days
            .iter()
            .map(|day| utc_row(view, day))
            .collect();
        let period = utc_period(view).map(|(first, last)| (first.min(until), last.max(until)));
        Self::arrange(rows, period, true)
    }

    fn arrange(
        found: Vec<(Date, DayRow)>,
        period: Option<(Date, Date)>,
        is_utc: bool,
    ) -> Option<Self> {
        let active = found
            .first()
            .zip(found.last())
            .map(|((first, _), (last, _))| (*first, *last));
        let axis = axis(period, active)?;
        let mut rows = vec![DayRow::default(); axis.count];
        for (date, row) in found {
            if let Some(index) = axis.index(date) {
                rows[index] = row;
            }
        }
        Some(Self {
            axis,
            rows,
            is_split: is_utc,
            is_utc,
        })
    }

    /// Returns whether the days are those of UTC.
    pub(crate) const fn is_utc(&self) -> bool {
        self.is_utc
    }
}

/// The days that the report covers: the period, or the days with activity.
fn axis(period: Option<(Date, Date)>, active: Option<(Date, Date)>) -> Option<DayAxis> {
    let (first, last) = period.or(active)?;
    let axis = DayAxis::new(first, last);
    let axis = match active {
        Some((first_active, last_active)) if axis.count > MAX_PERIOD => {
            DayAxis::new(first.max(first_active), last.min(last_active))
        }
        _ => axis,
    };
    (axis.count <= MAX_DAYS).then_some(axis)
}

fn utc_period(view: &View<'_>) -> Option<(Date, Date)> {
    let (start, end) = (view.audience.period_start?, view.audience.period_end?);
    let date = |at| calendar::Zone::utc().at(at).date();
    let last = end
        .checked_sub(SignedDuration::from_nanos(1))
        .unwrap_or(end);
    Some((date(start), date(last).max(date(start))))
}

fn utc_row(view: &View<'_>, day: &DayMeasures) -> (Date, DayRow) {
    let row = DayRow {
        visits: day.sessions,
        plays: day.plays,
        viewers: None,
        watch_seconds: day.watch_seconds,
        average: match view.length() {
            Some(_) => day.average_viewed_percent.map(|percent| percent / 100.0),
            None => day.average_watch_seconds,
        },
    };
    (day.date, row)
}

/// Returns the rows of a breakdown by date, if there is one that is complete.
fn local_rows(view: &View<'_>) -> Option<Vec<(Date, DayRow)>> {
    let breakdown = view.breakdown("date").filter(|_| view.zone.is_known())?;
    let mut rows = Vec::with_capacity(breakdown.rows.len());
    for row in breakdown
        .rows
        .iter()
        .filter(|row| row.kind != RowKind::Unknown)
    {
        let date = row.value.as_deref()?.parse().ok()?;
        let measures = &row.measures;
        let mean = |sum: f64, plays: u64| (plays > 0).then(|| sum / plays as f64);
        let average = match view.length() {
            Some(length) => mean(measures.watch_seconds / length, measures.plays_with_length),
            None => mean(measures.watch_seconds, measures.plays),
        };
        let row = DayRow {
            visits: measures.quality.sessions,
            plays: measures.plays,
            viewers: Some(measures.unique_viewers.played),
            watch_seconds: measures.watch_seconds,
            average,
        };
        rows.push((date, row));
    }
    (breakdown.suppressed_values == 0).then_some(rows)
}

/// Returns the section.
pub(crate) fn section(view: &View<'_>) -> Html {
    let Some(days) = Days::new(view) else {
        return Html::new();
    };
    let scope = &view.scope;
    // Without a viewer key, viewers are the same as plays.
    let has_viewers =
        !has_no_keys(view.measures()) && days.rows.iter().any(|row| row.viewers.is_some());
    let counts: Vec<u64> = days
        .rows
        .iter()
        .map(|row| row.viewers.filter(|_| has_viewers).unwrap_or(row.plays))
        .collect();
    let what = if has_viewers { "viewer" } else { "play" };
    let busiest = counts
        .iter()
        .enumerate()
        .rev()
        .max_by_key(|(_, count)| **count)
        .map_or(0, |(index, _)| index);
    let finding = html!(
        "Busiest on {}, with {}.",
        calendar::weekday_day(days.axis.date(busiest)),
        plural(counts[busiest], what)
    );
    let split = match days.is_split {
        true => "A visit counts on the day it began; watch time is split at midnight.",
        false => "A visit and its watch time count on the day it began.",
    };
    let utc = match view.zone.is_utc() || !days.is_utc {
        true => "",
        false => " Days in UTC.",
    };
    let explanation = html!("{}{} Weekends are paler.", split, utc);
    let mut body = Html::new();
    if days.axis.count <= MAX_CHART {
        body.push(charts(view, &days, &counts, has_viewers));
    }
    body.push(table(view, &days, has_viewers));
    let section = Section {
        title: "Day by day",
        finding,
        explanation,
        is_wide: false,
    };
    section.render(scope, &html!("<figure>{}</figure>", body))
}

fn charts(view: &View<'_>, days: &Days, counts: &[u64], has_viewers: bool) -> Html {
    let (scope, axis) = (&view.scope, &days.axis);
    let counts: Vec<Option<f64>> = counts.iter().map(|count| Some(*count as f64)).collect();
    let mean = counts.iter().flatten().sum::<f64>() / axis.count as f64;
    let mean = Some(mean).filter(|mean| *mean >= 1.5);
    let base = Strip {
        id: "dv",
        title: if has_viewers { "Viewers" } else { "Plays" },
        unit: mean.map(mean_text).unwrap_or_default(),
        values: &counts,
        height: 140.0,
        has_axis: false,
        per: 1.0,
        is_whole: true,
        format: &whole,
        tick: &whole,
        mean,
        only: None,
    };
    let watch: Vec<Option<f64>> = days
        .rows
        .iter()
        .map(|row| Some(row.watch_seconds))
        .collect();
    let is_hours = watch.iter().flatten().any(|seconds| *seconds > 7_200.0);
    let (per, unit, short) = if is_hours {
        (3_600.0, "hours", "h")
    } else {
        (60.0, "minutes", "min")
    };
    let amount = |seconds: f64| match is_hours {
        true if seconds < 99.95 * per => format!("{}\u{a0}{short}", tenths(seconds / per)),
        true => format!("{}\u{a0}{short}", whole(seconds / per)),
        false => format!("{}\u{a0}{short}", whole(seconds / per)),
    };
    let tick = |seconds: f64| tick_text(seconds / per);
    let averages: Vec<Option<f64>> = days.rows.iter().map(|row| row.average).collect();
    let watched = Strip {
        id: "dw",
        title: "Watch time",
        unit: unit.to_owned(),
        values: &watch,
        height: 80.0,
        per,
        is_whole: false,
        format: &amount,
        tick: &tick,
        mean: None,
        ..base
    };
    // The unit of the axis is minutes.
    let clock = |seconds: f64| match seconds < 3_600.0 {
        true => view.clock.format(seconds),
        false => format!("{}\u{a0}min", whole(seconds / 60.0)),
    };
    let minutes = |seconds: f64| tick_text(seconds / 60.0);
    let average = match view.length() {
        Some(_) => Strip {
            id: "da",
            title: "Average watched",
            unit: "% of the video".to_owned(),
            values: &averages,
            has_axis: true,
            per: 1.0,
            format: &percent,
            tick: &percent,
            ..watched
        },
        None => Strip {
            id: "da",
            title: "Average watch time of a play",
            unit: "minutes".to_owned(),
            values: &averages,
            has_axis: true,
            per: 60.0,
            format: &clock,
            tick: &minutes,
            ..watched
        },
    };
    [
        base.render(scope, axis),
        watched.render(scope, axis),
        average.render(scope, axis),
    ]
    .into_iter()
    .collect()
}

/// What the dotted line of a strip is.
pub(crate) fn mean_text(mean: f64) -> String {
    format!("dotted line: {} on an average day", whole(mean))
}

/// The label of a grid line: a number without needless decimals.
fn tick_text(value: f64) -> String {
    if value >= 1_000.0 {
        return whole(value);
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn table(view: &View<'_>, days: &Days, has_viewers: bool) -> Html {
    let average = |average: Option<f64>| match (average, view.length()) {
        (None, _) => "–".to_owned(),
        (Some(average), Some(_)) => percent(average),
        (Some(average), None) => view.clock.format(average),
    };
    let mut columns = vec![
        "Day",
        "Visits",
        "Plays",
        "Viewers",
        "Watch time",
        "Avg. watched",
    ];
    if days.axis.count > MAX_TABLE {
        let columns = ["Month", "Visits", "Plays", "Watch time"];
        return numbers(
            &view.scope,
            "The numbers, month by month",
            "The numbers, month by month",
            &columns,
            months(days),
        );
    }
    if !has_viewers {
        columns.retain(|column| *column != "Viewers");
    }
    let rows = days.rows.iter().enumerate().map(|(index, row)| {
        let mut cells = vec![
            calendar::weekday_day(days.axis.date(index)),
            count(row.visits),
            count(row.plays),
        ];
        cells.extend(has_viewers.then(|| count(row.viewers.unwrap_or(0))));
        cells.extend([duration(row.watch_seconds), average(row.average)]);
        cells
    });
    numbers(
        &view.scope,
        "The numbers, day by day",
        "The numbers, day by day",
        &columns,
        rows,
    )
}

fn months(days: &Days) -> Vec<Vec<String>> {
    let mut months: Vec<(String, u64, u64, f64)> = Vec::new();
    for (index, row) in days.rows.iter().enumerate() {
        let date = days.axis.date(index);
        let name = format!("{} {}", calendar::month(date), date.year());
        match months.last_mut() {
            Some((last, visits, plays, watch)) if *last == name => {
                *visits += row.visits;
                *plays += row.plays;
                *watch += row.watch_seconds;
            }
            _ => months.push((name, row.visits, row.plays, row.watch_seconds)),
        }
    }
    let cells = months.into_iter().map(|(name, visits, plays, watch)| {
        vec![name, count(visits), count(plays), duration(watch)]
    });
    cells.collect()
}
