//! One number for each interval.

use super::scope::{AggregateQuery, Scope, sealed::Scoped};
use crate::error::Result;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::TimeseriesPoint;
use crate::resources::params::{Interval, SeriesMetric, SeriesOrder, SortOrder};
use crate::resources::query_macro::query;
use crate::resources::sort::SortQuery;
use crate::resources::sort::sealed::Sort;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

query! {
    /// The query for a timeseries: one number for each interval.
    ///
    /// ```
    /// use apivideo::aggregates::{Interval, SeriesMetric, SeriesOrder};
    /// use apivideo::query::{SortOrder, Timeseries};
    /// use apivideo::{Client, List};
    ///
    /// fn plays_by_hour(client: &Client) -> List<Timeseries> {
    ///     let plays = client.timeseries(SeriesMetric::Play).interval(Interval::Hour);
    ///     plays.sort_by(SeriesOrder::EmittedAt, SortOrder::Descending)
    /// }
    /// ```
    #[doc(alias = "listTimeseries")]
    #[doc(alias = "GET /data/timeseries/{metric}")]
    pub struct Timeseries of ListTimeseries {
        metric: SeriesMetric,
        scope: Scope,
        ;
        interval: Option<Interval> => interval,
        sort_by: Option<SeriesOrder> => sort_by,
        sort_order: Option<SortOrder> => sort_order,
    }
}

impl Timeseries {
    pub(crate) fn list(transport: Transport, metric: SeriesMetric) -> List<Self> {
        let query = Self {
            metric,
            interval: None,
            scope: Scope::default(),
            sort_by: None,
            sort_order: None,
        };
        List::new(transport, query)
    }
}

impl List<Timeseries> {
    /// Sets the interval. Defaults to an hour for time ranges of up to two days, and to a day for longer ones.
    ///
    /// ```
    /// use apivideo::aggregates::{Interval, SeriesMetric};
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let by_day = client.timeseries(SeriesMetric::Impression).interval(Interval::Day);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn interval(self, interval: Interval) -> Self {
        self.set(|query| query.interval = Some(interval))
    }
}

impl Scoped for Timeseries {
    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }
}

impl AggregateQuery for Timeseries {}

impl SortQuery for Timeseries {
    type Order = SeriesOrder;
}

impl Sort<SeriesOrder> for Timeseries {
    fn set_order(&mut self, order: SeriesOrder, direction: SortOrder) {
        (self.sort_by, self.sort_order) = (Some(order), Some(direction));
    }
}

fetch::envelope!(TimeseriesPage of TimeseriesPoint by "metricValue");

impl ListQuery for Timeseries {
    type Item = TimeseriesPoint;
}

impl sealed::Query<TimeseriesPoint> for Timeseries {
    fn path(&self) -> String {
        format!("/data/timeseries/{}", self.metric)
    }

    fn filters(&self) -> String {
        let mut text = self.fingerprint_text();
        self.scope.describe(&mut text);
        text
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<TimeseriesPoint>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listTimeseries", format!("GET {}", query.path()));
            let query = &query;
            fetch::page(&request, &operation, |core| async move {
                let call = core.list_timeseries().metric(query.metric.as_str());
                let call = query.set_on(query.scope.set_on_timeseries(call));
                call.current_page(page).page_size(size).send().await
            })
            .await
        })
    }
}
