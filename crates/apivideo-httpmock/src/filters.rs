//! Hand-written expectations of filters that are a list or a set of pairs.
//!
//! Each method expects one value and can be called several times.

use httpmock::When;

use crate::operations::{
    GetMetricWhen, ListBucketsWhen, ListTimeseriesWhen, ListVideoSessionsWhen, ListVideosWhen,
};
use crate::sealed::Sealed;

/// A generated expectation that can be unwrapped and wrapped again.
trait Wrapper: Sized {
    fn expecting(self, name: &str, value: &str) -> Self;
}

macro_rules! wrappers {
    ($($name:ident)*) => {
        $(impl Wrapper for $name {
            fn expecting(self, name: &str, value: &str) -> Self {
                let when: When = self.into_inner();
                Self::new(when.query_param(name, value))
            }
        })*
    };
}

wrappers! { GetMetricWhen ListBucketsWhen ListTimeseriesWhen ListVideoSessionsWhen ListVideosWhen }

/// Adds the metadata filter to the expectations of operations that support it.
///
/// ```
/// use apivideo_httpmock::MockServerExt;
/// use apivideo_httpmock::filters::MetadataExt;
///
/// let server = httpmock::MockServer::start();
/// server.list_video_sessions(|when, then| {
///     when.metadata("hats", "green").metadata("coats", "blue");
///     then.into_inner().status(404);
/// });
/// ```
pub trait MetadataExt: Sealed + Sized {
    /// Expects the pair `metadata[key]=value`.
    fn metadata(self, key: &str, value: &str) -> Self;
}

macro_rules! metadata {
    ($($name:ident)*) => {
        $(impl MetadataExt for $name {
            fn metadata(self, key: &str, value: &str) -> Self {
                self.expecting(&format!("metadata[{key}]"), value)
            }
        })*
    };
}

metadata! { ListVideoSessionsWhen ListVideosWhen }

/// Adds the tags filter to the expectations of operations that support it.
///
/// ```
/// use apivideo_httpmock::MockServerExt;
/// use apivideo_httpmock::filters::TagsExt;
///
/// let server = httpmock::MockServer::start();
/// server.list_videos(|when, then| {
///     when.tag("maths").tag("physics");
///     then.into_inner().status(404);
/// });
/// ```
pub trait TagsExt: Sealed + Sized {
    /// Expects this tag among `tags[]`.
    fn tag(self, value: &str) -> Self;
}

impl TagsExt for ListVideosWhen {
    fn tag(self, value: &str) -> Self {
        self.expecting("tags[]", value)
    }
}

macro_rules! filters {
    ($($(#[$doc:meta])* $method:ident = $name:literal)*) => {
        /// Adds the list filters to the expectations of aggregates.
        ///
        /// ```
        /// use apivideo_httpmock::MockServerExt;
        /// use apivideo_httpmock::filters::FilterExt;
        ///
        /// let server = httpmock::MockServer::start();
        /// server.get_metric(|when, then| {
        ///     when.filter_by_country("FR").filter_by_country("DE").filter_by_browser("firefox");
        ///     then.into_inner().status(404);
        /// });
        /// ```
        pub trait FilterExt: Sealed + Sized {
            $($(#[$doc])* fn $method(self, value: &str) -> Self;)*
        }

        filters!(@for GetMetricWhen $($method = $name)*);
        filters!(@for ListBucketsWhen $($method = $name)*);
        filters!(@for ListTimeseriesWhen $($method = $name)*);
    };
    (@for $when:ident $($method:ident = $name:literal)*) => {
        impl FilterExt for $when {
            $(fn $method(self, value: &str) -> Self {
                self.expecting($name, value)
            })*
        }
    };
}

filters! {
    /// Expects this id among the media.
    filter_by_media_id = "filterBy[mediaId][]"
    /// Expects this continent.
    filter_by_continent = "filterBy[continent][]"
    /// Expects this country.
    filter_by_country = "filterBy[country][]"
    /// Expects this device type.
    filter_by_device_type = "filterBy[deviceType][]"
    /// Expects this operating system.
    filter_by_operating_system = "filterBy[operatingSystem][]"
    /// Expects this browser.
    filter_by_browser = "filterBy[browser][]"
    /// Expects this referrer.
    filter_by_referrer = "filterBy[referrer][]"
}
