//! Response bodies: complete, or sent in chunks that are delayed or truncated.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// The time for sent bytes to reach the client before the connection breaks.
const FLUSH_TIME: Duration = Duration::from_millis(1);

/// The error that ends a connection on behalf of the fault script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionBreak {
    /// Whether the connection is reset rather than closed.
    pub(crate) reset: bool,
}

impl fmt::Display for ConnectionBreak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fault script ends the connection")
    }
}

impl std::error::Error for ConnectionBreak {}

/// The body of a response.
#[derive(Debug)]
pub(crate) enum ResponseBody {
    Complete(Full<Bytes>),
    Chunked(Box<ChunkedBody>),
}

impl From<Bytes> for ResponseBody {
    fn from(body: Bytes) -> Self {
        Self::Complete(Full::new(body))
    }
}

impl From<ChunkedBody> for ResponseBody {
    fn from(chunks: ChunkedBody) -> Self {
        Self::Chunked(Box::new(chunks))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = ConnectionBreak;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionBreak>>> {
        match self.get_mut() {
            Self::Complete(body) => Pin::new(body)
                .poll_frame(cx)
                .map_err(|never: Infallible| match never {}),
            Self::Chunked(chunks) => chunks.poll(cx).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Complete(body) => body.is_end_stream(),
            Self::Chunked(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Complete(body) => body.size_hint(),
            Self::Chunked(chunks) => SizeHint::with_exact(chunks.length),
        }
    }
}

/// A body that is sent in chunks, and may be truncated.
#[derive(Debug)]
pub(crate) struct ChunkedBody {
    /// The value of `content-length`.
    length: u64,
    rest: Bytes,
    chunk: usize,
    interval: Duration,
    pause: Option<Pin<Box<Sleep>>>,
    end: Option<ConnectionBreak>,
    /// Whether the bytes before the break had time to reach the client.
    flushed: bool,
}

impl ChunkedBody {
    pub(crate) fn new(body: Bytes) -> Self {
        Self {
            length: body.len() as u64,
            chunk: body.len().max(1),
            rest: body,
            interval: Duration::ZERO,
            pause: None,
            end: None,
            flushed: false,
        }
    }

    pub(crate) fn slow(&mut self, bytes: u64, interval: Duration) {
        self.chunk = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
        self.interval = interval;
    }

    /// Ends the connection after `bytes` bytes, and before the last byte in any case.
    pub(crate) fn cut(&mut self, bytes: u64, end: ConnectionBreak) {
        // An empty body is announced with a length of one byte, which is never sent.
        self.length = self.length.max(1);
        let bytes = bytes.min(self.length - 1);
        self.rest
            .truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        self.end = Some(end);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, ConnectionBreak>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        if !self.rest.is_empty() {
            let chunk = self.rest.split_to(self.chunk.min(self.rest.len()));
            if !self.rest.is_empty() && !self.interval.is_zero() {
                self.pause = Some(Box::pin(sleep(self.interval)));
            }
            return Poll::Ready(Some(Ok(chunk)));
        }
        let Some(end) = self.end else {
            return Poll::Ready(None);
        };
        if !self.flushed {
            self.flushed = true;
            let mut pause = Box::pin(sleep(FLUSH_TIME));
            if pause.as_mut().poll(cx).is_pending() {
                self.pause = Some(pause);
                return Poll::Pending;
            }
        }
        Poll::Ready(Some(Err(end)))
    }
}

/// Sleeps in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "delays of a fault script are in real time; nothing else in the simulator sleeps"
)]
pub(crate) fn sleep(duration: Duration) -> Sleep {
    tokio::time::sleep(duration)
}
