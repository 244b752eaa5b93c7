// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

///A pair of tokens
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct AccessToken {
    ///The access token
    pub access_token: ::apivideo_core::wire::Secret,
    ///The lifetime of the access token in seconds
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub expires_in: ::std::option::Option<i64>,
    ///The refresh token
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub refresh_token: ::std::option::Option<::apivideo_core::wire::Secret>,
    ///The type of the token; always Bearer
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub token_type: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl AccessToken {
    pub fn builder() -> builder::AccessToken {
        Default::default()
    }
}
///An aggregation
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Aggregation {
    #[serde(rename = "count")]
    Count,
    #[serde(rename = "rate")]
    Rate,
    #[serde(rename = "total")]
    Total,
    #[serde(rename = "average")]
    Average,
    #[serde(rename = "sum")]
    Sum,
    #[serde(rename = "peak")]
    Peak,
    #[serde(rename = "live")]
    Live,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for Aggregation {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Count => f.write_str("count"),
            Self::Rate => f.write_str("rate"),
            Self::Total => f.write_str("total"),
            Self::Average => f.write_str("average"),
            Self::Sum => f.write_str("sum"),
            Self::Peak => f.write_str("peak"),
            Self::Live => f.write_str("live"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for Aggregation {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "count" => Ok(Self::Count),
            "rate" => Ok(Self::Rate),
            "total" => Ok(Self::Total),
            "average" => Ok(Self::Average),
            "sum" => Ok(Self::Sum),
            "peak" => Ok(Self::Peak),
            "live" => Ok(Self::Live),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Aggregation {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Aggregation {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///The request body to exchange an API key
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ApiKeyCredentials {
    ///An API key of the project
    #[serde(rename = "apiKey")]
    pub api_key: ::apivideo_core::wire::Secret,
}
impl ApiKeyCredentials {
    pub fn builder() -> builder::ApiKeyCredentials {
        Default::default()
    }
}
///A dimension
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Breakdown {
    #[serde(rename = "media-id")]
    MediaId,
    #[serde(rename = "media-type")]
    MediaType,
    #[serde(rename = "continent")]
    Continent,
    #[serde(rename = "country")]
    Country,
    #[serde(rename = "device-type")]
    DeviceType,
    #[serde(rename = "operating-system")]
    OperatingSystem,
    #[serde(rename = "browser")]
    Browser,
    #[serde(rename = "referrer")]
    Referrer,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for Breakdown {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::MediaId => f.write_str("media-id"),
            Self::MediaType => f.write_str("media-type"),
            Self::Continent => f.write_str("continent"),
            Self::Country => f.write_str("country"),
            Self::DeviceType => f.write_str("device-type"),
            Self::OperatingSystem => f.write_str("operating-system"),
            Self::Browser => f.write_str("browser"),
            Self::Referrer => f.write_str("referrer"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for Breakdown {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "media-id" => Ok(Self::MediaId),
            "media-type" => Ok(Self::MediaType),
            "continent" => Ok(Self::Continent),
            "country" => Ok(Self::Country),
            "device-type" => Ok(Self::DeviceType),
            "operating-system" => Ok(Self::OperatingSystem),
            "browser" => Ok(Self::Browser),
            "referrer" => Ok(Self::Referrer),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Breakdown {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Breakdown {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///The metric for one value of a dimension
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Bucket {
    ///The value of the dimension, such as a two-letter country code
    #[serde(
        rename = "dimensionValue",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub dimension_value: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The value of the metric
    #[serde(
        rename = "metricValue",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub metric_value: ::std::option::Option<f64>,
}
impl Bucket {
    pub fn builder() -> builder::Bucket {
        Default::default()
    }
}
///A metric that can be broken down
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum BucketMetric {
    #[serde(rename = "play")]
    Play,
    #[serde(rename = "play-rate")]
    PlayRate,
    #[serde(rename = "play-total")]
    PlayTotal,
    #[serde(rename = "start")]
    Start,
    #[serde(rename = "end")]
    End,
    #[serde(rename = "impression")]
    Impression,
    #[serde(rename = "ccv-peak")]
    CcvPeak,
    #[serde(rename = "ccv-average")]
    CcvAverage,
    #[serde(rename = "view")]
    View,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for BucketMetric {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Play => f.write_str("play"),
            Self::PlayRate => f.write_str("play-rate"),
            Self::PlayTotal => f.write_str("play-total"),
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Impression => f.write_str("impression"),
            Self::CcvPeak => f.write_str("ccv-peak"),
            Self::CcvAverage => f.write_str("ccv-average"),
            Self::View => f.write_str("view"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for BucketMetric {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "play" => Ok(Self::Play),
            "play-rate" => Ok(Self::PlayRate),
            "play-total" => Ok(Self::PlayTotal),
            "start" => Ok(Self::Start),
            "end" => Ok(Self::End),
            "impression" => Ok(Self::Impression),
            "ccv-peak" => Ok(Self::CcvPeak),
            "ccv-average" => Ok(Self::CcvAverage),
            "view" => Ok(Self::View),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for BucketMetric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for BucketMetric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///A sort key of buckets
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum BucketOrder {
    #[serde(rename = "metricValue")]
    MetricValue,
    #[serde(rename = "dimensionValue")]
    DimensionValue,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for BucketOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::MetricValue => f.write_str("metricValue"),
            Self::DimensionValue => f.write_str("dimensionValue"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for BucketOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "metricValue" => Ok(Self::MetricValue),
            "dimensionValue" => Ok(Self::DimensionValue),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for BucketOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for BucketOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///One page of buckets, with the context of the request
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct BucketPage {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub context: ::std::option::Option<::apivideo_core::wire::Object<DataContext>>,
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<Bucket>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl BucketPage {
    pub fn builder() -> builder::BucketPage {
        Default::default()
    }
}
///The chapters of a video in one language
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Chapters {
    ///The language, as a BCP 47 tag
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub language: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The URL of the WebVTT file that contains the chapters
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub src: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The path of these chapters in this API
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub uri: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl Chapters {
    pub fn builder() -> builder::Chapters {
        Default::default()
    }
}
///One page of chapters, one item for each language
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct ChaptersPage {
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<Chapters>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl ChaptersPage {
    pub fn builder() -> builder::ChaptersPage {
        Default::default()
    }
}
///The program that played the video
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ClientInfo {
    ///The name
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The type of program, such as browser
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The version, always a string
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub version: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl ClientInfo {
    pub fn builder() -> builder::ClientInfo {
        Default::default()
    }
}
///A two-letter continent code
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Continent {
    #[serde(rename = "AS")]
    As,
    #[serde(rename = "AF")]
    Af,
    #[serde(rename = "NA")]
    Na,
    #[serde(rename = "SA")]
    Sa,
    #[serde(rename = "AN")]
    An,
    #[serde(rename = "EU")]
    Eu,
    #[serde(rename = "AZ")]
    Az,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for Continent {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::As => f.write_str("AS"),
            Self::Af => f.write_str("AF"),
            Self::Na => f.write_str("NA"),
            Self::Sa => f.write_str("SA"),
            Self::An => f.write_str("AN"),
            Self::Eu => f.write_str("EU"),
            Self::Az => f.write_str("AZ"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for Continent {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "AS" => Ok(Self::As),
            "AF" => Ok(Self::Af),
            "NA" => Ok(Self::Na),
            "SA" => Ok(Self::Sa),
            "AN" => Ok(Self::An),
            "EU" => Ok(Self::Eu),
            "AZ" => Ok(Self::Az),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Continent {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Continent {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
/**The parameters of the request, as the service names them. Some differ from the names in the request, such as
`view-5` for views of five seconds
*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct DataContext {
    ///The aggregation; for metrics
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub aggregation: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The dimension; for buckets
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub breakdown: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The interval; for timeseries
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub interval: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The metric
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub metric: ::std::option::Option<::apivideo_core::wire::Text>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timeframe: ::std::option::Option<::apivideo_core::wire::Object<Timeframe>>,
}
impl DataContext {
    pub fn builder() -> builder::DataContext {
        Default::default()
    }
}
///The viewer's device
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Device {
    ///The model
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub model: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The type of device, such as desktop or smartphone
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The manufacturer
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub vendor: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl Device {
    pub fn builder() -> builder::Device {
        Default::default()
    }
}
///A device type
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum DeviceType {
    #[serde(rename = "computer")]
    Computer,
    #[serde(rename = "phone")]
    Phone,
    #[serde(rename = "tablet")]
    Tablet,
    #[serde(rename = "tv")]
    Tv,
    #[serde(rename = "console")]
    Console,
    #[serde(rename = "wearable")]
    Wearable,
    #[serde(rename = "unknown")]
    Unknown,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for DeviceType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Computer => f.write_str("computer"),
            Self::Phone => f.write_str("phone"),
            Self::Tablet => f.write_str("tablet"),
            Self::Tv => f.write_str("tv"),
            Self::Console => f.write_str("console"),
            Self::Wearable => f.write_str("wearable"),
            Self::Unknown => f.write_str("unknown"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for DeviceType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "computer" => Ok(Self::Computer),
            "phone" => Ok(Self::Phone),
            "tablet" => Ok(Self::Tablet),
            "tv" => Ok(Self::Tv),
            "console" => Ok(Self::Console),
            "wearable" => Ok(Self::Wearable),
            "unknown" => Ok(Self::Unknown),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for DeviceType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for DeviceType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///An event of a session
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Event {
    ///The position in seconds; absent on seeks
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub at: ::std::option::Option<f64>,
    ///When it happened
    #[serde(
        rename = "emittedAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub emitted_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///The position in seconds before a seek
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub from: ::std::option::Option<f64>,
    ///The position in seconds after a seek
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub to: ::std::option::Option<f64>,
    /**The type: ready, play, pause, resume, seek.forward, seek.backward or end. Other names are possible, and
responses from before October 2020 contain longer names
*/
    #[serde(rename = "type")]
    pub type_: ::apivideo_core::wire::Text,
}
impl Event {
    pub fn builder() -> builder::Event {
        Default::default()
    }
}
///One page of events
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct EventPage {
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<Event>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl EventPage {
    pub fn builder() -> builder::EventPage {
        Default::default()
    }
}
///The interval
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Interval {
    #[serde(rename = "minute")]
    Minute,
    #[serde(rename = "hour")]
    Hour,
    #[serde(rename = "day")]
    Day,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for Interval {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Minute => f.write_str("minute"),
            Self::Hour => f.write_str("hour"),
            Self::Day => f.write_str("day"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for Interval {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "minute" => Ok(Self::Minute),
            "hour" => Ok(Self::Hour),
            "day" => Ok(Self::Day),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Interval {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Interval {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///A link to a page
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Link {
    ///The relation, one of self, first, previous, next or last
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub rel: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The URL, usually relative to the service
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub uri: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl Link {
    pub fn builder() -> builder::Link {
        Default::default()
    }
}
///A live stream, with the properties relevant to statistics
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct LiveStream {
    ///Whether it is broadcasting
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub broadcasting: ::std::option::Option<bool>,
    ///When it was created
    #[serde(
        rename = "createdAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub created_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///The id of the live stream
    #[serde(rename = "liveStreamId")]
    pub live_stream_id: ::apivideo_core::wire::Text,
    ///The name
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<::apivideo_core::wire::Text>,
    ///Whether it is public
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub public: ::std::option::Option<bool>,
    ///The stream key. It allows broadcasting to the stream and is a secret
    #[serde(
        rename = "streamKey",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub stream_key: ::std::option::Option<::apivideo_core::wire::Secret>,
    ///When it was last updated
    #[serde(
        rename = "updatedAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub updated_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
}
impl LiveStream {
    pub fn builder() -> builder::LiveStream {
        Default::default()
    }
}
///A sort key of live streams
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum LiveStreamOrder {
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "createdAt")]
    CreatedAt,
    #[serde(rename = "updatedAt")]
    UpdatedAt,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for LiveStreamOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Name => f.write_str("name"),
            Self::CreatedAt => f.write_str("createdAt"),
            Self::UpdatedAt => f.write_str("updatedAt"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for LiveStreamOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "name" => Ok(Self::Name),
            "createdAt" => Ok(Self::CreatedAt),
            "updatedAt" => Ok(Self::UpdatedAt),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for LiveStreamOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for LiveStreamOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///One page of live streams
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct LiveStreamPage {
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<LiveStream>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl LiveStreamPage {
    pub fn builder() -> builder::LiveStreamPage {
        Default::default()
    }
}
///Where the viewer was
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Location {
    ///The city
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub city: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The English name of the country
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub country: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl Location {
    pub fn builder() -> builder::Location {
        Default::default()
    }
}
///The type of media, videos or live streams
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum MediaType {
    #[serde(rename = "video")]
    Video,
    #[serde(rename = "live-stream")]
    LiveStream,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for MediaType {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Video => f.write_str("video"),
            Self::LiveStream => f.write_str("live-stream"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for MediaType {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "video" => Ok(Self::Video),
            "live-stream" => Ok(Self::LiveStream),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for MediaType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for MediaType {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///A metadata key and its value
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    ///The key
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub key: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The value, usually a string. It may be null; older responses contain objects
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub value: ::std::option::Option<::serde_json::Value>,
}
impl Metadata {
    pub fn builder() -> builder::Metadata {
        Default::default()
    }
}
///The metric
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Metric {
    #[serde(rename = "play")]
    Play,
    #[serde(rename = "start")]
    Start,
    #[serde(rename = "end")]
    End,
    #[serde(rename = "impression")]
    Impression,
    #[serde(rename = "impression-time")]
    ImpressionTime,
    #[serde(rename = "watch-time")]
    WatchTime,
    #[serde(rename = "ccv")]
    Ccv,
    #[serde(rename = "view")]
    View,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for Metric {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Play => f.write_str("play"),
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Impression => f.write_str("impression"),
            Self::ImpressionTime => f.write_str("impression-time"),
            Self::WatchTime => f.write_str("watch-time"),
            Self::Ccv => f.write_str("ccv"),
            Self::View => f.write_str("view"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for Metric {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "play" => Ok(Self::Play),
            "start" => Ok(Self::Start),
            "end" => Ok(Self::End),
            "impression" => Ok(Self::Impression),
            "impression-time" => Ok(Self::ImpressionTime),
            "watch-time" => Ok(Self::WatchTime),
            "ccv" => Ok(Self::Ccv),
            "view" => Ok(Self::View),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for Metric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Metric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///One number, with the context of the request
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct MetricResponse {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub context: ::std::option::Option<::apivideo_core::wire::Object<DataContext>>,
    ///The number
    pub data: f64,
}
impl MetricResponse {
    pub fn builder() -> builder::MetricResponse {
        Default::default()
    }
}
///The operating system of the device
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct OperatingSystem {
    ///The name
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The short name, such as W10
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub shortname: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The version
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub version: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl OperatingSystem {
    pub fn builder() -> builder::OperatingSystem {
        Default::default()
    }
}
///The position of a page. The numbers are authoritative; the links are hints
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Pagination {
    ///The page number, starting at 1
    #[serde(
        rename = "currentPage",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub current_page: ::std::option::Option<i64>,
    ///The number of items on this page
    #[serde(
        rename = "currentPageItems",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub current_page_items: ::std::option::Option<i64>,
    ///The number of items
    #[serde(
        rename = "itemsTotal",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub items_total: ::std::option::Option<i64>,
    ///Links to other pages
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub links: ::std::option::Option<
        ::std::vec::Vec<::apivideo_core::wire::Object<Link>>,
    >,
    ///The maximum number of items per page
    #[serde(rename = "pageSize", skip_serializing_if = "::std::option::Option::is_none")]
    pub page_size: ::std::option::Option<i64>,
    ///The number of pages
    #[serde(
        rename = "pagesTotal",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub pages_total: ::std::option::Option<i64>,
}
impl Pagination {
    pub fn builder() -> builder::Pagination {
        Default::default()
    }
}
///Where the viewer came from
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Referrer {
    ///The type of referrer, such as organic
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub medium: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The search term
    #[serde(
        rename = "searchTerm",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub search_term: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The name of the site or campaign
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub source: ::std::option::Option<::apivideo_core::wire::Text>,
    ///The URL of the page
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub url: ::std::option::Option<::apivideo_core::wire::Text>,
}
impl Referrer {
    pub fn builder() -> builder::Referrer {
        Default::default()
    }
}
///The request body to exchange a refresh token
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct RefreshCredentials {
    ///The most recent refresh token
    #[serde(rename = "refreshToken")]
    pub refresh_token: ::apivideo_core::wire::Secret,
}
impl RefreshCredentials {
    pub fn builder() -> builder::RefreshCredentials {
        Default::default()
    }
}
/**A session: one viewer's tab on one video or live stream. Groups may be absent. Unknown values are "unknown", null
or absent
*/
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Session {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub client: ::std::option::Option<::apivideo_core::wire::Object<ClientInfo>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub device: ::std::option::Option<::apivideo_core::wire::Object<Device>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub location: ::std::option::Option<::apivideo_core::wire::Object<Location>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub os: ::std::option::Option<::apivideo_core::wire::Object<OperatingSystem>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub referrer: ::std::option::Option<::apivideo_core::wire::Object<Referrer>>,
    pub session: ::apivideo_core::wire::Object<SessionInfo>,
}
impl Session {
    pub fn builder() -> builder::Session {
        Default::default()
    }
}
///The id and times of a session
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SessionInfo {
    ///When the last event of the session was received
    #[serde(rename = "endedAt", skip_serializing_if = "::std::option::Option::is_none")]
    pub ended_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///When the player was loaded
    #[serde(rename = "loadedAt", skip_serializing_if = "::std::option::Option::is_none")]
    pub loaded_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///Metadata of the viewer, set by the page that contains the player
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub metadata: ::std::option::Option<
        ::std::vec::Vec<::apivideo_core::wire::Object<Metadata>>,
    >,
    ///Metadata, as it was named in 2018 and 2019
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    #[deprecated]
    pub metadatas: ::std::option::Option<
        ::std::vec::Vec<::apivideo_core::wire::Object<Metadata>>,
    >,
    ///The id of the session
    #[serde(rename = "sessionId")]
    pub session_id: ::apivideo_core::wire::Text,
}
impl SessionInfo {
    pub fn builder() -> builder::SessionInfo {
        Default::default()
    }
}
///One page of sessions
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct SessionPage {
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<Session>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl SessionPage {
    pub fn builder() -> builder::SessionPage {
        Default::default()
    }
}
///The sort direction
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum SortOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "desc")]
    Desc,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for SortOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Asc => f.write_str("asc"),
            Self::Desc => f.write_str("desc"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for SortOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "asc" => Ok(Self::Asc),
            "desc" => Ok(Self::Desc),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for SortOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for SortOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///The timeframe of the request
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct Timeframe {
    ///The start
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub from: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///The end, exclusive
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub to: ::std::option::Option<::apivideo_core::wire::DateTime>,
}
impl Timeframe {
    pub fn builder() -> builder::Timeframe {
        Default::default()
    }
}
///A metric that is available over time
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TimeseriesMetric {
    #[serde(rename = "play")]
    Play,
    #[serde(rename = "play-rate")]
    PlayRate,
    #[serde(rename = "start")]
    Start,
    #[serde(rename = "end")]
    End,
    #[serde(rename = "impression")]
    Impression,
    #[serde(rename = "ccv-peak")]
    CcvPeak,
    #[serde(rename = "ccv-average")]
    CcvAverage,
    #[serde(rename = "view")]
    View,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for TimeseriesMetric {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Play => f.write_str("play"),
            Self::PlayRate => f.write_str("play-rate"),
            Self::Start => f.write_str("start"),
            Self::End => f.write_str("end"),
            Self::Impression => f.write_str("impression"),
            Self::CcvPeak => f.write_str("ccv-peak"),
            Self::CcvAverage => f.write_str("ccv-average"),
            Self::View => f.write_str("view"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for TimeseriesMetric {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "play" => Ok(Self::Play),
            "play-rate" => Ok(Self::PlayRate),
            "start" => Ok(Self::Start),
            "end" => Ok(Self::End),
            "impression" => Ok(Self::Impression),
            "ccv-peak" => Ok(Self::CcvPeak),
            "ccv-average" => Ok(Self::CcvAverage),
            "view" => Ok(Self::View),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for TimeseriesMetric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for TimeseriesMetric {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///A sort key of timeseries
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum TimeseriesOrder {
    #[serde(rename = "metricValue")]
    MetricValue,
    #[serde(rename = "emittedAt")]
    EmittedAt,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for TimeseriesOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::MetricValue => f.write_str("metricValue"),
            Self::EmittedAt => f.write_str("emittedAt"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for TimeseriesOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "metricValue" => Ok(Self::MetricValue),
            "emittedAt" => Ok(Self::EmittedAt),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for TimeseriesOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for TimeseriesOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///One page of a timeseries, with the context of the request
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct TimeseriesPage {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub context: ::std::option::Option<::apivideo_core::wire::Object<DataContext>>,
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<TimeseriesPoint>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl TimeseriesPage {
    pub fn builder() -> builder::TimeseriesPage {
        Default::default()
    }
}
///The metric for one interval
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct TimeseriesPoint {
    ///The start of the interval
    #[serde(
        rename = "emittedAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub emitted_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///The value of the metric
    #[serde(
        rename = "metricValue",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub metric_value: ::std::option::Option<f64>,
}
impl TimeseriesPoint {
    pub fn builder() -> builder::TimeseriesPoint {
        Default::default()
    }
}
///A video, with the properties relevant to statistics
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct Video {
    ///When it was created
    #[serde(
        rename = "createdAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub created_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///A description
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub description: ::std::option::Option<::apivideo_core::wire::Text>,
    ///Metadata. A value such as `__name__` is a placeholder that the viewer's page replaces
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub metadata: ::std::option::Option<
        ::std::vec::Vec<::apivideo_core::wire::Object<Metadata>>,
    >,
    ///Whether it is also available as MP4
    #[serde(
        rename = "mp4Support",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub mp4_support: ::std::option::Option<bool>,
    ///Whether it is a panoramic video
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub panoramic: ::std::option::Option<bool>,
    ///The id of the player that shows the video
    #[serde(rename = "playerId", skip_serializing_if = "::std::option::Option::is_none")]
    pub player_id: ::std::option::Option<::apivideo_core::wire::Text>,
    ///Whether it is public
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub public: ::std::option::Option<bool>,
    ///When it was published
    #[serde(
        rename = "publishedAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub published_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///Labels for lists and filters
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub tags: ::std::option::Option<::std::vec::Vec<::apivideo_core::wire::Text>>,
    ///The title
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub title: ::std::option::Option<::apivideo_core::wire::Text>,
    ///When it was last updated
    #[serde(
        rename = "updatedAt",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub updated_at: ::std::option::Option<::apivideo_core::wire::DateTime>,
    ///The id of the video
    #[serde(rename = "videoId")]
    pub video_id: ::apivideo_core::wire::Text,
}
impl Video {
    pub fn builder() -> builder::Video {
        Default::default()
    }
}
///A sort key of videos
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum VideoOrder {
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "createdAt")]
    CreatedAt,
    #[serde(rename = "publishedAt")]
    PublishedAt,
    #[serde(rename = "updatedAt")]
    UpdatedAt,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for VideoOrder {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::Title => f.write_str("title"),
            Self::CreatedAt => f.write_str("createdAt"),
            Self::PublishedAt => f.write_str("publishedAt"),
            Self::UpdatedAt => f.write_str("updatedAt"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for VideoOrder {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "title" => Ok(Self::Title),
            "createdAt" => Ok(Self::CreatedAt),
            "publishedAt" => Ok(Self::PublishedAt),
            "updatedAt" => Ok(Self::UpdatedAt),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for VideoOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for VideoOrder {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
///One page of videos
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
pub struct VideoPage {
    pub data: ::std::vec::Vec<::apivideo_core::wire::Object<Video>>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub pagination: ::std::option::Option<::apivideo_core::wire::Object<Pagination>>,
}
impl VideoPage {
    pub fn builder() -> builder::VideoPage {
        Default::default()
    }
}
///The minimum watch time that counts as a view
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ViewDuration {
    #[serde(rename = "3s")]
    X3s,
    #[serde(rename = "5s")]
    X5s,
    #[serde(rename = "10s")]
    X10s,
    #[serde(rename = "30s")]
    X30s,
    /// A value that the document does not list.
    #[serde(untagged)]
    Other(::apivideo_core::wire::Text),
}
impl ::std::fmt::Display for ViewDuration {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        match *self {
            Self::X3s => f.write_str("3s"),
            Self::X5s => f.write_str("5s"),
            Self::X10s => f.write_str("10s"),
            Self::X30s => f.write_str("30s"),
            Self::Other(ref value) => f.write_str(value),
        }
    }
}
impl ::std::str::FromStr for ViewDuration {
    type Err = self::error::ConversionError;
    fn from_str(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        match value {
            "3s" => Ok(Self::X3s),
            "5s" => Ok(Self::X5s),
            "10s" => Ok(Self::X10s),
            "30s" => Ok(Self::X30s),
            _ => Ok(Self::Other(value.into())),
        }
    }
}
impl ::std::convert::TryFrom<&str> for ViewDuration {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &str,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for ViewDuration {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
/// Types for composing complex structures.
pub mod builder;
/// Error types.
pub mod error {
    /// Error from a `TryFrom` or `FromStr` implementation.
    pub struct ConversionError(::std::borrow::Cow<'static, str>);
    impl ::std::error::Error for ConversionError {}
    impl ::std::fmt::Display for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Display::fmt(&self.0, f)
        }
    }
    impl ::std::fmt::Debug for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Debug::fmt(&self.0, f)
        }
    }
    impl From<&'static str> for ConversionError {
        fn from(value: &'static str) -> Self {
            Self(value.into())
        }
    }
    impl From<String> for ConversionError {
        fn from(value: String) -> Self {
            Self(value.into())
        }
    }
}
