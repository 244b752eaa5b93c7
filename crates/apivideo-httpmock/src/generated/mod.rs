// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

pub mod operations;
/// An extension trait for [`MockServer`](::httpmock::MockServer) that
/// adds a method for each operation. These are the equivalent of
/// type-checked [`mock()`](::httpmock::MockServer::mock) calls.
pub trait MockServerExt: crate::sealed::Sealed {
    fn list_live_stream_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListLiveStreamSessionsWhen,
            operations::ListLiveStreamSessionsThen,
        );
    fn list_session_events<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListSessionEventsWhen, operations::ListSessionEventsThen);
    fn list_video_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideoSessionsWhen, operations::ListVideoSessionsThen);
    fn create_access_token<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateAccessTokenWhen, operations::CreateAccessTokenThen);
    fn refresh_access_token<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::RefreshAccessTokenWhen,
            operations::RefreshAccessTokenThen,
        );
    fn list_buckets<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListBucketsWhen, operations::ListBucketsThen);
    fn get_metric<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetMetricWhen, operations::GetMetricThen);
    fn list_timeseries<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListTimeseriesWhen, operations::ListTimeseriesThen);
    fn list_live_streams<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListLiveStreamsWhen, operations::ListLiveStreamsThen);
    fn get_live_stream<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetLiveStreamWhen, operations::GetLiveStreamThen);
    fn list_videos<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideosWhen, operations::ListVideosThen);
    fn get_video<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetVideoWhen, operations::GetVideoThen);
    fn list_video_chapters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideoChaptersWhen, operations::ListVideoChaptersThen);
}
impl MockServerExt for ::httpmock::MockServer {
    fn list_live_stream_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::ListLiveStreamSessionsWhen,
            operations::ListLiveStreamSessionsThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListLiveStreamSessionsWhen::new(when),
                operations::ListLiveStreamSessionsThen::new(then),
            )
        })
    }
    fn list_session_events<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListSessionEventsWhen, operations::ListSessionEventsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListSessionEventsWhen::new(when),
                operations::ListSessionEventsThen::new(then),
            )
        })
    }
    fn list_video_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideoSessionsWhen, operations::ListVideoSessionsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListVideoSessionsWhen::new(when),
                operations::ListVideoSessionsThen::new(then),
            )
        })
    }
    fn create_access_token<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::CreateAccessTokenWhen, operations::CreateAccessTokenThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::CreateAccessTokenWhen::new(when),
                operations::CreateAccessTokenThen::new(then),
            )
        })
    }
    fn refresh_access_token<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::RefreshAccessTokenWhen,
            operations::RefreshAccessTokenThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::RefreshAccessTokenWhen::new(when),
                operations::RefreshAccessTokenThen::new(then),
            )
        })
    }
    fn list_buckets<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListBucketsWhen, operations::ListBucketsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListBucketsWhen::new(when),
                operations::ListBucketsThen::new(then),
            )
        })
    }
    fn get_metric<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetMetricWhen, operations::GetMetricThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetMetricWhen::new(when),
                operations::GetMetricThen::new(then),
            )
        })
    }
    fn list_timeseries<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListTimeseriesWhen, operations::ListTimeseriesThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListTimeseriesWhen::new(when),
                operations::ListTimeseriesThen::new(then),
            )
        })
    }
    fn list_live_streams<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListLiveStreamsWhen, operations::ListLiveStreamsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListLiveStreamsWhen::new(when),
                operations::ListLiveStreamsThen::new(then),
            )
        })
    }
    fn get_live_stream<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetLiveStreamWhen, operations::GetLiveStreamThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetLiveStreamWhen::new(when),
                operations::GetLiveStreamThen::new(then),
            )
        })
    }
    fn list_videos<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideosWhen, operations::ListVideosThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListVideosWhen::new(when),
                operations::ListVideosThen::new(then),
            )
        })
    }
    fn get_video<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetVideoWhen, operations::GetVideoThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetVideoWhen::new(when),
                operations::GetVideoThen::new(then),
            )
        })
    }
    fn list_video_chapters<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListVideoChaptersWhen, operations::ListVideoChaptersThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListVideoChaptersWhen::new(when),
                operations::ListVideoChaptersThen::new(then),
            )
        })
    }
}
