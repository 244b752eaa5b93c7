//! `apivideo metrics`, `buckets` and `timeseries`.

use apivideo::{List, MetricRequest, SortOrder};

use super::list;
use crate::args::{Buckets, Metrics, Scope, Timeseries};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::{BUCKETS, METRICS, TIMESERIES};

/// Sets the time range and filters of a request. The types of the requests have the same setters, but no common trait.
macro_rules! with_scope {
    ($request:expr, $scope:expr) => {{
        let scope: &Scope = $scope;
        let mut request = $request.filter(scope.filter());
        if let Some(from) = scope.from {
            request = request.from(from);
        }
        if let Some(to) = scope.to {
            request = request.to(to);
        }
        if scope.is_unique() {
            request = request.unique();
        }
        if let Some(duration) = scope.view_duration() {
            request = request.view_duration(duration);
        }
        request
    }};
}

pub(crate) async fn metrics(context: &Context<'_>, metrics: &Metrics) -> Result<Exit, Failure> {
    if list::print_field_names(context, &METRICS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let request: MetricRequest =
        with_scope!(connection.client.metric(metrics.metric), &metrics.scope);
    let get = async { list::print_items(context, &METRICS, &[request.get().await?]) };
    context.run_until_stopped(get).await
}

pub(crate) async fn buckets(context: &Context<'_>, buckets: &Buckets) -> Result<Exit, Failure> {
    if list::print_field_names(context, &BUCKETS)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let client = &connection.client;
    let mut request: List<apivideo::Buckets> = with_scope!(
        client.buckets(buckets.metric, buckets.breakdown),
        &buckets.scope
    );
    if let Some(sort) = buckets.sort {
        request = request.sort_by(sort, buckets.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &BUCKETS, request, &buckets.list).await
}

pub(crate) async fn timeseries(
    context: &Context<'_>,
    timeseries: &Timeseries,
) -> Result<Exit, Failure> {
    if list::print_field_names(context, &TIMESERIES)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let mut request: List<apivideo::Timeseries> = with_scope!(
        connection.client.timeseries(timeseries.metric),
        &timeseries.scope
    );
    if let Some(interval) = timeseries.interval {
        request = request.interval(interval);
    }
    if let Some(sort) = timeseries.sort {
        request = request.sort_by(sort, timeseries.order.unwrap_or(SortOrder::Ascending));
    }
    list::run(context, &TIMESERIES, request, &timeseries.list).await
}
