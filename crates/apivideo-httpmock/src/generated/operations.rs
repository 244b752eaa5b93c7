// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

//! [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
//! wrappers for each operation. Each can be converted to
//! its inner type with a call to `into_inner()`. This can
//! be used to explicitly deviate from permitted values.
use apivideo_core::*;
pub struct ListLiveStreamSessionsWhen(::httpmock::When);
impl ListLiveStreamSessionsWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(
                    regex::Regex::new("^/analytics/live-streams/[^/]*$").unwrap(),
                ),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn live_stream_id(self, value: &str) -> Self {
        let re = regex::Regex::new(
                &format!("^/analytics/live-streams/{}$", value.to_string()),
            )
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn period(self, value: &str) -> Self {
        Self(self.0.query_param("period", value.to_string()))
    }
}
pub struct ListLiveStreamSessionsThen(::httpmock::Then);
impl ListLiveStreamSessionsThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::SessionPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListSessionEventsWhen(::httpmock::When);
impl ListSessionEventsWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(
                    regex::Regex::new("^/analytics/sessions/[^/]*/events$").unwrap(),
                ),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn session_id(self, value: &str) -> Self {
        let re = regex::Regex::new(
                &format!("^/analytics/sessions/{}/events$", value.to_string()),
            )
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
}
pub struct ListSessionEventsThen(::httpmock::Then);
impl ListSessionEventsThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::EventPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListVideoSessionsWhen(::httpmock::When);
impl ListVideoSessionsWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/analytics/videos/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn video_id(self, value: &str) -> Self {
        let re = regex::Regex::new(&format!("^/analytics/videos/{}$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn period(self, value: &str) -> Self {
        Self(self.0.query_param("period", value.to_string()))
    }
}
pub struct ListVideoSessionsThen(::httpmock::Then);
impl ListVideoSessionsThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::SessionPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct CreateAccessTokenWhen(::httpmock::When);
impl CreateAccessTokenWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::POST)
                .path_matches(regex::Regex::new("^/auth/api-key$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn body(self, value: &types::ApiKeyCredentials) -> Self {
        Self(self.0.json_body_obj(value))
    }
}
pub struct CreateAccessTokenThen(::httpmock::Then);
impl CreateAccessTokenThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::AccessToken>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct RefreshAccessTokenWhen(::httpmock::When);
impl RefreshAccessTokenWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::POST)
                .path_matches(regex::Regex::new("^/auth/refresh$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn body(self, value: &types::RefreshCredentials) -> Self {
        Self(self.0.json_body_obj(value))
    }
}
pub struct RefreshAccessTokenThen(::httpmock::Then);
impl RefreshAccessTokenThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::AccessToken>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListBucketsWhen(::httpmock::When);
impl ListBucketsWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/data/buckets/[^/]*/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn metric(self, value: types::BucketMetric) -> Self {
        let re = regex::Regex::new(&format!("^/data/buckets/{}/.*$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn breakdown(self, value: types::Breakdown) -> Self {
        let re = regex::Regex::new(&format!("^/data/buckets/.*/{}$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn filter_by_media_type<T>(self, value: T) -> Self
    where
        T: Into<Option<types::MediaType>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[mediaType]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[mediaType]"))
        }
    }
    pub fn filter_by_tag<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[tag]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[tag]"))
        }
    }
    pub fn from<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("from", value.to_string()))
        } else {
            Self(self.0.query_param_missing("from"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn sort_by<T>(self, value: T) -> Self
    where
        T: Into<Option<types::BucketOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortBy", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortBy"))
        }
    }
    pub fn sort_order<T>(self, value: T) -> Self
    where
        T: Into<Option<types::SortOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortOrder", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortOrder"))
        }
    }
    pub fn to<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("to", value.to_string()))
        } else {
            Self(self.0.query_param_missing("to"))
        }
    }
    pub fn unique<T>(self, value: T) -> Self
    where
        T: Into<Option<bool>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("unique", value.to_string()))
        } else {
            Self(self.0.query_param_missing("unique"))
        }
    }
    pub fn view_duration<T>(self, value: T) -> Self
    where
        T: Into<Option<types::ViewDuration>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("viewDuration", value.to_string()))
        } else {
            Self(self.0.query_param_missing("viewDuration"))
        }
    }
}
pub struct ListBucketsThen(::httpmock::Then);
impl ListBucketsThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::BucketPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct GetMetricWhen(::httpmock::When);
impl GetMetricWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/data/metrics/[^/]*/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn metric(self, value: types::Metric) -> Self {
        let re = regex::Regex::new(&format!("^/data/metrics/{}/.*$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn aggregation(self, value: types::Aggregation) -> Self {
        let re = regex::Regex::new(&format!("^/data/metrics/.*/{}$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn filter_by_media_type<T>(self, value: T) -> Self
    where
        T: Into<Option<types::MediaType>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[mediaType]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[mediaType]"))
        }
    }
    pub fn filter_by_tag<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[tag]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[tag]"))
        }
    }
    pub fn from<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("from", value.to_string()))
        } else {
            Self(self.0.query_param_missing("from"))
        }
    }
    pub fn to<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("to", value.to_string()))
        } else {
            Self(self.0.query_param_missing("to"))
        }
    }
    pub fn unique<T>(self, value: T) -> Self
    where
        T: Into<Option<bool>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("unique", value.to_string()))
        } else {
            Self(self.0.query_param_missing("unique"))
        }
    }
    pub fn view_duration<T>(self, value: T) -> Self
    where
        T: Into<Option<types::ViewDuration>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("viewDuration", value.to_string()))
        } else {
            Self(self.0.query_param_missing("viewDuration"))
        }
    }
}
pub struct GetMetricThen(::httpmock::Then);
impl GetMetricThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(
        self,
        value: &::apivideo_core::wire::Object<types::MetricResponse>,
    ) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListTimeseriesWhen(::httpmock::When);
