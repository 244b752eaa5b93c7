// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

use super::types;
#[allow(unused_imports)]
use super::{
    encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
    RequestBuilderExt, ResponseValue,
};
/**Builder for [`Client::list_live_stream_sessions`]

[`Client::list_live_stream_sessions`]: super::Client::list_live_stream_sessions*/
#[derive(Debug, Clone)]
pub struct ListLiveStreamSessions<'a> {
    client: &'a super::Client,
    live_stream_id: Result<::std::string::String, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    period: Result<::std::string::String, String>,
}
impl<'a> ListLiveStreamSessions<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            live_stream_id: Err("live_stream_id was not initialized".to_string()),
            current_page: Ok(None),
            page_size: Ok(None),
            period: Err("period was not initialized".to_string()),
        }
    }
    pub fn live_stream_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.live_stream_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for live_stream_id failed"
                    .to_string()
            });
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn period<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.period = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for period failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/analytics/live-streams/{liveStreamId}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::SessionPage>>,
        Error<()>,
    > {
        let Self { client, live_stream_id, current_page, page_size, period } = self;
        let live_stream_id = live_stream_id.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let period = period.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/analytics/live-streams/{}", client.baseurl, encode_path(& live_stream_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("period", &period))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_live_stream_sessions",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_session_events`]

[`Client::list_session_events`]: super::Client::list_session_events*/
#[derive(Debug, Clone)]
pub struct ListSessionEvents<'a> {
    client: &'a super::Client,
    session_id: Result<::std::string::String, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
}
impl<'a> ListSessionEvents<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            session_id: Err("session_id was not initialized".to_string()),
            current_page: Ok(None),
            page_size: Ok(None),
        }
    }
    pub fn session_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.session_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for session_id failed"
                    .to_string()
            });
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/analytics/sessions/{sessionId}/events`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::EventPage>>,
        Error<()>,
    > {
        let Self { client, session_id, current_page, page_size } = self;
        let session_id = session_id.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/analytics/sessions/{}/events", client.baseurl, encode_path(& session_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_session_events",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_video_sessions`]

[`Client::list_video_sessions`]: super::Client::list_video_sessions*/
#[derive(Debug, Clone)]
pub struct ListVideoSessions<'a> {
    client: &'a super::Client,
    video_id: Result<::std::string::String, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    metadata: Result<Option<::apivideo_core::wire::MetadataFilter>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    period: Result<::std::string::String, String>,
}
impl<'a> ListVideoSessions<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            video_id: Err("video_id was not initialized".to_string()),
            current_page: Ok(None),
            metadata: Ok(None),
            page_size: Ok(None),
            period: Err("period was not initialized".to_string()),
        }
    }
    pub fn video_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.video_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for video_id failed"
                    .to_string()
            });
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn metadata<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::MetadataFilter>,
    {
        self.metadata = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: MetadataFilter` for metadata failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn period<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.period = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for period failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/analytics/videos/{videoId}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::SessionPage>>,
        Error<()>,
    > {
        let Self { client, video_id, current_page, metadata, page_size, period } = self;
        let video_id = video_id.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let metadata = metadata.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let period = period.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/analytics/videos/{}", client.baseurl, encode_path(& video_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("metadata", &metadata))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("period", &period))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_video_sessions",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::create_access_token`]

[`Client::create_access_token`]: super::Client::create_access_token*/
#[derive(Debug, Clone)]
pub struct CreateAccessToken<'a> {
    client: &'a super::Client,
    body: Result<types::builder::ApiKeyCredentials, String>,
}
impl<'a> CreateAccessToken<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            body: Ok(::std::default::Default::default()),
        }
    }
    pub fn body<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::ApiKeyCredentials>,
        <V as std::convert::TryInto<types::ApiKeyCredentials>>::Error: std::fmt::Display,
    {
        self.body = value
            .try_into()
            .map(From::from)
            .map_err(|s| {
                format!("conversion to `ApiKeyCredentials` for body failed: {}", s)
            });
        self
    }
    pub fn body_map<F>(mut self, f: F) -> Self
    where
        F: std::ops::FnOnce(
            types::builder::ApiKeyCredentials,
        ) -> types::builder::ApiKeyCredentials,
    {
        self.body = self.body.map(f);
        self
    }
    ///Sends a `POST` request to `/auth/api-key`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::AccessToken>>,
        Error<()>,
    > {
        let Self { client, body } = self;
        let body = body
            .and_then(|v| {
                types::ApiKeyCredentials::try_from(v).map_err(|e| e.to_string())
            })
            .map_err(Error::InvalidRequest)?;
        let url = format!("{}/auth/api-key", client.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "create_access_token",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::refresh_access_token`]

[`Client::refresh_access_token`]: super::Client::refresh_access_token*/
#[derive(Debug, Clone)]
pub struct RefreshAccessToken<'a> {
    client: &'a super::Client,
    body: Result<types::builder::RefreshCredentials, String>,
}
impl<'a> RefreshAccessToken<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            body: Ok(::std::default::Default::default()),
        }
    }
    pub fn body<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::RefreshCredentials>,
        <V as std::convert::TryInto<
            types::RefreshCredentials,
        >>::Error: std::fmt::Display,
    {
        self.body = value
            .try_into()
            .map(From::from)
            .map_err(|s| {
                format!("conversion to `RefreshCredentials` for body failed: {}", s)
            });
        self
    }
    pub fn body_map<F>(mut self, f: F) -> Self
    where
        F: std::ops::FnOnce(
            types::builder::RefreshCredentials,
        ) -> types::builder::RefreshCredentials,
    {
        self.body = self.body.map(f);
        self
    }
    ///Sends a `POST` request to `/auth/refresh`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::AccessToken>>,
        Error<()>,
    > {
        let Self { client, body } = self;
        let body = body
            .and_then(|v| {
                types::RefreshCredentials::try_from(v).map_err(|e| e.to_string())
            })
            .map_err(Error::InvalidRequest)?;
        let url = format!("{}/auth/refresh", client.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "refresh_access_token",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_buckets`]

[`Client::list_buckets`]: super::Client::list_buckets*/
#[derive(Debug, Clone)]
pub struct ListBuckets<'a> {
    client: &'a super::Client,
    metric: Result<types::BucketMetric, String>,
    breakdown: Result<types::Breakdown, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    filter_by_browser: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_continent: Result<Option<::std::vec::Vec<types::Continent>>, String>,
    filter_by_country: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_device_type: Result<Option<::std::vec::Vec<types::DeviceType>>, String>,
    filter_by_media_id: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_media_type: Result<Option<types::MediaType>, String>,
    filter_by_operating_system: Result<
        Option<::std::vec::Vec<::std::string::String>>,
        String,
    >,
    filter_by_referrer: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_tag: Result<Option<::std::string::String>, String>,
    from: Result<Option<::apivideo_core::wire::DateTime>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    sort_by: Result<Option<types::BucketOrder>, String>,
    sort_order: Result<Option<types::SortOrder>, String>,
    to: Result<Option<::apivideo_core::wire::DateTime>, String>,
    unique: Result<Option<bool>, String>,
    view_duration: Result<Option<types::ViewDuration>, String>,
}
impl<'a> ListBuckets<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            metric: Err("metric was not initialized".to_string()),
            breakdown: Err("breakdown was not initialized".to_string()),
            current_page: Ok(None),
            filter_by_browser: Ok(None),
            filter_by_continent: Ok(None),
            filter_by_country: Ok(None),
            filter_by_device_type: Ok(None),
            filter_by_media_id: Ok(None),
            filter_by_media_type: Ok(None),
            filter_by_operating_system: Ok(None),
            filter_by_referrer: Ok(None),
            filter_by_tag: Ok(None),
            from: Ok(None),
            page_size: Ok(None),
            sort_by: Ok(None),
            sort_order: Ok(None),
            to: Ok(None),
            unique: Ok(None),
            view_duration: Ok(None),
        }
    }
    pub fn metric<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::BucketMetric>,
    {
        self.metric = value
            .try_into()
            .map_err(|_| "conversion to `BucketMetric` for metric failed".to_string());
        self
    }
    pub fn breakdown<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::Breakdown>,
    {
        self.breakdown = value
            .try_into()
            .map_err(|_| "conversion to `Breakdown` for breakdown failed".to_string());
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_browser<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_browser = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_browser failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_continent<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::Continent>>,
    {
        self.filter_by_continent = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < Continent >` for filter_by_continent failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_country<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_country = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_country failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_device_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::DeviceType>>,
    {
        self.filter_by_device_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < DeviceType >` for filter_by_device_type failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_media_id = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_media_id failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::MediaType>,
    {
        self.filter_by_media_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `MediaType` for filter_by_media_type failed".to_string()
            });
        self
    }
    pub fn filter_by_operating_system<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_operating_system = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_operating_system failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_referrer<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_referrer = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_referrer failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_tag<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.filter_by_tag = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for filter_by_tag failed"
                    .to_string()
            });
        self
    }
    pub fn from<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.from = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for from failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn sort_by<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::BucketOrder>,
    {
        self.sort_by = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `BucketOrder` for sort_by failed".to_string());
        self
    }
    pub fn sort_order<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::SortOrder>,
    {
        self.sort_order = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `SortOrder` for sort_order failed".to_string());
        self
    }
    pub fn to<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.to = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for to failed"
                    .to_string()
            });
        self
    }
    pub fn unique<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<bool>,
    {
        self.unique = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `bool` for unique failed".to_string());
        self
    }
    pub fn view_duration<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::ViewDuration>,
    {
        self.view_duration = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `ViewDuration` for view_duration failed".to_string()
            });
        self
    }
    ///Sends a `GET` request to `/data/buckets/{metric}/{breakdown}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::BucketPage>>,
        Error<()>,
    > {
        let Self {
            client,
            metric,
            breakdown,
            current_page,
            filter_by_browser,
            filter_by_continent,
            filter_by_country,
            filter_by_device_type,
            filter_by_media_id,
            filter_by_media_type,
            filter_by_operating_system,
            filter_by_referrer,
            filter_by_tag,
            from,
            page_size,
            sort_by,
            sort_order,
            to,
            unique,
            view_duration,
        } = self;
        let metric = metric.map_err(Error::InvalidRequest)?;
        let breakdown = breakdown.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let filter_by_browser = filter_by_browser.map_err(Error::InvalidRequest)?;
        let filter_by_continent = filter_by_continent.map_err(Error::InvalidRequest)?;
        let filter_by_country = filter_by_country.map_err(Error::InvalidRequest)?;
        let filter_by_device_type = filter_by_device_type
            .map_err(Error::InvalidRequest)?;
        let filter_by_media_id = filter_by_media_id.map_err(Error::InvalidRequest)?;
        let filter_by_media_type = filter_by_media_type.map_err(Error::InvalidRequest)?;
        let filter_by_operating_system = filter_by_operating_system
            .map_err(Error::InvalidRequest)?;
        let filter_by_referrer = filter_by_referrer.map_err(Error::InvalidRequest)?;
        let filter_by_tag = filter_by_tag.map_err(Error::InvalidRequest)?;
        let from = from.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let sort_by = sort_by.map_err(Error::InvalidRequest)?;
        let sort_order = sort_order.map_err(Error::InvalidRequest)?;
        let to = to.map_err(Error::InvalidRequest)?;
        let unique = unique.map_err(Error::InvalidRequest)?;
        let view_duration = view_duration.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/data/buckets/{}/{}", client.baseurl, encode_path(& metric.to_string()),
            encode_path(& breakdown.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[browser][]",
                    &filter_by_browser,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[continent][]",
                    &filter_by_continent,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[country][]",
                    &filter_by_country,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[deviceType][]",
                    &filter_by_device_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaId][]",
                    &filter_by_media_id,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaType]",
                    &filter_by_media_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[operatingSystem][]",
                    &filter_by_operating_system,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[referrer][]",
                    &filter_by_referrer,
                ),
            )
            .query(&progenitor_client::QueryParam::new("filterBy[tag]", &filter_by_tag))
            .query(&progenitor_client::QueryParam::new("from", &from))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("sortBy", &sort_by))
            .query(&progenitor_client::QueryParam::new("sortOrder", &sort_order))
            .query(&progenitor_client::QueryParam::new("to", &to))
            .query(&progenitor_client::QueryParam::new("unique", &unique))
            .query(&progenitor_client::QueryParam::new("viewDuration", &view_duration))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_buckets",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::get_metric`]

