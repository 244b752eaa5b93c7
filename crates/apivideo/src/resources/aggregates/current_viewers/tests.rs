//! Polling by a clock that stands still until a test advances it.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::task::Waker;

use futures_util::{FutureExt, StreamExt};

use super::*;
use crate::transport::clock::testing::TestClock;

/// The responses in turn, and the times of the requests since the start, in seconds.
#[derive(Clone)]
struct Script {
    clock: TestClock,
    start: Instant,
    responses: Arc<Mutex<VecDeque<Result<f64>>>>,
    requests: Arc<Mutex<Vec<u64>>>,
    /// How long a request takes.
    delay: Duration,
}

impl Script {
    fn new(responses: impl IntoIterator<Item = Result<f64>>) -> Self {
        let clock = TestClock::new();
        Self {
            start: clock.now(),
            clock,
            responses: Arc::new(Mutex::new(responses.into_iter().collect())),
            requests: Arc::default(),
            delay: Duration::ZERO,
        }
    }

    fn stream(&self) -> CurrentViewers {
        let script = self.clone();
        CurrentViewers::with_fetch(Arc::new(self.clock.clone()), move || {
            let script = script.clone();
            let passed = script.clock.now().duration_since(script.start);
            script.requests.lock().unwrap().push(passed.as_secs());
            Box::pin(async move {
                if !script.delay.is_zero() {
                    script.clock.sleep(script.delay).await;
                }
                let value = script.responses.lock().unwrap().pop_front().unwrap()?;
                Ok(MetricValue {
                    value,
                    ..MetricValue::default()
                })
            })
        })
    }

    fn requests(&self) -> Vec<u64> {
        self.requests.lock().unwrap().clone()
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Returns the next number, `None` if the stream waits.
fn next(stream: &mut CurrentViewers) -> Option<Result<u64>> {
    let next = stream.next().now_or_never()?;
    Some(
        next.expect("the stream has not ended")
            .map(|sample| sample.viewers),
    )
}

fn number(stream: &mut CurrentViewers) -> Option<u64> {
    next(stream).map(Result::unwrap)
}

#[test]
fn polls_at_the_interval_and_only_when_polled() {
    let script = Script::new([Ok(3.0), Ok(4.0), Ok(5.0)]);
    let mut stream = script.stream();
    assert_eq!(script.requests(), [] as [u64; 0], "lazy");
    assert_eq!(number(&mut stream), Some(3));
    assert_eq!(number(&mut stream), None);
    script.advance(19);
    assert_eq!(number(&mut stream), None);
    script.advance(1);
    assert_eq!(number(&mut stream), Some(4));
    // A minute passes without a poll: one request follows, not three.
    script.advance(60);
    assert_eq!(number(&mut stream), Some(5));
    assert_eq!(number(&mut stream), None);
    assert_eq!(script.requests(), [0, 20, 80]);
}

#[test]
fn the_interval_counts_from_the_start_of_a_request() {
    let mut script = Script::new([Ok(1.0), Ok(2.0)]);
    script.delay = Duration::from_secs(8);
    let mut stream = script.stream().with_interval(Duration::from_secs(30));
    assert_eq!(number(&mut stream), None);
    script.advance(8);
    assert_eq!(number(&mut stream), Some(1));
    assert_eq!(number(&mut stream), None);
    script.advance(22);
    assert_eq!(number(&mut stream), None, "the request takes 8 s");
    script.advance(8);
    assert_eq!(number(&mut stream), Some(2));
    assert_eq!(script.requests(), [0, 30]);
}

#[test]
fn a_short_interval_is_raised_to_a_second() {
    let script = Script::new([Ok(1.0), Ok(2.0)]);
    let mut stream = script.stream().with_interval(Duration::ZERO);
    assert_eq!(number(&mut stream), Some(1));
    script.clock.advance(Duration::from_millis(999));
    assert_eq!(number(&mut stream), None);
    script.clock.advance(Duration::from_millis(1));
    assert_eq!(number(&mut stream), Some(2));
}

#[test]
fn a_failure_does_not_end_the_stream_unless_it_is_permanent() {
    use ErrorKind::*;
    let passing = [
        Connection,
        Timeout,
        RateLimited,
        Service,
        Unexpected,
        Decode,
    ];
    for kind in passing {
        let script = Script::new([Err(Error::new(kind, "failed")), Ok(1.0)]);
        let mut stream = script.stream();
        assert_eq!(next(&mut stream).unwrap().unwrap_err().kind(), kind);
        assert!(!stream.is_terminated());
        assert!(
            next(&mut stream).is_none(),
            "not before the interval: {kind}"
        );
        script.advance(20);
        assert_eq!(number(&mut stream), Some(1));
    }
    let permanent = [
        Unauthorized,
        Forbidden,
        NotFound,
        Removed,
        Rejected,
        Certificate,
        Configuration,
        Input,
    ];
    for kind in permanent {
        let script = Script::new([Err(Error::new(kind, "failed"))]);
        let mut stream = script.stream();
        assert_eq!(next(&mut stream).unwrap().unwrap_err().kind(), kind);
        assert!(stream.is_terminated());
        script.advance(20);
        assert!(stream.next().now_or_never().unwrap().is_none(), "{kind}");
        assert_eq!(script.requests().len(), 1);
    }
}

#[test]
fn a_dropped_future_loses_no_number() {
    let mut script = Script::new([Ok(7.0)]);
    script.delay = Duration::from_secs(2);
    let mut stream = script.stream();
    for _ in 0..5 {
        // Each future of `next` is dropped while the request is pending.
        let mut future = stream.next();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(future.poll_unpin(&mut cx).is_pending());
    }
    script.advance(2);
    assert_eq!(number(&mut stream), Some(7));
    assert_eq!(script.requests(), [0]);
}

#[test]
fn the_time_is_that_of_the_service() {
    let script = Script::new([Ok(1.0)]);
    let now: Timestamp = "2022-01-01T12:00:00Z".parse().unwrap();
    script.clock.set_wall(now);
    let mut stream = script.stream();
    let sample = stream.next().now_or_never().unwrap().unwrap().unwrap();
    assert_eq!(sample.at, now);
    let to: Timestamp = "2022-01-01T12:00:05Z".parse().unwrap();
    let reported = MetricValue {
        value: 1.0,
        to: Some(to),
        ..MetricValue::default()
    };
    assert_eq!(stream.sample(&reported).unwrap().at, to);
}

#[test]
fn numbers_that_are_not_counts_are_errors() {
    let script = Script::new([Ok(-1.0), Ok(1e300), Ok(f64::NAN), Ok(2.4)]);
    let mut stream = script.stream();
    for _ in 0..3 {
        let error = next(&mut stream).unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        script.advance(20);
    }
    assert_eq!(number(&mut stream), Some(2));
}

#[test]
fn streams_can_be_sent_to_other_threads() {
    fn is_send<T: Send + Unpin + 'static>() {}
    is_send::<CurrentViewers>();
}
