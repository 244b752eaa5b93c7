//! One number for each value of a dimension.

use super::scope::{AggregateQuery, Scope, sealed::Scoped};
use crate::error::Result;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::Bucket;
use crate::resources::params::{Breakdown, BucketMetric, BucketOrder, SortOrder};
use crate::resources::sort::SortQuery;
use crate::resources::sort::sealed::Sort;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

/// The query for buckets: one number for each value of a dimension.
///
/// ```
/// use apivideo::aggregates::{Breakdown, BucketMetric};
/// use apivideo::query::Buckets;
/// use apivideo::{Client, List};
///
/// fn plays_by_country(client: &Client) -> List<Buckets> {
///     client.buckets(BucketMetric::Play, Breakdown::Country)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Buckets {
    metric: BucketMetric,
    breakdown: Breakdown,
    scope: Scope,
    sort: Option<(BucketOrder, SortOrder)>,
}

impl Buckets {
    pub(crate) fn list(
        transport: Transport,
        metric: BucketMetric,
        breakdown: Breakdown,
    ) -> List<Self> {
        let query = Self {
            metric,
            breakdown,
            scope: Scope::default(),
            sort: None,
        };
        List::new(transport, query)
    }
}

impl List<Buckets> {}

impl Scoped for Buckets {
    fn scope(&mut self) -> &mut Scope {
        &mut self.scope
    }
}

impl AggregateQuery for Buckets {}

impl SortQuery for Buckets {
    type Order = BucketOrder;
}

impl Sort<BucketOrder> for Buckets {
    fn set_order(&mut self, order: BucketOrder, direction: SortOrder) {
        self.sort = Some((order, direction));
    }
}

impl ListQuery for Buckets {
    type Item = Bucket;
}

impl sealed::Query<Bucket> for Buckets {
    fn path(&self) -> String {
        format!("/data/buckets/{}/{}", self.metric, self.breakdown)
    }

    fn filters(&self) -> String {
        let mut text = format!("{:?} ", self.sort);
        self.scope.describe(&mut text);
        text
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Bucket>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let operation = Operation::new("listBuckets", format!("GET {}", query.path()));
            let query = &query;
            fetch::page(&request, &operation, |core| async move {
                let call = core
                    .list_buckets()
                    .metric(query.metric.as_str())
                    .breakdown(query.breakdown.as_str());
                let call = query.scope.set_on_buckets(call);
                let mut call = call.current_page(page).page_size(size);
                if let Some((order, direction)) = &query.sort {
                    call = call.sort_by(order.as_str()).sort_order(direction.as_str());
                }
                call.send().await
            })
            .await
        })
    }
}