[`Client::get_metric`]: super::Client::get_metric*/
#[derive(Debug, Clone)]
pub struct GetMetric<'a> {
    client: &'a super::Client,
    metric: Result<types::Metric, String>,
    aggregation: Result<types::Aggregation, String>,
    filter_by_browser: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_continent: Result<Option<::std::vec::Vec<types::Continent>>, String>,
    filter_by_country: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_device_type: Result<Option<::std::vec::Vec<types::DeviceType>>, String>,
    filter_by_media_id: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_media_type: Result<Option<types::MediaType>, String>,
    filter_by_operating_system: Result<
        Option<::std::vec::Vec<::std::string::String>>,
        String,
    >,
    filter_by_referrer: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_tag: Result<Option<::std::string::String>, String>,
    from: Result<Option<::apivideo_core::wire::DateTime>, String>,
    to: Result<Option<::apivideo_core::wire::DateTime>, String>,
    unique: Result<Option<bool>, String>,
    view_duration: Result<Option<types::ViewDuration>, String>,
}
impl<'a> GetMetric<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            metric: Err("metric was not initialized".to_string()),
            aggregation: Err("aggregation was not initialized".to_string()),
            filter_by_browser: Ok(None),
            filter_by_continent: Ok(None),
            filter_by_country: Ok(None),
            filter_by_device_type: Ok(None),
            filter_by_media_id: Ok(None),
            filter_by_media_type: Ok(None),
            filter_by_operating_system: Ok(None),
            filter_by_referrer: Ok(None),
            filter_by_tag: Ok(None),
            from: Ok(None),
            to: Ok(None),
            unique: Ok(None),
            view_duration: Ok(None),
        }
    }
    pub fn metric<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::Metric>,
    {
        self.metric = value
            .try_into()
            .map_err(|_| "conversion to `Metric` for metric failed".to_string());
        self
    }
    pub fn aggregation<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::Aggregation>,
    {
        self.aggregation = value
            .try_into()
            .map_err(|_| {
                "conversion to `Aggregation` for aggregation failed".to_string()
            });
        self
    }
    pub fn filter_by_browser<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_browser = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_browser failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_continent<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::Continent>>,
    {
        self.filter_by_continent = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < Continent >` for filter_by_continent failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_country<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_country = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_country failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_device_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::DeviceType>>,
    {
        self.filter_by_device_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < DeviceType >` for filter_by_device_type failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_media_id = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_media_id failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::MediaType>,
    {
        self.filter_by_media_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `MediaType` for filter_by_media_type failed".to_string()
            });
        self
    }
    pub fn filter_by_operating_system<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_operating_system = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_operating_system failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_referrer<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_referrer = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_referrer failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_tag<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.filter_by_tag = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for filter_by_tag failed"
                    .to_string()
            });
        self
    }
    pub fn from<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.from = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for from failed"
                    .to_string()
            });
        self
    }
    pub fn to<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.to = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for to failed"
                    .to_string()
            });
        self
    }
    pub fn unique<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<bool>,
    {
        self.unique = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `bool` for unique failed".to_string());
        self
    }
    pub fn view_duration<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::ViewDuration>,
    {
        self.view_duration = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `ViewDuration` for view_duration failed".to_string()
            });
        self
    }
    ///Sends a `GET` request to `/data/metrics/{metric}/{aggregation}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::MetricResponse>>,
        Error<()>,
    > {
        let Self {
            client,
            metric,
            aggregation,
            filter_by_browser,
            filter_by_continent,
            filter_by_country,
            filter_by_device_type,
            filter_by_media_id,
            filter_by_media_type,
            filter_by_operating_system,
            filter_by_referrer,
            filter_by_tag,
            from,
            to,
            unique,
            view_duration,
        } = self;
        let metric = metric.map_err(Error::InvalidRequest)?;
        let aggregation = aggregation.map_err(Error::InvalidRequest)?;
        let filter_by_browser = filter_by_browser.map_err(Error::InvalidRequest)?;
        let filter_by_continent = filter_by_continent.map_err(Error::InvalidRequest)?;
        let filter_by_country = filter_by_country.map_err(Error::InvalidRequest)?;
        let filter_by_device_type = filter_by_device_type
            .map_err(Error::InvalidRequest)?;
        let filter_by_media_id = filter_by_media_id.map_err(Error::InvalidRequest)?;
        let filter_by_media_type = filter_by_media_type.map_err(Error::InvalidRequest)?;
        let filter_by_operating_system = filter_by_operating_system
            .map_err(Error::InvalidRequest)?;
        let filter_by_referrer = filter_by_referrer.map_err(Error::InvalidRequest)?;
        let filter_by_tag = filter_by_tag.map_err(Error::InvalidRequest)?;
        let from = from.map_err(Error::InvalidRequest)?;
        let to = to.map_err(Error::InvalidRequest)?;
        let unique = unique.map_err(Error::InvalidRequest)?;
        let view_duration = view_duration.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/data/metrics/{}/{}", client.baseurl, encode_path(& metric.to_string()),
            encode_path(& aggregation.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[browser][]",
                    &filter_by_browser,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[continent][]",
                    &filter_by_continent,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[country][]",
                    &filter_by_country,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[deviceType][]",
                    &filter_by_device_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaId][]",
                    &filter_by_media_id,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaType]",
                    &filter_by_media_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[operatingSystem][]",
                    &filter_by_operating_system,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[referrer][]",
                    &filter_by_referrer,
                ),
            )
            .query(&progenitor_client::QueryParam::new("filterBy[tag]", &filter_by_tag))
            .query(&progenitor_client::QueryParam::new("from", &from))
            .query(&progenitor_client::QueryParam::new("to", &to))
            .query(&progenitor_client::QueryParam::new("unique", &unique))
            .query(&progenitor_client::QueryParam::new("viewDuration", &view_duration))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_metric",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_timeseries`]

