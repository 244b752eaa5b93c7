//! The `metadata` filter of the list operations.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Pairs of key and value, sent as `metadata[key]=value` each, in the order in which they were added.
///
/// ```
/// use apivideo_core::wire::MetadataFilter;
///
/// let filter = MetadataFilter::new().with("hats", "green").with("coats", "blue");
/// assert_eq!(serde_json::to_string(&filter)?, r#"{"metadata[hats]":"green","metadata[coats]":"blue"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataFilter {
    pairs: Vec<(String, String)>,
}

impl MetadataFilter {
    /// A filter that lets everything through.
    ///
    /// ```
    /// assert!(apivideo_core::wire::MetadataFilter::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more pair; a key may come several times.
    ///
    /// ```
    /// let filter = apivideo_core::wire::MetadataFilter::new().with("hats", "green");
    /// assert_eq!(filter.pairs(), [("hats".to_owned(), "green".to_owned())]);
    /// ```
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.pairs.push((key.into(), value.into()));
        self
    }

    /// The pairs, in order.
    ///
    /// ```
    /// assert!(apivideo_core::wire::MetadataFilter::new().pairs().is_empty());
    /// ```
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Whether there are no pairs.
    ///
    /// ```
    /// assert!(!apivideo_core::wire::MetadataFilter::new().with("hats", "green").is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for MetadataFilter {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self {
            pairs: pairs
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        }
    }
}

/// As a map, because the client hands a map of a query parameter to the query as it is, without the parameter's name.
impl Serialize for MetadataFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.pairs.len()))?;
        for (key, value) in &self.pairs {
            map.serialize_entry(&format!("metadata[{key}]"), value)?;
        }
        map.end()
    }
}
