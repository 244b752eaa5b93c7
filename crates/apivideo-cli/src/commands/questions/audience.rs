//! `apivideo audience`: who watched, how long, and how sure that is.

use apivideo_insights::{AudienceReport, BreakdownRow, DayMeasures, Dimension, Measures, RowKind};
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
            write_page(&mut page, &report, arguments.subject.is_live());
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

fn write_page(page: &mut Page, report: &AudienceReport, is_live: bool) {
    let measures = &report.measures;
    if measures.quality.sessions == 0 {
        page.line("No session in this period.");
        if report.sessions_excluded > 0 {
            let excluded = number(report.sessions_excluded);
            page.line(&format!("The conditions exclude {excluded} sessions."));
        } else {
            page.line(
                "The service keeps statistics for 30 days by default; a lake keeps them longer (apivideo help pull).",
            );
        }
        return;
    }
    figures(page, measures, is_live);
    for breakdown in &report.breakdowns {
        breakdown::write(page, breakdown, is_live);
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
        &match viewers.is_upper_bound {
            true => format!("played; not every session has a {}", viewers.key),
            false => format!("played, by {}", viewers.key),
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
            let per_play = format!("{} per play", duration(average));
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
        &format!("{} to {}, up to {most} in {of}", first.date, last.date),
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
            let details = format!("{} plays {at}", number(reached));
            page.figure("Got to the end", &share(rate), &details);
        }
        _ => {
            let details = format!("of {} plays {at}", number(measures.plays_with_length));
            page.figure("Got to the end", &number(reached), &details);
        }
    }
}