[`Client::list_timeseries`]: super::Client::list_timeseries*/
#[derive(Debug, Clone)]
pub struct ListTimeseries<'a> {
    client: &'a super::Client,
    metric: Result<types::TimeseriesMetric, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    filter_by_browser: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_continent: Result<Option<::std::vec::Vec<types::Continent>>, String>,
    filter_by_country: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_device_type: Result<Option<::std::vec::Vec<types::DeviceType>>, String>,
    filter_by_media_id: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_media_type: Result<Option<types::MediaType>, String>,
    filter_by_operating_system: Result<
        Option<::std::vec::Vec<::std::string::String>>,
        String,
    >,
    filter_by_referrer: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    filter_by_tag: Result<Option<::std::string::String>, String>,
    from: Result<Option<::apivideo_core::wire::DateTime>, String>,
    interval: Result<Option<types::Interval>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    sort_by: Result<Option<types::TimeseriesOrder>, String>,
    sort_order: Result<Option<types::SortOrder>, String>,
    to: Result<Option<::apivideo_core::wire::DateTime>, String>,
    unique: Result<Option<bool>, String>,
    view_duration: Result<Option<types::ViewDuration>, String>,
}
impl<'a> ListTimeseries<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            metric: Err("metric was not initialized".to_string()),
            current_page: Ok(None),
            filter_by_browser: Ok(None),
            filter_by_continent: Ok(None),
            filter_by_country: Ok(None),
            filter_by_device_type: Ok(None),
            filter_by_media_id: Ok(None),
            filter_by_media_type: Ok(None),
            filter_by_operating_system: Ok(None),
            filter_by_referrer: Ok(None),
            filter_by_tag: Ok(None),
            from: Ok(None),
            interval: Ok(None),
            page_size: Ok(None),
            sort_by: Ok(None),
            sort_order: Ok(None),
            to: Ok(None),
            unique: Ok(None),
            view_duration: Ok(None),
        }
    }
    pub fn metric<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::TimeseriesMetric>,
    {
        self.metric = value
            .try_into()
            .map_err(|_| {
                "conversion to `TimeseriesMetric` for metric failed".to_string()
            });
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_browser<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_browser = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_browser failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_continent<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::Continent>>,
    {
        self.filter_by_continent = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < Continent >` for filter_by_continent failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_country<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_country = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_country failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_device_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<types::DeviceType>>,
    {
        self.filter_by_device_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < DeviceType >` for filter_by_device_type failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_media_id = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_media_id failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_media_type<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::MediaType>,
    {
        self.filter_by_media_type = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `MediaType` for filter_by_media_type failed".to_string()
            });
        self
    }
    pub fn filter_by_operating_system<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_operating_system = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_operating_system failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_referrer<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.filter_by_referrer = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for filter_by_referrer failed"
                    .to_string()
            });
        self
    }
    pub fn filter_by_tag<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.filter_by_tag = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for filter_by_tag failed"
                    .to_string()
            });
        self
    }
    pub fn from<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.from = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for from failed"
                    .to_string()
            });
        self
    }
    pub fn interval<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::Interval>,
    {
        self.interval = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `Interval` for interval failed".to_string());
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn sort_by<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::TimeseriesOrder>,
    {
        self.sort_by = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `TimeseriesOrder` for sort_by failed".to_string()
            });
        self
    }
    pub fn sort_order<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::SortOrder>,
    {
        self.sort_order = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `SortOrder` for sort_order failed".to_string());
        self
    }
    pub fn to<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::DateTime>,
    {
        self.to = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: DateTime` for to failed"
                    .to_string()
            });
        self
    }
    pub fn unique<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<bool>,
    {
        self.unique = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `bool` for unique failed".to_string());
        self
    }
    pub fn view_duration<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::ViewDuration>,
    {
        self.view_duration = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `ViewDuration` for view_duration failed".to_string()
            });
        self
    }
    ///Sends a `GET` request to `/data/timeseries/{metric}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::TimeseriesPage>>,
        Error<()>,
    > {
        let Self {
            client,
            metric,
            current_page,
            filter_by_browser,
            filter_by_continent,
            filter_by_country,
            filter_by_device_type,
            filter_by_media_id,
            filter_by_media_type,
            filter_by_operating_system,
            filter_by_referrer,
            filter_by_tag,
            from,
            interval,
            page_size,
            sort_by,
            sort_order,
            to,
            unique,
            view_duration,
        } = self;
        let metric = metric.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let filter_by_browser = filter_by_browser.map_err(Error::InvalidRequest)?;
        let filter_by_continent = filter_by_continent.map_err(Error::InvalidRequest)?;
        let filter_by_country = filter_by_country.map_err(Error::InvalidRequest)?;
        let filter_by_device_type = filter_by_device_type
            .map_err(Error::InvalidRequest)?;
        let filter_by_media_id = filter_by_media_id.map_err(Error::InvalidRequest)?;
        let filter_by_media_type = filter_by_media_type.map_err(Error::InvalidRequest)?;
        let filter_by_operating_system = filter_by_operating_system
            .map_err(Error::InvalidRequest)?;
        let filter_by_referrer = filter_by_referrer.map_err(Error::InvalidRequest)?;
        let filter_by_tag = filter_by_tag.map_err(Error::InvalidRequest)?;
        let from = from.map_err(Error::InvalidRequest)?;
        let interval = interval.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let sort_by = sort_by.map_err(Error::InvalidRequest)?;
        let sort_order = sort_order.map_err(Error::InvalidRequest)?;
        let to = to.map_err(Error::InvalidRequest)?;
        let unique = unique.map_err(Error::InvalidRequest)?;
        let view_duration = view_duration.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/data/timeseries/{}", client.baseurl, encode_path(& metric.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[browser][]",
                    &filter_by_browser,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[continent][]",
                    &filter_by_continent,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[country][]",
                    &filter_by_country,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[deviceType][]",
                    &filter_by_device_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaId][]",
                    &filter_by_media_id,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[mediaType]",
                    &filter_by_media_type,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[operatingSystem][]",
                    &filter_by_operating_system,
                ),
            )
            .query(
                &progenitor_client::QueryParam::new(
                    "filterBy[referrer][]",
                    &filter_by_referrer,
                ),
            )
            .query(&progenitor_client::QueryParam::new("filterBy[tag]", &filter_by_tag))
            .query(&progenitor_client::QueryParam::new("from", &from))
            .query(&progenitor_client::QueryParam::new("interval", &interval))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("sortBy", &sort_by))
            .query(&progenitor_client::QueryParam::new("sortOrder", &sort_order))
            .query(&progenitor_client::QueryParam::new("to", &to))
            .query(&progenitor_client::QueryParam::new("unique", &unique))
            .query(&progenitor_client::QueryParam::new("viewDuration", &view_duration))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_timeseries",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_live_streams`]

