//! One number for a time range.

use super::scope::{Scope, scope_setters};
use crate::error::Result;
use crate::list::fetch;
use crate::model::MetricValue;
use crate::model::wire::FromWire;
use crate::resources::params::Metric;
use crate::transport::Transport;
use crate::transport::call::Operation;

/// A request for one number. It is created by [`Client::metric`](crate::Client::metric).
///
/// ```
/// use apivideo::aggregates::{Metric, MetricRequest};
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let plays: MetricRequest = client.metric(Metric::PlayCount);
/// let viewers = client.metric(Metric::ViewCount).unique(true);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct MetricRequest {
    transport: Transport,
    metric: Metric,
    scope: Scope,
}

impl MetricRequest {
    pub(crate) fn new(transport: Transport, metric: Metric) -> Self {
        Self {
            transport,
            metric,
            scope: Scope::default(),
        }
    }

    scope_setters!(Self::change);

    fn change(mut self, change: impl FnOnce(&mut Scope)) -> Self {
        change(&mut self.scope);
        self
    }

    /// Sends the request and returns the measurement.
    ///
    /// ```
    /// use apivideo::aggregates::Metric;
    /// # apivideo_simulator::doctest! { |client|
    /// let peak = client.metric(Metric::CcvPeak).since("2022-01-01T00:00:00Z".parse()?).send().await?;
    /// assert!(peak.value >= 0.0);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    #[doc(alias = "getMetric")]
    #[doc(alias = "GET /data/metrics/{metric}/{aggregation}")]
    pub async fn send(&self) -> Result<MetricValue> {
        let (metric, aggregation) = self.metric.segments();
        let request = Operation::new(
            "getMetric",
            format!("GET /data/metrics/{metric}/{aggregation}"),
        );
        let send = |core: apivideo_core::Client| async move {
            let call = core.get_metric().metric(metric).aggregation(aggregation);
            self.scope.set_on_metric(call).send().await
        };
        let wire = fetch::one(&self.transport, &request, send).await?;
        Ok(MetricValue::from_wire(wire))
    }
}
