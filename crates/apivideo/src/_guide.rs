//! A guide to the client, the command and the lake. Read the first two pages first; the others can be read in any order.
//!
//! 1. [Getting started](start)
//! 2. [Lists and streams](lists)
//! 3. [Errors and retries](errors)
//! 4. [Rate limit](rate_limit)
//! 5. [Resuming](resuming)
//! 6. [Collections that change](changing)
//! 7. [Aggregates](aggregates)
//! 8. [Testing](testing)
//! 9. [The command](command)
//! 10. [The lake](lake)
//! 11. [Operating a lake](nightly)
//! 12. [Raw requests and bindings](regenerating)
#![cfg_attr(feature = "insights", doc = "13. [Measures](measures)")]
#![cfg_attr(feature = "insights", doc = "14. [Why not by hand](by_hand)")]

macro_rules! pages {
    ($($name:ident)*) => {$(
        #[doc = include_str!(concat!("../docs/guide/", stringify!($name), ".md"))]
        ///
        /// [`Client::from_env`]: crate::Client::from_env
        /// [`Cursor`]: crate::Cursor
        /// [`Error`]: crate::Error
        /// [`List`]: crate::List
        /// [Aggregates]: crate::_guide::aggregates
        /// [Collections that change]: crate::_guide::changing
        /// [Errors and retries]: crate::_guide::errors
        /// [Lists and streams]: crate::_guide::lists
        /// [Rate limit]: crate::_guide::rate_limit
        /// [Operating a lake]: crate::_guide::nightly
        /// [Raw requests and bindings]: crate::_guide::regenerating
        /// [Resuming]: crate::_guide::resuming
        /// [Testing]: crate::_guide::testing
        /// [The command]: crate::_guide::command
        /// [The lake]: crate::_guide::lake
        #[cfg_attr(feature = "insights", doc = "")]
        #[cfg_attr(feature = "insights", doc = "[`Audience::with_length`]: crate::insights::Audience::with_length")]
        #[cfg_attr(feature = "insights", doc = "[`Audience`]: crate::insights::Audience")]
        #[cfg_attr(feature = "insights", doc = "[`List::audience`]: crate::List::audience")]
        #[cfg_attr(feature = "insights", doc = "[`Playback::explain`]: crate::insights::Playback::explain")]
        #[cfg_attr(feature = "insights", doc = "[`audience()`]: crate::List::audience")]
        #[cfg_attr(feature = "insights", doc = "[`audience_with`]: crate::List::audience_with")]
        #[cfg_attr(feature = "insights", doc = "[`viewer_key`]: crate::insights::Audience::viewer_key")]
        #[cfg_attr(feature = "insights", doc = "[`with_min_cell`]: crate::insights::Audience::with_min_cell")]
        #[cfg_attr(feature = "insights", doc = "[`with_time_zone`]: crate::insights::Audience::with_time_zone")]
        #[cfg_attr(feature = "insights", doc = "[Measures]: crate::_guide::measures")]
        #[cfg_attr(feature = "insights", doc = "[Why not by hand]: crate::_guide::by_hand")]
        pub mod $name {}
    )*};
}

pages! {
    start lists errors rate_limit resuming changing aggregates testing command lake nightly regenerating
}

#[cfg(feature = "insights")]
pages! {
    measures by_hand
}
