//! A stream over several assets: one after the other for who reads, side by side for who waits.

mod cursor;
mod part;

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use futures_util::StreamExt;
use tokio::sync::watch;

pub use cursor::AssetsCursor;
use cursor::VERSION;
pub use part::OfAsset;
pub(crate) use part::{Open, Part};

use crate::cursor::{Cursor, Hex};
use crate::error::{Error, ErrorKind, Result};
use crate::id::AssetId;
use crate::model::Session;
use crate::progress::Counters;
use crate::progress::Progress;
use crate::resources::multi_asset::Query as AssetsQuery;
use crate::stream::dedup::fingerprint;
use crate::stream::until_error::OkInto;
use crate::stream::with_events::SessionEvents;
use crate::transport::Transport;

/// How many assets are open at most for each that may be read at a time: those that have ended wait for their turn.
const OPEN: usize = 4;
/// While one asset gives and gives, the others are looked after so often.
const LOOK_AFTER: u32 = 32;

/// The items of several assets, each with its asset, in the order of the assets; see
/// [`AssetSessions::stream`](crate::AssetSessions::stream).
///
/// Lazy, and read ahead as [`ItemStream`](crate::ItemStream) is, into the next assets too. Of several, an asset that is not there is one
/// `Err` of the kind [`Asset`](ErrorKind::Asset), and the others go on; every other failure of a list ends the stream,
/// whose [`cursor`](Self::cursor) then tells where it stood.
///
/// ```
/// use apivideo::{AssetStream, Session, VideoId};
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let videos: Vec<VideoId> = client.videos().stream().map_ok(|video| video.id).try_collect().await?;
/// let mut sessions: AssetStream<Session> = client.assets(videos).sessions("2022-01-01".parse()?).stream();
/// while let Some(session) = sessions.try_next().await? {
///     println!("{} of {}", session.item.id, session.asset);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct AssetStream<T> {
    transport: Transport,
    query: AssetsQuery,
    concurrency: usize,
    open: Open<T>,
    /// Assets that were not begun.
    rest: VecDeque<AssetId>,
    /// Assets that were, in their order; the first one gives.
    parts: VecDeque<Begun<T>>,
    /// Where the first asset stood in the stream that this one goes on from.
    resumed: Option<Cursor>,
    /// What came of assets that are done.
    past: Progress,
    counters: Arc<Counters>,
    progress: Progress,
    watch: Option<watch::Sender<Progress>>,
    given_since: u32,
    state: State,
}

/// Where an [`AssetStream`] stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was polled.
    New,
    Reading,
    /// Nothing more will come.
    Done,
}

/// An asset that was begun.
struct Begun<T> {
    asset: AssetId,
    part: Box<dyn Part<T>>,
    /// What came before its turn: its first item, or its end.
    held: Option<Option<Result<T>>>,
    /// Where it stood when it was begun, until something of it is given.
    start: Option<Option<Cursor>>,
}

impl<T> AssetStream<T> {
    pub(crate) fn new(
        transport: &Transport,
        ids: &[AssetId],
        query: AssetsQuery,
        concurrency: usize,
        open: Open<T>,
    ) -> Self {
        let counters = transport.counters.clone().unwrap_or_default();
        Self {
            transport: transport.counted_by(Arc::clone(&counters)),
            query,
            concurrency,
            open,
            rest: ids.iter().cloned().collect(),
            parts: VecDeque::new(),
            resumed: None,
            past: Progress {
                assets_total: ids.len() as u64,
                ..Progress::default()
            },
            counters,
            progress: Progress::default(),
            watch: None,
            given_since: 0,
            state: State::New,
        }
    }