[`Client::list_live_streams`]: super::Client::list_live_streams*/
#[derive(Debug, Clone)]
pub struct ListLiveStreams<'a> {
    client: &'a super::Client,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    name: Result<Option<::std::string::String>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    sort_by: Result<Option<types::LiveStreamOrder>, String>,
    sort_order: Result<Option<types::SortOrder>, String>,
    stream_key: Result<Option<::apivideo_core::wire::Secret>, String>,
}
impl<'a> ListLiveStreams<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            current_page: Ok(None),
            name: Ok(None),
            page_size: Ok(None),
            sort_by: Ok(None),
            sort_order: Ok(None),
            stream_key: Ok(None),
        }
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn name<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.name = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for name failed".to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn sort_by<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::LiveStreamOrder>,
    {
        self.sort_by = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `LiveStreamOrder` for sort_by failed".to_string()
            });
        self
    }
    pub fn sort_order<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::SortOrder>,
    {
        self.sort_order = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `SortOrder` for sort_order failed".to_string());
        self
    }
    pub fn stream_key<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::Secret>,
    {
        self.stream_key = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: Secret` for stream_key failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/live-streams`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::LiveStreamPage>>,
        Error<()>,
    > {
        let Self {
            client,
            current_page,
            name,
            page_size,
            sort_by,
            sort_order,
            stream_key,
        } = self;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let name = name.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let sort_by = sort_by.map_err(Error::InvalidRequest)?;
        let sort_order = sort_order.map_err(Error::InvalidRequest)?;
        let stream_key = stream_key.map_err(Error::InvalidRequest)?;
        let url = format!("{}/live-streams", client.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("name", &name))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("sortBy", &sort_by))
            .query(&progenitor_client::QueryParam::new("sortOrder", &sort_order))
            .query(&progenitor_client::QueryParam::new("streamKey", &stream_key))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_live_streams",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::get_live_stream`]

[`Client::get_live_stream`]: super::Client::get_live_stream*/
#[derive(Debug, Clone)]
pub struct GetLiveStream<'a> {
    client: &'a super::Client,
    live_stream_id: Result<::std::string::String, String>,
}
impl<'a> GetLiveStream<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            live_stream_id: Err("live_stream_id was not initialized".to_string()),
        }
    }
    pub fn live_stream_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.live_stream_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for live_stream_id failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/live-streams/{liveStreamId}`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::LiveStream>>,
        Error<()>,
    > {
        let Self { client, live_stream_id } = self;
        let live_stream_id = live_stream_id.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/live-streams/{}", client.baseurl, encode_path(& live_stream_id
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_live_stream",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_videos`]

