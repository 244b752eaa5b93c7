//! `apivideo audience`: who watched, how long, and how sure that is.

use std::collections::BTreeMap;

use apivideo::AssetId;
use apivideo_insights::{
    AudienceReport, Breakdown, BreakdownRow, DayMeasures, Dimension, Measures, RowKind,
};
use serde::Serialize;

use super::answer::{Answer, Form};
use super::figures::{duration, number, percent, position, share};
use super::page::Page;
use super::quality::FEW_PLAYS;
use super::{Asked, breakdown, quality};
use crate::args;
use crate::chart::sparkline;
use crate::commands::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;
use crate::source::report_unreadable;

/// The number of rows of a breakdown on a page.
const PAGE_ROWS: usize = 10;
/// The same if one of the breakdowns is by day: a month.
const PAGE_DAYS: usize = 31;
/// The most names of assets without a session.
const MAX_ABSENT: usize = 10;

/// The figures of all sessions, or of a value of a dimension.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    dimension: Option<&'r str>,
    value: Option<&'r str>,
    kind: RowKind,
    values: u64,
    sessions: u64,
    impressions: u64,
    plays: u64,
    /// Viewers who played.
    viewers: u64,
    /// Viewers who loaded the player.
    viewers_loaded: u64,
    viewers_are_upper_bound: bool,
    watch_seconds: f64,
    watch_seconds_lower: f64,
    watch_seconds_upper: f64,
    average_watch_seconds: Option<f64>,
    average_viewed_percent: Option<f64>,
    covered_seconds: f64,
    ended: u64,
    reached: Option<u64>,
    reached_rate: Option<f64>,
    covered: Option<u64>,
    peak: u64,
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("row", "rows"),
        &[
            ("dimension", Exact),
            ("value", Text),
            ("kind", Exact),
            ("values", Number),
            ("sessions", Number),
            ("impressions", Number),
            ("plays", Number),
            ("viewers", Number),
            ("viewersLoaded", Number),
            ("viewersAreUpperBound", Exact),
            ("watchSeconds", Number),
            ("watchSecondsLower", Number),
            ("watchSecondsUpper", Number),
            ("averageWatchSeconds", Number),
            ("averageViewedPercent", Number),
            ("coveredSeconds", Number),
            ("ended", Number),
            ("reached", Number),
            ("reachedRate", Number),
            ("covered", Number),
            ("peak", Number),
        ],
        &[
            ("dimension", 6),
            ("value", 1),
            ("plays", 0),
            ("viewers", 2),
            ("watchSeconds", 3),
            ("averageViewedPercent", 4),
            ("reachedRate", 5),
            ("peak", 7),
        ],
    )
}

impl<'r> Row<'r> {
    fn new(measures: &Measures) -> Self {
        let quality = &measures.quality;
        Self {
            dimension: None,
            value: None,
            kind: RowKind::Value,
            values: 1,
            sessions: quality.sessions,
            impressions: measures.impressions,
            plays: measures.plays,
            viewers: measures.unique_viewers.played,
            viewers_loaded: measures.unique_viewers.count,
            viewers_are_upper_bound: measures.unique_viewers.is_upper_bound,
            watch_seconds: measures.watch_seconds,
            watch_seconds_lower: quality.watch_seconds_lower,
            watch_seconds_upper: quality.watch_seconds_upper,
            average_watch_seconds: measures.average_watch_seconds,
            average_viewed_percent: measures.average_viewed_percent,
            covered_seconds: measures.covered_seconds,
            ended: measures.completion.ended,
            reached: measures.completion.reached,
            reached_rate: measures.completion.reached_rate,
            covered: measures.completion.covered,
            peak: measures.concurrency.playing.peak,
        }
    }

    fn of(dimension: &'r str, row: &'r BreakdownRow) -> Self {
        Self {
            dimension: Some(dimension),
            value: row.value.as_deref(),
            kind: row.kind,
            values: row.values,
            ..Self::new(&row.measures)
        }
    }
}