    /// Goes on where another stream stood. To be called before the first poll.
    ///
    /// ```
    /// use apivideo::VideoId;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let id: VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let sessions = client.assets([id]).sessions("2022-01-01".parse()?);
    /// let mut stream = sessions.stream();
    /// stream.try_next().await?;
    /// let rest = sessions.stream().with_cursor(&stream.cursor())?;
    /// assert_eq!(rest.try_collect::<Vec<_>>().await?.len() as u64 + 1, sessions.total().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the stream has begun, and when the cursor is of other assets, filters or another page size, or of a release
    /// that wrote another form.
    pub fn with_cursor(mut self, cursor: &AssetsCursor) -> Result<Self> {
        let refused = |why: &str| Error::input(format!("the cursor can't be resumed here: {why}"));
        if self.state != State::New {
            return Err(refused(
                "the stream has begun already; give it the cursor before its first poll",
            ));
        }
        if cursor.version != VERSION {
            return Err(refused(&format!(
                "it is of version {}, and this release reads version {VERSION}; resume it with the release that wrote it",
                cursor.version
            )));
        }
        if cursor.filters != Hex(fingerprint(&self.query.filters())) {
            return Err(refused(
                "it is of other filters or another period; ask for the same as when it was written",
            ));
        }
        if cursor.page_size != self.query.page_size {
            return Err(refused(&format!(
                "it counts pages of {} items, and this list has pages of {}; ask for the same size",
                cursor.page_size, self.query.page_size
            )));
        }
        let ours: HashSet<&AssetId> = self.rest.iter().collect();
        if let Some(other) = cursor.rest.iter().find(|asset| !ours.contains(asset)) {
            return Err(refused(&format!(
                "it goes on with {other}, which is none of these assets; give it to the list that it came from"
            )));
        }
        self.rest = cursor.rest.iter().cloned().collect();
        self.resumed = cursor.first.clone();
        self.past.assets_done = cursor.done;
        self.past.assets_total = cursor.done.saturating_add(cursor.rest.len() as u64);
        Ok(self)
    }

