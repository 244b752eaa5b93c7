//! The filter of aggregates.

use std::fmt;

use super::shared::shared_parameters;
use crate::id::{LiveStreamId, VideoId};
use crate::resources::params::{Continent, DeviceType, MediaType};

shared_parameters! {
    /// Restricts which views are measured.
    ///
    /// Several values of one dimension are alternatives; a view must match every dimension that is set.
    ///
    /// `Debug` does not show values that applications pass as strings, because they can be personal.
    ///
    /// ```
    /// use apivideo::aggregates::{DeviceType, Filter};
    ///
    /// let filter = Filter::new().country("FR").country("DE").device_type(DeviceType::Phone).tag("Cool videos");
    /// ```
    #[derive(Clone, Default, PartialEq, Eq)]
    #[must_use = "a filter does nothing until it is passed to a request"]
    pub struct Filter {
        media_ids: Vec<String> => filter_by_media_id,
        media_type: Option<MediaType> => filter_by_media_type,
        continents: Vec<Continent> => filter_by_continent,
        countries: Vec<String> => filter_by_country,
        device_types: Vec<DeviceType> => filter_by_device_type,
        operating_systems: Vec<String> => filter_by_operating_system,
        browsers: Vec<String> => filter_by_browser,
        referrers: Vec<String> => filter_by_referrer,
        tag: Option<String> => filter_by_tag,
    }
}

impl Filter {
    /// Creates a filter that every view matches.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// assert_eq!(Filter::new(), Filter::default());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a video.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn video(mut self, id: VideoId) -> Self {
        self.media_ids.push(id.into());
        self
    }

    /// Adds a live stream.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn live_stream(mut self, id: LiveStreamId) -> Self {
        self.media_ids.push(id.into());
        self
    }

    /// Sets the type of media: videos or live streams.
    ///
    /// ```
    /// use apivideo::aggregates::{Filter, MediaType};
    ///
    /// let filter = Filter::new().media_type(MediaType::LiveStream);
    /// ```
    pub fn media_type(mut self, media_type: MediaType) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// Adds a continent.
    ///
    /// ```
    /// use apivideo::aggregates::{Continent, Filter};
    ///
    /// let filter = Filter::new().continent(Continent::Europe).continent(Continent::Africa);
    /// ```
    pub fn continent(mut self, continent: Continent) -> Self {
        self.continents.push(continent);
        self
    }

    /// Adds a country, by its two-letter code (ISO 3166-1) such as `FR`.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().country("FR").country("DE");
    /// ```
    pub fn country(mut self, code: impl Into<String>) -> Self {
        self.countries.push(code.into());
        self
    }

    /// Adds a kind of device.
    ///
    /// ```
    /// use apivideo::aggregates::{DeviceType, Filter};
    ///
    /// let filter = Filter::new().device_type(DeviceType::Phone).device_type(DeviceType::Tablet);
    /// ```
    pub fn device_type(mut self, device_type: DeviceType) -> Self {
        self.device_types.push(device_type);
        self
    }

    /// Adds an operating system, by the name that the service uses, such as `windows`.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().operating_system("windows");
    /// ```
    pub fn operating_system(mut self, name: impl Into<String>) -> Self {
        self.operating_systems.push(name.into());
        self
    }

    /// Adds a browser, by the name that the service uses, such as `firefox`.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().browser("firefox");
    /// ```
    pub fn browser(mut self, name: impl Into<String>) -> Self {
        self.browsers.push(name.into());
        self
    }

    /// Adds a referrer, by its exact URL of at most 2048 characters. An empty string selects views without a referrer.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().referrer("https://example.com/news");
    /// ```
    pub fn referrer(mut self, url: impl Into<String>) -> Self {
        self.referrers.push(url.into());
        self
    }

    /// Sets the tag that videos must have. Tags are case-sensitive.
    ///
    /// ```
    /// use apivideo::aggregates::Filter;
    ///
    /// let filter = Filter::new().tag("tutorial");
    /// ```
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("media_ids", &self.media_ids)
            .field("media_type", &self.media_type)
            .field("continents", &self.continents)
            .field("countries", &self.countries.len())
            .field("device_types", &self.device_types)
            .field("operating_systems", &self.operating_systems.len())
            .field("browsers", &self.browsers.len())
            .field("referrers", &self.referrers.len())
            .field("tag", &self.tag.is_some())
            .finish()
    }
}