pub(crate) async fn run(
    context: &Context<'_>,
    arguments: &args::Audience,
) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let answer = Answer::choose(context, &schema, &arguments.file)?;
    let asked = Asked::open(context, &arguments.subject, &arguments.question);
    let Some(asked) = asked.await? else {
        return Ok(Exit::Interrupted);
    };
    let mut settings = asked.settings();
    for dimension in &arguments.by {
        settings = settings.by(dimension.clone());
    }
    let page_rows = match arguments.by.contains(&Dimension::Day) {
        true => PAGE_DAYS,
        false => PAGE_ROWS,
    };
    let default = (answer.form == Form::Page).then_some(page_rows);
    if let Some(rows) = arguments.top.map(usize::from).or(default) {
        settings = settings.top(rows);
    }
    let Some(audience) = asked.read(context, settings).await? else {
        return Ok(Exit::Interrupted);
    };
    let report = audience.finish();
    match answer.form {
        Form::Page => {
            let mut page = asked.page(context).await;
            let titles = asked.titles(context, &report.breakdowns).await;
            let shown = Shown {
                assets: &asked.assets,
                titles: &titles,
                is_live: arguments.subject.is_live(),
            };
            write_page(&mut page, &report, &shown);
            crate::output::print(&page.finish())?;
        }
        Form::Object => answer.write_object(&report)?,
        Form::Rows(format) if report.breakdowns.is_empty() => {
            answer.write_rows(format, &[Row::new(&report.measures)])?;
        }
        Form::Rows(format) => {
            let rows: Vec<Row<'_>> = report
                .breakdowns
                .iter()
                .flat_map(|breakdown| {
                    let rows = breakdown.rows.iter();
                    rows.map(|row| Row::of(&breakdown.dimension, row))
                })
                .collect();
            answer.write_rows(format, &rows)?;
        }
    }
    Ok(report_unreadable(
        report.measures.quality.sessions_unreadable,
    ))
}

/// Names the assets that a breakdown by asset does not contain.
fn without_sessions(page: &mut Page, breakdown: &Breakdown, assets: &[AssetId]) {
    let values: u64 = breakdown.rows.iter().map(|row| row.values).sum();
    let without = (assets.len() as u64).saturating_sub(values);
    if without == 0 {
        return;
    }
    let is_listed = |asset: &&AssetId| {
        let id = asset.as_str();
        let mut rows = breakdown.rows.iter();
        rows.any(|row| row.value.as_deref() == Some(id))
    };
    let are_all_listed = breakdown.rows.iter().all(|row| row.kind == RowKind::Value);
    let absent: Vec<&str> = assets
        .iter()
        .filter(|asset| !is_listed(asset))
        .map(AssetId::as_str)
        .collect();
    let names = match are_all_listed && absent.len() <= MAX_ABSENT {
        true => format!(": {}", absent.join(", ")),
        false => String::new(),
    };
    page.dim(&format!(
        "Without a session: {} of {}{names}",
        number(without),
        number(assets.len() as u64)
    ));
}

/// What a page shows besides the measures.
struct Shown<'a> {
    assets: &'a [AssetId],
    /// Titles by id.
    titles: &'a BTreeMap<String, String>,
    is_live: bool,
}

fn write_page(page: &mut Page, report: &AudienceReport, shown: &Shown<'_>) {
    let is_live = shown.is_live;
    let measures = &report.measures;
    if measures.quality.sessions == 0 {
        if report.sessions_excluded > 0 {
            let excluded = number(report.sessions_excluded);
            page.line("No session matches the conditions.");
            page.line(&format!(
                "Sessions of this period that they exclude: {excluded}. To list the values of a dimension, use --by, such as --by country."
            ));
        } else {
            page.line("No session in this period.");
            page.line(
                "The service keeps statistics for 30 days by default; a lake keeps them longer (apivideo help pull).",
            );
        }
        return;
    }
    figures(page, measures, is_live);
    for breakdown in &report.breakdowns {
        breakdown::write(page, breakdown, shown.titles, is_live);
        if breakdown.dimension == "asset" {
            without_sessions(page, breakdown, shown.assets);
        }
    }
    quality::write(page, report, is_live);
}