    /// Where the stream stands: what it has given, and what not.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let stream = client.assets([id]).sessions("2022-01".parse()?).stream();
    /// let saved = serde_json::to_string(&stream.cursor())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cursor(&self) -> AssetsCursor {
        let first = match self.parts.front() {
            None => self.resumed.clone(),
            Some(begun) => match &begun.start {
                Some(start) => start.clone(),
                None => Some(begun.part.stands()),
            },
        };
        let begun = self.parts.iter().map(|begun| &begun.asset);
        AssetsCursor {
            version: VERSION,
            filters: Hex(fingerprint(&self.query.filters())),
            page_size: self.query.page_size,
            done: self.past.assets_done,
            rest: begun.chain(&self.rest).cloned().collect(),
            first,
        }
    }

    /// A channel that tells how far the stream has come: of all assets together, and how many of them are done.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let mut stream = client.assets([id]).sessions("2022-01-01".parse()?).stream();
    /// let progress = stream.progress();
    /// let sessions: Vec<_> = stream.try_collect().await?;
    /// assert_eq!(progress.borrow().items, sessions.len() as u64);
    /// assert_eq!((progress.borrow().assets_done, progress.borrow().assets_total), (1, 1));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&mut self) -> watch::Receiver<Progress> {
        let progress = self.sum();
        let counters = &self.counters;
        self.watch
            .get_or_insert_with(|| {
                let watch = watch::Sender::new(progress);
                counters.waiting.tell(watch.clone());
                watch
            })
            .subscribe()
    }

    /// A stream of the items alone, which ends at the first error and leaves it in `error`.
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
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let stream = client.assets([id]).sessions("2022-01-01".parse()?).stream();
    /// let all: Vec<_> = stream.ok_into(&mut error).collect().await;
    /// assert!(error.is_none() && !all.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ok_into(self, error: &mut Option<Error>) -> OkInto<'_, Self> {
        OkInto::new(self, error)
    }

    /// Begins as many assets as may be read.
    fn begin(&mut self) -> Result<()> {
        if self.rest.is_empty() {
            return Ok(());
        }
        let running = |parts: &VecDeque<Begun<T>>| {
            let runs = |begun: &&Begun<T>| !matches!(begun.held, Some(None));
            parts.iter().filter(runs).count()
        };
        while self.parts.len() < self.concurrency.saturating_mul(OPEN)
            && running(&self.parts) < self.concurrency
            && let Some(asset) = self.rest.pop_front()
        {
            let start = self.resumed.take();
            match (self.open)(&self.transport, &asset, start.as_ref()) {
                Ok(part) => self.parts.push_back(Begun {
                    asset,
                    part,
                    held: None,
                    start: Some(start),
                }),
                Err(error) => {
                    self.rest.push_front(asset);
                    self.resumed = start;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Lets the assets whose turn has not come read as far as they may.
    fn look_after(&mut self, cx: &mut Context<'_>) {
        for begun in self.parts.iter_mut().skip(1) {
            if begun.held.is_none()
                && let Poll::Ready(item) = begun.part.poll_next_unpin(cx)
            {
                begun.held = Some(item);
            }
        }
    }

    /// The asset whose turn it was has nothing more.
    fn pass(&mut self) {
        if let Some(begun) = self.parts.pop_front() {
            add(&mut self.past, begun.part.come());
            self.past.assets_done += 1;
        }
    }

    fn finish(&mut self) {
        self.state = State::Done;
        self.report();
    }

    fn sum(&self) -> Progress {
        let mut sum = self.past.clone();
        for begun in &self.parts {
            add(&mut sum, begun.part.come());
        }
        self.counters.read_into(&mut sum);
        sum
    }

    fn report(&mut self) {
        if self.watch.is_none() {
            return;
        }
        let progress = self.sum();
        if progress != self.progress
            && let Some(watch) = &self.watch
        {
            self.progress = progress.clone();
            watch.send_replace(progress);
        }
    }
}

fn add(sum: &mut Progress, part: &Progress) {
    sum.pages += part.pages;
    sum.rereads += part.rereads;
    sum.items += part.items;
    sum.duplicates += part.duplicates;
    sum.invalid += part.invalid;
    sum.skipped += part.skipped;
    sum.repaired += part.repaired;
    sum.moved |= part.moved;
    if let Some(expected) = part.expected {
        *sum.expected.get_or_insert(0) += expected;
    }
}

impl AssetStream<Session> {
    /// The sessions with all their events, up to `concurrency` sessions of an asset at a time; as
    /// [`ItemStream::with_events`](crate::ItemStream::with_events). To be called before the first poll.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().videos(2).live_streams(0).days(1).sessions(20).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let id: apivideo::VideoId = "vi4k0jvEUuaTdRAEjQ4Prklg".parse()?;
    /// let mut sessions = client.assets([id]).sessions("2022-01-01".parse()?).stream().with_events(8);
    /// while let Some(both) = sessions.try_next().await? {
    ///     println!("{}: {} events", both.item.session.id, both.item.events.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_events(self, concurrency: usize) -> AssetStream<SessionEvents> {
        let query = self.query.clone();
        let open: Open<SessionEvents> = Arc::new(move |transport, asset, cursor| {
            let sessions = query.stream(transport, asset, cursor)?;
            Ok(Box::new(sessions.with_events(concurrency)) as Box<dyn Part<SessionEvents>>)
        });
        let begun = self.parts.into_iter().map(|begun| begun.asset);
        AssetStream {
            transport: self.transport,
            query: self.query,
            concurrency: self.concurrency,
            open,
            rest: begun.chain(self.rest).collect(),
            parts: VecDeque::new(),
            resumed: self.resumed,
            past: self.past,
            counters: self.counters,
            progress: self.progress,
            watch: self.watch,
            given_since: 0,
            state: self.state,
        }
    }
}

impl<T> Stream for AssetStream<T> {
    type Item = Result<OfAsset<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.state == State::Done {
            return Poll::Ready(None);
        }
        this.state = State::Reading;
        loop {
            if let Err(error) = this.begin() {
                this.finish();
                return Poll::Ready(Some(Err(error)));
            }
            let Some(begun) = this.parts.front_mut() else {
                this.finish();
                return Poll::Ready(None);
            };
            let polled = match begun.held.take() {
                Some(held) => Poll::Ready(held),
                None => begun.part.poll_next_unpin(cx),
            };
            let outcome = match polled {
                Poll::Pending => {
                    this.look_after(cx);
                    this.report();
                    return Poll::Pending;
                }
                Poll::Ready(None) => {
                    this.pass();
                    this.report();
                    continue;
                }
                Poll::Ready(Some(outcome)) => outcome,
            };
            let asset = begun.asset.clone();
            match outcome {
                // Where only one was asked for, there is nothing to go on with.
                Err(error) if error.kind() == ErrorKind::NotFound && this.past.assets_total > 1 => {
                    this.pass();
                    this.report();
                    return Poll::Ready(Some(Err(Error::asset(asset, error.without_cursor()))));
                }
                Err(error) if error.is_terminal() => {
                    // Where it stands is told by the cursor of this stream, not by the part's.
                    this.finish();
                    return Poll::Ready(Some(Err(error.without_cursor())));
                }
                outcome => {
                    begun.start = None;
                    this.given_since += 1;
                    if this.given_since >= LOOK_AFTER {
                        this.given_since = 0;
                        this.look_after(cx);
                        this.report();
                    }
                    return Poll::Ready(Some(outcome.map(|item| OfAsset { asset, item })));
                }
            }
        }
    }
}

impl<T> FusedStream for AssetStream<T> {
    fn is_terminated(&self) -> bool {
        self.state == State::Done
    }
}

/// Nothing of it is pinned in place.
impl<T> Unpin for AssetStream<T> {}

impl<T> fmt::Debug for AssetStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AssetStream")
            .field("begun", &self.parts.len())
            .field("rest", &self.rest.len())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
