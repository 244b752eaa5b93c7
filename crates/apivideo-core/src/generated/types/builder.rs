// Generated from openapi/apivideo.yaml by `cargo xtask generate`. Do not edit.

#[derive(Clone, Debug)]
pub struct AccessToken {
    access_token: ::std::result::Result<
        ::apivideo_core::wire::Secret,
        ::std::string::String,
    >,
    expires_in: ::std::result::Result<::std::option::Option<i64>, ::std::string::String>,
    refresh_token: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Secret>,
        ::std::string::String,
    >,
    token_type: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for AccessToken {
    fn default() -> Self {
        Self {
            access_token: Err("no value supplied for access_token".to_string()),
            expires_in: Ok(Default::default()),
            refresh_token: Ok(Default::default()),
            token_type: Ok(Default::default()),
        }
    }
}
impl AccessToken {
    pub fn access_token<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Secret>,
        T::Error: ::std::fmt::Display,
    {
        self.access_token = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for access_token: {e}")
            });
        self
    }
    pub fn expires_in<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.expires_in = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for expires_in: {e}"));
        self
    }
    pub fn refresh_token<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Secret>>,
        T::Error: ::std::fmt::Display,
    {
        self.refresh_token = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for refresh_token: {e}")
            });
        self
    }
    pub fn token_type<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.token_type = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for token_type: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<AccessToken> for super::AccessToken {
    type Error = super::error::ConversionError;
    fn try_from(
        value: AccessToken,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            access_token: value.access_token?,
            expires_in: value.expires_in?,
            refresh_token: value.refresh_token?,
            token_type: value.token_type?,
        })
    }
}
impl ::std::convert::From<super::AccessToken> for AccessToken {
    fn from(value: super::AccessToken) -> Self {
        Self {
            access_token: Ok(value.access_token),
            expires_in: Ok(value.expires_in),
            refresh_token: Ok(value.refresh_token),
            token_type: Ok(value.token_type),
        }
    }
}
#[derive(Clone, Debug)]
pub struct ApiKeyCredentials {
    api_key: ::std::result::Result<::apivideo_core::wire::Secret, ::std::string::String>,
}
impl ::std::default::Default for ApiKeyCredentials {
    fn default() -> Self {
        Self {
            api_key: Err("no value supplied for api_key".to_string()),
        }
    }
}
impl ApiKeyCredentials {
    pub fn api_key<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Secret>,
        T::Error: ::std::fmt::Display,
    {
        self.api_key = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for api_key: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<ApiKeyCredentials> for super::ApiKeyCredentials {
    type Error = super::error::ConversionError;
    fn try_from(
        value: ApiKeyCredentials,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self { api_key: value.api_key? })
    }
}
impl ::std::convert::From<super::ApiKeyCredentials> for ApiKeyCredentials {
    fn from(value: super::ApiKeyCredentials) -> Self {
        Self { api_key: Ok(value.api_key) }
    }
}
#[derive(Clone, Debug)]
pub struct Bucket {
    dimension_value: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    metric_value: ::std::result::Result<
        ::std::option::Option<f64>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Bucket {
    fn default() -> Self {
        Self {
            dimension_value: Ok(Default::default()),
            metric_value: Ok(Default::default()),
        }
    }
}
impl Bucket {
    pub fn dimension_value<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.dimension_value = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for dimension_value: {e}")
            });
        self
    }
    pub fn metric_value<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<f64>>,
        T::Error: ::std::fmt::Display,
    {
        self.metric_value = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for metric_value: {e}")
            });
        self
    }
}
impl ::std::convert::TryFrom<Bucket> for super::Bucket {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Bucket,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            dimension_value: value.dimension_value?,
            metric_value: value.metric_value?,
        })
    }
}
impl ::std::convert::From<super::Bucket> for Bucket {
    fn from(value: super::Bucket) -> Self {
        Self {
            dimension_value: Ok(value.dimension_value),
            metric_value: Ok(value.metric_value),
        }
    }
}
#[derive(Clone, Debug)]
pub struct BucketPage {
    context: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        ::std::string::String,
    >,
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::Bucket>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for BucketPage {
    fn default() -> Self {
        Self {
            context: Ok(Default::default()),
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl BucketPage {
    pub fn context<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.context = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for context: {e}"));
        self
    }
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Bucket>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<BucketPage> for super::BucketPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: BucketPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            context: value.context?,
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::BucketPage> for BucketPage {
    fn from(value: super::BucketPage) -> Self {
        Self {
            context: Ok(value.context),
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Chapters {
    language: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    src: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    uri: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Chapters {
    fn default() -> Self {
        Self {
            language: Ok(Default::default()),
            src: Ok(Default::default()),
            uri: Ok(Default::default()),
        }
    }
}
impl Chapters {
    pub fn language<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.language = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for language: {e}"));
        self
    }
    pub fn src<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.src = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for src: {e}"));
        self
    }
    pub fn uri<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.uri = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for uri: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Chapters> for super::Chapters {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Chapters,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            language: value.language?,
            src: value.src?,
            uri: value.uri?,
        })
    }
}
impl ::std::convert::From<super::Chapters> for Chapters {
    fn from(value: super::Chapters) -> Self {
        Self {
            language: Ok(value.language),
            src: Ok(value.src),
            uri: Ok(value.uri),
        }
    }
}
#[derive(Clone, Debug)]
pub struct ChaptersPage {
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::Chapters>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for ChaptersPage {
    fn default() -> Self {
        Self {
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl ChaptersPage {
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Chapters>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<ChaptersPage> for super::ChaptersPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: ChaptersPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::ChaptersPage> for ChaptersPage {
    fn from(value: super::ChaptersPage) -> Self {
        Self {
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct ClientInfo {
    name: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    type_: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    version: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for ClientInfo {
    fn default() -> Self {
        Self {
            name: Ok(Default::default()),
            type_: Ok(Default::default()),
            version: Ok(Default::default()),
        }
    }
}
impl ClientInfo {
    pub fn name<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.name = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for name: {e}"));
        self
    }
    pub fn type_<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.type_ = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for type_: {e}"));
        self
    }
    pub fn version<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.version = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for version: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<ClientInfo> for super::ClientInfo {
    type Error = super::error::ConversionError;
    fn try_from(
        value: ClientInfo,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            name: value.name?,
            type_: value.type_?,
            version: value.version?,
        })
    }
}
impl ::std::convert::From<super::ClientInfo> for ClientInfo {
    fn from(value: super::ClientInfo) -> Self {
        Self {
            name: Ok(value.name),
            type_: Ok(value.type_),
            version: Ok(value.version),
        }
    }
}
#[derive(Clone, Debug)]
pub struct DataContext {
    aggregation: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    breakdown: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    interval: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    metric: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    timeframe: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Timeframe>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for DataContext {
    fn default() -> Self {
        Self {
            aggregation: Ok(Default::default()),
            breakdown: Ok(Default::default()),
            interval: Ok(Default::default()),
            metric: Ok(Default::default()),
            timeframe: Ok(Default::default()),
        }
    }
}
impl DataContext {
    pub fn aggregation<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.aggregation = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for aggregation: {e}")
            });
        self
    }
    pub fn breakdown<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.breakdown = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for breakdown: {e}"));
        self
    }
    pub fn interval<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.interval = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for interval: {e}"));
        self
    }
    pub fn metric<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.metric = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for metric: {e}"));
        self
    }
    pub fn timeframe<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Timeframe>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.timeframe = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for timeframe: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<DataContext> for super::DataContext {
    type Error = super::error::ConversionError;
    fn try_from(
        value: DataContext,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            aggregation: value.aggregation?,
            breakdown: value.breakdown?,
            interval: value.interval?,
            metric: value.metric?,
            timeframe: value.timeframe?,
        })
    }
}
impl ::std::convert::From<super::DataContext> for DataContext {
    fn from(value: super::DataContext) -> Self {
        Self {
            aggregation: Ok(value.aggregation),
            breakdown: Ok(value.breakdown),
            interval: Ok(value.interval),
            metric: Ok(value.metric),
            timeframe: Ok(value.timeframe),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Device {
    model: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    type_: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    vendor: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Device {
    fn default() -> Self {
        Self {
            model: Ok(Default::default()),
            type_: Ok(Default::default()),
            vendor: Ok(Default::default()),
        }
    }
}
impl Device {
    pub fn model<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.model = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for model: {e}"));
        self
    }
    pub fn type_<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.type_ = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for type_: {e}"));
        self
    }
    pub fn vendor<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.vendor = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for vendor: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Device> for super::Device {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Device,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            model: value.model?,
            type_: value.type_?,
            vendor: value.vendor?,
        })
    }
}
impl ::std::convert::From<super::Device> for Device {
    fn from(value: super::Device) -> Self {
        Self {
            model: Ok(value.model),
            type_: Ok(value.type_),
            vendor: Ok(value.vendor),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Event {
    at: ::std::result::Result<::std::option::Option<f64>, ::std::string::String>,
    emitted_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    from: ::std::result::Result<::std::option::Option<f64>, ::std::string::String>,
    to: ::std::result::Result<::std::option::Option<f64>, ::std::string::String>,
    type_: ::std::result::Result<::apivideo_core::wire::Text, ::std::string::String>,
}
impl ::std::default::Default for Event {
    fn default() -> Self {
        Self {
            at: Ok(Default::default()),
            emitted_at: Ok(Default::default()),
            from: Ok(Default::default()),
            to: Ok(Default::default()),
            type_: Err("no value supplied for type_".to_string()),
        }
    }
}
impl Event {
    pub fn at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<f64>>,
        T::Error: ::std::fmt::Display,
    {
        self.at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for at: {e}"));
        self
    }
    pub fn emitted_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.emitted_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for emitted_at: {e}"));
        self
    }
    pub fn from<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<f64>>,
        T::Error: ::std::fmt::Display,
    {
        self.from = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for from: {e}"));
        self
    }
    pub fn to<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<f64>>,
        T::Error: ::std::fmt::Display,
    {
        self.to = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for to: {e}"));
        self
    }
    pub fn type_<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Text>,
        T::Error: ::std::fmt::Display,
    {
        self.type_ = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for type_: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Event> for super::Event {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Event,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            at: value.at?,
            emitted_at: value.emitted_at?,
            from: value.from?,
            to: value.to?,
            type_: value.type_?,
        })
    }
}
impl ::std::convert::From<super::Event> for Event {
    fn from(value: super::Event) -> Self {
        Self {
            at: Ok(value.at),
            emitted_at: Ok(value.emitted_at),
            from: Ok(value.from),
            to: Ok(value.to),
            type_: Ok(value.type_),
        }
    }
}
#[derive(Clone, Debug)]
pub struct EventPage {
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::Event>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for EventPage {
    fn default() -> Self {
        Self {
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl EventPage {
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Event>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<EventPage> for super::EventPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: EventPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::EventPage> for EventPage {
    fn from(value: super::EventPage) -> Self {
        Self {
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Link {
    rel: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    uri: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Link {
    fn default() -> Self {
        Self {
            rel: Ok(Default::default()),
            uri: Ok(Default::default()),
        }
    }
}
impl Link {
    pub fn rel<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.rel = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for rel: {e}"));
        self
    }
    pub fn uri<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.uri = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for uri: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Link> for super::Link {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Link,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            rel: value.rel?,
            uri: value.uri?,
        })
    }
}
impl ::std::convert::From<super::Link> for Link {
    fn from(value: super::Link) -> Self {
        Self {
            rel: Ok(value.rel),
            uri: Ok(value.uri),
        }
    }
}
#[derive(Clone, Debug)]
pub struct LiveStream {
    broadcasting: ::std::result::Result<
        ::std::option::Option<bool>,
        ::std::string::String,
    >,
    created_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    live_stream_id: ::std::result::Result<
        ::apivideo_core::wire::Text,
        ::std::string::String,
    >,
    name: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    public: ::std::result::Result<::std::option::Option<bool>, ::std::string::String>,
    stream_key: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Secret>,
        ::std::string::String,
    >,
    updated_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for LiveStream {
    fn default() -> Self {
        Self {
            broadcasting: Ok(Default::default()),
            created_at: Ok(Default::default()),
            live_stream_id: Err("no value supplied for live_stream_id".to_string()),
            name: Ok(Default::default()),
            public: Ok(Default::default()),
            stream_key: Ok(Default::default()),
            updated_at: Ok(Default::default()),
        }
    }
}
impl LiveStream {
    pub fn broadcasting<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<bool>>,
        T::Error: ::std::fmt::Display,
    {
        self.broadcasting = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for broadcasting: {e}")
            });
        self
    }
    pub fn created_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.created_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for created_at: {e}"));
        self
    }
    pub fn live_stream_id<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Text>,
        T::Error: ::std::fmt::Display,
    {
        self.live_stream_id = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for live_stream_id: {e}")
            });
        self
    }
    pub fn name<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.name = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for name: {e}"));
        self
    }
    pub fn public<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<bool>>,
        T::Error: ::std::fmt::Display,
    {
        self.public = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for public: {e}"));
        self
    }
    pub fn stream_key<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Secret>>,
        T::Error: ::std::fmt::Display,
    {
        self.stream_key = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for stream_key: {e}"));
        self
    }
    pub fn updated_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.updated_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for updated_at: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<LiveStream> for super::LiveStream {
    type Error = super::error::ConversionError;
    fn try_from(
        value: LiveStream,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            broadcasting: value.broadcasting?,
            created_at: value.created_at?,
            live_stream_id: value.live_stream_id?,
            name: value.name?,
            public: value.public?,
            stream_key: value.stream_key?,
            updated_at: value.updated_at?,
        })
    }
}
impl ::std::convert::From<super::LiveStream> for LiveStream {
    fn from(value: super::LiveStream) -> Self {
        Self {
            broadcasting: Ok(value.broadcasting),
            created_at: Ok(value.created_at),
            live_stream_id: Ok(value.live_stream_id),
            name: Ok(value.name),
            public: Ok(value.public),
            stream_key: Ok(value.stream_key),
            updated_at: Ok(value.updated_at),
        }
    }
}
#[derive(Clone, Debug)]
pub struct LiveStreamPage {
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::LiveStream>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for LiveStreamPage {
    fn default() -> Self {
        Self {
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl LiveStreamPage {
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::LiveStream>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<LiveStreamPage> for super::LiveStreamPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: LiveStreamPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::LiveStreamPage> for LiveStreamPage {
    fn from(value: super::LiveStreamPage) -> Self {
        Self {
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Location {
    city: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    country: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Location {
    fn default() -> Self {
        Self {
            city: Ok(Default::default()),
            country: Ok(Default::default()),
        }
    }
}
impl Location {
    pub fn city<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.city = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for city: {e}"));
        self
    }
    pub fn country<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.country = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for country: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Location> for super::Location {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Location,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            city: value.city?,
            country: value.country?,
        })
    }
}
impl ::std::convert::From<super::Location> for Location {
    fn from(value: super::Location) -> Self {
        Self {
            city: Ok(value.city),
            country: Ok(value.country),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Metadata {
    key: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    value: ::std::result::Result<
        ::std::option::Option<::serde_json::Value>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Metadata {
    fn default() -> Self {
        Self {
            key: Ok(Default::default()),
            value: Ok(Default::default()),
        }
    }
}
impl Metadata {
    pub fn key<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.key = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for key: {e}"));
        self
    }
    pub fn value<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
        T::Error: ::std::fmt::Display,
    {
        self.value = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for value: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Metadata> for super::Metadata {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Metadata,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            key: value.key?,
            value: value.value?,
        })
    }
}
impl ::std::convert::From<super::Metadata> for Metadata {
    fn from(value: super::Metadata) -> Self {
        Self {
            key: Ok(value.key),
            value: Ok(value.value),
        }
    }
}
#[derive(Clone, Debug)]
pub struct MetricResponse {
    context: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        ::std::string::String,
    >,
    data: ::std::result::Result<f64, ::std::string::String>,
}
impl ::std::default::Default for MetricResponse {
    fn default() -> Self {
        Self {
            context: Ok(Default::default()),
            data: Err("no value supplied for data".to_string()),
        }
    }
}
impl MetricResponse {
    pub fn context<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.context = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for context: {e}"));
        self
    }
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<f64>,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<MetricResponse> for super::MetricResponse {
    type Error = super::error::ConversionError;
    fn try_from(
        value: MetricResponse,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            context: value.context?,
            data: value.data?,
        })
    }
}
impl ::std::convert::From<super::MetricResponse> for MetricResponse {
    fn from(value: super::MetricResponse) -> Self {
        Self {
            context: Ok(value.context),
            data: Ok(value.data),
        }
    }
}
#[derive(Clone, Debug)]
pub struct OperatingSystem {
    name: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    shortname: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    version: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for OperatingSystem {
    fn default() -> Self {
        Self {
            name: Ok(Default::default()),
            shortname: Ok(Default::default()),
            version: Ok(Default::default()),
        }
    }
}
impl OperatingSystem {
    pub fn name<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.name = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for name: {e}"));
        self
    }
    pub fn shortname<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.shortname = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for shortname: {e}"));
        self
    }
    pub fn version<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.version = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for version: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<OperatingSystem> for super::OperatingSystem {
    type Error = super::error::ConversionError;
    fn try_from(
        value: OperatingSystem,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            name: value.name?,
            shortname: value.shortname?,
            version: value.version?,
        })
    }
}
impl ::std::convert::From<super::OperatingSystem> for OperatingSystem {
    fn from(value: super::OperatingSystem) -> Self {
        Self {
            name: Ok(value.name),
            shortname: Ok(value.shortname),
            version: Ok(value.version),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Pagination {
    current_page: ::std::result::Result<
        ::std::option::Option<i64>,
        ::std::string::String,
    >,
    current_page_items: ::std::result::Result<
        ::std::option::Option<i64>,
        ::std::string::String,
    >,
    items_total: ::std::result::Result<
        ::std::option::Option<i64>,
        ::std::string::String,
    >,
    links: ::std::result::Result<
        ::std::option::Option<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Link>>,
        >,
        ::std::string::String,
    >,
    page_size: ::std::result::Result<::std::option::Option<i64>, ::std::string::String>,
    pages_total: ::std::result::Result<
        ::std::option::Option<i64>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Pagination {
    fn default() -> Self {
        Self {
            current_page: Ok(Default::default()),
            current_page_items: Ok(Default::default()),
            items_total: Ok(Default::default()),
            links: Ok(Default::default()),
            page_size: Ok(Default::default()),
            pages_total: Ok(Default::default()),
        }
    }
}
impl Pagination {
    pub fn current_page<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.current_page = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for current_page: {e}")
            });
        self
    }
    pub fn current_page_items<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.current_page_items = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for current_page_items: {e}")
            });
        self
    }
    pub fn items_total<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.items_total = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for items_total: {e}")
            });
        self
    }
    pub fn links<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<
                ::std::vec::Vec<::apivideo_core::wire::Object<super::Link>>,
            >,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.links = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for links: {e}"));
        self
    }
    pub fn page_size<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.page_size = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for page_size: {e}"));
        self
    }
    pub fn pages_total<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<i64>>,
        T::Error: ::std::fmt::Display,
    {
        self.pages_total = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for pages_total: {e}")
            });
        self
    }
}
impl ::std::convert::TryFrom<Pagination> for super::Pagination {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Pagination,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            current_page: value.current_page?,
            current_page_items: value.current_page_items?,
            items_total: value.items_total?,
            links: value.links?,
            page_size: value.page_size?,
            pages_total: value.pages_total?,
        })
    }
}
impl ::std::convert::From<super::Pagination> for Pagination {
    fn from(value: super::Pagination) -> Self {
        Self {
            current_page: Ok(value.current_page),
            current_page_items: Ok(value.current_page_items),
            items_total: Ok(value.items_total),
            links: Ok(value.links),
            page_size: Ok(value.page_size),
            pages_total: Ok(value.pages_total),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Referrer {
    medium: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    search_term: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    source: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    url: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Referrer {
    fn default() -> Self {
        Self {
            medium: Ok(Default::default()),
            search_term: Ok(Default::default()),
            source: Ok(Default::default()),
            url: Ok(Default::default()),
        }
    }
}
impl Referrer {
    pub fn medium<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.medium = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for medium: {e}"));
        self
    }
    pub fn search_term<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.search_term = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for search_term: {e}")
            });
        self
    }
    pub fn source<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.source = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for source: {e}"));
        self
    }
    pub fn url<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.url = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for url: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Referrer> for super::Referrer {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Referrer,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            medium: value.medium?,
            search_term: value.search_term?,
            source: value.source?,
            url: value.url?,
        })
    }
}
impl ::std::convert::From<super::Referrer> for Referrer {
    fn from(value: super::Referrer) -> Self {
        Self {
            medium: Ok(value.medium),
            search_term: Ok(value.search_term),
            source: Ok(value.source),
            url: Ok(value.url),
        }
    }
}
#[derive(Clone, Debug)]
pub struct RefreshCredentials {
    refresh_token: ::std::result::Result<
        ::apivideo_core::wire::Secret,
        ::std::string::String,
    >,
}
impl ::std::default::Default for RefreshCredentials {
    fn default() -> Self {
        Self {
            refresh_token: Err("no value supplied for refresh_token".to_string()),
        }
    }
}
impl RefreshCredentials {
    pub fn refresh_token<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Secret>,
        T::Error: ::std::fmt::Display,
    {
        self.refresh_token = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for refresh_token: {e}")
            });
        self
    }
}
impl ::std::convert::TryFrom<RefreshCredentials> for super::RefreshCredentials {
    type Error = super::error::ConversionError;
    fn try_from(
        value: RefreshCredentials,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            refresh_token: value.refresh_token?,
        })
    }
}
impl ::std::convert::From<super::RefreshCredentials> for RefreshCredentials {
    fn from(value: super::RefreshCredentials) -> Self {
        Self {
            refresh_token: Ok(value.refresh_token),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Session {
    client: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::ClientInfo>>,
        ::std::string::String,
    >,
    device: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Device>>,
        ::std::string::String,
    >,
    location: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Location>>,
        ::std::string::String,
    >,
    os: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::OperatingSystem>>,
        ::std::string::String,
    >,
    referrer: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Referrer>>,
        ::std::string::String,
    >,
    session: ::std::result::Result<
        ::apivideo_core::wire::Object<super::SessionInfo>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Session {
    fn default() -> Self {
        Self {
            client: Ok(Default::default()),
            device: Ok(Default::default()),
            location: Ok(Default::default()),
            os: Ok(Default::default()),
            referrer: Ok(Default::default()),
            session: Err("no value supplied for session".to_string()),
        }
    }
}
impl Session {
    pub fn client<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::ClientInfo>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.client = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for client: {e}"));
        self
    }
    pub fn device<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Device>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.device = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for device: {e}"));
        self
    }
    pub fn location<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Location>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.location = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for location: {e}"));
        self
    }
    pub fn os<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::OperatingSystem>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.os = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for os: {e}"));
        self
    }
    pub fn referrer<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Referrer>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.referrer = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for referrer: {e}"));
        self
    }
    pub fn session<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Object<super::SessionInfo>>,
        T::Error: ::std::fmt::Display,
    {
        self.session = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for session: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Session> for super::Session {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Session,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            client: value.client?,
            device: value.device?,
            location: value.location?,
            os: value.os?,
            referrer: value.referrer?,
            session: value.session?,
        })
    }
}
impl ::std::convert::From<super::Session> for Session {
    fn from(value: super::Session) -> Self {
        Self {
            client: Ok(value.client),
            device: Ok(value.device),
            location: Ok(value.location),
            os: Ok(value.os),
            referrer: Ok(value.referrer),
            session: Ok(value.session),
        }
    }
}
#[derive(Clone, Debug)]
pub struct SessionInfo {
    ended_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    loaded_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    metadata: ::std::result::Result<
        ::std::option::Option<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
        >,
        ::std::string::String,
    >,
    metadatas: ::std::result::Result<
        ::std::option::Option<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
        >,
        ::std::string::String,
    >,
    session_id: ::std::result::Result<
        ::apivideo_core::wire::Text,
        ::std::string::String,
    >,
}
impl ::std::default::Default for SessionInfo {
    fn default() -> Self {
        Self {
            ended_at: Ok(Default::default()),
            loaded_at: Ok(Default::default()),
            metadata: Ok(Default::default()),
            metadatas: Ok(Default::default()),
            session_id: Err("no value supplied for session_id".to_string()),
        }
    }
}
impl SessionInfo {
    pub fn ended_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.ended_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for ended_at: {e}"));
        self
    }
    pub fn loaded_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.loaded_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for loaded_at: {e}"));
        self
    }
    pub fn metadata<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<
                ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
            >,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.metadata = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for metadata: {e}"));
        self
    }
    #[deprecated]
    pub fn metadatas<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<
                ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
            >,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.metadatas = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for metadatas: {e}"));
        self
    }
    pub fn session_id<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Text>,
        T::Error: ::std::fmt::Display,
    {
        self.session_id = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for session_id: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<SessionInfo> for super::SessionInfo {
    type Error = super::error::ConversionError;
    fn try_from(
        value: SessionInfo,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            ended_at: value.ended_at?,
            loaded_at: value.loaded_at?,
            metadata: value.metadata?,
            metadatas: value.metadatas?,
            session_id: value.session_id?,
        })
    }
}
impl ::std::convert::From<super::SessionInfo> for SessionInfo {
    fn from(value: super::SessionInfo) -> Self {
        Self {
            ended_at: Ok(value.ended_at),
            loaded_at: Ok(value.loaded_at),
            metadata: Ok(value.metadata),
            metadatas: Ok(value.metadatas),
            session_id: Ok(value.session_id),
        }
    }
}
#[derive(Clone, Debug)]
pub struct SessionPage {
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::Session>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for SessionPage {
    fn default() -> Self {
        Self {
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl SessionPage {
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Session>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<SessionPage> for super::SessionPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: SessionPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::SessionPage> for SessionPage {
    fn from(value: super::SessionPage) -> Self {
        Self {
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Timeframe {
    from: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    to: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for Timeframe {
    fn default() -> Self {
        Self {
            from: Ok(Default::default()),
            to: Ok(Default::default()),
        }
    }
}
impl Timeframe {
    pub fn from<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.from = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for from: {e}"));
        self
    }
    pub fn to<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.to = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for to: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Timeframe> for super::Timeframe {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Timeframe,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            from: value.from?,
            to: value.to?,
        })
    }
}
impl ::std::convert::From<super::Timeframe> for Timeframe {
    fn from(value: super::Timeframe) -> Self {
        Self {
            from: Ok(value.from),
            to: Ok(value.to),
        }
    }
}
#[derive(Clone, Debug)]
pub struct TimeseriesPage {
    context: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        ::std::string::String,
    >,
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::TimeseriesPoint>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for TimeseriesPage {
    fn default() -> Self {
        Self {
            context: Ok(Default::default()),
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl TimeseriesPage {
    pub fn context<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::DataContext>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.context = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for context: {e}"));
        self
    }
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::TimeseriesPoint>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<TimeseriesPage> for super::TimeseriesPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: TimeseriesPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            context: value.context?,
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::TimeseriesPage> for TimeseriesPage {
    fn from(value: super::TimeseriesPage) -> Self {
        Self {
            context: Ok(value.context),
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
#[derive(Clone, Debug)]
pub struct TimeseriesPoint {
    emitted_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    metric_value: ::std::result::Result<
        ::std::option::Option<f64>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for TimeseriesPoint {
    fn default() -> Self {
        Self {
            emitted_at: Ok(Default::default()),
            metric_value: Ok(Default::default()),
        }
    }
}
impl TimeseriesPoint {
    pub fn emitted_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.emitted_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for emitted_at: {e}"));
        self
    }
    pub fn metric_value<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<f64>>,
        T::Error: ::std::fmt::Display,
    {
        self.metric_value = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for metric_value: {e}")
            });
        self
    }
}
impl ::std::convert::TryFrom<TimeseriesPoint> for super::TimeseriesPoint {
    type Error = super::error::ConversionError;
    fn try_from(
        value: TimeseriesPoint,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            emitted_at: value.emitted_at?,
            metric_value: value.metric_value?,
        })
    }
}
impl ::std::convert::From<super::TimeseriesPoint> for TimeseriesPoint {
    fn from(value: super::TimeseriesPoint) -> Self {
        Self {
            emitted_at: Ok(value.emitted_at),
            metric_value: Ok(value.metric_value),
        }
    }
}
#[derive(Clone, Debug)]
pub struct Video {
    created_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    description: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    metadata: ::std::result::Result<
        ::std::option::Option<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
        >,
        ::std::string::String,
    >,
    mp4_support: ::std::result::Result<
        ::std::option::Option<bool>,
        ::std::string::String,
    >,
    panoramic: ::std::result::Result<::std::option::Option<bool>, ::std::string::String>,
    player_id: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    public: ::std::result::Result<::std::option::Option<bool>, ::std::string::String>,
    published_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    tags: ::std::result::Result<
        ::std::option::Option<::std::vec::Vec<::apivideo_core::wire::Text>>,
        ::std::string::String,
    >,
    title: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Text>,
        ::std::string::String,
    >,
    updated_at: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::DateTime>,
        ::std::string::String,
    >,
    video_id: ::std::result::Result<::apivideo_core::wire::Text, ::std::string::String>,
}
impl ::std::default::Default for Video {
    fn default() -> Self {
        Self {
            created_at: Ok(Default::default()),
            description: Ok(Default::default()),
            metadata: Ok(Default::default()),
            mp4_support: Ok(Default::default()),
            panoramic: Ok(Default::default()),
            player_id: Ok(Default::default()),
            public: Ok(Default::default()),
            published_at: Ok(Default::default()),
            tags: Ok(Default::default()),
            title: Ok(Default::default()),
            updated_at: Ok(Default::default()),
            video_id: Err("no value supplied for video_id".to_string()),
        }
    }
}
impl Video {
    pub fn created_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.created_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for created_at: {e}"));
        self
    }
    pub fn description<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.description = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for description: {e}")
            });
        self
    }
    pub fn metadata<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<
                ::std::vec::Vec<::apivideo_core::wire::Object<super::Metadata>>,
            >,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.metadata = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for metadata: {e}"));
        self
    }
    pub fn mp4_support<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<bool>>,
        T::Error: ::std::fmt::Display,
    {
        self.mp4_support = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for mp4_support: {e}")
            });
        self
    }
    pub fn panoramic<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<bool>>,
        T::Error: ::std::fmt::Display,
    {
        self.panoramic = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for panoramic: {e}"));
        self
    }
    pub fn player_id<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.player_id = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for player_id: {e}"));
        self
    }
    pub fn public<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<bool>>,
        T::Error: ::std::fmt::Display,
    {
        self.public = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for public: {e}"));
        self
    }
    pub fn published_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.published_at = value
            .try_into()
            .map_err(|e| {
                format!("error converting supplied value for published_at: {e}")
            });
        self
    }
    pub fn tags<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::std::vec::Vec<::apivideo_core::wire::Text>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.tags = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for tags: {e}"));
        self
    }
    pub fn title<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::std::option::Option<::apivideo_core::wire::Text>>,
        T::Error: ::std::fmt::Display,
    {
        self.title = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for title: {e}"));
        self
    }
    pub fn updated_at<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::DateTime>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.updated_at = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for updated_at: {e}"));
        self
    }
    pub fn video_id<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<::apivideo_core::wire::Text>,
        T::Error: ::std::fmt::Display,
    {
        self.video_id = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for video_id: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<Video> for super::Video {
    type Error = super::error::ConversionError;
    fn try_from(
        value: Video,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            created_at: value.created_at?,
            description: value.description?,
            metadata: value.metadata?,
            mp4_support: value.mp4_support?,
            panoramic: value.panoramic?,
            player_id: value.player_id?,
            public: value.public?,
            published_at: value.published_at?,
            tags: value.tags?,
            title: value.title?,
            updated_at: value.updated_at?,
            video_id: value.video_id?,
        })
    }
}
impl ::std::convert::From<super::Video> for Video {
    fn from(value: super::Video) -> Self {
        Self {
            created_at: Ok(value.created_at),
            description: Ok(value.description),
            metadata: Ok(value.metadata),
            mp4_support: Ok(value.mp4_support),
            panoramic: Ok(value.panoramic),
            player_id: Ok(value.player_id),
            public: Ok(value.public),
            published_at: Ok(value.published_at),
            tags: Ok(value.tags),
            title: Ok(value.title),
            updated_at: Ok(value.updated_at),
            video_id: Ok(value.video_id),
        }
    }
}
#[derive(Clone, Debug)]
pub struct VideoPage {
    data: ::std::result::Result<
        ::std::vec::Vec<::apivideo_core::wire::Object<super::Video>>,
        ::std::string::String,
    >,
    pagination: ::std::result::Result<
        ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        ::std::string::String,
    >,
}
impl ::std::default::Default for VideoPage {
    fn default() -> Self {
        Self {
            data: Err("no value supplied for data".to_string()),
            pagination: Ok(Default::default()),
        }
    }
}
impl VideoPage {
    pub fn data<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::vec::Vec<::apivideo_core::wire::Object<super::Video>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.data = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for data: {e}"));
        self
    }
    pub fn pagination<T>(mut self, value: T) -> Self
    where
        T: ::std::convert::TryInto<
            ::std::option::Option<::apivideo_core::wire::Object<super::Pagination>>,
        >,
        T::Error: ::std::fmt::Display,
    {
        self.pagination = value
            .try_into()
            .map_err(|e| format!("error converting supplied value for pagination: {e}"));
        self
    }
}
impl ::std::convert::TryFrom<VideoPage> for super::VideoPage {
    type Error = super::error::ConversionError;
    fn try_from(
        value: VideoPage,
    ) -> ::std::result::Result<Self, super::error::ConversionError> {
        Ok(Self {
            data: value.data?,
            pagination: value.pagination?,
        })
    }
}
impl ::std::convert::From<super::VideoPage> for VideoPage {
    fn from(value: super::VideoPage) -> Self {
        Self {
            data: Ok(value.data),
            pagination: Ok(value.pagination),
        }
    }
}
