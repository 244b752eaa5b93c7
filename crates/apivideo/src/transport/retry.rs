//! The retry policy: when and how often a request is retried, and when the client gives up. Which failures can be retried is decided in
//! `error::retryable`.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::progress::{Counters, WaitReason};
use crate::transport::clock::Clock;
use crate::transport::trace;

/// Controls how failed requests are retried.
///
/// Transient failures are retried, for which [`Error::is_retryable`](crate::Error::is_retryable) returns true; other failures,
/// such as a certificate that is not accepted, are returned to the caller. The backoff doubles with each attempt, and each wait
/// is random between zero and the backoff ("full jitter"). `Retry-After` is respected, up to
/// [`ClientBuilder::with_max_retry_after`](crate::ClientBuilder::with_max_retry_after).
///
/// A 429 does not count as an attempt; only the maximum elapsed time limits its retries. While the service responds with 429,
/// all streams of a client together send at most a few requests per second.
///
/// If a reused connection is closed before the first byte of the response, the request is sent again immediately. This does
/// not count as an attempt either, and also applies with [`none`](Self::none).
///
/// In addition, all calls of a client share a budget of 50 retries. Each successful call and each second add a tenth of a
/// retry. While the budget is exhausted, no request is retried, so that a service that is unavailable does not receive the
/// retries of many streams.
///
/// ```
/// use std::time::Duration;
/// use apivideo::{Client, retry::RetryPolicy};
///
/// let policy = RetryPolicy::default()
///     .max_attempts(8)
///     .max_elapsed(Duration::from_secs(15 * 60));
/// let client = Client::builder().api_key("my key").with_retry_policy(policy).build()?;
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    max_elapsed: Duration,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl Default for RetryPolicy {
    /// 5 attempts within 5 minutes, with a backoff of 250 ms that doubles up to 20 s.
    fn default() -> Self {
        Self {
            max_attempts: 5,
            max_elapsed: Duration::from_secs(5 * 60),
            initial_backoff: Duration::from_millis(250),
            max_backoff: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Returns a policy without retries, not even of a 429.
    ///
    /// ```
    /// use apivideo::{Client, retry::RetryPolicy};
    ///
    /// let client = Client::builder().api_key("my key").with_retry_policy(RetryPolicy::none()).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts of a call, including the first. Defaults to 5. With 1 (or 0), no request is
    /// retried, as with [`none`](Self::none).
    ///
    /// ```
    /// use apivideo::retry::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::default().max_attempts(1), RetryPolicy::none());
    /// ```
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the maximum time of a call, including all attempts and the waits between them. Defaults to 5 minutes.
    ///
    /// A wait that would exceed the maximum is not started. A started attempt is not interrupted; only its
    /// [timeout](crate::ClientBuilder::with_timeout) limits it. Only time in which the call is polled counts, so a prefetched
    /// page does not run out of time while the application is busy. Waits for the rate limit count only after a 429.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let policy = apivideo::retry::RetryPolicy::default().max_elapsed(Duration::from_secs(15 * 60));
    /// ```
    pub fn max_elapsed(mut self, time: Duration) -> Self {
        self.max_elapsed = time;
        self
    }

    /// Sets the backoff before the second attempt. It doubles with each further attempt. Defaults to 250 ms.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let policy = apivideo::retry::RetryPolicy::default().initial_backoff(Duration::from_secs(1));
    /// ```
    pub fn initial_backoff(mut self, wait: Duration) -> Self {
        self.initial_backoff = wait;
        self
    }

    /// Sets the maximum backoff. Defaults to 20 s.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let policy = apivideo::retry::RetryPolicy::default().max_backoff(Duration::from_secs(60));
    /// ```
    pub fn max_backoff(mut self, wait: Duration) -> Self {
        self.max_backoff = wait;
        self
    }

    /// The wait after `failed` attempts, for a random number between 0 and 1.
    fn backoff(&self, failed: u32, random: f64) -> Duration {
        let doubled = 2_u32
            .checked_pow(failed.saturating_sub(1))
            .and_then(|factor| self.initial_backoff.checked_mul(factor));
        let bound = doubled.map_or(self.max_backoff, |bound| bound.min(self.max_backoff));
        bound.mul_f64(random)
    }
}

/// The wait after a 429: as long as the response reports, or else a second that doubles; spread, so that waiting requests do
/// not return at the same time.
///
/// `blind` is the number of consecutive refusals before this one without usable headers.
pub(crate) fn after_refusal(reported: Option<Duration>, blind: u32, random: f64) -> Duration {
    match reported {
        Some(reported) => reported + spread(reported).mul_f64(random),
        None => Duration::from_secs(1 << blind.min(4)).mul_f64(1.0 + random / 2.0),
    }
}

/// The time over which requests that wait for `wait` are spread.
pub(crate) fn spread(wait: Duration) -> Duration {
    (wait / 4).clamp(Duration::from_millis(250), Duration::from_secs(5))
}

/// The retries that all calls of a client share.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<Balance>);

#[derive(Debug)]
struct Balance {
    /// In tenths of a retry, so that counting is exact.
    tenths: u32,
    /// Until when the refill by time has been counted.
    refilled: Instant,
}

impl RetryBudget {
    const CAPACITY: u32 = 500;
    /// The time in which one tenth of a retry is refilled.
    const REFILL: Duration = Duration::from_secs(1);

    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(Balance {
            tenths: Self::CAPACITY,
            refilled: now,
        }))
    }

    /// Takes one retry, if there is one.
    fn take(&self, now: Instant) -> bool {
        let mut balance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed =
            now.saturating_duration_since(balance.refilled).as_secs() / Self::REFILL.as_secs();
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        balance.refilled += Self::REFILL.saturating_mul(passed);
        balance.tenths = balance.tenths.saturating_add(passed).min(Self::CAPACITY);
        let is_enough = balance.tenths >= 10;
        if is_enough {
            balance.tenths -= 10;
        }
        is_enough
    }

    /// Returns a tenth of a retry after a successful call.
    fn give(&self) {
        let mut balance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        balance.tenths = (balance.tenths + 1).min(Self::CAPACITY);
    }
}

