//! The aggregates that succeed raw statistics: metrics, buckets, timeseries.

use apivideo_core::types;
use apivideo_core::wire::DateTime;
use jiff::Timestamp;

use super::{
    Breakdown, BucketMetric, BucketOrder, Continent, DeviceType, Interval, MediaType, Metric,
    SeriesMetric, SeriesOrder, SortOrder, ViewDuration,
};
use crate::error::Result;
use crate::id::{LiveStreamId, VideoId};
use super::sort::SortQuery;
use super::sort::sealed::Sort;
use crate::list::query::{ListQuery, PageRequest, sealed};
use crate::list::{List, fetch};
use crate::model::{Bucket, MetricValue, Point};
use crate::stream::page_response::PageResponse;
use crate::transport::Transport;
use crate::transport::call::Request;
use crate::transport::clock::BoxFuture;

/// Which views a measurement counts. Several values of one dimension are alternatives; dimensions must all fit.
///
/// ```
/// use apivideo::{DeviceType, Filter};
///
/// let filter = Filter::new().country("FR").country("DE").device_type(DeviceType::Phone).tag("Cool videos");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing until it is given to a request"]
pub struct Filter {
    media_ids: Vec<String>,
    media_type: Option<MediaType>,
    continents: Vec<Continent>,
    countries: Vec<String>,
    device_types: Vec<DeviceType>,
    operating_systems: Vec<String>,
    browsers: Vec<String>,
    referrers: Vec<String>,
    tag: Option<String>,
}

impl Filter {
    /// All views.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// assert_eq!(Filter::new(), Filter::default());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Views of this video.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let id = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let filter = Filter::new().video(&id);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn video(mut self, id: &VideoId) -> Self {
        self.media_ids.push(id.to_string());
        self
    }

    /// Views of this live stream.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let id = "li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?;
    /// let filter = Filter::new().live_stream(&id);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn live_stream(mut self, id: &LiveStreamId) -> Self {
        self.media_ids.push(id.to_string());
        self
    }

    /// Views of videos, or of live streams.
    ///
    /// ```
    /// use apivideo::{Filter, MediaType};
    ///
    /// let filter = Filter::new().media_type(MediaType::LiveStream);
    /// ```
    pub fn media_type(mut self, kind: MediaType) -> Self {
        self.media_type = Some(kind);
        self
    }

    /// Views from this continent.
    ///
    /// ```
    /// use apivideo::{Continent, Filter};
    ///
    /// let filter = Filter::new().continent(Continent::Europe).continent(Continent::Africa);
    /// ```
    pub fn continent(mut self, continent: Continent) -> Self {
        self.continents.push(continent);
        self
    }

    /// Views from this country, by its two letters (ISO 3166-1): `FR`.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let filter = Filter::new().country("FR").country("DE");
    /// ```
    pub fn country(mut self, letters: impl Into<String>) -> Self {
        self.countries.push(letters.into());
        self
    }

    /// Views on this kind of device.
    ///
    /// ```
    /// use apivideo::{DeviceType, Filter};
    ///
    /// let filter = Filter::new().device_type(DeviceType::Phone).device_type(DeviceType::Tablet);
    /// ```
    pub fn device_type(mut self, kind: DeviceType) -> Self {
        self.device_types.push(kind);
        self
    }

    /// Views on this operating system, in the service's words: `windows`.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let filter = Filter::new().operating_system("windows");
    /// ```
    pub fn operating_system(mut self, name: impl Into<String>) -> Self {
        self.operating_systems.push(name.into());
        self
    }

    /// Views in this browser, in the service's words: `firefox`.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let filter = Filter::new().browser("firefox");
    /// ```
    pub fn browser(mut self, name: impl Into<String>) -> Self {
        self.browsers.push(name.into());
        self
    }

    /// Views from exactly this page; at most 2048 characters, and empty for none.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let filter = Filter::new().referrer("https://example.com/news");
    /// ```
    pub fn referrer(mut self, url: impl Into<String>) -> Self {
        self.referrers.push(url.into());
        self
    }

    /// Views of videos with this tag; upper and lower case differ.
    ///
    /// ```
    /// use apivideo::Filter;
    ///
    /// let filter = Filter::new().tag("tutorial");
    /// ```
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}

/// What all measurements can be narrowed by.
#[derive(Clone, Debug, Default)]
struct Scope {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    unique: Option<bool>,
    view_duration: Option<ViewDuration>,
    filter: Filter,
}

