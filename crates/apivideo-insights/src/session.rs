use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The facts of a player session, without its events.
///
/// Everything but the identifier is optional, because the service omits what it does not know.
///
/// ```
/// use apivideo_insights::{Asset, SessionFacts};
///
/// let session = SessionFacts {
///     asset: Some(Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg")),
///     loaded_at: Some("2022-01-01T12:00:00Z".parse()?),
///     ended_at: Some("2022-01-01T12:05:00Z".parse()?),
///     country: Some("France"),
///     ..SessionFacts::new("psEmFwGQUAXR2lFHj5nDOpy")
/// };
/// assert!(session.metadata.is_empty());
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionFacts<'a> {
    /// The identifier of the session.
    pub id: &'a str,
    /// The video or live stream.
    pub asset: Option<Asset<'a>>,
    /// When the page with the player was loaded.
    pub loaded_at: Option<Timestamp>,
    /// When the player was last seen: the time of its last heartbeat or event. Heartbeats are 10 s apart.
    pub ended_at: Option<Timestamp>,
    /// Metadata by key. A key can occur more than once.
    pub metadata: Vec<(&'a str, Cow<'a, str>)>,
    /// The country.
    pub country: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The type of device, such as `desktop`.
    pub device_type: Option<&'a str>,
    /// The vendor of the device.
    pub device_vendor: Option<&'a str>,
    /// The model of the device.
    pub device_model: Option<&'a str>,
    /// The name of the operating system.
    pub os: Option<&'a str>,
    /// The name of the browser or application.
    pub client: Option<&'a str>,
    /// The host of the page that referred to the player; see [`host_of`](Self::host_of).
    pub referrer_host: Option<&'a str>,
    /// The host and path of that page, without query and fragment; see [`page_of`](Self::page_of).
    pub referrer_page: Option<Cow<'a, str>>,
    /// The kind of referrer, such as `organic`.
    pub referrer_medium: Option<&'a str>,
    /// The source of the referrer, such as the name of a search engine.
    pub referrer_source: Option<&'a str>,
}

impl<'a> SessionFacts<'a> {
    /// Creates the facts of a session of which only the identifier is known.
    ///
    /// ```
    /// assert_eq!(apivideo_insights::SessionFacts::new("ps1").id, "ps1");
    /// ```
    #[must_use]
    pub fn new(id: &'a str) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    /// Returns whether the session belongs to a live stream, whose positions have no upper bound.
    ///
    /// ```
    /// assert!(!apivideo_insights::SessionFacts::new("ps1").is_live());
    /// ```
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.asset
            .is_some_and(|asset| asset.kind == AssetKind::LiveStream)
    }

    /// Returns the host of a URL without `www.`, or `None` for a URL without a host. User names, passwords and ports are left out.
    ///
    /// ```
    /// use apivideo_insights::SessionFacts;
    ///
    /// assert_eq!(SessionFacts::host_of("https://www.example.com/page?q=1"), Some("example.com"));
    /// assert_eq!(SessionFacts::host_of("https://user:password@[::1]:8080/"), Some("[::1]"));
    /// assert_eq!(SessionFacts::host_of("about:blank"), None);
    /// ```
    #[must_use]
    pub fn host_of(url: &str) -> Option<&str> {
        let (_, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        // What follows the host is left out even if it is not a port: it can be the password of a URL without `@`.
        let host = match host.starts_with('[') {
            true => &host[..host.find(']').map_or(host.len(), |end| end + 1)],
            false => host.split(':').next()?,
        };
        let host = host.strip_prefix("www.").unwrap_or(host);
        (!host.is_empty()).then_some(host)
    }

    /// Returns the [host](Self::host_of) of a URL and its path, or `None` for a URL without a host. The port, the query and the
    /// fragment, which can contain personal data, are left out.
    ///
    /// ```
    /// use apivideo_insights::SessionFacts;
    ///
    /// let page = |url| SessionFacts::page_of(url);
    /// assert_eq!(page("https://www.example.com/blog/video?q=1#top").as_deref(), Some("example.com/blog/video"));
    /// assert_eq!(page("https://example.com").as_deref(), Some("example.com/"));
    /// assert_eq!(page("about:blank"), None);
    /// ```
    #[must_use]
    pub fn page_of(url: &str) -> Option<Cow<'_, str>> {
        let host = Self::host_of(url)?;
        let (_, rest) = url.split_once("://")?;
        let rest = rest.split(['?', '#']).next()?;
        let path = rest.find('/').map_or("/", |start| &rest[start..]);
        let page = host.len() + path.len();
        match rest
            .len()
            .checked_sub(page)
            .and_then(|start| rest.get(start..))
        {
            Some(slice) if slice.starts_with(host) => Some(Cow::Borrowed(slice)),
            _ => Some(Cow::Owned(format!("{host}{path}"))),
        }
    }

