//! The aggregates, counted over the same sessions and events that the raw statistics list.
//!
//! What is counted, as far as the service says it: `impression` is a player that was loaded (`ready`), `play` every
//! `play`, `start` the first of them after a `ready`, `end` every `end`; `view` a load of the page with so many seconds
//! watched, counted when they are reached; `ccv` the sessions that play at the same time.

mod question;
mod tally;

use crate::http::problem::Problem;
use crate::http::route::Route;
use crate::http::service::{Call, Service};
use crate::json::{self, Object};
use crate::time::{self, Form};

use super::paging::{self, Page};
use question::{Breakdown, Interval, Metric, Question};
use tally::{Grouping, Key, Tally};

pub(crate) fn answer(service: &Service, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    match Route::of(call.path) {
        Some(Route::Metric {
            metric,
            aggregation,
        }) => one(service, metric, aggregation, call),
        Some(Route::Buckets { metric, breakdown }) => buckets(service, metric, breakdown, call),
        Some(Route::TimeSeries { metric }) => time_series(service, metric, call),
        _ => Err(Problem::unrecognized_url()),
    }
}

fn one(
    service: &Service,
    metric: &str,
    aggregation: &str,
    call: Call<'_>,
) -> Result<Vec<u8>, Problem> {
    let found = Metric::of_metrics(metric, aggregation)?;
    let question = Question::read(service, found, call)?;
    let tallies = tally::collect(service, &question, Grouping::All, call.now_ms);
    let none = Tally::default();
    let tally = tallies.get(&Key::All).unwrap_or(&none);

    let mut out = Vec::with_capacity(256);
    let mut reply = Object::begin(&mut out);
    let mut context = Object::begin(reply.key("context"));
    context.text("metric", &question.name(metric));
    context.text("aggregation", aggregation);
    write_timeframe(&mut context, &question);
    context.end();
    json::float(
        reply.key("data"),
        tally.value(&question, question.length_ms()),
    );
    reply.end();
    Ok(out)
}

fn buckets(
    service: &Service,
    metric: &str,
    breakdown: &str,
    call: Call<'_>,
) -> Result<Vec<u8>, Problem> {
    let found = Metric::of_lists(metric)?;
    let by = Breakdown::read(breakdown)?;
    if found == Metric::PlayTotal && by != Breakdown::MediaId {
        return Err(Problem::attribute("breakdown"));
    }
    let question = Question::read(service, found, call)?;
    let sort_by = paging::sort_by(call, &["metricValue", "dimensionValue"])?;
    let descending = paging::descending(call, sort_by == "metricValue")?;
    let tallies = tally::collect(service, &question, Grouping::By(by), call.now_ms);
    let mut rows: Vec<(Key, f64)> = tallies
        .into_iter()
        .map(|(key, tally)| (key, tally.value(&question, question.length_ms())))
        .collect();
    sort(&mut rows, sort_by == "metricValue", descending);

    let page = Page::of(call, &service.behaviour, rows.len() as u64)?;
    let mut out = Vec::with_capacity(4_096);
    let mut reply = Object::begin(&mut out);
    let mut context = Object::begin(reply.key("context"));
    context.text("metric", &question.name(metric));
    context.text("breakdown", breakdown);
    write_timeframe(&mut context, &question);
    context.end();
    json::array(reply.key("data"), page.items(), |out, item| {
        let (key, value) = &rows[item as usize];
        let mut row = Object::begin(out);
        json::float(row.key("metricValue"), *value);
        if let Key::Text(text) = key {
            row.text("dimensionValue", text);
        }
        row.end();
    });
    page.write(&mut reply);
    reply.end();
    Ok(out)
}

fn time_series(service: &Service, metric: &str, call: Call<'_>) -> Result<Vec<u8>, Problem> {
    let found = Metric::of_lists(metric)?;
    if found == Metric::PlayTotal {
        return Err(Problem::attribute("metric"));
    }
    let question = Question::read(service, found, call)?;
    let interval = Interval::read(call, &question)?;
    let sort_by = paging::sort_by(call, &["emittedAt", "metricValue"])?;
    let descending = paging::descending(call, false)?;
    let grouping = Grouping::Every(interval.ms());
    let mut rows: Vec<(Key, f64)> = tally::collect(service, &question, grouping, call.now_ms)
        .into_iter()
        .map(|(key, tally)| {
            let length_ms = match key {
                Key::Since(start) => {
                    (start + interval.ms()).min(question.to_ms) - start.max(question.from_ms)
                }
                _ => question.length_ms(),
            };
            let value = tally.value(&question, length_ms);
            (key, value)
        })
        .collect();
    sort(&mut rows, sort_by == "metricValue", descending);

    let page = Page::of(call, &service.behaviour, rows.len() as u64)?;
    let mut out = Vec::with_capacity(8_192);
    let mut reply = Object::begin(&mut out);
    let mut context = Object::begin(reply.key("context"));
    context.text("metric", &question.name(metric));
    context.text("interval", interval.name());
    write_timeframe(&mut context, &question);
    context.end();
    json::array(reply.key("data"), page.items(), |out, item| {
        let (key, value) = &rows[item as usize];
        let mut row = Object::begin(out);
        if let Key::Since(start) = key {
            time::push_quoted(row.key("emittedAt"), *start, Form::Atom);
        }
        json::float(row.key("metricValue"), *value);
        row.end();
    });
    page.write(&mut reply);
    reply.end();
    Ok(out)
}

/// Rows come in the order of their keys, and those of equal value keep it.
fn sort(rows: &mut [(Key, f64)], by_value: bool, descending: bool) {
    match (by_value, descending) {
        (true, false) => rows.sort_by(|a, b| a.1.total_cmp(&b.1)),
        (true, true) => rows.sort_by(|a, b| b.1.total_cmp(&a.1)),
        (false, false) => {}
        (false, true) => rows.reverse(),
    }
}

fn write_timeframe(context: &mut Object<'_>, question: &Question<'_>) {
    let mut timeframe = Object::begin(context.key("timeframe"));
    time::push_quoted(timeframe.key("from"), question.from_ms, Form::Atom);
    time::push_quoted(timeframe.key("to"), question.to_ms, Form::Atom);
    timeframe.end();
}
