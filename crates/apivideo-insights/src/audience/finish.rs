//! The report: measures of all sessions, and the rows of breakdowns.

use std::cmp::Reverse;

use super::accumulate::Audience;
use super::assets::AssetState;
use super::cell::Cell;
use super::dimension::Dimension;
use super::evaluate::{self, AssetFacts, Context};
use super::options::Options;
use crate::RULES_VERSION;
use crate::report::{AudienceReport, Breakdown, BreakdownRow, RowKind};

/// A row before it is evaluated.
struct Row {
    value: Option<String>,
    kind: RowKind,
    values: u64,
    cell: Cell,
}

impl Audience {
    /// Computes the measures.
    #[must_use]
    pub fn finish(mut self) -> AudienceReport {
        self.add_deferred();
        let options = self.options;
        let context = Context {
            viewer_key: options.viewer_key.to_string(),
            period: options.period_micros(),
            assets: facts(&self.assets.states),
            has_minutes: options.has_minutes,
            steps_zone: options.has_steps.then(|| options.time_zone.clone()),
        };
        let states = &mut self.assets.states;
        let assets = states.iter().filter(|state| state.key.is_some()).count() as u64;
        let parts = (0..).zip(states.iter_mut().map(|state| &mut state.part));
        let measures = evaluate::measures(&mut self.total, parts.collect(), &context, false);
        let mut breakdowns = Vec::with_capacity(options.breakdowns.len());
        for (dimension, rows) in options.breakdowns.iter().zip(self.rows) {
            let rows = match dimension {
                Dimension::Asset => asset_rows(std::mem::take(&mut self.assets.states)),
                _ => rows
                    .rows
                    .into_iter()
                    .map(|(value, cell)| row(value.map(String::from), cell))
                    .collect(),
            };
            breakdowns.push(breakdown(dimension, rows, &options, &context));
        }
        AudienceReport {
            rules_version: RULES_VERSION,
            period_start: options.period.map(|(start, _)| start),
            period_end: options.period.map(|(_, end)| end),
            time_zone: zone_name(&options),
            sessions_excluded: self.excluded,
            sessions_outside_period: self.outside,
            assets,
            measures,
            breakdowns,
            cohorts: options.has_cohorts.then(|| self.cohorts.finish()),
        }
    }
}

fn facts(states: &[AssetState]) -> Vec<AssetFacts> {
    let mut order: Vec<usize> = (0..states.len()).collect();
    order.sort_by_key(|&index| &states[index].key);
    let mut ranks = vec![0; states.len()];
    for (rank, index) in order.into_iter().enumerate() {
        ranks[index] = rank;
    }
    states
        .iter()
        .zip(ranks)
        .map(|(state, rank)| AssetFacts {
            rank,
            is_live: state.is_live(),
            length: state.length(),
        })
        .collect()
}

fn zone_name(options: &Options) -> String {
    let zone = &options.time_zone;
    match zone.iana_name() {
        Some(name) => name.to_owned(),
        None => zone
            .to_fixed_offset()
            .map_or_else(|_| "unnamed".to_owned(), |offset| offset.to_string()),
    }
}

fn row(value: Option<String>, cell: Cell) -> Row {
    Row {
        kind: match value {
            Some(_) => RowKind::Value,
            None => RowKind::Unknown,
        },
        value,
        values: 1,
        cell,
    }
}

fn asset_rows(states: Vec<AssetState>) -> Vec<Row> {
    let rows = states.into_iter().enumerate().map(|(index, mut state)| {
        state.cell.parts = vec![(index as u32, state.part)];
        row(state.key.map(|(_, id)| id.into()), state.cell)
    });
    rows.collect()
}

fn breakdown(
    dimension: &Dimension,
    mut rows: Vec<Row>,
    options: &Options,
    context: &Context,
) -> Breakdown {
    rows.sort_by(|a, b| {
        let key = |row: &Row| {
            let counts = &row.cell.counts;
            (Reverse(counts.plays), Reverse(counts.sessions))
        };
        key(a).cmp(&key(b)).then_with(|| a.value.cmp(&b.value))
    });
    let is_small =
        |cell: &mut Cell| options.min_cell > 0 && cell.viewers.finish("").count < options.min_cell;
    let mut shown = Vec::new();
    let mut unknown = None;
    let mut other: Option<Row> = None;
    for mut row in rows {
        let is_beyond_top = options.top.is_some_and(|top| shown.len() >= top);
        if is_small(&mut row.cell) || (is_beyond_top && row.value.is_some()) {
            let other = other.get_or_insert_with(|| Row {
                value: None,
                kind: RowKind::Other,
                values: 0,
                cell: Cell::default(),
            });
            other.values += 1;
            other.cell.merge(row.cell, |index| index);
        } else if row.value.is_none() {
            unknown = Some(row);
        } else {
            shown.push(row);
        }
    }
    let mut suppressed_values = 0;
    if let Some(row) = other.take_if(|row| is_small(&mut row.cell)) {
        suppressed_values = row.values;
    }
    if *dimension == Dimension::Day {
        shown.sort_by(|a, b| a.value.cmp(&b.value));
    }
    let rows = shown.into_iter().chain(other).chain(unknown);
    Breakdown {
        dimension: dimension.to_string(),
        rows: rows.map(|row| evaluate_row(row, context)).collect(),
        suppressed_values,
    }
}

fn evaluate_row(mut row: Row, context: &Context) -> BreakdownRow {
    let mut parts = std::mem::take(&mut row.cell.parts);
    let parts = parts.iter_mut().map(|(index, part)| (*index, part));
    let measures = evaluate::measures(&mut row.cell, parts.collect(), context, true);
    BreakdownRow {
        value: row.value,
        kind: row.kind,
        values: row.values,
        measures,
    }
}