/// The context of [`run`].
pub(crate) struct RetryContext<'a> {
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a RetryBudget,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) counters: Option<&'a Counters>,
    /// After a 429 the operation waits for the rate limiter before its next attempt.
    pub(crate) is_rate_limited: bool,
    /// The longest wait that the service can request.
    pub(crate) max_retry_after: Duration,
    /// Method and path, for messages.
    pub(crate) line: &'a str,
}

/// One attempt of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// The number of attempts before.
    pub(crate) resends: u32,
    /// After a 429: the longest wait for the rate limiter, which then counts as elapsed time.
    pub(crate) max_wait: Option<Duration>,
}

/// The end of an attempt.
#[derive(Debug)]
pub(crate) struct Attempted<T> {
    pub(crate) outcome: std::result::Result<T, Failure>,
    /// The time that the attempt took, without time in which it was not polled.
    pub(crate) elapsed: Duration,
}

/// The reason why an attempt failed.
#[derive(Debug)]
pub(crate) enum Failure {
    Error(Error),
    /// The request was not sent: the rate limit allows it only after this wait, which exceeds the maximum.
    TooLate(Duration),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// The reason why a call is no longer retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Attempts,
    /// The next wait exceeds the maximum elapsed time.
    Elapsed(Duration),
    Budget,
}

