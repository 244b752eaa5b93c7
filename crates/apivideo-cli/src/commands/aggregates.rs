//! `apivideo metrics`, `buckets` and `timeseries`.

use apivideo::aggregates::{BucketMetric, Metric, MetricRequest};
use apivideo::query::{self, SortOrder};
use apivideo::{List, Timestamp};

use super::list;
use crate::args::{Buckets, Metrics, Scope, Timeframe, Timeseries};
use crate::connection::Connection;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema;

/// Sets the time range and filters of a request. The types of the requests have the same setters, but no common trait.
macro_rules! with_scope {
    ($request:expr, $scope:expr, $timeframe:expr) => {{
        let (scope, timeframe): (&Scope, Timeframe) = ($scope, $timeframe);
        let mut request = $request.filter(scope.filter());
        if let Some(from) = timeframe.from {
            request = request.since(from);
        }
        if let Some(to) = timeframe.to {
            request = request.until(to);
        }
        if scope.is_unique() {
            request = request.unique(true);
        }
        if let Some(duration) = scope.view_duration() {
            request = request.view_duration(duration);
        }
        request
    }};
}

/// Returns the time range of a request. One that starts too early is an error before the request is sent, unless the metric covers
/// all time.
fn timeframe(
    context: &Context<'_>,
    connection: &Connection,
    scope: &Scope,
    covers_all_time: bool,
) -> Result<Timeframe, Failure> {
    let now = connection.now();
    let timeframe = scope.timeframe.resolve(now)?;
    if !covers_all_time {
        check_kept(context, &timeframe, now)?;
    }
    Ok(timeframe)
}

/// Returns an error if the service has no aggregates of the start of the time range any more. The clock and the limits of another
/// server are not known.
pub(super) fn check_kept(
    context: &Context<'_>,
    timeframe: &Timeframe,
    now: Timestamp,
) -> Result<(), Failure> {
    match context.options.simulate || context.settings.base_url.is_none() {
        true => timeframe.check_kept(now),
        false => Ok(()),
    }
}

pub(crate) async fn metrics(context: &Context<'_>, metrics: &Metrics) -> Result<Exit, Failure> {
    let schema = schema::metrics();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let covers_all_time = metrics.metric == Metric::PlayTotal;
    let timeframe = timeframe(context, &connection, &metrics.scope, covers_all_time)?;
    let request: MetricRequest = with_scope!(
        connection.client.metric(metrics.metric.clone()),
        &metrics.scope,
        timeframe
    );
    let get = async { list::print_items(context, &schema, &[request.send().await?]) };
    context.run_until_stopped(get).await
}

pub(crate) async fn buckets(context: &Context<'_>, buckets: &Buckets) -> Result<Exit, Failure> {
    let schema = schema::buckets();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let covers_all_time = buckets.metric == BucketMetric::PlayTotal;
    let timeframe = timeframe(context, &connection, &buckets.scope, covers_all_time)?;
    let mut request: List<query::Buckets> = with_scope!(
        client.buckets(buckets.metric.clone(), buckets.breakdown.clone()),
        &buckets.scope,
        timeframe
    );
    if let Some(sort) = buckets.sort.clone() {
        request = request.sort_by(sort, buckets.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &schema, request, &buckets.list).await
}

pub(crate) async fn timeseries(
    context: &Context<'_>,
    timeseries: &Timeseries,
) -> Result<Exit, Failure> {
    let schema = schema::timeseries();
    if list::print_field_names(context, &schema)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let timeframe = timeframe(context, &connection, &timeseries.scope, false)?;
    let mut request: List<query::Timeseries> = with_scope!(
        connection.client.timeseries(timeseries.metric.clone()),
        &timeseries.scope,
        timeframe
    );
    if let Some(interval) = timeseries.interval.clone() {
        request = request.interval(interval);
    }
    if let Some(sort) = timeseries.sort.clone() {
        request = request.sort_by(sort, timeseries.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &schema, request, &timeseries.list).await
}