/// The setters of a [`Scope`], for everything that has one.
macro_rules! scope_setters {
    ($($with:tt)*) => {
        /// Where the time begins, included; a day before its end unless told. At most 30 days ago: the
        /// service keeps no more.
        ///
        /// ```
        /// use apivideo::{jiff::SignedDuration, Metric, Timestamp};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let week = Timestamp::now() - SignedDuration::from_hours(7 * 24);
        /// let plays = client.metric(Metric::PlayCount).from(week);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn from(self, from: Timestamp) -> Self {
            $($with)*(self, |scope| scope.from = Some(from))
        }

        /// Where the time ends, not included; now unless told.
        ///
        /// ```
        /// use apivideo::Metric;
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let plays = client.metric(Metric::PlayCount);
        /// let day = plays.from("2022-01-01T00:00:00Z".parse()?).to("2022-01-02T00:00:00Z".parse()?);
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        pub fn to(self, to: Timestamp) -> Self {
            $($with)*(self, |scope| scope.to = Some(to))
        }

        /// Counts each viewer once a day; for views and concurrent viewers.
        ///
        /// ```
        /// use apivideo::{Breakdown, BucketMetric};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let viewers = client.buckets(BucketMetric::View, Breakdown::Country).unique();
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn unique(self) -> Self {
            $($with)*(self, |scope| scope.unique = Some(true))
        }

        /// How long a view must last; for views.
        ///
        /// ```
        /// use apivideo::{SeriesMetric, ViewDuration};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let long = client.timeseries(SeriesMetric::View).view_duration(ViewDuration::Seconds30);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn view_duration(self, duration: ViewDuration) -> Self {
            $($with)*(self, |scope| scope.view_duration = Some(duration))
        }

        /// Counts only some views.
        ///
        /// ```
        /// use apivideo::{DeviceType, Filter, Metric};
        ///
        /// # let client = apivideo::Client::builder().api_key("key").build()?;
        /// let phones = Filter::new().device_type(DeviceType::Phone);
        /// let watched = client.metric(Metric::WatchTimeSum).filter(phones);
        /// # Ok::<(), apivideo::Error>(())
        /// ```
        pub fn filter(self, filter: Filter) -> Self {
            $($with)*(self, |scope| scope.filter = filter)
        }
    };
}

/// Puts a [`Scope`] into a generated request: the three operations have the same parameters and no common type.
macro_rules! scoped {
    ($call:expr, $scope:expr) => {{
        let Scope {
            from,
            to,
            unique,
            view_duration,
            filter,
        } = $scope;
        let mut call = $call;
        if let Some(from) = from {
            call = call.from(DateTime::Known(from));
        }
        if let Some(to) = to {
            call = call.to(DateTime::Known(to));
        }
        if let Some(unique) = unique {
            call = call.unique(unique);
        }
        if let Some(duration) = view_duration {
            call = call.view_duration(duration.as_str());
        }
        if !filter.media_ids.is_empty() {
            call = call.filter_by_media_id(filter.media_ids);
        }
        if let Some(kind) = filter.media_type {
            call = call.filter_by_media_type(kind.as_str());
        }
        if !filter.continents.is_empty() {
            call = call.filter_by_continent(Words(words(&filter.continents, Continent::as_str)));
        }
        if !filter.countries.is_empty() {
            call = call.filter_by_country(filter.countries);
        }
        if !filter.device_types.is_empty() {
            call =
                call.filter_by_device_type(Words(words(&filter.device_types, DeviceType::as_str)));
        }
        if !filter.operating_systems.is_empty() {
            call = call.filter_by_operating_system(filter.operating_systems);
        }
        if !filter.browsers.is_empty() {
            call = call.filter_by_browser(filter.browsers);
        }
        if !filter.referrers.is_empty() {
            call = call.filter_by_referrer(filter.referrers);
        }
        if let Some(tag) = filter.tag {
            call = call.filter_by_tag(tag);
        }
        call
    }};
}

/// A request for one number; see [`Client::metric`](crate::Client::metric).
///
/// ```
/// use apivideo::{Metric, MetricRequest};
///
/// # let client = apivideo::Client::builder().api_key("key").build()?;
/// let plays: MetricRequest = client.metric(Metric::PlayCount);
/// let viewers = client.metric(Metric::ViewCount).unique();
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

    /// Asks for the number.
    ///
    /// ```
    /// use apivideo::Metric;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let peak = client.metric(Metric::CcvPeak).from("2022-01-01T00:00:00Z".parse()?).get().await?;
    /// assert!(peak.value >= 0.0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Whatever a request can fail with.
    pub async fn get(&self) -> Result<MetricValue> {
        let (metric, aggregation) = self.metric.segments();
        let request = Request::new(
            "getMetric",
            format!("GET /data/metrics/{metric}/{aggregation}"),
        );
        let send = |core: apivideo_core::Client| {
            let scope = self.scope.clone();
            async move {
                scoped!(
                    core.get_metric().metric(metric).aggregation(aggregation),
                    scope
                )
                .send()
                .await
            }
        };
        Ok(fetch::one(&self.transport, &request, send).await?.into())
    }
}