/// Runs `operation` until it succeeds, fails permanently, or the policy or the budget end it.
pub(crate) async fn run<T, F, Fut>(context: &RetryContext<'_>, mut operation: F) -> Result<T>
where
    F: FnMut(Attempt) -> Fut,
    Fut: Future<Output = Attempted<T>>,
{
    let policy = context.policy;
    let (mut resends, mut failed, mut refused) = (0, 0, 0);
    let mut spent = Duration::ZERO;
    let mut refusal: Option<Error> = None;
    loop {
        let max_wait = refusal
            .as_ref()
            .map(|_| policy.max_elapsed.saturating_sub(spent));
        let attempted = operation(Attempt { resends, max_wait }).await;
        spent += attempted.elapsed;
        let error = match attempted.outcome {
            Ok(value) => {
                context.budget.give();
                return Ok(value);
            }
            Err(Failure::TooLate(wait)) => {
                let last = refusal.unwrap_or_else(|| {
                    let message = format!("the rate limit does not allow `{}` yet", context.line);
                    Error::new(ErrorKind::RateLimited, message)
                });
                return Err(give_up(context, last, resends, spent, Stop::Elapsed(wait)));
            }
            Err(Failure::Error(error)) => error,
        };
        // An error that has been through this loop is not retried by an outer one: the exchange of a key inside a call.
        if error.attempts().is_some() {
            return Err(error);
        }
        let attempts = resends + 1;
        if !error.is_retryable() || policy.max_attempts == 1 {
            return Err(error.with_attempts(attempts));
        }
        let is_refusal = error.kind() == ErrorKind::RateLimited;
        let reported = error.retry_after().filter(|wait| !wait.is_zero());
        let reported = reported.map(|wait| wait.min(context.max_retry_after));
        let random = context.clock.random();
        let wait = if is_refusal {
            refused += 1;
            after_refusal(reported, refused - 1, random)
        } else {
            failed += 1;
            let backoff = policy.backoff(failed, random);
            reported.map_or(backoff, |reported| {
                backoff.max(after_refusal(Some(reported), 0, random))
            })
        };
        let stop = if failed >= policy.max_attempts {
            Some(Stop::Attempts)
        } else if spent.saturating_add(wait) > policy.max_elapsed {
            Some(Stop::Elapsed(wait))
        } else if !is_refusal && !context.budget.take(context.clock.now()) {
            Some(Stop::Budget)
        } else {
            None
        };
        if let Some(stop) = stop {
            return Err(give_up(context, error, attempts, spent, stop));
        }
        resends = attempts;
        trace::retry(context.line, resends, wait, &error);
        // After a 429 the rate limiter knows better how long to wait, and for how many requests.
        let waits_here = !(is_refusal && context.is_rate_limited);
        if let Some(counters) = context.counters {
            counters.retries.fetch_add(1, Ordering::Relaxed);
            if waits_here && is_refusal {
                counters.waits.fetch_add(1, Ordering::Relaxed);
            }
        }
        if waits_here {
            let reason = match is_refusal {
                true => WaitReason::RateLimit,
                false => WaitReason::Retry,
            };
            let until = context.clock.now() + wait;
            let _waiting = context
                .counters
                .map(|counters| counters.wait(until, reason));
            context.clock.sleep(wait).await;
            spent += wait;
        }
        refusal = is_refusal.then_some(error);
    }
}

/// The last error, as the end of all attempts.
fn give_up(
    context: &RetryContext<'_>,
    last: Error,
    attempts: u32,
    spent: Duration,
    stop: Stop,
) -> Error {
    let line = context.line;
    let times = match attempts {
        1 => "1 attempt".to_owned(),
        n => format!("{n} attempts"),
    };
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let why = match stop {
        Stop::Attempts => {
            "the retry policy allows no more attempts; try again later, or allow more".to_owned()
        }
        Stop::Elapsed(wait) => format!(
            "the next attempt would start after {}, but the retry policy allows {} in total; try again later, or allow \
             more time",
            seconds(wait),
            seconds(context.policy.max_elapsed)
        ),
        Stop::Budget => {
            "the retry budget of this client is exhausted, because many requests failed; try again later"
                .to_owned()
        }
    };
    let cut = match last.retry_after() {
        Some(reported) if reported > context.max_retry_after => format!(
            "; the service requested a wait of {} s, and the maximum is {} s (ClientBuilder::with_max_retry_after, \
             --max-retry-after)",
            reported.as_secs(),
            context.max_retry_after.as_secs_f64()
        ),
        _ => String::new(),
    };
    let message = format!(
        "`{line}` failed after {times} in {}: {why}{cut}",
        seconds(spent)
    );
    Error::after_attempts(last, message).with_attempts(attempts)
}

#[cfg(test)]
#[path = "retry/tests.rs"]
mod tests;