[`Client::list_videos`]: super::Client::list_videos*/
#[derive(Debug, Clone)]
pub struct ListVideos<'a> {
    client: &'a super::Client,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    description: Result<Option<::std::string::String>, String>,
    live_stream_id: Result<Option<::std::string::String>, String>,
    metadata: Result<Option<::apivideo_core::wire::MetadataFilter>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
    sort_by: Result<Option<types::VideoOrder>, String>,
    sort_order: Result<Option<types::SortOrder>, String>,
    tags: Result<Option<::std::vec::Vec<::std::string::String>>, String>,
    title: Result<Option<::std::string::String>, String>,
}
impl<'a> ListVideos<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            current_page: Ok(None),
            description: Ok(None),
            live_stream_id: Ok(None),
            metadata: Ok(None),
            page_size: Ok(None),
            sort_by: Ok(None),
            sort_order: Ok(None),
            tags: Ok(None),
            title: Ok(None),
        }
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn description<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.description = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for description failed"
                    .to_string()
            });
        self
    }
    pub fn live_stream_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.live_stream_id = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for live_stream_id failed"
                    .to_string()
            });
        self
    }
    pub fn metadata<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::apivideo_core::wire::MetadataFilter>,
    {
        self.metadata = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: apivideo_core :: wire :: MetadataFilter` for metadata failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    pub fn sort_by<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::VideoOrder>,
    {
        self.sort_by = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `VideoOrder` for sort_by failed".to_string());
        self
    }
    pub fn sort_order<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<types::SortOrder>,
    {
        self.sort_order = value
            .try_into()
            .map(Some)
            .map_err(|_| "conversion to `SortOrder` for sort_order failed".to_string());
        self
    }
    pub fn tags<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
    {
        self.tags = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: vec :: Vec < :: std :: string :: String >` for tags failed"
                    .to_string()
            });
        self
    }
    pub fn title<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.title = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for title failed".to_string()
            });
        self
    }
    ///Sends a `GET` request to `/videos`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::VideoPage>>,
        Error<()>,
    > {
        let Self {
            client,
            current_page,
            description,
            live_stream_id,
            metadata,
            page_size,
            sort_by,
            sort_order,
            tags,
            title,
        } = self;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let description = description.map_err(Error::InvalidRequest)?;
        let live_stream_id = live_stream_id.map_err(Error::InvalidRequest)?;
        let metadata = metadata.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let sort_by = sort_by.map_err(Error::InvalidRequest)?;
        let sort_order = sort_order.map_err(Error::InvalidRequest)?;
        let tags = tags.map_err(Error::InvalidRequest)?;
        let title = title.map_err(Error::InvalidRequest)?;
        let url = format!("{}/videos", client.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("description", &description))
            .query(&progenitor_client::QueryParam::new("liveStreamId", &live_stream_id))
            .query(&progenitor_client::QueryParam::new("metadata", &metadata))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .query(&progenitor_client::QueryParam::new("sortBy", &sort_by))
            .query(&progenitor_client::QueryParam::new("sortOrder", &sort_order))
            .query(&progenitor_client::QueryParam::new("tags[]", &tags))
            .query(&progenitor_client::QueryParam::new("title", &title))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_videos",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::get_video`]

[`Client::get_video`]: super::Client::get_video*/
#[derive(Debug, Clone)]
pub struct GetVideo<'a> {
    client: &'a super::Client,
    video_id: Result<::std::string::String, String>,
}
impl<'a> GetVideo<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            video_id: Err("video_id was not initialized".to_string()),
        }
    }
    pub fn video_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.video_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for video_id failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/videos/{videoId}`
    pub async fn send(
        self,
    ) -> Result<ResponseValue<::apivideo_core::wire::Object<types::Video>>, Error<()>> {
        let Self { client, video_id } = self;
        let video_id = video_id.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/videos/{}", client.baseurl, encode_path(& video_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "get_video",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/**Builder for [`Client::list_video_chapters`]

[`Client::list_video_chapters`]: super::Client::list_video_chapters*/
#[derive(Debug, Clone)]
pub struct ListVideoChapters<'a> {
    client: &'a super::Client,
    video_id: Result<::std::string::String, String>,
    current_page: Result<Option<::std::num::NonZeroU64>, String>,
    page_size: Result<Option<::std::num::NonZeroU64>, String>,
}
impl<'a> ListVideoChapters<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self {
            client: client,
            video_id: Err("video_id was not initialized".to_string()),
            current_page: Ok(None),
            page_size: Ok(None),
        }
    }
    pub fn video_id<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::string::String>,
    {
        self.video_id = value
            .try_into()
            .map_err(|_| {
                "conversion to `:: std :: string :: String` for video_id failed"
                    .to_string()
            });
        self
    }
    pub fn current_page<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.current_page = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for current_page failed"
                    .to_string()
            });
        self
    }
    pub fn page_size<V>(mut self, value: V) -> Self
    where
        V: std::convert::TryInto<::std::num::NonZeroU64>,
    {
        self.page_size = value
            .try_into()
            .map(Some)
            .map_err(|_| {
                "conversion to `:: std :: num :: NonZeroU64` for page_size failed"
                    .to_string()
            });
        self
    }
    ///Sends a `GET` request to `/videos/{videoId}/chapters`
    pub async fn send(
        self,
    ) -> Result<
        ResponseValue<::apivideo_core::wire::Object<types::ChaptersPage>>,
        Error<()>,
    > {
        let Self { client, video_id, current_page, page_size } = self;
        let video_id = video_id.map_err(Error::InvalidRequest)?;
        let current_page = current_page.map_err(Error::InvalidRequest)?;
        let page_size = page_size.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/videos/{}/chapters", client.baseurl, encode_path(& video_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = client
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("currentPage", &current_page))
            .query(&progenitor_client::QueryParam::new("pageSize", &page_size))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_video_chapters",
        };
        let response = client.receive(request, &info).await?;
        match response.status().as_u16() {
            200u16 => crate::response::read(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
