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
    Error::new(kind, format!("it said {code}")).with_status(StatusCode::from_u16(code).unwrap())
}

/// A world in which each attempt takes 100 ms, and gives the next of these outcomes.
struct World {
    policy: RetryPolicy,
    clock: TestClock,
    budget: Budget,
    paced: bool,
    attempts: RefCell<Vec<Attempt>>,
}

impl World {
    fn new(policy: RetryPolicy) -> Self {
        let clock = TestClock::hasty();
        Self {
            policy,
            budget: Budget::new(clock.now()),
            clock,
            paced: false,
            attempts: RefCell::default(),
        }
    }

    fn run(&self, outcomes: impl IntoIterator<Item = Result<u32>>) -> Result<u32> {
        let outcomes = RefCell::new(outcomes.into_iter().collect::<VecDeque<_>>());
        let with = Retrying {
            policy: &self.policy,
            budget: &self.budget,
            clock: &self.clock,
            counters: None,
            paced: self.paced,
            longest_wait: 120 * SECOND,
            line: "GET /videos",
        };
        self.attempts.borrow_mut().clear();
        let outcome = run(&with, |attempt| {
            self.attempts.borrow_mut().push(attempt);
            let took = Duration::from_millis(100);
            self.clock.advance(took);
            let next = outcomes.borrow_mut().pop_front().unwrap();
            async move { (next, took) }
        });
        let outcome = outcome.now_or_never().expect("nothing sleeps for real");
        assert!(outcomes.borrow().is_empty(), "{outcome:?} left some");
        outcome
    }
}

fn failures(code: u16, count: usize) -> Vec<Result<u32>> {
    vec![Err(status(code)); count]
}

#[test]
fn what_may_pass_is_tried_again_and_nothing_else() {
    let world = World::new(RetryPolicy::default());
    let passing = [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]
        .map(status)
        .into_iter()
        .chain([
            Error::new(ErrorKind::Connection, "cut short"),
            Error::new(ErrorKind::Timeout, "too late"),
        ]);
    for error in passing {
        assert_eq!(world.run([Err(error), Ok(7)]).unwrap(), 7);
        assert_eq!(world.attempts.borrow().len(), 2);
    }
    let lasting = [
        400, 401, 403, 404, 409, 422, 501, 505, 507, 519, 525, 526, 530,
    ]
    .map(status);
    let lasting = lasting.into_iter().chain([
        Error::new(ErrorKind::Decode, "no JSON"),
        Error::new(ErrorKind::Input, "no request"),
        Error::new(ErrorKind::Certificate, "another name"),
        Error::new(ErrorKind::Unexpected, "moved").with_status(StatusCode::FOUND),
    ]);
    for error in lasting {
        let message = error.to_string();
        let error = world.run([Err(error)]).unwrap_err();
        assert_eq!((error.to_string(), error.attempts()), (message, Some(1)));
    }
}

#[test]
fn pauses_double_up_to_their_bound_and_are_drawn_in_full() {
    let policy = RetryPolicy::default().with_attempts(9);
    for random in [0.0, 0.25, 0.999] {
        let world = World::new(policy.clone());
        world.clock.set_random(random);
        world
            .run(failures(503, 8).into_iter().chain([Ok(1)]))
            .unwrap();
        let bounds = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000];
        let expected = bounds.map(|bound| Duration::from_millis(bound).mul_f64(random));
        assert_eq!(world.clock.slept(), expected);
        let resends: Vec<_> = world
            .attempts
            .borrow()
            .iter()
            .map(|attempt| attempt.resends)
            .collect();
        assert_eq!(resends, (0..9).collect::<Vec<_>>());
    }
}

#[test]
fn the_last_error_says_how_often_how_long_and_why_no_more() {
    let world = World::new(RetryPolicy::default());
    let error = world.run(failures(503, 5)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 5 attempts in 2.4 s: the retry policy allows no more; try again later, or allow more"
    );
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Service, Some(5))
    );
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert!(error.is_retryable(), "by whoever has more patience");
    assert_eq!(error.source().unwrap().to_string(), "it said 503");

    let world = World::new(RetryPolicy::default().with_total_time(SECOND));
    let error = world.run(failures(503, 3)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 3 attempts in 0.7 s: the next would come 0.5 s later, and the retry policy allows \
         1.0 s in all; try again later, or allow more"
    );

    world.budget.0.lock().unwrap().tenths = 10;
    let error = world.run(failures(500, 2)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`GET /videos` failed after 2 attempts in 0.3 s: the retries that all calls of this client share are spent, \
         the service seems to be down; try again later"
    );
}

#[test]
fn a_failure_after_others_that_is_not_tried_again_is_given_as_it_is() {
    let world = World::new(RetryPolicy::default());
    let error = world.run([Err(status(503)), Err(status(404))]).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.attempts()),
        ("it said 404", Some(2))
    );
}

