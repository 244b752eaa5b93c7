//! The filter by metadata, which the lists of sessions and of videos have.

use crate::list::List;
use crate::list::query::ListQuery;

/// A query that can be restricted by metadata. Sealed.
///
/// ```
/// use apivideo::List;
/// use apivideo::query::MetadataQuery;
///
/// fn of_plan<Q: MetadataQuery>(list: List<Q>, plan: &str) -> List<Q> {
///     list.metadata("plan", plan)
/// }
/// ```
pub trait MetadataQuery: ListQuery + sealed::Metadata {}

pub(crate) mod sealed {
    pub trait Metadata {
        /// Adds a pair of key and value.
        fn add_metadata(&mut self, key: String, value: String);
    }
}

impl<Q: MetadataQuery> List<Q> {
    /// Restricts the list to items whose metadata contains `key` with exactly this value. If called several times, all pairs
    /// must match.
    ///
    /// Sessions: the service filters only sessions of videos, only by dynamic metadata, and depending on the account's plan. If
    /// the assets include a live stream, the first read returns an error of kind [`Input`](crate::ErrorKind::Input).
    ///
    /// Videos: the value of dynamic metadata is `__KEY__`, such as `__hats__`.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let sessions = client.video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?).sessions("2022-01".parse()?).metadata("hats", "red");
    /// let red: Vec<_> = sessions.stream().try_collect().await?;
    /// assert!(red.iter().all(|session| session.metadata("hats") == Some("red")));
    ///
    /// let videos = client.videos().metadata("hats", "__hats__");
    /// println!("{} videos have a dynamic value for hats", videos.total().await?);
    /// # }
    /// ```
    pub fn metadata(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(|query| query.add_metadata(key.into(), value.into()))
    }
}
