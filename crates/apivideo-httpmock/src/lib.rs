//! Typed httpmock expectations for api.video's statistics.
