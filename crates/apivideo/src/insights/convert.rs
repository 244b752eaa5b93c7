//! Conversions of models to the plain data of measures.

use std::borrow::Cow;

use apivideo_insights::{Asset, Event, EventKind, SessionFacts};
use serde_json::Value;

use crate::id::AssetId;
use crate::model;

impl<'a> From<&'a AssetId> for Asset<'a> {
    fn from(id: &'a AssetId) -> Self {
        match id {
            AssetId::Video(id) => Self::video(id.as_str()),
            AssetId::LiveStream(id) => Self::live_stream(id.as_str()),
        }
    }
}

/// Metadata values that are not strings are converted to JSON; pairs without a value are left out.
impl<'a> From<&'a model::Session> for SessionFacts<'a> {
    fn from(session: &'a model::Session) -> Self {
        let value = |value: &'a Value| match value {
            Value::String(value) => Cow::Borrowed(value.as_str()),
            other => Cow::Owned(other.to_string()),
        };
        let pairs = session.metadata.iter();
        Self {
            asset: session.asset.as_ref().map(Asset::from),
            loaded_at: session.loaded_at,
            ended_at: session.ended_at,
            metadata: pairs
                .filter_map(|pair| Some((&*pair.key, value(pair.value.as_ref()?))))
                .collect(),
            country: session.location.country.as_deref(),
            city: session.location.city.as_deref(),
            device_type: session.device.kind.as_deref(),
            device_vendor: session.device.vendor.as_deref(),
            device_model: session.device.model.as_deref(),
            os: session.os.name.as_deref(),
            client: session.client.name.as_deref(),
            referrer_host: session
                .referrer
                .url
                .as_deref()
                .and_then(SessionFacts::host_of),
            referrer_page: session
                .referrer
                .url
                .as_deref()
                .and_then(SessionFacts::page_of),
            referrer_medium: session.referrer.medium.as_deref(),
            referrer_source: session.referrer.source.as_deref(),
            ..Self::new(session.id.as_str())
        }
    }
}

impl From<&model::Event> for Event {
    fn from(event: &model::Event) -> Self {
        Self {
            emitted_at: event.emitted_at,
            at: event.at,
            from: event.from,
            to: event.to,
            ..Self::new(EventKind::from_name(event.kind.as_str()))
        }
    }
}

#[cfg(test)]
mod tests;
