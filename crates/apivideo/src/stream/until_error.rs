//! A stream of items without errors, and the error that ended it.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::error::{Error, Result};

/// A stream of the items before the first error of another stream; see
/// [`ItemStream::until_error`](crate::ItemStream::until_error).
///
/// # Cancel safety
/// `next` is cancel safe: if the future is dropped before it completes, no item is lost.
///
/// ```
/// use futures::StreamExt;
/// # apivideo_simulator::doctest! { |client|
/// let (videos, outcome) = client.videos().stream().until_error();
/// println!("{} videos", videos.count().await);
/// outcome.into_result()?;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct UntilError<S> {
    /// `None` once it has ended.
    stream: Option<S>,
    outcome: Arc<OnceLock<Error>>,
}

/// The outcome of an [`UntilError`]: the error that ended it, if one did.
///
/// ```
/// use futures::StreamExt;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let client = apivideo::Client::builder().api_key("key").base_url("http://127.0.0.1:9").build()?;
/// let (videos, outcome) = client.videos().title("cats").stream().until_error();
/// assert_eq!(videos.count().await, 0);
/// assert!(outcome.error().is_some(), "nothing listens on this port");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the error that ended the stream is here"]
pub struct Outcome(Arc<OnceLock<Error>>);

impl Outcome {
    /// Returns the error that ended the stream. Returns `None` while the stream is being read, and if it ended without an error.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.0.get()
    }

    /// Returns `Ok` if the stream ended without an error.
    ///
    /// # Errors
    /// Returns the error that ended the stream.
    pub fn into_result(self) -> Result<()> {
        match self.0.get() {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

impl<S> UntilError<S> {
    pub(crate) fn new(stream: S) -> (Self, Outcome) {
        let outcome = Arc::new(OnceLock::new());
        let items = Self {
            stream: Some(stream),
            outcome: Arc::clone(&outcome),
        };
        (items, Outcome(outcome))
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Stream for UntilError<S> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = &mut *self;
        let Some(stream) = &mut this.stream else {
            return Poll::Ready(None);
        };
        let item = match Pin::new(stream).poll_next(cx) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Some(Ok(item))) => Some(item),
            Poll::Ready(Some(Err(error))) => {
                // The stream is dropped below: nothing else sets it.
                let _ = this.outcome.set(error);
                None
            }
            Poll::Ready(None) => None,
        };
        if item.is_none() {
            this.stream = None;
        }
        Poll::Ready(item)
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> FusedStream for UntilError<S> {
    fn is_terminated(&self) -> bool {
        self.stream.is_none()
    }
}
