//! Measurements: one number, one per value of a dimension, or one per interval.

use apivideo_core::types;
use apivideo_core::wire::{Extra, Object, Text};
use jiff::Timestamp;
use serde::Serialize;

use super::wire::{FromWire, instant, model, number, rfc3339};

/// A measurement over a time range.
///
/// ```
/// use apivideo::model::MetricValue;
///
/// let value: MetricValue = serde_json::from_str(
///     r#"{"context":{"metric":"play","aggregation":"count",
///         "timeframe":{"from":"2024-05-28T11:15:07+00:00","to":"2024-05-29T11:15:07+00:00"}},"data":346.5}"#,
/// )?;
/// assert_eq!(value.value, 346.5);
/// assert_eq!(value.from.unwrap().to_string(), "2024-05-28T11:15:07Z");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct MetricValue {
    /// The number: a count, a rate, milliseconds or seconds, depending on the metric.
    pub value: f64,
    /// The metric, as the service reports it. It can differ from the requested one.
    pub metric: Option<Text>,
    /// The aggregation, as the service reports it.
    pub aggregation: Option<Text>,
    /// The start of the time range, included.
    pub from: Option<Timestamp>,
    /// The end of the time range, excluded.
    pub to: Option<Timestamp>,
    /// Unknown fields, and fields that could not be read.
    pub extra: Extra,
}

impl FromWire<Object<types::MetricResponse>> for MetricValue {
    fn from_wire(wire: Object<types::MetricResponse>) -> Self {
        let Object {
            value: types::MetricResponse { context, data },
            mut extra,
        } = wire;
        let types::DataContext {
            metric,
            aggregation,
            timeframe,
            // These belong to buckets and timeseries.
            breakdown: _,
            interval: _,
        } = context.map(|context| context.value).unwrap_or_default();
        let types::Timeframe { from, to } = timeframe.map(|time| time.value).unwrap_or_default();
        Self {
            value: data,
            metric,
            aggregation,
            from: instant(from, "from", &mut extra),
            to: instant(to, "to", &mut extra),
            extra,
        }
    }
}

model!(MetricValue from types::MetricResponse);

/// A measurement with the nesting of the service.
#[derive(Serialize)]
#[cfg_attr(
    feature = "schemars",
    derive(schemars::JsonSchema),
    schemars(rename = "MetricValue")
)]
struct NestedMetric<'a> {
    /// Omitted if the service did not send an object: `extra` contains its value then.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<NestedContext<'a>>,
    #[serde(serialize_with = "whole")]
    data: f64,
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    extra: &'a Extra,
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

/// Serializes a whole number without a fraction.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde requires"
)]
fn whole<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    number(&Some(*value), serializer)
}

impl Serialize for MetricValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = || NestedContext {
            metric: &self.metric,
            aggregation: &self.aggregation,
            timeframe: NestedTimeframe {
                from: self.from,
                to: self.to,
            },
        };
        NestedMetric {
            context: self.extra.get("context").is_none().then(context),
            data: self.value,
            extra: &self.extra,
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

/// The measurement for one value of a dimension, such as one country, device or video.
///
/// ```
/// use apivideo::model::Bucket;
///
/// let bucket: Bucket = serde_json::from_str(r#"{"metricValue":7,"dimensionValue":"FR"}"#)?;
/// assert_eq!((bucket.dimension_value.as_deref(), bucket.metric_value), (Some("FR"), Some(7.0)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Bucket {
    /// The value of the dimension: a two-letter country code, an identifier, `computer`. A referrer can be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension_value: Option<Text>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    pub metric_value: Option<f64>,
    /// Unknown fields, and fields that could not be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
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
        // Here "unknown" is a value of the dimension: the devices that were not recognized.
        Self {
            dimension_value,
            metric_value,
            extra,
        }
    }
}

model!(Bucket from types::Bucket);

/// The measurement for one interval of a timeseries.
///
/// ```
/// use apivideo::model::TimeseriesPoint;
///
/// let point: TimeseriesPoint =
///     serde_json::from_str(r#"{"emittedAt":"2024-05-29T07:00:00+00:00","metricValue":2}"#)?;
/// assert_eq!(point.emitted_at.unwrap().to_string(), "2024-05-29T07:00:00Z");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TimeseriesPoint {
    /// The start of the interval.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "rfc3339")]
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub emitted_at: Option<Timestamp>,
    /// The measurement.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "number")]
    pub metric_value: Option<f64>,
    /// Unknown fields, and fields that could not be read.
    #[serde(flatten)]
    #[cfg_attr(feature = "schemars", schemars(with = "super::wire::ExtraSchema"))]
    pub extra: Extra,
}

impl FromWire<Object<types::TimeseriesPoint>> for TimeseriesPoint {
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

model!(TimeseriesPoint from types::TimeseriesPoint);

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
        json: &str,
    ) -> T {
        let value: T = serde_json::from_str(json).unwrap();
        let again = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&again).unwrap(), value, "{again}");
        value
    }

    #[test]
    fn measurements_round_trip() {
        let metric = r#"{"context":{"metric":"play","aggregation":"count","timeframe":{"from":"2024-05-28T11:15:07Z"}},"data":7}"#;
        let value: MetricValue = round_trip(metric);
        assert_eq!(serde_json::to_string(&value).unwrap(), metric);
        assert_eq!(round_trip::<MetricValue>(r#"{"data":1.5}"#).value, 1.5);

        let bucket = r#"{"dimensionValue":"unknown","metricValue":7,"more":1}"#;
        let value: Bucket = round_trip(bucket);
        assert_eq!(serde_json::to_string(&value).unwrap(), bucket);

        let point: TimeseriesPoint =
            round_trip(r#"{"emittedAt":"2024-05-29T07+00:00:00:00","metricValue":2.5}"#);
        assert_eq!(
            serde_json::to_string(&point).unwrap(),
            r#"{"emittedAt":"2024-05-29T07:00:00Z","metricValue":2.5}"#
        );
    }

    #[test]
    fn a_metric_keeps_unknown_and_unreadable_fields() {
        let value: MetricValue =
            round_trip(r#"{"context":{"timeframe":{"to":"soon"}},"data":2,"more":1}"#);
        assert_eq!((value.to, &value.extra["to"]), (None, &"soon".into()));
        assert_eq!(value.extra["more"], 1);
        let value: MetricValue = round_trip(r#"{"context":"all","data":2}"#);
        assert_eq!(value.extra["context"], "all");
    }
}
