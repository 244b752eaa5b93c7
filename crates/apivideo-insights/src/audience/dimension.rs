use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::session::SessionFacts;

/// A property of sessions by which measures are broken down or filtered.
///
/// ```
/// use apivideo_insights::Dimension;
///
/// let plan: Dimension = "metadata.plan".parse()?;
/// assert_eq!(plan, Dimension::Metadata("plan".to_owned()));
/// assert_eq!(Dimension::DeviceType.to_string(), "device.type");
/// # Ok::<(), apivideo_insights::InvalidDimension>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Dimension {
    /// The video or live stream, by its identifier: `asset`.
    Asset,
    /// The country: `country`.
    Country,
    /// The city: `city`.
    City,
    /// The type of device: `device.type`.
    DeviceType,
    /// The vendor of the device: `device.vendor`.
    DeviceVendor,
    /// The model of the device: `device.model`.
    DeviceModel,
    /// The operating system: `os`.
    Os,
    /// The browser or application: `client`.
    Client,
    /// The kind of referrer: `referrer.medium`.
    ReferrerMedium,
    /// The source of the referrer: `referrer.source`.
    ReferrerSource,
    /// The host of the referring page: `referrer.host`.
    ReferrerHost,
    /// The host and path of the referring page: `referrer.page`.
    ReferrerPage,
    /// The day on which the session started: `date`. The rows of a breakdown are ascending.
    Day,
    /// The value of a metadata key: `metadata.KEY`.
    Metadata(String),
}

const NAMES: [(Dimension, &str); 13] = [
    (Dimension::Asset, "asset"),
    (Dimension::Country, "country"),
    (Dimension::City, "city"),
    (Dimension::DeviceType, "device.type"),
    (Dimension::DeviceVendor, "device.vendor"),
    (Dimension::DeviceModel, "device.model"),
    (Dimension::Os, "os"),
    (Dimension::Client, "client"),
    (Dimension::ReferrerMedium, "referrer.medium"),
    (Dimension::ReferrerSource, "referrer.source"),
    (Dimension::ReferrerHost, "referrer.host"),
    (Dimension::ReferrerPage, "referrer.page"),
    (Dimension::Day, "date"),
];

impl Dimension {
    /// Returns the value of a session; `None` if it is unknown or empty. Days are those of UTC; in an
    /// [`Audience`](crate::Audience), those of its time zone.
    ///
    /// ```
    /// use apivideo_insights::{Dimension, SessionFacts};
    ///
    /// let session = SessionFacts { country: Some("France"), ..SessionFacts::new("ps1") };
    /// assert_eq!(Dimension::Country.value(&session).as_deref(), Some("France"));
    /// assert_eq!(Dimension::City.value(&session), None);
    /// ```
    #[must_use]
    pub fn value<'s>(&self, session: &'s SessionFacts<'_>) -> Option<Cow<'s, str>> {
        self.value_in(session, &TimeZone::UTC)
    }

    /// Returns the value of a session; days are those of a time zone.
    pub(crate) fn value_in<'s>(
        &self,
        session: &'s SessionFacts<'_>,
        zone: &TimeZone,
    ) -> Option<Cow<'s, str>> {
        let value = match self {
            Self::Asset => session.asset.map(|asset| asset.id),
            Self::Country => session.country,
            Self::City => session.city,
            Self::DeviceType => session.device_type,
            Self::DeviceVendor => session.device_vendor,
            Self::DeviceModel => session.device_model,
            Self::Os => session.os,
            Self::Client => session.client,
            Self::ReferrerMedium => session.referrer_medium,
            Self::ReferrerSource => session.referrer_source,
            Self::ReferrerHost => session.referrer_host,
            Self::ReferrerPage => session.referrer_page.as_deref(),
            Self::Day => {
                let loaded = zone.to_datetime(session.loaded_at?);
                return Some(loaded.date().to_string().into());
            }
            Self::Metadata(key) => session.metadata(key),
        };
        value.filter(|value| !value.is_empty()).map(Cow::Borrowed)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Metadata(key) = self {
            return write!(f, "metadata.{key}");
        }
        let name = NAMES.iter().find(|(dimension, _)| dimension == self);
        f.write_str(name.map_or("", |(_, name)| name))
    }
}

impl FromStr for Dimension {
    type Err = InvalidDimension;

    fn from_str(text: &str) -> Result<Self, InvalidDimension> {
        if let Some(key) = text.strip_prefix("metadata.").filter(|key| !key.is_empty()) {
            return Ok(Self::Metadata(key.to_owned()));
        }
        NAMES
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(dimension, _)| dimension.clone())
            .ok_or_else(|| InvalidDimension(text.to_owned()))
    }
}

/// An error returned when a string is not the name of a [`Dimension`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDimension(String);

impl fmt::Display for InvalidDimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid dimension {:?}: must be metadata.KEY", self.0)?;
        for (index, (_, name)) in NAMES.iter().enumerate() {
            let separator = match index + 1 == NAMES.len() {
                true => " or ",
                false => ", ",
            };
            write!(f, "{separator}{name}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidDimension {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parsed() {
        for (dimension, name) in NAMES {
            assert_eq!(name.parse(), Ok(dimension.clone()));
            assert_eq!(dimension.to_string(), name);
        }
        let error = "metadata.".parse::<Dimension>().unwrap_err();
        assert!(error.to_string().starts_with(
            "invalid dimension \"metadata.\": must be metadata.KEY, asset, country, city"
        ));
        assert!(error.to_string().ends_with(" or date"));
    }
}
