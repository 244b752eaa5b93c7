//! Measurements: the aggregates that succeed raw statistics.

use apivideo_core::types;
use apivideo_core::wire::Object;
use jiff::Timestamp;
use serde::Serialize;

use super::{Extra, FromWire, Text, deserialize_as_wire, instant, number, rfc3339, try_from_wire};

/// One measurement over a time.
///
/// ```
/// let value: apivideo::MetricValue = serde_json::from_str(
///     r#"{"context":{"metric":"play","aggregation":"count",
///         "timeframe":{"from":"2024-05-28T11:15:07+00:00","to":"2024-05-29T11:15:07+00:00"}},"data":346.5}"#,
/// )?;
/// assert_eq!(value.value, 346.5);
/// assert_eq!(value.from.unwrap().to_string(), "2024-05-28T11:15:07Z");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MetricValue {
    /// The number: a count, a rate, milliseconds or seconds, by what was asked for.
    pub value: f64,
    /// What was measured, in the service's words; they differ from the request's at times.
    pub metric: Option<Text>,
    /// How it was put together, in the service's words.
    pub aggregation: Option<Text>,
    /// Where the time begins.
    pub from: Option<Timestamp>,
    /// Where it ends, not included.
    pub to: Option<Timestamp>,
}

impl From<Object<types::MetricResponse>> for MetricValue {
    fn from(wire: Object<types::MetricResponse>) -> Self {
        let Object {
            value: types::MetricResponse { context, data },
            ..
        } = wire;
        let types::DataContext {
            metric,
            aggregation,
            timeframe,
            // Those of buckets and timeseries.
            breakdown: _,
            interval: _,
        } = context.map(|context| context.value).unwrap_or_default();
        let types::Timeframe { from, to } = timeframe.map(|time| time.value).unwrap_or_default();
        let mut unreadable = Extra::new();
        Self {
            value: data,
            metric,
            aggregation,
            from: instant(from, "from", &mut unreadable),
            to: instant(to, "to", &mut unreadable),
        }
    }
}

deserialize_as_wire!(MetricValue, types::MetricResponse);

#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "MetricValue")
)]
struct NestedMetric<'a> {
    context: NestedContext<'a>,
    #[serde(serialize_with = "whole")]
    data: f64,
}

#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "MetricContext")
)]
struct NestedContext<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: &'a Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregation: &'a Option<Text>,
    timeframe: NestedTimeframe,
}

#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "Timeframe")
)]
struct NestedTimeframe {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    to: Option<Timestamp>,
}

/// Writes a number without a fraction where it has none.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde asks for"
)]
fn whole<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    number(&Some(*value), serializer)
}

impl Serialize for MetricValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NestedMetric {
            context: NestedContext {
                metric: &self.metric,
                aggregation: &self.aggregation,
                timeframe: NestedTimeframe {
                    from: self.from,
                    to: self.to,
                },
            },
            data: self.value,
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for MetricValue {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        NestedMetric::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        NestedMetric::json_schema(generator)
    }
}

/// The measurement for one value of a dimension: for one country, one device, one video.
///
/// ```
/// let bucket: apivideo::Bucket = serde_json::from_str(r#"{"metricValue":7,"dimensionValue":"FR"}"#)?;
/// assert_eq!((bucket.dimension_value.as_deref(), bucket.metric_value), (Some("FR"), Some(7.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bucket {
    /// The value of the dimension: a country's two letters, an id, `computer`. A referrer may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension_value: Option<Text>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    pub metric_value: Option<f64>,
    /// Fields that this crate does not know.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    pub extra: Extra,
}

impl FromWire<Object<types::Bucket>> for Bucket {
    fn from_wire(wire: Object<types::Bucket>) -> Self {
        let Object {
            value:
                types::Bucket {
                    metric_value,
                    dimension_value,
                },
            extra,
        } = wire;
        // Here "unknown" is a value among others: the devices that were not recognized.
        Self {
            dimension_value,
            metric_value,
            extra,
        }
    }
}

try_from_wire!(Bucket, types::Bucket);

deserialize_as_wire!(Bucket, types::Bucket);

/// The measurement for one step of time.
///
/// ```
/// let point: apivideo::Point = serde_json::from_str(r#"{"emittedAt":"2024-05-29T07:00:00+00:00","metricValue":2}"#)?;
/// assert_eq!(point.emitted_at.unwrap().to_string(), "2024-05-29T07:00:00Z");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Point {
    /// Where the step begins.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub emitted_at: Option<Timestamp>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    pub metric_value: Option<f64>,
    /// Fields that this crate does not know, and a time that can't be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::Unknown"))]
    pub extra: Extra,
}

impl FromWire<Object<types::TimeseriesPoint>> for Point {
    fn from_wire(wire: Object<types::TimeseriesPoint>) -> Self {
        let Object {
            value:
                types::TimeseriesPoint {
                    emitted_at,
                    metric_value,
                },
            mut extra,
        } = wire;
        Self {
            emitted_at: instant(emitted_at, "emittedAt", &mut extra),
            metric_value,
            extra,
        }
    }
}

try_from_wire!(Point, types::TimeseriesPoint);

deserialize_as_wire!(Point, types::TimeseriesPoint);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_read_back_equal() {
        let metric = r#"{"context":{"metric":"play","aggregation":"count","timeframe":{"from":"2024-05-28T11:15:07Z"}},"data":7}"#;
        let value: MetricValue = serde_json::from_str(metric).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), metric);
        assert_eq!(
            serde_json::from_str::<MetricValue>(r#"{"data":1.5}"#)
                .unwrap()
                .value,
            1.5
        );

        let bucket = r#"{"dimensionValue":"unknown","metricValue":7,"more":1}"#;
        let value: Bucket = serde_json::from_str(bucket).unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), bucket);

        let point: Point =
            serde_json::from_str(r#"{"emittedAt":"2024-05-29T07+00:00:00:00","metricValue":2.5}"#)
                .unwrap();
        let again = serde_json::to_string(&point).unwrap();
        assert_eq!(
            again,
            r#"{"emittedAt":"2024-05-29T07:00:00Z","metricValue":2.5}"#
        );
        assert_eq!(serde_json::from_str::<Point>(&again).unwrap(), point);
    }
}
