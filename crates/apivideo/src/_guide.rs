//! A guide to the client, the command and the lake.
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
//! 12. [Regenerating the bindings](regenerating)

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
        /// [Lists and streams]: crate::_guide::lists
        /// [Rate limit]: crate::_guide::rate_limit
        /// [Resuming]: crate::_guide::resuming
        pub mod $name {}
    )*};
}

pages! {
    start lists errors rate_limit resuming changing aggregates testing command lake nightly regenerating
}