    /// Returns the first value of a metadata key.
    ///
    /// ```
    /// let mut session = apivideo_insights::SessionFacts::new("ps1");
    /// session.metadata.push(("userId", "42".into()));
    /// assert_eq!(session.metadata("userId"), Some("42"));
    /// ```
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.as_ref())
    }
}

/// A video or live stream.
///
/// ```
/// use apivideo_insights::{Asset, AssetKind};
///
/// let asset = Asset::video("vi4k0jvEUuaTdRAEjQ4Prklg");
/// assert_eq!(asset.kind, AssetKind::Video);
/// assert_eq!(asset.to_string(), "video/vi4k0jvEUuaTdRAEjQ4Prklg");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asset<'a> {
    /// The kind of asset.
    pub kind: AssetKind,
    /// The identifier.
    pub id: &'a str,
}

impl<'a> Asset<'a> {
    /// Returns the video with this identifier.
    #[must_use]
    pub const fn video(id: &'a str) -> Self {
        Self {
            kind: AssetKind::Video,
            id,
        }
    }

    /// Returns the live stream with this identifier.
    #[must_use]
    pub const fn live_stream(id: &'a str) -> Self {
        Self {
            kind: AssetKind::LiveStream,
            id,
        }
    }
}

impl fmt::Display for Asset<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// The kind of an [`Asset`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AssetKind {
    /// A video, whose positions are bounded by its length.
    Video,
    /// A live stream, whose positions are not bounded.
    LiveStream,
}

impl AssetKind {
    /// Returns the name: `video` or `live-stream`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::LiveStream => "live-stream",
        }
    }
}

impl fmt::Display for AssetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error returned when a string is not the name of a kind of asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAssetKind;

impl fmt::Display for InvalidAssetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid kind of asset: must be video or live-stream")
    }
}

impl std::error::Error for InvalidAssetKind {}

impl FromStr for AssetKind {
    type Err = InvalidAssetKind;

    fn from_str(text: &str) -> Result<Self, InvalidAssetKind> {
        match text {
            "video" => Ok(Self::Video),
            "live-stream" => Ok(Self::LiveStream),
            _ => Err(InvalidAssetKind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_url_are_not_in_its_host_or_page() {
        for (url, host) in [
            (
                "https://user:secret@www.example.com:8080/p?t=secret#secret",
                Some("example.com"),
            ),
            ("https://user:se@cret@example.com/p", Some("example.com")),
            ("https://example.com:secret/p", Some("example.com")),
            ("https://example.com:80:secret/p", Some("example.com")),
            ("https://[2001:db8::1]:8080/p", Some("[2001:db8::1]")),
            ("https://[2001:db8::1]:secret/p", Some("[2001:db8::1]")),
            ("https://[::1/p", Some("[::1")),
            ("https://:secret/p", None),
            ("https://user:secret@/p", None),
        ] {
            assert_eq!(SessionFacts::host_of(url), host, "{url}");
            let page = host.map(|host| format!("{host}/p"));
            assert_eq!(
                SessionFacts::page_of(url).as_deref(),
                page.as_deref(),
                "{url}"
            );
        }
    }
}
