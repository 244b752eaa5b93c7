//! The order of a list, where the service lets it be chosen.

use super::params::SortOrder;
use crate::list::List;
use crate::list::query::ListQuery;

/// A query whose order can be chosen. Sealed.
///
/// ```
/// use apivideo::List;
/// use apivideo::query::{SortOrder, SortQuery};
///
/// fn descending<Q: SortQuery>(list: List<Q>, order: Q::Order) -> List<Q> {
///     list.sort_by(order, SortOrder::Descending)
/// }
/// ```
pub trait SortQuery: ListQuery + sealed::Sort<Self::Order> {
    /// The properties by which items can be sorted.
    type Order;
}

pub(crate) mod sealed {
    use super::SortOrder;

    pub trait Sort<Order> {
        /// Replaces the order.
        fn set_order(&mut self, order: Order, direction: SortOrder);
    }
}

impl<Q: SortQuery> List<Q> {
    /// Sorts the items by a field, in ascending or descending order. Defaults to the order of the service.
    ///
    /// ```
    /// use apivideo::query::{SortOrder, VideoOrder};
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let videos = client.videos().sort_by(VideoOrder::Title, SortOrder::Ascending);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn sort_by(self, order: Q::Order, direction: SortOrder) -> Self {
        self.set(|query| query.set_order(order, direction))
    }
}