impl ListTimeseriesWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/data/timeseries/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn metric(self, value: types::TimeseriesMetric) -> Self {
        let re = regex::Regex::new(&format!("^/data/timeseries/{}$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn filter_by_media_type<T>(self, value: T) -> Self
    where
        T: Into<Option<types::MediaType>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[mediaType]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[mediaType]"))
        }
    }
    pub fn filter_by_tag<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("filterBy[tag]", value.to_string()))
        } else {
            Self(self.0.query_param_missing("filterBy[tag]"))
        }
    }
    pub fn from<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("from", value.to_string()))
        } else {
            Self(self.0.query_param_missing("from"))
        }
    }
    pub fn interval<T>(self, value: T) -> Self
    where
        T: Into<Option<types::Interval>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("interval", value.to_string()))
        } else {
            Self(self.0.query_param_missing("interval"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn sort_by<T>(self, value: T) -> Self
    where
        T: Into<Option<types::TimeseriesOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortBy", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortBy"))
        }
    }
    pub fn sort_order<T>(self, value: T) -> Self
    where
        T: Into<Option<types::SortOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortOrder", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortOrder"))
        }
    }
    pub fn to<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a ::apivideo_core::wire::DateTime>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("to", value.to_string()))
        } else {
            Self(self.0.query_param_missing("to"))
        }
    }
    pub fn unique<T>(self, value: T) -> Self
    where
        T: Into<Option<bool>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("unique", value.to_string()))
        } else {
            Self(self.0.query_param_missing("unique"))
        }
    }
    pub fn view_duration<T>(self, value: T) -> Self
    where
        T: Into<Option<types::ViewDuration>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("viewDuration", value.to_string()))
        } else {
            Self(self.0.query_param_missing("viewDuration"))
        }
    }
}
pub struct ListTimeseriesThen(::httpmock::Then);
impl ListTimeseriesThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(
        self,
        value: &::apivideo_core::wire::Object<types::TimeseriesPage>,
    ) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListLiveStreamsWhen(::httpmock::When);
