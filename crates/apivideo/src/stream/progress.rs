//! How far a stream has come, for those who watch.

use std::sync::atomic::Ordering;

use crate::call::Counters;

/// How far a stream has come; see [`ItemStream::progress`](crate::ItemStream::progress).
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut stream = client.videos().page_size(10.try_into()?).stream();
/// let progress = stream.progress();
/// let videos: Vec<_> = stream.try_collect().await?;
/// assert_eq!(progress.borrow().items, videos.len() as u64);
/// assert_eq!(progress.borrow().duplicates, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Pages that came, those read again included.
    pub pages: u64,
    /// Items that came and were new; the stream may not have given the newest of them yet.
    pub items: u64,
    /// Items that came again and were dropped.
    pub duplicates: u64,
    /// Records that could not be understood.
    pub invalid: u64,
    /// Requests that were repeated.
    pub retries: u64,
    /// Requests that waited for the rate limit.
    pub waits: u64,
    /// How many items there are in the windows that were begun, as last seen; `None` until the service has said it.
    pub expected: Option<u64>,
    /// Whether the collection was seen to move while it was read: it grew, shrank, or items came again.
    pub moved: bool,
}

impl Counters {
    pub(crate) fn read_into(&self, progress: &mut Progress) {
        progress.retries = self.retries.load(Ordering::Relaxed);
        progress.waits = self.waits.load(Ordering::Relaxed);
    }
}