/// The query for buckets.
///
/// ```
/// use apivideo::{Breakdown, BucketMetric, Buckets, Client, List};
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

impl List<Buckets> {
    scope_setters!(change_buckets);

}

fn change_buckets(list: List<Buckets>, change: impl FnOnce(&mut Scope)) -> List<Buckets> {
    list.set(|query| change(&mut query.scope))
}

impl Buckets {
    pub(crate) fn list(
        transport: Transport,
        metric: BucketMetric,
        breakdown: Breakdown,
    ) -> List<Self> {
        List::new(
            transport,
            Self {
                metric,
                breakdown,
                scope: Scope::default(),
                sort: None,
            },
        )
    }
}

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
        format!("{:?} {:?}", self.scope, self.sort)
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Bucket>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let Buckets {
                metric, breakdown, ..
            } = query;
            let operation = Request::new("listBuckets", format!("GET {}", query.path()));
            fetch::page(&request, &operation, |core| {
                let Buckets { scope, sort, .. } = query.clone();
                async move {
                    let call = core
                        .list_buckets()
                        .metric(metric.as_str())
                        .breakdown(breakdown.as_str());
                    let mut call = scoped!(call, scope).current_page(page).page_size(size);
                    if let Some((order, direction)) = sort {
                        call = call.sort_by(order.as_str()).sort_order(direction.as_str());
                    }
                    call.send().await
                }
            })
            .await
        })
    }
}

/// The query for a timeseries.
///
/// ```
/// use apivideo::{Client, Interval, List, SeriesMetric, Timeseries};
///
/// fn plays_by_hour(client: &Client) -> List<Timeseries> {
///     client.timeseries(SeriesMetric::Play).interval(Interval::Hour)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Timeseries {
    metric: SeriesMetric,
    interval: Option<Interval>,
    scope: Scope,
    sort: Option<(SeriesOrder, SortOrder)>,
}

impl List<Timeseries> {
    scope_setters!(change_timeseries);

    /// The length of a step: an hour for times of up to two days, a day for longer ones, unless told.
    ///
    /// ```
    /// use apivideo::{Interval, SeriesMetric};
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let by_day = client.timeseries(SeriesMetric::Impression).interval(Interval::Day);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn interval(self, interval: Interval) -> Self {
        self.set(|query| query.interval = Some(interval))
    }

}

fn change_timeseries(list: List<Timeseries>, change: impl FnOnce(&mut Scope)) -> List<Timeseries> {
    list.set(|query| change(&mut query.scope))
}

impl Timeseries {
    pub(crate) fn list(transport: Transport, metric: SeriesMetric) -> List<Self> {
        List::new(
            transport,
            Self {
                metric,
                interval: None,
                scope: Scope::default(),
                sort: None,
            },
        )
    }
}

impl SortQuery for Timeseries {
    type Order = SeriesOrder;
}

impl Sort<SeriesOrder> for Timeseries {
    fn set_order(&mut self, order: SeriesOrder, direction: SortOrder) {
        self.sort = Some((order, direction));
    }
}

impl ListQuery for Timeseries {
    type Item = Point;
}

impl sealed::Query<Point> for Timeseries {
    fn path(&self) -> String {
        format!("/data/timeseries/{}", self.metric)
    }

    fn filters(&self) -> String {
        format!("{:?} {:?} {:?}", self.interval, self.scope, self.sort)
    }

    fn fetch(&self, request: PageRequest) -> BoxFuture<Result<PageResponse<Point>>> {
        let (page, size) = (request.page(), request.page_size());
        let query = self.clone();
        Box::pin(async move {
            let metric = query.metric;
            let operation = Request::new("listTimeseries", format!("GET {}", query.path()));
            fetch::page(&request, &operation, |core| {
                let Timeseries {
                    scope,
                    sort,
                    interval,
                    ..
                } = query.clone();
                async move {
                    let call = core.list_timeseries().metric(metric.as_str());
                    let mut call = scoped!(call, scope).current_page(page).page_size(size);
                    if let Some(interval) = interval {
                        call = call.interval(interval.as_str());
                    }
                    if let Some((order, direction)) = sort {
                        call = call.sort_by(order.as_str()).sort_order(direction.as_str());
                    }
                    call.send().await
                }
            })
            .await
        })
    }
}

fn words<T: Copy>(words: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    words.iter().map(|one| word(*one)).collect()
}

/// Words on their way into a list of a generated enumeration.
struct Words(Vec<&'static str>);

macro_rules! words_into {
    ($($generated:ident),*) => {$(
        impl TryFrom<Words> for Vec<types::$generated> {
            type Error = apivideo_core::types::error::ConversionError;

            fn try_from(words: Words) -> Result<Self, Self::Error> {
                words.0.into_iter().map(str::parse).collect()
            }
        }
    )*};
}

words_into!(Continent, DeviceType);
