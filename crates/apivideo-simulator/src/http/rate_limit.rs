//! The rate limit: its options, and its status, which every response contains as headers.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::header::HeaderName;

use super::response::Response;
use crate::error::Error;

/// The number of requests that the simulator accepts per window before it responds with 429.
///
/// Parses from `off` or a number of requests.
///
/// ```
/// use apivideo_simulator::RateLimit;
///
/// assert_eq!("off".parse::<RateLimit>()?, RateLimit::Off);
/// assert_eq!("500".parse::<RateLimit>()?, RateLimit::PerMinute(500));
/// assert_eq!(RateLimit::PerMinute(500).to_string(), "500");
/// # Ok::<(), apivideo_simulator::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RateLimit {
    /// No limit, and no `X-RateLimit-…` headers.
    #[default]
    Off,
    /// The maximum number of requests per window, at least 1. A window is one minute, unless
    /// [`rate_window`](crate::SimulatorBuilder::rate_window) is set.
    PerMinute(u32),
}

impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.parse::<u32>() {
            _ if text == "off" => Ok(Self::Off),
            Ok(limit) if limit > 0 => Ok(Self::PerMinute(limit)),
            _ => Err(Error::new(format!(
                "invalid rate limit {text:?}: must be `off` or a number of requests of at least 1"
            ))),
        }
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::PerMinute(limit) => limit.fmt(f),
        }
    }
}

/// Counts requests in consecutive windows since the start of the simulator.
#[derive(Debug)]
pub(crate) struct RateLimiter {
    limit: Option<u32>,
    window_ms: i64,
    /// The current window, and the number of requests in it.
    current: Mutex<(i64, u32)>,
}

/// The state of the window after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateLimitStatus {
    pub(crate) accepted: bool,
    limit: u32,
    remaining: u32,
    /// Seconds until the window ends, rounded up.
    resets_in: u64,
}

impl RateLimiter {
    pub(crate) fn new(limit: RateLimit, window: Duration) -> Self {
        Self {
            limit: match limit {
                RateLimit::Off => None,
                RateLimit::PerMinute(limit) => Some(limit),
            },
            window_ms: i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1),
            current: Mutex::new((0, 0)),
        }
    }

    /// Counts a request. Returns `None` without a limit.
    pub(crate) fn count_request(&self, since_start_ms: i64) -> Option<RateLimitStatus> {
        let limit = self.limit?;
        let window = since_start_ms / self.window_ms;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != window {
            *current = (window, 0);
        }
        let accepted = current.1 < limit;
        current.1 += u32::from(accepted);
        let left_ms = (window + 1).saturating_mul(self.window_ms) - since_start_ms;
        Some(RateLimitStatus {
            accepted,
            limit,
            remaining: limit - current.1,
            resets_in: (left_ms as u64).div_ceil(1_000),
        })
    }
}

impl RateLimitStatus {
    pub(crate) fn write_headers(self, response: &mut Response) {
        response.header(HeaderName::from_static("x-ratelimit-limit"), self.limit);
        response.header(
            HeaderName::from_static("x-ratelimit-remaining"),
            self.remaining,
        );
        response.header(
            HeaderName::from_static("x-ratelimit-retry-after"),
            self.resets_in,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_refused_until_the_window_ends() {
        let limiter = RateLimiter::new(RateLimit::PerMinute(2), Duration::from_secs(60));
        let status = |accepted, remaining, resets_in| {
            Some(RateLimitStatus {
                accepted,
                limit: 2,
                remaining,
                resets_in,
            })
        };
        assert_eq!(limiter.count_request(0), status(true, 1, 60));
        assert_eq!(limiter.count_request(1), status(true, 0, 60));
        assert_eq!(limiter.count_request(59_001), status(false, 0, 1));
        assert_eq!(limiter.count_request(60_000), status(true, 1, 60));
        assert_eq!(
            RateLimiter::new(RateLimit::Off, Duration::ZERO).count_request(0),
            None
        );
    }

    #[test]
    fn rate_limits_parse_and_display() {
        for text in ["off", "1", "500"] {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), text);
        }
        for text in ["", "0", "-1", "Off", "5.0"] {
            assert!(text.parse::<RateLimit>().is_err(), "{text}");
        }
    }
}