#[test]
fn a_429_costs_neither_attempts_nor_budget_and_only_the_total_time_bounds_it() {
    let world = World::new(RetryPolicy::default());
    let refusals = || std::iter::repeat_n(status(429).with_retry_after(Some(SECOND)), 40).map(Err);
    world.run(refusals().chain([Ok(1)])).unwrap();
    assert_eq!(world.budget.0.lock().unwrap().tenths, Budget::CAPACITY);
    assert!(
        world.attempts.borrow()[1..]
            .iter()
            .all(|attempt| attempt.after_refusal)
    );
    // One second told, spread over a quarter more, and each attempt takes a tenth.
    let mut limited = World::new(RetryPolicy::default().with_total_time(2 * SECOND));
    let error = limited.run(refusals().take(2)).unwrap_err();
    assert!(
        error.is_rate_limited() && error.retry_after() == Some(SECOND),
        "{error:?}"
    );
    // The pacer waits by itself, and says so by the time that the attempt took.
    limited.paced = true;
    let before = limited.clock.slept().len();
    limited.run(refusals().take(5).chain([Ok(1)])).unwrap();
    assert_eq!(limited.clock.slept().len(), before);
    // A wait that is cut is named with its bound.
    let hours = status(429).with_retry_after(Some(7_200 * SECOND));
    let patient = World::new(RetryPolicy::default());
    let error = patient.run(vec![Err(hours); 3]).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "; the service asked for a wait of 7200 s, and no wait is longer than 120 s \
             (ClientBuilder::with_longest_wait, --max-retry-after)"
        ),
        "{error}"
    );
    // A wait that is longer than all the time is not begun.
    let error = limited
        .run([Err(status(429).with_retry_after(Some(60 * SECOND)))])
        .unwrap_err();
    assert_eq!(error.attempts(), Some(1));
}

#[test]
fn what_the_service_asks_for_is_waited_within_bounds_and_never_by_all_alike() {
    for (told, random, wait) in [
        (Some(8), 0.0, 8.0),
        (Some(8), 0.5, 9.0),
        (Some(1_000), 0.0, 120.0),
        (Some(0), 0.5, 1.25),
        (None, 0.0, 1.0),
        (None, 0.9, 1.45),
    ] {
        let world = World::new(RetryPolicy::default());
        world.clock.set_random(random);
        let refused = status(429).with_retry_after(told.map(Duration::from_secs));
        world.run([Err(refused), Ok(1)]).unwrap();
        assert_eq!(
            world.clock.slept(),
            [Duration::from_secs_f64(wait)],
            "{told:?}"
        );
    }
    // Where nothing is told, ever longer.
    let world = World::new(RetryPolicy::default());
    world
        .run(failures(429, 6).into_iter().chain([Ok(1)]))
        .unwrap();
    assert_eq!(
        world.clock.slept(),
        [1, 2, 4, 8, 16, 16].map(|seconds| Duration::from_secs(seconds).mul_f64(1.25))
    );
    // A service that is overloaded may ask too.
    let world = World::new(RetryPolicy::default());
    world.clock.set_random(0.0);
    world
        .run([Err(status(503).with_retry_after(Some(7 * SECOND))), Ok(1)])
        .unwrap();
    assert_eq!(world.clock.slept(), [7 * SECOND]);
}

#[test]
fn no_retries_means_none() {
    for policy in [RetryPolicy::none(), RetryPolicy::default().with_attempts(0)] {
        for code in [429, 503] {
            let error = World::new(policy.clone())
                .run(failures(code, 1))
                .unwrap_err();
            assert_eq!(
                (error.to_string(), error.attempts()),
                (format!("it said {code}"), Some(1))
            );
        }
    }
}

#[test]
fn an_inner_loop_is_not_repeated_by_an_outer_one() {
    let world = World::new(RetryPolicy::default());
    let error = world.run([Err(status(503).with_attempts(5))]).unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.attempts()),
        ("it said 503", Some(5))
    );
}

#[test]
fn the_budget_is_spent_by_retries_and_comes_back_by_successes_and_time() {
    let clock = TestClock::new();
    let budget = Budget::new(clock.now());
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
fn a_service_that_is_down_is_not_hammered_by_many_calls() {
    let world = World::new(RetryPolicy::default());
    let sent = AtomicU32::new(0);
    let with = Retrying {
        policy: &world.policy,
        budget: &world.budget,
        clock: &world.clock,
        counters: None,
        paced: false,
        longest_wait: SECOND,
        line: "GET /videos",
    };
    for _ in 0..100 {
        let call = run(&with, |_| {
            sent.fetch_add(1, Ordering::Relaxed);
            async { (Err::<(), _>(status(503)), Duration::ZERO) }
        });
        call.now_or_never().unwrap().unwrap_err();
    }
    let sent = sent.into_inner();
    assert!(
        (150..170).contains(&sent),
        "100 calls, 50 retries, some by time: {sent}"
    );
}
