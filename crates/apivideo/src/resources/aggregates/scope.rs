//! The parameters that every aggregate has: time range, uniqueness, view duration and filter.

use apivideo_core::builder::{GetMetric, ListBuckets, ListTimeseries};
use jiff::Timestamp;

use super::filter::Filter;
use super::shared::shared_parameters;
use crate::list::List;
use crate::list::query::ListQuery;
use crate::resources::params::ViewDuration;

shared_parameters! {
    #[derive(Clone, Debug, Default)]
    pub(super) struct Range {
        since: Option<Timestamp> => from,
        until: Option<Timestamp> => to,
        unique: Option<bool> => unique,
        view_duration: Option<ViewDuration> => view_duration,
    }
}

/// The time range and the views that a measurement covers.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub(super) range: Range,
    pub(super) filter: Filter,
}

impl Scope {
    pub(super) fn set_on_metric<'a>(&self, call: GetMetric<'a>) -> GetMetric<'a> {
        self.filter.set_on_metric(self.range.set_on_metric(call))
    }

    pub(super) fn set_on_buckets<'a>(&self, call: ListBuckets<'a>) -> ListBuckets<'a> {
        self.filter.set_on_buckets(self.range.set_on_buckets(call))
    }

    pub(super) fn set_on_timeseries<'a>(&self, call: ListTimeseries<'a>) -> ListTimeseries<'a> {
        self.filter
            .set_on_timeseries(self.range.set_on_timeseries(call))
    }

    /// Appends the parameters, in a form that is the same for the same parameters.
    pub(super) fn describe(&self, text: &mut String) {
        self.range.describe(text);
        self.filter.describe(text);
    }
}

/// Defines the setters of a [`Scope`] for a type that has one.
macro_rules! scope_setters {
    ($change:path) => {
        /// Sets the start of the time range, included. Defaults to one day before its end. The service keeps 30 days.
        ///
        /// ```
        /// use apivideo::{Timestamp, jiff::SignedDuration, aggregates::Metric};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let week = Timestamp::now() - SignedDuration::from_hours(7 * 24);
        /// let plays = client.metric(Metric::PlayCount).since(week);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        #[doc(alias = "from")]
        pub fn since(self, time: jiff::Timestamp) -> Self {
            $change(self, |scope| scope.range.since = Some(time))
        }

        /// Sets the end of the time range, excluded. Defaults to the current time.
        ///
        /// ```
        /// use apivideo::aggregates::Metric;
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let plays = client.metric(Metric::PlayCount);
        /// let day = plays.since("2022-01-01T00:00:00Z".parse()?).until("2022-01-02T00:00:00Z".parse()?);
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[doc(alias = "to")]
        pub fn until(self, time: jiff::Timestamp) -> Self {
            $change(self, |scope| scope.range.until = Some(time))
        }

        /// Sets whether each viewer counts once per day, for views and concurrent viewers. Defaults to `false`.
        ///
        /// ```
        /// use apivideo::aggregates::{Breakdown, BucketMetric};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let viewers = client.buckets(BucketMetric::View, Breakdown::Country).unique(true);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn unique(self, unique: bool) -> Self {
            $change(self, |scope| scope.range.unique = Some(unique))
        }

        /// Sets the minimum duration of views. Defaults to 5 seconds.
        ///
        /// ```
        /// use apivideo::aggregates::{SeriesMetric, ViewDuration};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let long = client.timeseries(SeriesMetric::View).view_duration(ViewDuration::Seconds30);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn view_duration(self, duration: $crate::resources::params::ViewDuration) -> Self {
            $change(self, |scope| scope.range.view_duration = Some(duration))
        }

        /// Restricts which views are measured.
        ///
        /// ```
        /// use apivideo::aggregates::{DeviceType, Filter, Metric};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let phones = Filter::new().device_type(DeviceType::Phone);
        /// let watched = client.metric(Metric::WatchTimeSum).filter(phones);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn filter(self, filter: $crate::resources::aggregates::filter::Filter) -> Self {
            $change(self, |scope| scope.filter = filter)
        }
    };
}
pub(super) use scope_setters;

/// A query for aggregates. This trait is sealed: only queries of this crate implement it.
///
/// ```
/// use apivideo::query::AggregateQuery;
/// use apivideo::{List, Timestamp};
///
/// fn last_hour<Q: AggregateQuery>(list: List<Q>, now: Timestamp) -> List<Q> {
///     list.since(now - apivideo::jiff::SignedDuration::from_hours(1)).until(now)
/// }
/// ```
pub trait AggregateQuery: ListQuery + sealed::Scoped {}

pub(crate) mod sealed {
    use super::Scope;

    pub trait Scoped {
        #[doc(hidden)]
        fn scope(&mut self) -> &mut Scope;
    }
}

impl<Q: AggregateQuery> List<Q> {
    scope_setters!(change);
}

fn change<Q: AggregateQuery>(list: List<Q>, change: impl FnOnce(&mut Scope)) -> List<Q> {
    list.set(|query| change(query.scope()))
}
