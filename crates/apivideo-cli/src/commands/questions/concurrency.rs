//! `apivideo concurrency`: how many viewers watched at the same time, by which rule.

use apivideo::Timestamp;
use apivideo::jiff::civil::Date;
use apivideo::jiff::tz::TimeZone;
use apivideo_insights::{AudienceReport, Concurrency, Peak};
use serde::Serialize;

use super::Asked;
use super::answer::{Answer, Form};
use super::figures::{duration, number};
use super::page::Page;
use crate::args::{self, ConcurrencyRule};
use crate::chart::{Area, Axis, Column, time_ticks};
use crate::commands::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number};
use crate::output::schema::ItemSchema;
use crate::source::report_unreadable;

/// The number of viewers from an instant on, or in a minute.
#[derive(Clone, Copy, Debug, Serialize)]
struct Row {
    rule: &'static str,
    at: Timestamp,
    viewers: u64,
}

/// The object of JSON.
#[derive(Debug, Serialize)]
struct Answered<'r> {
    rule: &'static str,
    time_zone: &'r str,
    period_start: Option<Timestamp>,
    period_end: Option<Timestamp>,
    peak: &'r Peak,
    concurrency: &'r Concurrency,
    days: Vec<Day>,
}

/// The exact peak of a day of UTC.
#[derive(Debug, Serialize)]
struct Day {
    date: Date,
    peak: u64,
    peak_at: Option<Timestamp>,
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("row", "rows"),
        &[("rule", Exact), ("at", Exact), ("viewers", Number)],
        &[("rule", 2), ("at", 1), ("viewers", 0)],
    )
}

pub(crate) async fn run(
    context: &Context<'_>,
    arguments: &args::Concurrency,
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
    let settings = match arguments.rule {
        ConcurrencyRule::Playing => asked.settings().with_steps(),
        ConcurrencyRule::Minutes => asked.settings().with_minutes(),
        ConcurrencyRule::Presence => asked.settings(),
    };
    let Some(audience) = asked.read(context, settings).await? else {
        return Ok(Exit::Interrupted);
    };
    let report = audience.finish();
    let peak = peak_of(&report.measures.concurrency, arguments.rule);
    match answer.form {
        Form::Page => {
            let mut page = asked.page(context).await;
            write_page(&mut page, &report, peak, arguments);
            crate::output::print(&page.finish())?;
        }
        Form::Object => {
            let days = report.measures.days.iter();
            answer.write_object(&Answered {
                rule: peak.rule,
                time_zone: &report.time_zone,
                period_start: report.period_start,
                period_end: report.period_end,
                peak,
                concurrency: &report.measures.concurrency,
                days: days
                    .map(|day| Day {
                        date: day.date,
                        peak: day.peak,
                        peak_at: day.peak_at,
                    })
                    .collect(),
            })?;
        }
        Form::Rows(format) => {
            let rows = rows(&report.measures.concurrency, peak);
            answer.write_rows(format, &rows)?;
            if rows.is_empty() {
                context.print_note("no viewer in this period");
            } else if arguments.rule == ConcurrencyRule::Playing {
                context.print_note("the rows are those of the day of the first peak");
            }
        }
    }
    Ok(report_unreadable(
        report.measures.quality.sessions_unreadable,
    ))
}

fn peak_of(concurrency: &Concurrency, rule: ConcurrencyRule) -> &Peak {
    match rule {
        ConcurrencyRule::Playing => &concurrency.playing,
        ConcurrencyRule::Minutes => &concurrency.minutes,
        ConcurrencyRule::Presence => &concurrency.presence,
    }
}

