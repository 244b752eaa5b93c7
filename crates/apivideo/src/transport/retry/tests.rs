use std::cell::RefCell;
use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt;
use reqwest::StatusCode;

use super::*;
use crate::error::ErrorKind;
use crate::transport::clock::testing::TestClock;

const SECOND: Duration = Duration::from_secs(1);

fn status(code: u16) -> Error {
    let kind = match code {
        429 => ErrorKind::RateLimited,
        500.. => ErrorKind::Service,
        _ => ErrorKind::Rejected,
    };
    Error::new(kind, format!("status {code}")).with_status(StatusCode::from_u16(code).unwrap())
}

/// Runs operations whose attempts take 100 ms each, and end with the next of the given outcomes.
struct Harness {
    policy: RetryPolicy,
    clock: TestClock,
    budget: RetryBudget,
    is_rate_limited: bool,
    attempts: RefCell<Vec<Attempt>>,
}

impl Harness {
    fn new(policy: RetryPolicy) -> Self {
        let clock = TestClock::auto_advancing();
        Self {
            policy,
            budget: RetryBudget::new(clock.now()),
            clock,
            is_rate_limited: false,
            attempts: RefCell::default(),
        }
    }

    fn run(&self, outcomes: impl IntoIterator<Item = Result<u32>>) -> Result<u32> {
        let outcomes = RefCell::new(outcomes.into_iter().collect::<VecDeque<_>>());
        let with = RetryContext {
            policy: &self.policy,
            budget: &self.budget,
            clock: &self.clock,
            counters: None,
            is_rate_limited: self.is_rate_limited,
            max_retry_after: 120 * SECOND,
            line: "GET /videos",
        };
        self.attempts.borrow_mut().clear();
        let outcome = run(&with, |attempt| {
            self.attempts.borrow_mut().push(attempt);
            let elapsed = Duration::from_millis(100);
            self.clock.advance(elapsed);
            let next: Result<u32> = outcomes.borrow_mut().pop_front().unwrap();
            async move {
                Attempted {
                    outcome: next.map_err(Failure::from),
                    elapsed,
                }
            }
        });
        let outcome = outcome
            .now_or_never()
            .expect("the clock advances with each sleep");
        assert!(
            outcomes.borrow().is_empty(),
            "{outcome:?}: outcomes are left"
        );
        outcome
    }
}

fn failures(code: u16, count: usize) -> Vec<Result<u32>> {
    vec![Err(status(code)); count]
}

#[test]
fn transient_failures_are_retried_and_others_returned() {
    let harness = Harness::new(RetryPolicy::default());
    let transient = [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]
        .map(status)
        .into_iter()
        .chain([
            Error::new(ErrorKind::Connection, "cut short"),
            Error::new(ErrorKind::Timeout, "too late"),
        ]);
    for error in transient {
        assert_eq!(harness.run([Err(error), Ok(7)]).unwrap(), 7);
        assert_eq!(harness.attempts.borrow().len(), 2);
    }
    let permanent = [
        400, 401, 403, 404, 409, 422, 501, 505, 507, 519, 525, 526, 530,
    ]
    .map(status);
    let permanent = permanent.into_iter().chain([
        Error::new(ErrorKind::Decode, "no JSON"),
        Error::new(ErrorKind::Input, "no request"),
        Error::new(ErrorKind::Certificate, "another name"),
        Error::new(ErrorKind::Unexpected, "moved").with_status(StatusCode::FOUND),
    ]);
    for error in permanent {
        let message = error.to_string();
        let error = harness.run([Err(error)]).unwrap_err();
        assert_eq!((error.to_string(), error.attempts()), (message, Some(1)));
    }
}

#[test]
fn the_backoff_doubles_up_to_its_maximum_with_full_jitter() {
    let policy = RetryPolicy::default().max_attempts(9);
    for random in [0.0, 0.25, 0.999] {
        let harness = Harness::new(policy.clone());
        harness.clock.set_random(random);
        harness
            .run(failures(503, 8).into_iter().chain([Ok(1)]))
            .unwrap();
        let bounds = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000];
        let expected = bounds.map(|bound| Duration::from_millis(bound).mul_f64(random));
        assert_eq!(harness.clock.slept(), expected);
        let resends: Vec<_> = harness
            .attempts
            .borrow()
            .iter()
            .map(|attempt| attempt.resends)
            .collect();
        assert_eq!(resends, (0..9).collect::<Vec<_>>());
    }
}

