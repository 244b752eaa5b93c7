//! A request that a recording can respond to.

use super::Recording;
use crate::handlers;

impl Recording {
    /// Returns the path and query parameters of a request with a successful response, for a first look at an unknown
    /// recording; `None` if it does not contain one.
    ///
    /// ```
    /// let recording = apivideo_simulator::Recording::tutorial();
    /// let (path, query) = recording.example().unwrap();
    /// assert_eq!(path, "/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg");
    /// assert!(query.is_empty());
    /// ```
    pub fn example(&self) -> Option<(&str, Vec<(&str, &str)>)> {
        let entry = self.entries.iter().find(|entry| {
            let is_exact = !entry.path.split('/').any(|segment| segment == "*");
            let is_served = handlers::find(&entry.path).is_some() && entry.status.is_success();
            is_exact && is_served && entry.page == 1
        })?;
        let query = entry.query.iter();
        let query = query.map(|(name, value)| (name.as_str(), value.as_str()));
        Some((&entry.path, query.collect()))
    }
}
