//! Aggregates, computed from the sessions and events that the raw statistics list.
//!
//! As far as the service documents them, the metrics count: `impression`, players loaded (`ready` events); `play`,
//! `play` events; `start`, the first `play` after a `ready`; `end`, `end` events; `view`, loads of the page of which a
//! number of seconds were watched, at the time when they were reached; `ccv`, sessions that play at the same time.

mod counts;
mod query;

use crate::http::problem::Problem;
use crate::http::route::Route;
use crate::json::{self, Object};
use crate::state::{ApiRequest, State};
use crate::time::{self, TimeFormat};

use super::pagination::{self, Page};
use counts::{Counts, GroupKey, Grouping};
use query::{AggregateQuery, Breakdown, Interval, Metric};

pub(crate) fn respond(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    match Route::of(request.path) {
        Some(Route::Metric {
            metric,
            aggregation,
        }) => metric_value(state, metric, aggregation, request),
        Some(Route::Buckets { metric, breakdown }) => buckets(state, metric, breakdown, request),
        Some(Route::TimeSeries { metric }) => time_series(state, metric, request),
        _ => Err(Problem::unrecognized_url()),
    }
}

fn metric_value(
    state: &State,
    metric: &str,
    aggregation: &str,
    request: ApiRequest<'_>,
) -> Result<Vec<u8>, Problem> {
    let parsed = Metric::with_aggregation(metric, aggregation)?;
    let query = AggregateQuery::parse(state, parsed, request)?;
    let groups = counts::collect(state, &query, Grouping::All, request.now_ms);
    let none = Counts::default();
    let counts = groups.get(&GroupKey::All).unwrap_or(&none);

    let mut out = Vec::with_capacity(256);
    let mut response = Object::begin(&mut out);
    let mut context = Object::begin(response.key("context"));
    context.string("metric", &query.name(metric));
    context.string("aggregation", aggregation);
    write_timeframe(&mut context, &query);
    context.end();
    json::float(
        response.key("data"),
        counts.value(&query, query.length_ms()),
    );
    response.end();
    Ok(out)
}

fn buckets(
    state: &State,
    metric: &str,
    breakdown: &str,
    request: ApiRequest<'_>,
) -> Result<Vec<u8>, Problem> {
    let parsed = Metric::of_list(metric)?;
    let by = Breakdown::parse(breakdown)?;
    if parsed == Metric::PlayTotal && by != Breakdown::MediaId {
        return Err(Problem::attribute("breakdown"));
    }
    let query = AggregateQuery::parse(state, parsed, request)?;
    let sort_by = pagination::sort_by(request, &["metricValue", "dimensionValue"])?;
    let descending = pagination::descending(request, sort_by == "metricValue")?;
    let groups = counts::collect(state, &query, Grouping::By(by), request.now_ms);
    let mut rows: Vec<(GroupKey, f64)> = groups
        .into_iter()
        .map(|(key, counts)| (key, counts.value(&query, query.length_ms())))
        .collect();
    sort(&mut rows, sort_by == "metricValue", descending);

    let page = Page::new(request, &state.behaviour, rows.len() as u64)?;
    let mut out = Vec::with_capacity(4_096);
    let mut response = Object::begin(&mut out);
    let mut context = Object::begin(response.key("context"));
    context.string("metric", &query.name(metric));
    context.string("breakdown", breakdown);
    write_timeframe(&mut context, &query);
    context.end();
    json::array(response.key("data"), page.items(), |out, item| {
        let (key, value) = &rows[item as usize];
        let mut row = Object::begin(out);
        json::float(row.key("metricValue"), *value);
        if let GroupKey::Dimension(value) = key {
            row.string("dimensionValue", value);
        }
        row.end();
    });
    page.write(&mut response);
    response.end();
    Ok(out)
}

fn time_series(state: &State, metric: &str, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let parsed = Metric::of_list(metric)?;
    if parsed == Metric::PlayTotal {
        return Err(Problem::attribute("metric"));
    }
    let query = AggregateQuery::parse(state, parsed, request)?;
    let interval = Interval::parse(request, &query)?;
    let sort_by = pagination::sort_by(request, &["emittedAt", "metricValue"])?;
    let descending = pagination::descending(request, false)?;
    let grouping = Grouping::Every(interval.ms());
    let mut rows: Vec<(GroupKey, f64)> = counts::collect(state, &query, grouping, request.now_ms)
        .into_iter()
        .map(|(key, counts)| {
            let length_ms = match key {
                GroupKey::Start(start) => {
                    (start + interval.ms()).min(query.to_ms) - start.max(query.from_ms)
                }
                _ => query.length_ms(),
            };
            let value = counts.value(&query, length_ms);
            (key, value)
        })
        .collect();
    sort(&mut rows, sort_by == "metricValue", descending);

    let page = Page::new(request, &state.behaviour, rows.len() as u64)?;
    let mut out = Vec::with_capacity(8_192);
    let mut response = Object::begin(&mut out);
    let mut context = Object::begin(response.key("context"));
    context.string("metric", &query.name(metric));
    context.string("interval", interval.name());
    write_timeframe(&mut context, &query);
    context.end();
    json::array(response.key("data"), page.items(), |out, item| {
        let (key, value) = &rows[item as usize];
        let mut row = Object::begin(out);
        if let GroupKey::Start(start) = key {
            time::push_quoted(row.key("emittedAt"), *start, TimeFormat::Atom);
        }
        json::float(row.key("metricValue"), *value);
        row.end();
    });
    page.write(&mut response);
    response.end();
    Ok(out)
}

/// Sorts rows, which are in the order of their keys. Rows of equal value keep this order.
fn sort(rows: &mut [(GroupKey, f64)], by_value: bool, descending: bool) {
    match (by_value, descending) {
        (true, false) => rows.sort_by(|a, b| a.1.total_cmp(&b.1)),
        (true, true) => rows.sort_by(|a, b| b.1.total_cmp(&a.1)),
        (false, false) => {}
        (false, true) => rows.reverse(),
    }
}

fn write_timeframe(context: &mut Object<'_>, query: &AggregateQuery<'_>) {
    let mut timeframe = Object::begin(context.key("timeframe"));
    time::push_quoted(timeframe.key("from"), query.from_ms, TimeFormat::Atom);
    time::push_quoted(timeframe.key("to"), query.to_ms, TimeFormat::Atom);
    timeframe.end();
}