#[test]
fn the_last_error_reports_attempts_time_and_reason() {
    let harness = Harness::new(RetryPolicy::default());
    let error = harness.run(failures(503, 5)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 5 attempts in 2.4 s: the retry policy allows no more attempts; try again later, or allow more"
    );
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Service, Some(5))
    );
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert!(error.is_retryable(), "a caller may retry later");
    assert_eq!(error.source().unwrap().to_string(), "status 503");

    let harness = Harness::new(RetryPolicy::default().max_elapsed(SECOND));
    let error = harness.run(failures(503, 3)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 3 attempts in 0.7 s: the next attempt would start after 0.5 s, but the retry \
         policy allows 1.0 s in total; try again later, or allow more time"
    );

    harness.budget.0.lock().unwrap().tenths = 10;
    let error = harness.run(failures(500, 2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 2 attempts in 0.3 s: the retry budget of this client is exhausted, because \
         many requests failed; try again later"
    );
}

#[test]
fn a_permanent_failure_after_a_transient_one_is_returned_unchanged() {
    let harness = Harness::new(RetryPolicy::default());
    let error = harness
        .run([Err(status(503)), Err(status(404))])
        .unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.attempts()),
        ("status 404", Some(2))
    );
}

#[test]
fn retries_a_429_without_spending_attempts_or_budget() {
    let harness = Harness::new(RetryPolicy::default());
    let refusals = || std::iter::repeat_n(status(429).with_retry_after(Some(SECOND)), 40).map(Err);
    harness.run(refusals().chain([Ok(1)])).unwrap();
    assert_eq!(
        harness.budget.0.lock().unwrap().tenths,
        RetryBudget::CAPACITY
    );
    assert!(
        harness.attempts.borrow()[1..]
            .iter()
            .all(|attempt| attempt.max_wait.is_some())
    );
    // One second is reported, spread over a quarter more, and each attempt takes a tenth.
    let mut limited = Harness::new(RetryPolicy::default().max_elapsed(2 * SECOND));
    let error = limited.run(refusals().take(2)).unwrap_err();
    assert!(
        error.is_rate_limited() && error.retry_after() == Some(SECOND),
        "{error:?}"
    );
    // The rate limiter waits instead, and its wait is part of the elapsed time of the attempt.
    limited.is_rate_limited = true;
    let before = limited.clock.slept().len();
    limited.run(refusals().take(5).chain([Ok(1)])).unwrap();
    assert_eq!(limited.clock.slept().len(), before);
    // A wait that is shortened is reported with its maximum.
    let hours = status(429).with_retry_after(Some(7_200 * SECOND));
    let patient = Harness::new(RetryPolicy::default());
    let error = patient.run(vec![Err(hours); 3]).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "; the service requested a wait of 7200 s, and the maximum is 120 s \
             (ClientBuilder::with_max_retry_after, --max-retry-after)"
        ),
        "{error}"
    );
    // A wait that exceeds the maximum elapsed time is not begun.
    let error = limited
        .run([Err(status(429).with_retry_after(Some(60 * SECOND)))])
        .unwrap_err();
    assert_eq!(error.attempts(), Some(1));
}

#[test]
fn a_reported_retry_after_is_obeyed_within_bounds_and_spread() {
    for (reported, random, wait) in [
        (Some(8), 0.0, 8.0),
        (Some(8), 0.5, 9.0),
        (Some(1_000), 0.0, 120.0),
        (Some(0), 0.5, 1.25),
        (None, 0.0, 1.0),
        (None, 0.9, 1.45),
    ] {
        let harness = Harness::new(RetryPolicy::default());
        harness.clock.set_random(random);
        let refused = status(429).with_retry_after(reported.map(Duration::from_secs));
        harness.run([Err(refused), Ok(1)]).unwrap();
        assert_eq!(
            harness.clock.slept(),
            [Duration::from_secs_f64(wait)],
            "{reported:?}"
        );
    }
    // Without a reported wait it doubles.
    let harness = Harness::new(RetryPolicy::default());
    harness
        .run(failures(429, 6).into_iter().chain([Ok(1)]))
        .unwrap();
    assert_eq!(
        harness.clock.slept(),
        [1, 2, 4, 8, 16, 16].map(|seconds| Duration::from_secs(seconds).mul_f64(1.25))
    );
    // An overloaded service may report a wait too.
    let harness = Harness::new(RetryPolicy::default());
    harness.clock.set_random(0.0);
    harness
        .run([Err(status(503).with_retry_after(Some(7 * SECOND))), Ok(1)])
        .unwrap();
    assert_eq!(harness.clock.slept(), [7 * SECOND]);
}

