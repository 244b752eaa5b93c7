//! A breakdown as a table with bars.

use std::collections::BTreeMap;

use apivideo_insights::{Breakdown, BreakdownRow, RowKind};

use super::figures::{duration, number, percent};
use super::page::Page;
use super::quality::FEW_PLAYS;
use crate::chart::{Ink, bar};
use crate::text;

/// The widest column of values.
const MAX_VALUE_WIDTH: usize = 40;
const MIN_VALUE_WIDTH: usize = 8;
/// The widest and the narrowest bar.
const BAR_WIDTHS: (usize, usize) = (40, 6);

/// Adds a breakdown: rows by plays, as wide as the page. Values with a title are replaced by it.
pub(super) fn write(
    page: &mut Page,
    breakdown: &Breakdown,
    titles: &BTreeMap<String, String>,
    is_live: bool,
) {
    page.blank();
    if breakdown.rows.is_empty() {
        page.heading(&breakdown.dimension);
        page.line("No session.");
        return;
    }
    let theme = page.theme();
    let names: Vec<String> = breakdown
        .rows
        .iter()
        .map(|row| page.shown(&name(row, titles)))
        .collect();
    let average = match is_live {
        true => "per play",
        false => "watched",
    };
    let cells: Vec<[String; 4]> = breakdown
        .rows
        .iter()
        .map(|row| cells(row, is_live).map(|cell| page.shown(&cell)))
        .collect();
    let headings = ["plays", "viewers", "watch time", average];
    // Columns are left out from the right until the row fits.
    let widths: Vec<usize> = (0..headings.len())
        .map(|column| {
            let widest = cells.iter().map(|cells| text::width(&cells[column])).max();
            widest.unwrap_or(0).max(headings[column].len())
        })
        .collect();
    let heading = page.shown(&breakdown.dimension);
    let natural = names.iter().map(|name| text::width(name)).max();
    let natural = natural.unwrap_or(0).max(text::width(&heading));
    let natural = natural.clamp(MIN_VALUE_WIDTH, MAX_VALUE_WIDTH);
    let fixed = |columns: usize| -> usize { widths[..columns].iter().map(|width| width + 2).sum() };
    let columns = (1..=headings.len())
        .rev()
        .find(|columns| natural.min(16) + fixed(*columns) + BAR_WIDTHS.1 + 2 <= theme.width)
        .unwrap_or(1);
    let room = theme.width.saturating_sub(fixed(columns));
    let value_width = natural
        .min(room.saturating_sub(BAR_WIDTHS.1 + 2))
        .max(MIN_VALUE_WIDTH);
    let bar_width = room.saturating_sub(value_width + 2).min(BAR_WIDTHS.0);

    let row = |name: &str, cells: &[String]| {
        let name = match theme.unicode {
            true => text::truncate(name, value_width).into_owned(),
            false => text::truncate(name, value_width).replace('…', "~"),
        };
        let mut line = name.clone();
        line.push_str(&" ".repeat(value_width.saturating_sub(text::width(&name))));
        for (cell, width) in cells.iter().zip(&widths[..columns]) {
            line.push_str(&" ".repeat((width + 2).saturating_sub(text::width(cell))));
            line.push_str(cell);
        }
        line
    };
    let heading = row(&heading, &headings.map(str::to_owned));
    page.push(&format!(
        "{}\n",
        theme.paint(Ink::Heading, heading.trim_end())
    ));
    let most = breakdown.rows.iter().map(|row| row.measures.plays).max();
    let most = most.unwrap_or(0).max(1) as f64;
    for ((found, name), cells) in breakdown.rows.iter().zip(&names).zip(&cells) {
        let line = row(name, cells);
        let bar = bar(theme, found.measures.plays as f64 / most, bar_width);
        let line = match found.kind {
            RowKind::Value => format!("{line}  {bar}"),
            // Not a value that could be compared with the others.
            _ => theme.paint(Ink::Dim, &line),
        };
        page.push(&format!("{}\n", line.trim_end()));
    }
    let mut rows = breakdown.rows.iter();
    if rows.all(|row| row.kind == RowKind::Unknown) {
        page.dim(&format!(
            "No session has a value of {}.",
            breakdown.dimension
        ));
    }
    let is_left_out = |row: &BreakdownRow| {
        let plays = row.measures.plays;
        plays > 0 && plays < FEW_PLAYS && average_of(row, is_live).is_none()
    };
    if columns == headings.len() && breakdown.rows.iter().any(is_left_out) {
        page.dim(&format!("– fewer than {FEW_PLAYS} plays"));
    }
}

fn name(row: &BreakdownRow, titles: &BTreeMap<String, String>) -> String {
    match (row.kind, &row.value) {
        (RowKind::Value, Some(value)) => titles.get(value).unwrap_or(value).clone(),
        (RowKind::Other, _) => format!("Other ({})", number(row.values)),
        _ => "Unknown".to_owned(),
    }
}

fn cells(row: &BreakdownRow, is_live: bool) -> [String; 4] {
    let measures = &row.measures;
    let viewers = &measures.unique_viewers;
    let mark = if viewers.is_upper_bound { "≤ " } else { "" };
    [
        number(measures.plays),
        format!("{mark}{}", number(viewers.played)),
        duration(measures.watch_seconds),
        average_of(row, is_live).unwrap_or_else(|| "–".to_owned()),
    ]
}

/// Returns the average of a play. The report leaves out that of few plays.
fn average_of(row: &BreakdownRow, is_live: bool) -> Option<String> {
    match is_live {
        true => row.measures.average_watch_seconds.map(duration),
        false => row.measures.average_viewed_percent.map(percent),
    }
}