impl ListLiveStreamsWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/live-streams$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn name<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("name", value.to_string()))
        } else {
            Self(self.0.query_param_missing("name"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn sort_by<T>(self, value: T) -> Self
    where
        T: Into<Option<types::LiveStreamOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortBy", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortBy"))
        }
    }
    pub fn sort_order<T>(self, value: T) -> Self
    where
        T: Into<Option<types::SortOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortOrder", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortOrder"))
        }
    }
    pub fn stream_key<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("streamKey", value.to_string()))
        } else {
            Self(self.0.query_param_missing("streamKey"))
        }
    }
}
pub struct ListLiveStreamsThen(::httpmock::Then);
impl ListLiveStreamsThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(
        self,
        value: &::apivideo_core::wire::Object<types::LiveStreamPage>,
    ) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct GetLiveStreamWhen(::httpmock::When);
impl GetLiveStreamWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/live-streams/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn live_stream_id(self, value: &str) -> Self {
        let re = regex::Regex::new(&format!("^/live-streams/{}$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
}
pub struct GetLiveStreamThen(::httpmock::Then);
impl GetLiveStreamThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::LiveStream>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListVideosWhen(::httpmock::When);
impl ListVideosWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/videos$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn description<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("description", value.to_string()))
        } else {
            Self(self.0.query_param_missing("description"))
        }
    }
    pub fn live_stream_id<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("liveStreamId", value.to_string()))
        } else {
            Self(self.0.query_param_missing("liveStreamId"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
    pub fn sort_by<T>(self, value: T) -> Self
    where
        T: Into<Option<types::VideoOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortBy", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortBy"))
        }
    }
    pub fn sort_order<T>(self, value: T) -> Self
    where
        T: Into<Option<types::SortOrder>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("sortOrder", value.to_string()))
        } else {
            Self(self.0.query_param_missing("sortOrder"))
        }
    }
    pub fn title<'a, T>(self, value: T) -> Self
    where
        T: Into<Option<&'a str>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("title", value.to_string()))
        } else {
            Self(self.0.query_param_missing("title"))
        }
    }
}
pub struct ListVideosThen(::httpmock::Then);
impl ListVideosThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::VideoPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct GetVideoWhen(::httpmock::When);
impl GetVideoWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/videos/[^/]*$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn video_id(self, value: &str) -> Self {
        let re = regex::Regex::new(&format!("^/videos/{}$", value.to_string())).unwrap();
        Self(self.0.path_matches(re))
    }
}
pub struct GetVideoThen(::httpmock::Then);
impl GetVideoThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::Video>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
pub struct ListVideoChaptersWhen(::httpmock::When);
impl ListVideoChaptersWhen {
    pub fn new(inner: ::httpmock::When) -> Self {
        Self(
            inner
                .method(::httpmock::Method::GET)
                .path_matches(regex::Regex::new("^/videos/[^/]*/chapters$").unwrap()),
        )
    }
    pub fn into_inner(self) -> ::httpmock::When {
        self.0
    }
    pub fn video_id(self, value: &str) -> Self {
        let re = regex::Regex::new(&format!("^/videos/{}/chapters$", value.to_string()))
            .unwrap();
        Self(self.0.path_matches(re))
    }
    pub fn current_page<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("currentPage", value.to_string()))
        } else {
            Self(self.0.query_param_missing("currentPage"))
        }
    }
    pub fn page_size<T>(self, value: T) -> Self
    where
        T: Into<Option<::std::num::NonZeroU64>>,
    {
        if let Some(value) = value.into() {
            Self(self.0.query_param("pageSize", value.to_string()))
        } else {
            Self(self.0.query_param_missing("pageSize"))
        }
    }
}
pub struct ListVideoChaptersThen(::httpmock::Then);
impl ListVideoChaptersThen {
    pub fn new(inner: ::httpmock::Then) -> Self {
        Self(inner)
    }
    pub fn into_inner(self) -> ::httpmock::Then {
        self.0
    }
    pub fn ok(self, value: &::apivideo_core::wire::Object<types::ChaptersPage>) -> Self {
        Self(
            self
                .0
                .status(200u16)
                .header("content-type", "application/json")
                .json_body_obj(value),
        )
    }
}
