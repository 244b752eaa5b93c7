//! `apivideo reconcile`: measures of sessions beside the aggregates of the service, and why they differ.

mod aggregates;
mod comparison;
mod read;
mod recount;

use apivideo::Timestamp;
use serde::Serialize;

use super::answer::{Answer, Form};
use super::figures::number;
use super::page::Page;
use crate::args::{Reconcile, ResolvedPeriod, Timeframe};
use crate::commands::aggregates::check_kept;
use crate::commands::list;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;
use crate::source::{Source, report_unreadable};
use comparison::{Comparison, Step, compare};
use recount::Recount;

/// The result.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Reconciliation {
    asset: String,
    period_start: Timestamp,
    /// Exclusive.
    period_end: Timestamp,
    comparisons: Vec<Comparison>,
}

/// A step from a measure to an aggregate.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'r> {
    measure: &'static str,
    aggregate: &'static str,
    rule: &'static str,
    #[serde(serialize_with = "comparison::number")]
    value: f64,
    explanation: &'r str,
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("step", "steps"),
        &[
            ("measure", Exact),
            ("aggregate", Exact),
            ("rule", Exact),
            ("value", Number),
            ("explanation", Text),
        ],
        &[
            ("measure", 2),
            ("aggregate", 4),
            ("rule", 1),
            ("value", 0),
            ("explanation", 3),
        ],
    )
}

pub(crate) async fn run(context: &Context<'_>, arguments: &Reconcile) -> Result<Exit, Failure> {
    let schema = schema();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let answer = Answer::choose(context, &schema, &arguments.file)?;
    let asset = arguments.asset()?;
    let connection = context.connect().await?;
    let now = connection.now();
    let zone = arguments.zone();
    let period = arguments.period.resolve(now, &zone)?;
    let timeframe = Timeframe::of(&period, now)?;
    check_kept(context, &timeframe, now)?;
    // Both sides cover the same time, also of a period that has not ended.
    let end = timeframe.to.unwrap_or(now);
    let mut recount = Recount::new(period.start, end);
    if let Some(key) = &arguments.viewer_key {
        recount = recount.with_viewer_key(key.clone());
    }
    let client = &connection.client;
    let read = async {
        // An account without access to aggregates fails before the sessions are read.
        let totals = aggregates::read(client, &asset, period.start, end).await?;
        let request = read::Request {
            asset: &asset,
            period: &period,
            concurrency: arguments.concurrency,
        };
        let recount = read::sessions(context, client, &request, recount).await?;
        Ok::<_, Failure>((totals, recount))
    };
    let Some(read) = context.stop.run_until(read).await else {
        return Ok(Exit::Interrupted);
    };
    let (totals, recount) = read?;
    let unreadable = recount.unreadable();
    let result = Reconciliation {
        asset: asset.to_string(),
        period_start: period.start,
        period_end: end,
        comparisons: compare(&recount.finish(), &totals),
    };
    match answer.form {
        Form::Page => {
            let name = zone.iana_name().unwrap_or("UTC").to_owned();
            let source = Source::Service(Box::new(connection)).name(context);
            let page = page(&result, &period, &name, &source);
            crate::output::print(&page.finish())?;
        }
        Form::Object => answer.write_object(&result)?,
        Form::Rows(format) => {
            let rows: Vec<Row<'_>> = result.comparisons.iter().flat_map(rows).collect();
            answer.write_rows(format, &rows)?;
        }
    }
    Ok(report_unreadable(unreadable))
}

fn rows(comparison: &Comparison) -> impl Iterator<Item = Row<'_>> {
    comparison.steps.iter().map(|step: &Step| Row {
        measure: comparison.measure,
        aggregate: comparison.aggregate,
        rule: step.rule,
        value: step.value,
        explanation: &step.explanation,
    })
}

fn page(result: &Reconciliation, period: &ResolvedPeriod, zone: &str, source: &str) -> Page {
    let mut page = Page::of_stdout();
    let separator = page.theme().either(" · ", " | ");
    let facts = [
        result.asset.clone(),
        format!("{} {zone}", period.days),
        source.to_owned(),
    ];
    page.dim(&facts.join(separator));
    for comparison in &result.comparisons {
        let Comparison {
            measure, aggregate, ..
        } = comparison;
        page.blank();
        page.heading(&format!("{measure} and {aggregate}"));
        for step in &comparison.steps {
            let value = match step.is_change {
                true => signed(step.value),
                false => number(step.value.max(0.0).round() as u64),
            };
            page.figure(step.rule, &value, &step.explanation);
        }
    }
    page
}

/// Formats a difference: `+12`, `−3` or `0`.
fn signed(value: f64) -> String {
    let rounded = value.round();
    let digits = number(rounded.abs() as u64);
    match rounded {
        rounded if rounded > 0.0 => format!("+{digits}"),
        rounded if rounded < 0.0 => format!("−{digits}"),
        _ => digits,
    }
}
