use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::header::HeaderName;

use super::reply::Reply;
use crate::RateLimit;

/// Counts requests in windows that follow each other from the simulator's start.
#[derive(Debug)]
pub(crate) struct Limiter {
    limit: Option<u32>,
    window_ms: i64,
    /// The window that is counted, and the requests in it.
    spent: Mutex<(i64, u32)>,
}

/// What is left of the window after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) granted: bool,
    limit: u32,
    remaining: u32,
    /// Seconds until the window is over, rounded up.
    resets_in: u64,
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit, window: Duration) -> Self {
        Self {
            limit: match limit {
                RateLimit::Off => None,
                RateLimit::PerMinute(limit) => Some(limit),
            },
            window_ms: i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1),
            spent: Mutex::new((0, 0)),
        }
    }

    /// Counts one request; `None` without a limit.
    pub(crate) fn spend(&self, since_start_ms: i64) -> Option<Allowance> {
        let limit = self.limit?;
        let window = since_start_ms / self.window_ms;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.0 != window {
            *spent = (window, 0);
        }
        let granted = spent.1 < limit;
        spent.1 += u32::from(granted);
        let left_ms = (window + 1).saturating_mul(self.window_ms) - since_start_ms;
        Some(Allowance {
            granted,
            limit,
            remaining: limit - spent.1,
            resets_in: (left_ms as u64).div_ceil(1_000),
        })
    }
}

impl Allowance {
    pub(crate) fn tell(self, reply: &mut Reply) {
        reply.header(HeaderName::from_static("x-ratelimit-limit"), self.limit);
        reply.header(
            HeaderName::from_static("x-ratelimit-remaining"),
            self.remaining,
        );
        reply.header(
            HeaderName::from_static("x-ratelimit-retry-after"),
            self.resets_in,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_spent_and_comes_again() {
        let limiter = Limiter::new(RateLimit::PerMinute(2), Duration::from_secs(60));
        let allowance = |granted, remaining, resets_in| {
            Some(Allowance {
                granted,
                limit: 2,
                remaining,
                resets_in,
            })
        };
        assert_eq!(limiter.spend(0), allowance(true, 1, 60));
        assert_eq!(limiter.spend(1), allowance(true, 0, 60));
        assert_eq!(limiter.spend(59_001), allowance(false, 0, 1));
        assert_eq!(limiter.spend(60_000), allowance(true, 1, 60));
        assert_eq!(Limiter::new(RateLimit::Off, Duration::ZERO).spend(0), None);
    }
}
