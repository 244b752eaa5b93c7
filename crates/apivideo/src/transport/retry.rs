//! Retries: which failures are tried again, when, and when no more.

use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::progress::Counters;
use crate::progress::WaitReason;
use crate::transport::clock::Clock;
use crate::transport::trace;

/// How failed calls are tried again.
///
/// Connection failures, timeouts, bodies cut short, and the statuses 408, 429, 500, 502 to 504 and 520 to 524 are retried;
/// other failures, such as a certificate that is not accepted, are returned at once. The pauses double from one attempt to the next, each drawn at random between zero and
/// its bound, so that those who failed together do not come back together. A `Retry-After` of the service is obeyed.
///
/// A 429 counts as no attempt: it says that one came too early, not that anything failed. Only the total
/// time bounds it. While requests are refused, all streams of a client together send a few a second at most.
///
/// A request on a reused connection that was closed before the first byte of the response is sent again at once. It counts as
/// no attempt either, and is sent again under [`none`](Self::none), too.
///
/// Beside the policy there is a budget that all calls of a client share: 50 retries, of which each good reply
/// gives a tenth back, and every ten seconds one. While it is spent, nothing is retried: a service that is down
/// is not hammered by a hundred streams.
///
/// ```
/// use std::time::Duration;
/// use apivideo::{Client, RetryPolicy};
///
/// let policy = RetryPolicy::default()
///     .with_attempts(8)
///     .with_total_time(Duration::from_secs(15 * 60));
/// let client = Client::builder().api_key("my key").with_retry_policy(policy).build()?;
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    total_time: Duration,
    first_pause: Duration,
    longest_pause: Duration,
}

impl Default for RetryPolicy {
    /// 5 attempts within 5 minutes; pauses of up to 250 ms, then double, up to 20 s.
    fn default() -> Self {
        Self {
            attempts: 5,
            total_time: Duration::from_secs(5 * 60),
            first_pause: Duration::from_millis(250),
            longest_pause: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Nothing is tried again, not even a 429.
    ///
    /// ```
    /// use apivideo::{Client, RetryPolicy};
    ///
    /// let client = Client::builder().api_key("my key").with_retry_policy(RetryPolicy::none()).build()?;
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default().with_attempts(1)
    }

    /// How many attempts one call has: 5 unless told. 1 is the same as [`none`](Self::none), and 0 is taken as 1.
    ///
    /// ```
    /// use apivideo::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::default().with_attempts(1), RetryPolicy::none());
    /// ```
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long one call may take with all its attempts and the pauses between them: 5 minutes unless told.
    ///
    /// It is looked at before each pause: the attempt after a pause always runs to its end. Only time counts in
    /// which somebody waited: a page that is read ahead does not run out while the application is busy. The
    /// wait for the rate limit counts after a 429 only.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let patient = apivideo::RetryPolicy::default().with_total_time(Duration::from_secs(15 * 60));
    /// ```
    #[must_use]
    pub fn with_total_time(mut self, time: Duration) -> Self {
        self.total_time = time;
        self
    }

    /// The bound of the first pause, which doubles with each attempt, and the bound of all pauses:
    /// 250 ms and 20 s unless told.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let calm = apivideo::RetryPolicy::default().with_backoff(Duration::from_secs(1), Duration::from_secs(60));
    /// ```
    #[must_use]
    pub fn with_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }

    /// The pause after so many failed attempts, by chance from 0 to 1: "full jitter".
    fn pause(&self, failed: u32, random: f64) -> Duration {
        let doubled = 2_u32
            .checked_pow(failed.saturating_sub(1))
            .and_then(|factor| self.first_pause.checked_mul(factor));
        let bound = doubled.map_or(self.longest_pause, |bound| bound.min(self.longest_pause));
        bound.mul_f64(random)
    }
}

/// How long to wait after a 429: as long as the response says, or else at least a second and ever longer; never the same for
/// all that wait.
///
/// `blind` counts the refusals in a row without usable information, from 0.
pub(crate) fn after_refusal(told: Option<Duration>, blind: u32, random: f64) -> Duration {
    match told {
        Some(told) => told + spread(told).mul_f64(random),
        None => Duration::from_secs(1 << blind.min(4)).mul_f64(1.0 + random / 2.0),
    }
}

/// Over how long those who were told to wait for `wait` come back.
pub(crate) fn spread(wait: Duration) -> Duration {
    (wait / 4).clamp(Duration::from_millis(250), Duration::from_secs(5))
}

/// Retries that all calls of a client share.
#[derive(Debug)]
pub(crate) struct Budget(Mutex<Left>);

#[derive(Debug)]
struct Left {
    /// In tenths of a retry, so that counting is exact.
    tenths: u32,
    /// Until when the refill by time has been counted.
    counted: Instant,
}

impl Budget {
    const CAPACITY: u32 = 500;
    /// One tenth of a retry comes back in so much time.
    const REFILL: Duration = Duration::from_secs(1);

    pub(crate) fn new(now: Instant) -> Self {
        Self(Mutex::new(Left {
            tenths: Self::CAPACITY,
            counted: now,
        }))
    }