fn figures(page: &mut Page, measures: &Measures, is_live: bool) {
    let (quality, viewers) = (&measures.quality, &measures.unique_viewers);
    let loads = match measures.play_rate {
        Some(rate) if measures.impressions >= FEW_PLAYS => format!(
            "{} of {} loads of the player",
            share(rate),
            number(measures.impressions)
        ),
        _ => format!("of {} loads of the player", number(measures.impressions)),
    };
    page.figure("Plays", &number(measures.plays), &loads);
    let mark = if viewers.is_upper_bound { "≤ " } else { "" };
    page.figure(
        "Viewers",
        &format!("{mark}{}", number(viewers.played)),
        &match (viewers.is_upper_bound, viewers.sessions_without_key) {
            (true, without) if without >= quality.sessions => {
                format!("who played; no session has a {}", viewers.key)
            }
            (true, without) => format!(
                "who played; {} of {} sessions have no {}",
                number(without),
                number(quality.sessions),
                viewers.key
            ),
            (false, _) => format!("who played, by {}", viewers.key),
        },
    );
    if measures.plays == 0 {
        page.blank();
        page.line("No play in this period.");
        return;
    }
    let bounds = match quality.estimated_share {
        Some(estimated) if estimated > 0.0 => format!(
            "{} to {}",
            duration(quality.watch_seconds_lower),
            duration(quality.watch_seconds_upper)
        ),
        _ => "nothing is estimated".to_owned(),
    };
    page.figure("Watch time", &duration(measures.watch_seconds), &bounds);
    let average = measures.average_watch_seconds.unwrap_or_default();
    match (measures.average_viewed_percent, measures.length) {
        (Some(viewed), Some(length)) if measures.plays >= FEW_PLAYS => {
            let of = format!("{} of {}", position(average), position(length.seconds));
            page.figure("Average watched", &percent(viewed), &of);
        }
        (Some(viewed), _) if measures.plays >= FEW_PLAYS => {
            let per_play = match measures.plays_with_length {
                all if all == measures.plays => format!("{} per play", duration(average)),
                some => format!(
                    "of {} plays with a length; {} per play of all",
                    number(some),
                    duration(average)
                ),
            };
            page.figure("Average watched", &percent(viewed), &per_play);
        }
        _ => page.figure("Average watched", &duration(average), "per play"),
    }
    completion(page, measures, is_live);
    if measures.watch_seconds > 0.0 {
        let again = 1.0 - measures.covered_seconds / measures.watch_seconds;
        if !is_live {
            let details = "of the watch time was played for a second time in a session";
            page.figure("Watched again", &share(again.max(0.0)), details);
        }
    }
    days(page, &measures.days);
    let peak = &measures.concurrency.playing;
    let mark = if peak.is_exact { "" } else { "at least " };
    page.figure(
        "Peak",
        &format!("{mark}{}", number(peak.peak)),
        "at the same instant (rule: playing)",
    );
}

/// Adds the plays of each day, or of several days where there are more than columns.
fn days(page: &mut Page, days: &[DayMeasures]) {
    // Playback of a session can continue after midnight, on a day without a play of its own.
    let has_plays = |day: &DayMeasures| day.plays > 0;
    let first = days.iter().position(has_plays).unwrap_or(0);
    let end = days.iter().rposition(has_plays).map_or(0, |last| last + 1);
    let days = days.get(first..end).unwrap_or_default();
    let (Some(first), Some(last), true) = (days.first(), days.last(), days.len() > 1) else {
        return;
    };
    let Ok(span) = first.date.until(last.date) else {
        return;
    };
    let mut plays = vec![0_u64; usize::try_from(span.get_days()).unwrap_or(0) + 1];
    for day in days {
        let index = first.date.until(day.date).map_or(0, |span| span.get_days());
        if let Some(plays) = usize::try_from(index).ok().and_then(|at| plays.get_mut(at)) {
            *plays = day.plays;
        }
    }
    let together = plays.len().div_ceil(page.chart_width());
    let sums: Vec<f64> = plays
        .chunks(together)
        .map(|days| days.iter().sum::<u64>() as f64)
        .collect();
    let most = sums.iter().copied().fold(0.0, f64::max);
    let of = match together {
        1 => "a day".to_owned(),
        days => format!("{days} days"),
    };
    page.chart_line(
        "Plays by day",
        &sparkline(page.theme(), &sums, most),
        &format!(
            "{} to {}, up to {} in {of}",
            first.date,
            last.date,
            number(most as u64)
        ),
    );
}

fn completion(page: &mut Page, measures: &Measures, is_live: bool) {
    let completion = &measures.completion;
    let Some(reached) = completion.reached.filter(|_| !is_live) else {
        if !is_live {
            let details = "no length is known; set it with --length SECONDS";
            page.figure("Got to the end", "–", details);
        }
        return;
    };
    let at = match completion.reached_at_seconds {
        Some(seconds) => format!("reached {}", position(seconds)),
        None => "reached the last 30 s or 5 %".to_owned(),
    };
    match completion.reached_rate {
        Some(rate) if measures.plays >= FEW_PLAYS => {
            let details = match measures.plays_with_length {
                all if all == measures.plays => format!("{} plays {at}", number(reached)),
                some => format!("{} of {} plays {at}", number(reached), number(some)),
            };
            page.figure("Got to the end", &share(rate), &details);
        }
        _ => {
            let details = format!("of {} plays {at}", number(measures.plays_with_length));
            page.figure("Got to the end", &number(reached), &details);
        }
    }
}
