//! One number for each value of a dimension.

use super::scope::{AggregateQuery, Scope, sealed::Scoped};
use crate::error::Result;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::Bucket;
use crate::resources::params::{Breakdown, BucketMetric, BucketOrder, SortOrder};
use crate::resources::query_macro::query;
use crate::resources::sort::SortQuery;
use crate::resources::sort::sealed::Sort;
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Operation;
use crate::transport::clock::BoxFuture;

query! {
    /// The query for buckets: one number for each value of a dimension.
    ///
    /// ```
    /// use apivideo::aggregates::{Breakdown, BucketMetric, BucketOrder};
    /// use apivideo::query::{Buckets, SortOrder};
    /// use apivideo::{Client, List};
    ///
    /// fn most_plays_by_country(client: &Client) -> List<Buckets> {
    ///     let plays = client.buckets(BucketMetric::Play, Breakdown::Country);
    ///     plays.sort_by(BucketOrder::MetricValue, SortOrder::Descending)
    /// }
    /// ```
    #[doc(alias = "listBuckets")]
    #[doc(alias = "GET /data/buckets/{metric}/{breakdown}")]
    pub struct Buckets of ListBuckets {
        metric: BucketMetric,
        breakdown: Breakdown,
        scope: Scope,
        ;
        sort_by: Option<BucketOrder> => sort_by,
        sort_order: Option<SortOrder> => sort_order,
    }
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
            sort_by: None,
            sort_order: None,
        };
        List::new(transport, query)
    }
}

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
        (self.sort_by, self.sort_order) = (Some(order), Some(direction));
    }
}

fetch::envelope!(BucketPage of Bucket by "metricValue");

impl ListQuery for Buckets {
    type Item = Bucket;
}

impl sealed::Query<Bucket> for Buckets {
    fn path(&self) -> String {
        format!("/data/buckets/{}/{}", self.metric, self.breakdown)
    }

    fn filters(&self) -> String {
        let mut text = self.fingerprint_text();
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
                let call = query.set_on(query.scope.set_on_buckets(call));
                call.current_page(page).page_size(size).send().await
            })
            .await
        })
    }
}
