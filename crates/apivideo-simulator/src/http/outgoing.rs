//! Bodies on their way out: whole, or in pieces that come slowly or not all.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

/// How long what was sent has to reach the wire before the connection breaks.
const TIME_TO_LEAVE: Duration = Duration::from_millis(1);

/// The connection is to break here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Whether it is reset rather than closed.
    pub(crate) reset: bool,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection breaks as the fault script wants it")
    }
}

impl std::error::Error for Broken {}

/// A body.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Whole(Full<Bytes>),
    Pieces(Box<Pieces>),
}

impl From<Bytes> for Outgoing {
    fn from(body: Bytes) -> Self {
        Self::Whole(Full::new(body))
    }
}

impl From<Pieces> for Outgoing {
    fn from(pieces: Pieces) -> Self {
        Self::Pieces(Box::new(pieces))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body)
                .poll_frame(cx)
                .map_err(|never: Infallible| match never {}),
            Self::Pieces(pieces) => pieces.poll(cx).map_ok(Frame::data),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Pieces(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Pieces(pieces) => SizeHint::with_exact(pieces.length),
        }
    }
}

/// A body that comes piece by piece, and may break.
#[derive(Debug)]
pub(crate) struct Pieces {
    /// What `content-length` tells.
    length: u64,
    rest: Bytes,
    piece: usize,
    every: Duration,
    pause: Option<Pin<Box<Sleep>>>,
    end: Option<Broken>,
    /// Whether everything before the break had its time to leave.
    left: bool,
}

impl Pieces {
    pub(crate) fn new(body: Bytes) -> Self {
        Self {
            length: body.len() as u64,
            piece: body.len().max(1),
            rest: body,
            every: Duration::ZERO,
            pause: None,
            end: None,
            left: false,
        }
    }

    pub(crate) fn slow(&mut self, bytes: u64, every: Duration) {
        self.piece = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
        self.every = every;
    }

    /// Breaks after so many bytes, before the last one in any case.
    pub(crate) fn cut(&mut self, bytes: u64, broken: Broken) {
        // An empty body is said to have a byte that never comes.
        self.length = self.length.max(1);
        let bytes = bytes.min(self.length - 1);
        self.rest
            .truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        self.end = Some(broken);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Broken>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
            self.pause = None;
        }
        if !self.rest.is_empty() {
            let piece = self.rest.split_to(self.piece.min(self.rest.len()));
            if !self.rest.is_empty() && !self.every.is_zero() {
                self.pause = Some(Box::pin(pause(self.every)));
            }
            return Poll::Ready(Some(Ok(piece)));
        }
        let Some(broken) = self.end else {
            return Poll::Ready(None);
        };
        if !self.left {
            self.left = true;
            let mut pause = Box::pin(pause(TIME_TO_LEAVE));
            if pause.as_mut().poll(cx).is_pending() {
                self.pause = Some(pause);
                return Poll::Pending;
            }
        }
        Poll::Ready(Some(Err(broken)))
    }
}

/// The one place where the simulator sleeps.
#[expect(
    clippy::disallowed_methods,
    reason = "what is late on the wire is late in real time; nothing but a fault script asks for it"
)]
pub(crate) fn pause(time: Duration) -> Sleep {
    tokio::time::sleep(time)
}
