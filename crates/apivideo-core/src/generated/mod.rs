// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types;
#[derive(Clone, Debug)]
/**Client for api.video viewing statistics

Viewing statistics: the sessions of a video or a live stream, the events of a session, the lists of videos and live
streams, the chapters of videos, and the aggregates that replace raw statistics.

Raw statistics (the three operations under `/analytics`) were removed from the service's published description in
September 2023. A service without them responds with status 404 and the title "Unrecognized request URL.".


Version: 1*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::Inner,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new(baseurl: &str, inner: crate::Inner) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap(), inner)
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::Inner,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::Inner> for Client {
    fn api_version() -> &'static str {
        "1"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::Inner {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::Inner>,
    {}
};
impl Client {
    /**List the sessions of a live stream

Sessions of one period in ascending order of time, the newest last.

Sends a `GET` request to `/analytics/live-streams/{liveStreamId}`

Arguments:
- `live_stream_id`: The id of the live stream
- `current_page`: The page number, starting at 1
- `page_size`: The maximum number of items per page
- `period`: The period: a day (`2018-01-01`), an ISO week (`2018-W01`), a month (`2018-01`), a year (`2018`), or
an inclusive range of days (`2018-01-01/2018-01-15`). Required.

```ignore
let response = client.list_live_stream_sessions()
    .live_stream_id(live_stream_id)
    .current_page(current_page)
    .page_size(page_size)
    .period(period)
    .send()
    .await;
```*/
    pub fn list_live_stream_sessions(&self) -> builder::ListLiveStreamSessions<'_> {
        builder::ListLiveStreamSessions::new(self)
    }
    /**List the events of a session

Events in ascending order of time, at a resolution of one second; several may share a second.

Sends a `GET` request to `/analytics/sessions/{sessionId}/events`

Arguments:
- `session_id`: The id of the session
- `current_page`: The page number, starting at 1
- `page_size`: The maximum number of items per page
```ignore
let response = client.list_session_events()
    .session_id(session_id)
    .current_page(current_page)
    .page_size(page_size)
    .send()
    .await;
```*/
    pub fn list_session_events(&self) -> builder::ListSessionEvents<'_> {
        builder::ListSessionEvents::new(self)
    }
    /**List the sessions of a video

Sessions of one period in ascending order of time, the newest last.

Sends a `GET` request to `/analytics/videos/{videoId}`

Arguments:
- `video_id`: The id of the video
- `current_page`: The page number, starting at 1
- `metadata`: A pair for each key, as in `metadata[hats]=green`. Values are compared exactly, and all pairs must match.

- `page_size`: The maximum number of items per page
- `period`: The period: a day (`2018-01-01`), an ISO week (`2018-W01`), a month (`2018-01`), a year (`2018`), or
an inclusive range of days (`2018-01-01/2018-01-15`). Required.

```ignore
let response = client.list_video_sessions()
    .video_id(video_id)
    .current_page(current_page)
    .metadata(metadata)
    .page_size(page_size)
    .period(period)
    .send()
    .await;
```*/
    pub fn list_video_sessions(&self) -> builder::ListVideoSessions<'_> {
        builder::ListVideoSessions::new(self)
    }
    /**Exchange an API key for tokens

Not counted against the rate limit.

Sends a `POST` request to `/auth/api-key`

```ignore
let response = client.create_access_token()
    .body(body)
    .send()
    .await;
```*/
    pub fn create_access_token(&self) -> builder::CreateAccessToken<'_> {
        builder::CreateAccessToken::new(self)
    }
    /**Exchange a refresh token for new tokens

The response contains a new refresh token, which replaces the one that was sent. Not counted against the rate
limit.


Sends a `POST` request to `/auth/refresh`

```ignore
let response = client.refresh_access_token()
    .body(body)
    .send()
    .await;
```*/
    pub fn refresh_access_token(&self) -> builder::RefreshAccessToken<'_> {
        builder::RefreshAccessToken::new(self)
    }
    /**A metric broken down by a dimension

Returns one number for each value of the dimension, such as the plays of each country.

Sends a `GET` request to `/data/buckets/{metric}/{breakdown}`

Arguments:
- `metric`: The metric. `play-total` can be broken down by media id only
- `breakdown`: The dimension
- `current_page`: The page number, starting at 1
- `filter_by_browser`: Browsers
- `filter_by_continent`: Two-letter continent codes
- `filter_by_country`: Two-letter country codes of ISO 3166-1
- `filter_by_device_type`: Device types
- `filter_by_media_id`: Ids of videos or live streams
- `filter_by_media_type`: The type of media, videos or live streams
- `filter_by_operating_system`: Operating systems
- `filter_by_referrer`: Exact URLs of pages. An empty string matches sessions without a referrer
- `filter_by_tag`: A tag of the video, case-sensitive
- `from`: The start of the timeframe, at most 30 days ago. Defaults to one day before its end
- `page_size`: The maximum number of items per page
- `sort_by`: The sort key of the list
- `sort_order`: The sort direction
- `to`: The end of the timeframe, exclusive. Defaults to now
- `unique`: Counts each viewer once per day. Only for the metrics ccv and view
- `view_duration`: The minimum watch time that counts as a view. Only for the metric view
```ignore
let response = client.list_buckets()
    .metric(metric)
    .breakdown(breakdown)
    .current_page(current_page)
    .filter_by_browser(filter_by_browser)
    .filter_by_continent(filter_by_continent)
    .filter_by_country(filter_by_country)
    .filter_by_device_type(filter_by_device_type)
    .filter_by_media_id(filter_by_media_id)
    .filter_by_media_type(filter_by_media_type)
    .filter_by_operating_system(filter_by_operating_system)
    .filter_by_referrer(filter_by_referrer)
    .filter_by_tag(filter_by_tag)
    .from(from)
    .page_size(page_size)
    .sort_by(sort_by)
    .sort_order(sort_order)
    .to(to)
    .unique(unique)
    .view_duration(view_duration)
    .send()
    .await;
```*/
    pub fn list_buckets(&self) -> builder::ListBuckets<'_> {
        builder::ListBuckets::new(self)
    }
    /**One number over a timeframe

Not every metric supports every aggregation: `play` supports count, rate and total; `start`, `end`, `impression`
and `view` support count; `impression-time` (milliseconds) and `watch-time` (seconds) support average and sum;
`ccv` supports peak and live (the last 20 seconds). The timeframe is ignored for the total of `play`, which can be filtered
by media id and media type only.


Sends a `GET` request to `/data/metrics/{metric}/{aggregation}`

Arguments:
- `metric`: The metric
- `aggregation`: The aggregation
- `filter_by_browser`: Browsers
- `filter_by_continent`: Two-letter continent codes
- `filter_by_country`: Two-letter country codes of ISO 3166-1
- `filter_by_device_type`: Device types
- `filter_by_media_id`: Ids of videos or live streams
- `filter_by_media_type`: The type of media, videos or live streams
- `filter_by_operating_system`: Operating systems
- `filter_by_referrer`: Exact URLs of pages. An empty string matches sessions without a referrer
- `filter_by_tag`: A tag of the video, case-sensitive
- `from`: The start of the timeframe, at most 30 days ago. Defaults to one day before its end
- `to`: The end of the timeframe, exclusive. Defaults to now
- `unique`: Counts each viewer once per day. Only for the metrics ccv and view
- `view_duration`: The minimum watch time that counts as a view. Only for the metric view
```ignore
let response = client.get_metric()
    .metric(metric)
    .aggregation(aggregation)
    .filter_by_browser(filter_by_browser)
    .filter_by_continent(filter_by_continent)
    .filter_by_country(filter_by_country)
    .filter_by_device_type(filter_by_device_type)
    .filter_by_media_id(filter_by_media_id)
    .filter_by_media_type(filter_by_media_type)
    .filter_by_operating_system(filter_by_operating_system)
    .filter_by_referrer(filter_by_referrer)
    .filter_by_tag(filter_by_tag)
    .from(from)
    .to(to)
    .unique(unique)
    .view_duration(view_duration)
    .send()
    .await;
```*/
    pub fn get_metric(&self) -> builder::GetMetric<'_> {
        builder::GetMetric::new(self)
    }
    /**A metric over time

Returns one number for each interval of the timeframe, such as the plays of each hour.

Sends a `GET` request to `/data/timeseries/{metric}`

Arguments:
- `metric`: The metric
- `current_page`: The page number, starting at 1
- `filter_by_browser`: Browsers
- `filter_by_continent`: Two-letter continent codes
- `filter_by_country`: Two-letter country codes of ISO 3166-1
- `filter_by_device_type`: Device types
- `filter_by_media_id`: Ids of videos or live streams
- `filter_by_media_type`: The type of media, videos or live streams
- `filter_by_operating_system`: Operating systems
- `filter_by_referrer`: Exact URLs of pages. An empty string matches sessions without a referrer
- `filter_by_tag`: A tag of the video, case-sensitive
- `from`: The start of the timeframe, at most 30 days ago. Defaults to one day before its end
- `interval`: The interval. `minute` requires a timeframe of at most 60 minutes. Defaults to hours for a timeframe of up to
two days, and to days above.

- `page_size`: The maximum number of items per page
- `sort_by`: The sort key of the list
- `sort_order`: The sort direction
- `to`: The end of the timeframe, exclusive. Defaults to now
- `unique`: Counts each viewer once per day. Only for the metrics ccv and view
- `view_duration`: The minimum watch time that counts as a view. Only for the metric view
```ignore
let response = client.list_timeseries()
    .metric(metric)
    .current_page(current_page)
    .filter_by_browser(filter_by_browser)
    .filter_by_continent(filter_by_continent)
    .filter_by_country(filter_by_country)
    .filter_by_device_type(filter_by_device_type)
    .filter_by_media_id(filter_by_media_id)
    .filter_by_media_type(filter_by_media_type)
    .filter_by_operating_system(filter_by_operating_system)
    .filter_by_referrer(filter_by_referrer)
    .filter_by_tag(filter_by_tag)
    .from(from)
    .interval(interval)
    .page_size(page_size)
    .sort_by(sort_by)
    .sort_order(sort_order)
    .to(to)
    .unique(unique)
    .view_duration(view_duration)
    .send()
    .await;
```*/
    pub fn list_timeseries(&self) -> builder::ListTimeseries<'_> {
        builder::ListTimeseries::new(self)
    }
    /**List the live streams of the project

All filters must match.

Sends a `GET` request to `/live-streams`

Arguments:
- `current_page`: The page number, starting at 1
- `name`: Live streams whose name contains this text
- `page_size`: The maximum number of items per page
- `sort_by`: The sort key of the list
- `sort_order`: The sort direction
- `stream_key`: The live stream with this stream key
```ignore
let response = client.list_live_streams()
    .current_page(current_page)
    .name(name)
    .page_size(page_size)
    .sort_by(sort_by)
    .sort_order(sort_order)
    .stream_key(stream_key)
    .send()
    .await;
```*/
    pub fn list_live_streams(&self) -> builder::ListLiveStreams<'_> {
        builder::ListLiveStreams::new(self)
    }
    /**Look up one live stream

Returns the properties of the live stream. Its statistics are in its sessions.

Sends a `GET` request to `/live-streams/{liveStreamId}`

Arguments:
- `live_stream_id`: The id of the live stream
```ignore
let response = client.get_live_stream()
    .live_stream_id(live_stream_id)
    .send()
    .await;
```*/
    pub fn get_live_stream(&self) -> builder::GetLiveStream<'_> {
        builder::GetLiveStream::new(self)
    }
    /**List the videos of the project

All filters must match. The default order is by creation date.

Sends a `GET` request to `/videos`

Arguments:
- `current_page`: The page number, starting at 1
- `description`: Videos whose description contains this text
- `live_stream_id`: Videos recorded from this live stream
- `metadata`: A pair for each key, as in `metadata[hats]=green`. Values are compared exactly, and all pairs must match.

- `page_size`: The maximum number of items per page
- `sort_by`: The sort key of the list
- `sort_order`: The sort direction
- `tags`: Videos that have all of these tags
- `title`: Videos whose title contains this text
```ignore
let response = client.list_videos()
    .current_page(current_page)
    .description(description)
    .live_stream_id(live_stream_id)
    .metadata(metadata)
    .page_size(page_size)
    .sort_by(sort_by)
    .sort_order(sort_order)
    .tags(tags)
    .title(title)
    .send()
    .await;
```*/
    pub fn list_videos(&self) -> builder::ListVideos<'_> {
        builder::ListVideos::new(self)
    }
    /**Look up one video

Returns the properties of the video. Its statistics are in its sessions.

Sends a `GET` request to `/videos/{videoId}`

Arguments:
- `video_id`: The id of the video
```ignore
let response = client.get_video()
    .video_id(video_id)
    .send()
    .await;
```*/
    pub fn get_video(&self) -> builder::GetVideo<'_> {
        builder::GetVideo::new(self)
    }
    /**List the chapters of a video

One item for each language. The chapters are in a WebVTT file, whose URL is in the item.

Sends a `GET` request to `/videos/{videoId}/chapters`

Arguments:
- `video_id`: The id of the video
- `current_page`: The page number, starting at 1
- `page_size`: The maximum number of items per page
```ignore
let response = client.list_video_chapters()
    .video_id(video_id)
    .current_page(current_page)
    .page_size(page_size)
    .send()
    .await;
```*/
    pub fn list_video_chapters(&self) -> builder::ListVideoChapters<'_> {
        builder::ListVideoChapters::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder;
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
