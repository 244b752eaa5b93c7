//! The kinds of failures.

use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// The kind of failure that an [`Error`](super::Error) reports.
        ///
        /// `Display` shows a stable name in snake case, for logs and metrics.
        ///
        /// ```
        /// use apivideo::{ErrorKind, Period};
        ///
        /// let error = "2022-13".parse::<Period>().unwrap_err();
        /// assert_eq!(error.kind(), ErrorKind::Input);
        /// assert_eq!(ErrorKind::RateLimited.to_string(), "rate_limited");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])* $kind,)*
        }

        impl ErrorKind {
            /// Returns the name in snake case.
            ///
            /// ```
            /// assert_eq!(apivideo::ErrorKind::NotFound.as_str(), "not_found");
            /// ```
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The client cannot be built: the API key is missing, or the base URL is invalid.
    Configuration = "configuration",
    /// An argument is invalid: an identifier, a period, a page size. No request was sent.
    Input = "input",
    /// The service could not be reached, or the connection broke before the response was complete.
    Connection = "connection",
    /// The certificate of the service or of its proxy was not accepted. Retries do not help.
    Certificate = "certificate",
    /// The response was not complete within the timeout.
    Timeout = "timeout",
    /// The key or the token was rejected (401, or 400 when the key is exchanged for a token).
    Unauthorized = "unauthorized",
    /// The account does not have the permission (403), for example because it is suspended or analytics are disabled.
    Forbidden = "forbidden",
    /// The video, live stream, session or page does not exist (404).
    NotFound = "not_found",
    /// The service does not have the operation, or no longer has it.
    Removed = "removed",
    /// The rate limit was exceeded (429).
    RateLimited = "rate_limited",
    /// The request was rejected for another reason (other 4xx).
    Rejected = "rejected",
    /// The service failed (5xx).
    Service = "service",
    /// The response is not documented, such as a redirect.
    Unexpected = "unexpected",
    /// The response was complete, but could not be decoded.
    Decode = "decode",
    /// A list ended with fewer items than its total, or a page is missing or has the wrong number.
    Incomplete = "incomplete",
    /// One record of a page could not be decoded. The stream continues with the next record.
    Record = "record",
    /// The events of one session could not be read, for a reason that affects only this session. The stream continues with the
    /// next session.
    Events = "events",
    /// One of several assets does not exist. The stream continues with the next asset.
    Asset = "asset",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
