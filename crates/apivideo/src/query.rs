//! Queries of lists, and the types of their parameters.
//!
//! A query has no public constructor: the [client](crate::Client) and its handles return [lists](crate::List) of them.

pub use crate::list::query::ListQuery;
pub use crate::page::Pagination;
pub use crate::period::Window;
pub use crate::resources::queries::*;
pub use crate::string_enum::OtherValue;