    /// Takes one retry, if there is one.
    fn take(&self, now: Instant) -> bool {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.saturating_duration_since(left.counted).as_secs() / Self::REFILL.as_secs();
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        left.counted += Self::REFILL.saturating_mul(passed);
        left.tenths = left.tenths.saturating_add(passed).min(Self::CAPACITY);
        let enough = left.tenths >= 10;
        if enough {
            left.tenths -= 10;
        }
        enough
    }

    /// A good reply gives a tenth of a retry.
    fn give(&self) {
        let mut left = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        left.tenths = (left.tenths + 1).min(Self::CAPACITY);
    }
}

/// What [`run`] works with.
pub(crate) struct Retrying<'a> {
    pub(crate) policy: &'a RetryPolicy,
    pub(crate) budget: &'a Budget,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) counters: Option<&'a Counters>,
    /// After a 429 the operation waits by itself before its next attempt.
    pub(crate) paced: bool,
    /// No wait that the service asks for is longer.
    pub(crate) longest_wait: Duration,
    /// Method and path, for messages.
    pub(crate) line: &'a str,
}

/// One attempt of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// How many there were before.
    pub(crate) resends: u32,
    /// The one before was answered with 429.
    pub(crate) after_refusal: bool,
}

/// Why nothing more is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Attempts,
    TotalTime(Duration),
    Budget,
}

/// Runs `operation` until it succeeds, fails for good, or the policy or the budget end it.
///
/// The operation tells how long each attempt took, without time in which nobody polled it.
pub(crate) async fn run<T, F, Fut>(with: &Retrying<'_>, mut operation: F) -> Result<T>
where
    F: FnMut(Attempt) -> Fut,
    Fut: Future<Output = (Result<T>, Duration)>,
{
    let (mut resends, mut failed, mut refused) = (0, 0, 0);
    let mut spent = Duration::ZERO;
    let mut after_refusal = false;
    loop {
        let (outcome, took) = operation(Attempt {
            resends,
            after_refusal,
        })
        .await;
        spent += took;
        let error = match outcome {
            Ok(value) => {
                with.budget.give();
                return Ok(value);
            }
            Err(error) => error,
        };
        // What has gone through this loop once is not repeated by an outer one: the exchange of a key inside a call.
        if error.attempts().is_some() {
            return Err(error);
        }
        let attempts = resends + 1;
        if !error.is_retryable() || with.policy.attempts == 1 {
            return Err(error.with_attempts(attempts));
        }
        after_refusal = error.is_rate_limited();
        let told = error.retry_after().filter(|told| !told.is_zero());
        let told = told.map(|told| told.min(with.longest_wait));
        let random = with.clock.random();
        let pause = if after_refusal {
            refused += 1;
            self::after_refusal(told, refused - 1, random)
        } else {
            failed += 1;
            let pause = with.policy.pause(failed, random);
            told.map_or(pause, |told| {
                pause.max(self::after_refusal(Some(told), 0, random))
            })
        };
        let stop = if failed >= with.policy.attempts {
            Some(Stop::Attempts)
        } else if spent.saturating_add(pause) > with.policy.total_time {
            Some(Stop::TotalTime(pause))
        } else if !after_refusal && !with.budget.take(with.clock.now()) {
            Some(Stop::Budget)
        } else {
            None
        };
        if let Some(stop) = stop {
            return Err(gave_up(with, error, attempts, spent, stop));
        }
        resends = attempts;
        trace::retry(with.line, resends, pause, &error);
        // After a 429 the pacer knows better when, and for how many.
        let waits = !(after_refusal && with.paced);
        if let Some(counters) = with.counters {
            counters.retries.fetch_add(1, Ordering::Relaxed);
            let waits_for_the_limit = u64::from(waits && after_refusal);
            counters
                .waits
                .fetch_add(waits_for_the_limit, Ordering::Relaxed);
        }
        if waits {
            let reason = match after_refusal {
                true => WaitReason::RateLimit,
                false => WaitReason::Retry,
            };
            let until = with.clock.now() + pause;
            let _waiting = with.counters.map(|counters| counters.wait(until, reason));
            with.clock.sleep(pause).await;
            spent += pause;
        }
    }
}

/// The last error, told as the end of all attempts.
fn gave_up(with: &Retrying<'_>, last: Error, attempts: u32, spent: Duration, stop: Stop) -> Error {
    let line = with.line;
    let times = match attempts {
        1 => "1 attempt".to_owned(),
        n => format!("{n} attempts"),
    };
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let why = match stop {
        Stop::Attempts => {
            "the retry policy allows no more; try again later, or allow more".to_owned()
        }
        Stop::TotalTime(pause) => format!(
            "the next would come {} later, and the retry policy allows {} in all; try again later, or allow more",
            seconds(pause),
            seconds(with.policy.total_time)
        ),
        Stop::Budget => {
            "the retries that all calls of this client share are spent, the service seems to be \
                         down; try again later"
                .to_owned()
        }
    };
    let cut = match last.retry_after() {
        Some(told) if told > with.longest_wait => format!(
            "; the service asked for a wait of {} s, and no wait is longer than {} s (ClientBuilder::with_longest_wait, \
             --max-retry-after)",
            told.as_secs(),
            with.longest_wait.as_secs_f64()
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