/// Returns the changes of the day of the peak, the minutes, or the peak.
fn rows(concurrency: &Concurrency, peak: &Peak) -> Vec<Row> {
    let row = |at, viewers| Row {
        rule: peak.rule,
        at,
        viewers,
    };
    let steps = concurrency.steps.iter();
    let minutes = concurrency.minute_buckets.iter();
    let rows: Vec<Row> = steps
        .map(|step| row(step.at, step.viewers))
        .chain(minutes.map(|bucket| row(bucket.minute, bucket.sessions)))
        .collect();
    match rows.is_empty() {
        true => peak
            .peak_at
            .map(|at| row(at, peak.peak))
            .into_iter()
            .collect(),
        false => rows,
    }
}

fn write_page(
    page: &mut Page,
    report: &AudienceReport,
    peak: &Peak,
    arguments: &args::Concurrency,
) {
    let concurrency = &report.measures.concurrency;
    let zone = arguments.question.zone();
    let Some(at) = peak.peak_at.filter(|_| peak.peak > 0) else {
        page.line("No viewer in this period.");
        return;
    };
    let mark = if peak.is_exact { "" } else { "at least " };
    let lasted = match (peak.seconds, peak.times) {
        (Some(seconds), Some(times @ 2..)) => {
            format!(
                ", for {}; reached {} times",
                duration(seconds),
                number(times)
            )
        }
        (Some(seconds), _) => format!(", for {}", duration(seconds)),
        _ => String::new(),
    };
    page.figure(
        "Peak",
        &format!("{mark}{}", number(peak.peak)),
        &format!("{}{lasted}", local(at, &zone)),
    );
    page.figure("Rule", peak.rule, rule_text(arguments.rule));
    if let Some(average) = peak.average {
        page.figure("Average", &format!("{average:.1}"), "over the whole period");
    }
    for (other, label) in [
        (ConcurrencyRule::Playing, "By instant"),
        (ConcurrencyRule::Minutes, "By minute"),
        (ConcurrencyRule::Presence, "By presence"),
    ] {
        if other != arguments.rule {
            let peak = peak_of(concurrency, other);
            let details = format!("{} (--rule {})", rule_text(other), peak.rule);
            page.figure(label, &number(peak.peak), &details);
        }
    }
    day_of_peak(page, &rows(concurrency, peak), at, &zone, arguments.rule);
    days(page, report);
}

fn rule_text(rule: ConcurrencyRule) -> &'static str {
    match rule {
        ConcurrencyRule::Playing => "sessions that play at the same instant",
        ConcurrencyRule::Minutes => "sessions that play within the same minute",
        ConcurrencyRule::Presence => "pages that are open, also while paused: an upper bound",
    }
}

fn local(at: Timestamp, zone: &TimeZone) -> String {
    let here = zone.to_datetime(at);
    let (date, hour, minute, second) = (here.date(), here.hour(), here.minute(), here.second());
    format!("{date} {hour:02}:{minute:02}:{second:02}")
}

/// Adds a chart of the day of the peak, from the first to the last viewer.
fn day_of_peak(
    page: &mut Page,
    rows: &[Row],
    at: Timestamp,
    zone: &TimeZone,
    rule: ConcurrencyRule,
) {
    let theme = page.theme();
    let day = zone.to_datetime(at).date();
    let rows: Vec<Row> = rows
        .iter()
        .filter(|row| zone.to_datetime(row.at).date() == day)
        .copied()
        .collect();
    let first = rows.iter().find(|row| row.viewers > 0);
    let last = rows.iter().rfind(|row| row.viewers > 0);
    let (Some(first), Some(last), true) = (first, last, rows.len() > 1) else {
        return;
    };
    // A minute bucket lasts until the next minute, and a step until the next step.
    let after = rows.iter().find(|row| row.at > last.at).map(|row| row.at);
    let minute = apivideo::jiff::SignedDuration::from_secs(60);
    let end = after
        .or_else(|| last.at.checked_add(minute).ok())
        .unwrap_or(last.at);
    let start = first.at;
    let most = rows.iter().map(|row| row.viewers).max().unwrap_or(0);
    let max = even(most);
    let mut axis = Axis {
        labels: [number(max), number(max / 2), "0".to_owned()],
        ticks: Vec::new(),
    };
    let width = axis.plot_width(theme);
    axis.ticks = time_ticks(start, end, zone, width);
    let columns = columns(&rows, start, end, width, rule == ConcurrencyRule::Playing);
    page.blank();
    page.heading(&format!("Viewers on {day}, the day of the peak"));
    let area = Area {
        columns: &columns,
        height: if theme.width < 60 { 6 } else { 8 },
        max: max as f64,
        axis: &axis,
        marks: &[],
    };
    page.push(&area.render(theme));
}

