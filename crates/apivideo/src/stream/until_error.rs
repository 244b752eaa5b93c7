//! Streams without errors.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};

use crate::error::{Error, Result};

/// The good items of a stream, up to its first error; see [`ItemStream::ok_into`](crate::ItemStream::ok_into).
///
/// ```
/// use futures::StreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut error = None;
/// let videos = client.videos().stream().ok_into(&mut error);
/// println!("{} videos", videos.count().await);
/// if let Some(error) = error {
///     println!("and then: {error}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct OkInto<'a, S> {
    /// `None` once it has ended.
    stream: Option<S>,
    error: &'a mut Option<Error>,
}

impl<'a, S> OkInto<'a, S> {
    pub(crate) fn new(stream: S, error: &'a mut Option<Error>) -> Self {
        Self {
            stream: Some(stream),
            error,
        }
    }
}

impl<T, S: Stream<Item = Result<T>> + Unpin> Stream for OkInto<'_, S> {
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
                *this.error = Some(error);
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

impl<T, S: Stream<Item = Result<T>> + Unpin> FusedStream for OkInto<'_, S> {
    fn is_terminated(&self) -> bool {
        self.stream.is_none()
    }
}
