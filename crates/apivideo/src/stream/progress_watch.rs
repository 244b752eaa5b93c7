//! The progress of a stream, for readers in other tasks.

use tokio::sync::watch;

use crate::progress::Progress;

/// A handle to the progress of a stream, which can be read while another task polls the stream; see
/// [`ItemStream::watch`](crate::ItemStream::watch).
///
/// ```
/// use apivideo::stream::ProgressWatch;
///
/// async fn report(mut progress: ProgressWatch) {
///     while let Some(now) = progress.changed().await {
///         eprintln!("{} of {:?}", now.items, now.expected);
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ProgressWatch(watch::Receiver<Progress>);

impl ProgressWatch {
    pub(crate) fn new(receiver: watch::Receiver<Progress>) -> Self {
        Self(receiver)
    }

    /// Returns the current progress. The last progress remains available after the stream is dropped.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let mut videos = client.videos().stream();
    /// let progress = videos.watch();
    /// assert_eq!(progress.get().items, 0);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn get(&self) -> Progress {
        self.0.borrow().clone()
    }

    /// Waits until the progress has changed since the last call, and returns it. Returns `None` if the stream is dropped and
    /// its last progress was returned.
    ///
    /// # Cancel safety
    /// This method is cancel safe: a change is returned by the next call.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # apivideo_simulator::doctest! { |client|
    /// let mut videos = client.videos().stream();
    /// let mut progress = videos.watch();
    /// let reader = tokio::spawn(async move { videos.try_fold(0, |n, _| async move { Ok(n + 1) }).await });
    /// let mut last = None;
    /// while let Some(now) = progress.changed().await {
    ///     last = Some(now.items);
    /// }
    /// assert_eq!(last, Some(reader.await??));
    /// # }
    /// ```
    pub async fn changed(&mut self) -> Option<Progress> {
        self.0.changed().await.ok()?;
        Some(self.0.borrow_and_update().clone())
    }
}
