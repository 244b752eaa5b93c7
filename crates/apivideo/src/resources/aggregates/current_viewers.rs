//! The current viewers of a live stream, polled.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use futures_core::{FusedStream, Stream};
use jiff::Timestamp;

use super::filter::Filter;
use super::metric::MetricRequest;
use crate::error::{Error, ErrorKind, Result};
use crate::id::LiveStreamId;
use crate::model::MetricValue;
use crate::resources::params::Metric;
use crate::transport::Transport;
use crate::transport::clock::{BoxFuture, Clock};

/// A viewer counts as current for this long, so that a poll in this interval misses none.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(20);
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// A stream of the number of current viewers of a live stream; see
/// [`LiveStreamHandle::current_viewers`](crate::client::LiveStreamHandle::current_viewers).
///
/// The service counts the viewers of the last 20 s (`ccv/live`). The stream requests the number with the first poll, and then at an
/// [interval](Self::with_interval) of 20 s by default, which is counted from the start of a request to the start of the next one. It
/// is lazy: no request is sent while the stream is not polled, and none is caught up on. No task is spawned.
///
/// Requests are sent within the rate limit of the client and retried by its retry policy. A request that fails nevertheless is an
/// error, and the stream continues after the interval, except after an error that the next request would repeat: of the kinds
/// [`Unauthorized`](ErrorKind::Unauthorized), [`Forbidden`](ErrorKind::Forbidden), [`NotFound`](ErrorKind::NotFound),
/// [`Removed`](ErrorKind::Removed), [`Rejected`](ErrorKind::Rejected), [`Certificate`](ErrorKind::Certificate),
/// [`Configuration`](ErrorKind::Configuration) and [`Input`](ErrorKind::Input). Then the stream has ended
/// ([`is_terminated`](FusedStream::is_terminated)). The end of a broadcast does not end it.
///
/// # Cancel safety
/// `next` and `try_next` are cancel safe: if the future is dropped before it completes, no number is lost. They can be used in
/// `tokio::select!`. Dropping the stream cancels its request.
///
/// ```
/// use apivideo::aggregates::CurrentViewers;
/// use futures::StreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let mut viewers: CurrentViewers = client.live_stream("vi4k0jvEUuaTdRAEjQ4Jfrgz".parse()?).current_viewers();
/// while let Some(sample) = viewers.next().await {
///     match sample {
///         Ok(sample) => println!("{} {}", sample.at, sample.viewers),
///         Err(error) => eprintln!("no number this time: {error}"),
///     }
/// #   break;
/// }
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct CurrentViewers {
    fetch: Fetch,
    clock: Arc<dyn Clock>,
    interval: Duration,
    state: State,
}

/// The number of current viewers at a time. An item of [`CurrentViewers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ViewerSample {
    /// When the service counted: the end of the time range that it reports, or the time of the response if it reports none.
    pub at: Timestamp,
    /// The number of viewers of the last 20 s.
    pub viewers: u64,
}

type Fetch = Box<dyn Fn() -> BoxFuture<Result<MetricValue>> + Send + Sync>;

enum State {
    /// The next poll sends a request.
    Due,
    Requesting {
        started: Instant,
        response: BoxFuture<Result<MetricValue>>,
    },
    /// The next poll waits for the rest of the interval.
    Idle {
        started: Instant,
    },
    Waiting(BoxFuture<()>),
    Ended,
}

impl CurrentViewers {
    pub(crate) fn new(transport: &Transport, id: LiveStreamId) -> Self {
        let request = MetricRequest::new(transport.clone(), Metric::CcvLive)
            .filter(Filter::new().live_stream(id));
        let clock = Arc::clone(&transport.shared.clock);
        Self::with_fetch(clock, move || {
            let request = request.clone();
            Box::pin(async move { request.send().await })
        })
    }

    fn with_fetch(
        clock: Arc<dyn Clock>,
        fetch: impl Fn() -> BoxFuture<Result<MetricValue>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            fetch: Box::new(fetch),
            clock,
            interval: DEFAULT_INTERVAL,
            state: State::Due,
        }
    }

    /// Sets the interval between two requests. Defaults to 20 s, which is how long a viewer counts as current. At least 1 s:
    /// a smaller value is raised to it.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let news = client.live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// let viewers = news.current_viewers().with_interval(Duration::from_secs(60));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(MIN_INTERVAL);
        self
    }

    fn receive(&mut self, started: Instant, response: Result<MetricValue>) -> Result<ViewerSample> {
        let sample = response.and_then(|value| self.sample(&value));
        self.state = match &sample {
            Err(error) if is_permanent(error) => State::Ended,
            _ => State::Idle { started },
        };
        sample
    }

    fn sample(&self, value: &MetricValue) -> Result<ViewerSample> {
        /// The largest number up to which every whole number is a float.
        const MAX: f64 = 9_007_199_254_740_992.0;
        let viewers = value.value.round();
        if !(0.0..=MAX).contains(&viewers) {
            let message = format!(
                "the number of current viewers in the response is {}: must be from 0 to 2^53",
                value.value
            );
            return Err(Error::new(ErrorKind::Decode, message));
        }
        Ok(ViewerSample {
            at: value.to.unwrap_or_else(|| self.clock.wall()),
            viewers: viewers as u64,
        })
    }
}

/// Whether the next request would fail as well.
fn is_permanent(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Removed
            | ErrorKind::Rejected
            | ErrorKind::Certificate
            | ErrorKind::Configuration
            | ErrorKind::Input
    )
}

impl Stream for CurrentViewers {
    type Item = Result<ViewerSample>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.state = match &mut this.state {
                State::Due => State::Requesting {
                    started: this.clock.now(),
                    response: (this.fetch)(),
                },
                State::Requesting { started, response } => {
                    let started = *started;
                    let response = ready!(response.as_mut().poll(cx));
                    return Poll::Ready(Some(this.receive(started, response)));
                }
                State::Idle { started } => {
                    let elapsed = this.clock.now().saturating_duration_since(*started);
                    match this.interval.checked_sub(elapsed) {
                        Some(left) if !left.is_zero() => State::Waiting(this.clock.sleep(left)),
                        _ => State::Due,
                    }
                }
                State::Waiting(sleep) => {
                    ready!(sleep.as_mut().poll(cx));
                    State::Due
                }
                State::Ended => return Poll::Ready(None),
            };
        }
    }
}

impl FusedStream for CurrentViewers {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}

impl fmt::Debug for CurrentViewers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CurrentViewers")
            .field("interval", &self.interval)
            .field("is_terminated", &self.is_terminated())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
