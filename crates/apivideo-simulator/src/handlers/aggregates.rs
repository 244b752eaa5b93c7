//! Aggregates, computed from the sessions and events that the raw statistics list.
//!
//! The service documents the names of the metrics and little more. The simulator counts as follows; times are those of the
//! events, and `from` is inclusive, `to` exclusive:
//!
//! - `impression`: `ready` events. `play`, `end`: events of this type. `start`: the first `play` after a `ready`.
//! - `watch-time`, in seconds: the wall-clock time during which sessions played, within the timeframe. Playback without a
//!   closing event counts until its last heartbeat.
//! - `ccv`: sessions that play at the same time, in the same periods as `watch-time`. `peak` is the exact maximum, `average` is
//!   the playing time divided by the length of the timeframe, `live` counts sessions that played in the last 20 s.
//! - `view`: loads of the page during which a number of seconds were played (`viewDuration`), at the time when they were
//!   reached.
//!
//! # Relation to measures of sessions and events
//!
//! | aggregate | measure | relation |
//! |---|---|---|
//! | `impression/count` | `ready` events | equal, but for the timeframe: sessions are selected by `loadedAt`, events by `emittedAt` |
//! | `play/count`, `end/count` | `play` events, `end` events | equal, with the same exception |
//! | `start/count` | plays | at least the number of sessions with a `play` after `ready`: a reload and a new play count again |
//! | `watch-time/sum` | playing time (wall clock), not watch time (media) | differs by the truncation of events to seconds, and by less than 10 s for each stretch without a closing event; media time also differs by playback speed and stalls |
//! | `ccv/peak` | exact peak of sessions that play | at most the true peak, because playback after the last heartbeat is not counted; at most one-minute buckets and presence |
//! | `view/count` | sessions with playback | counts loads, and only those that reach `viewDuration` |
//!
//! Playback over midnight is split at the border of the timeframe, while a session and all its events belong to the day on which
//! it was loaded. Sums over adjacent timeframes add up; peaks do not.

mod counts;
mod query;

use crate::http::endpoint::{Endpoint, Handler};
use crate::http::problem::Problem;
use crate::json::{self, Object};
use crate::state::{ApiRequest, State};
use crate::time::{self, TimeFormat};

use super::pagination::{self, Page};
use counts::{Counts, GroupKey, Grouping};
use query::{AggregateQuery, Breakdown, Interval, Metric};

pub(super) static ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "/data/metrics/{metric}/{aggregation}",
        Handler::Blocking(metric_value),
    ),
    Endpoint::get(
        "/data/buckets/{metric}/{breakdown}",
        Handler::Blocking(buckets),
    ),
    Endpoint::get("/data/timeseries/{metric}", Handler::Blocking(time_series)),
];

fn metric_value(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [metric, aggregation] = request.parameters;
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

fn buckets(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [metric, breakdown] = request.parameters;
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

fn time_series(state: &State, request: ApiRequest<'_>) -> Result<Vec<u8>, Problem> {
    let [metric, _] = request.parameters;
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
