//! The `metadata` filter of the list operations.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Pairs of a key and a value, each sent as `metadata[key]=value`, in insertion order.
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
    /// Creates an empty filter, which matches everything.
    ///
    /// ```
    /// assert!(apivideo_core::wire::MetadataFilter::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a pair. A key may be added several times.
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

    /// Returns the pairs, in insertion order.
    ///
    /// ```
    /// assert!(apivideo_core::wire::MetadataFilter::new().pairs().is_empty());
    /// ```
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Returns `true` if there are no pairs.
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

/// Serializes as a map with complete parameter names, because the client adds the entries of a map to the query unchanged.
impl Serialize for MetadataFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.pairs.len()))?;
        for (key, value) in &self.pairs {
            map.serialize_entry(&format!("metadata[{key}]"), value)?;
        }
        map.end()
    }
}