/// Returns the largest number of each column. A number holds until the next one where it is that of a step.
fn columns(
    rows: &[Row],
    start: Timestamp,
    end: Timestamp,
    width: usize,
    holds: bool,
) -> Vec<Column> {
    let (start, end) = (
        start.as_microsecond(),
        end.as_microsecond().max(start.as_microsecond() + 1),
    );
    let column = |micros: i64| {
        let at = (micros - start) as f64 / (end - start) as f64;
        ((at * width as f64) as usize).min(width.saturating_sub(1))
    };
    let mut most = vec![0_u64; width];
    for (index, row) in rows.iter().enumerate() {
        let at = row.at.as_microsecond();
        let until = match (holds, rows.get(index + 1)) {
            (true, Some(next)) => next.at.as_microsecond(),
            (true, None) => end,
            (false, _) => at + 60_000_000,
        };
        if until <= start || at >= end {
            continue;
        }
        // The column of the next step belongs to it as well.
        let last = column((until - 1).min(end));
        for most in &mut most[column(at.max(start))..=last] {
            *most = (*most).max(row.viewers);
        }
    }
    most.into_iter()
        .map(|viewers| Column {
            first: viewers as f64,
            total: viewers as f64,
        })
        .collect()
}

/// Adds the peak of each day, if there are several.
fn days(page: &mut Page, report: &AudienceReport) {
    let (theme, days) = (page.theme(), &report.measures.days);
    let (Some(first), Some(last), true) = (days.first(), days.last(), days.len() > 1) else {
        return;
    };
    let most = days.iter().map(|day| day.peak).max().unwrap_or(0);
    let max = even(most);
    let mut axis = Axis {
        labels: [number(max), number(max / 2), "0".to_owned()],
        ticks: Vec::new(),
    };
    let midnight = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let next = last.date.tomorrow().ok().and_then(midnight);
    let (Some(start), Some(end)) = (midnight(first.date), next) else {
        return;
    };
    let width = axis.plot_width(theme);
    axis.ticks = time_ticks(start, end, &TimeZone::UTC, width);
    let span = (end.as_second() - start.as_second()).max(1);
    let mut most = vec![0_u64; width];
    for day in days {
        let Some(from) = midnight(day.date) else {
            continue;
        };
        let place = |second: i64| {
            usize::try_from((second - start.as_second()) * width as i64 / span).unwrap_or(0)
        };
        let from = from.as_second();
        let (begin, end) = (place(from), place(from + 86_400));
        // A space between days, if they are wide enough.
        let end = if end - begin > 2 {
            end - 1
        } else {
            end.max(begin + 1)
        };
        for most in most.iter_mut().take(end).skip(begin) {
            *most = (*most).max(day.peak);
        }
    }
    let columns: Vec<Column> = most
        .into_iter()
        .map(|viewers| Column {
            first: viewers as f64,
            total: viewers as f64,
        })
        .collect();
    page.blank();
    page.heading("Peak of each day (rule: playing, days of UTC)");
    let area = Area {
        columns: &columns,
        height: 4,
        max: max as f64,
        axis: &axis,
        marks: &[],
    };
    page.push(&area.render(theme));
}

/// Returns the number, or the next even one: its half is the label in the middle.
fn even(number: u64) -> u64 {
    number.max(2).div_ceil(2) * 2
}