#[test]
fn none_retries_nothing() {
    for policy in [RetryPolicy::none(), RetryPolicy::default().max_attempts(0)] {
        for code in [429, 503] {
            let error = Harness::new(policy.clone())
                .run(failures(code, 1))
                .unwrap_err();
            assert_eq!(
                (error.to_string(), error.attempts()),
                (format!("status {code}"), Some(1))
            );
        }
    }
}

#[test]
fn an_error_of_an_inner_loop_is_not_retried_by_an_outer_one() {
    let harness = Harness::new(RetryPolicy::default());
    let error = harness
        .run([Err(status(503).with_attempts(5))])
        .unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.attempts()),
        ("status 503", Some(5))
    );
}

#[test]
fn the_budget_is_spent_by_retries_and_refilled_by_successes_and_time() {
    let clock = TestClock::new();
    let budget = RetryBudget::new(clock.now());
    for _ in 0..50 {
        assert!(budget.take(clock.now()));
    }
    assert!(!budget.take(clock.now()));
    for _ in 0..10 {
        assert!(!budget.take(clock.now()));
        budget.give();
    }
    assert!(budget.take(clock.now()) && !budget.take(clock.now()));
    clock.advance(Duration::from_millis(9_999));
    assert!(!budget.take(clock.now()));
    clock.advance(Duration::from_millis(1));
    assert!(budget.take(clock.now()) && !budget.take(clock.now()));
    clock.advance(Duration::from_secs(1_000_000));
    assert_eq!((0..100).filter(|_| budget.take(clock.now())).count(), 50);
}

#[test]
fn the_budget_bounds_the_retries_of_many_calls() {
    let harness = Harness::new(RetryPolicy::default());
    let sent = AtomicU32::new(0);
    let with = RetryContext {
        policy: &harness.policy,
        budget: &harness.budget,
        clock: &harness.clock,
        counters: None,
        is_rate_limited: false,
        max_retry_after: SECOND,
        line: "GET /videos",
    };
    for _ in 0..100 {
        let call = run(&with, |_| {
            sent.fetch_add(1, Ordering::Relaxed);
            async {
                Attempted {
                    outcome: Err::<(), _>(status(503).into()),
                    elapsed: Duration::ZERO,
                }
            }
        });
        call.now_or_never().unwrap().unwrap_err();
    }
    let sent = sent.into_inner();
    assert!(
        (150..170).contains(&sent),
        "100 calls, 50 retries, some by time: {sent}"
    );
}

#[test]
fn the_wait_for_the_rate_limit_after_a_429_is_bounded_by_the_maximum_elapsed_time() {
    let mut harness = Harness::new(RetryPolicy::default().max_elapsed(30 * SECOND));
    harness.is_rate_limited = true;
    let refusals = vec![Err(status(429)); 3];
    harness.run(refusals.into_iter().chain([Ok(1)])).unwrap();
    // Each attempt takes 100 ms.
    let max_waits = [None, Some(29_900), Some(29_800), Some(29_700)];
    let max_waits = max_waits.map(|millis| millis.map(Duration::from_millis));
    let attempts = harness.attempts.take();
    assert_eq!(attempts.len(), 4);
    for (attempt, expected) in attempts.into_iter().zip(max_waits) {
        assert_eq!(attempt.max_wait, expected);
    }

    let context = RetryContext {
        policy: &harness.policy,
        budget: &harness.budget,
        clock: &harness.clock,
        counters: None,
        is_rate_limited: true,
        max_retry_after: 120 * SECOND,
        line: "GET /videos",
    };
    let call = run(&context, |attempt: Attempt| {
        let (outcome, elapsed) = match attempt.max_wait {
            None => (Err::<(), _>(status(429).into()), SECOND),
            Some(_) => (Err(Failure::TooLate(60 * SECOND)), 2 * SECOND),
        };
        std::future::ready(Attempted { outcome, elapsed })
    });
    let error = call.now_or_never().unwrap().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 1 attempt in 3.0 s: the next attempt would start after 60.0 s, but the retry policy \
         allows 30.0 s in total; try again later, or allow more time"
    );
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, Some(1))
    );
}
