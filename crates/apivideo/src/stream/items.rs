//! A stream of the items of a list.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::{FusedStream, Stream};
use reqwest::StatusCode;
use tokio::sync::watch;

use crate::cursor::{Before, Cursor};
use crate::error::{Error, Result};
use crate::progress::Counters;
use crate::progress::Progress;
use crate::stream::dedup::{MAX_KNOWN, Seen, fingerprint};
use crate::stream::ledger::{Ledger, OpenPage, Start};
use crate::stream::pager::{Contents, Ends, Fetched, fold};
use crate::stream::plan::Plan;
use crate::stream::reader::Reader;
use crate::stream::until_error::OkInto;
use crate::stream::yield_once::Turn;
use crate::transport::Transport;
use crate::transport::trace;

/// The items of a list, in the order of the service, each once.
///
/// Lazy: the first poll asks for the first page. Once an eighth of that page has been taken, the next
/// page is read while this one is consumed ([`List::with_prefetch`](crate::List::with_prefetch) for more).
/// At most that many pages and one more are held, and another one while a boundary between pages is checked, for each window
/// that is read ([`List::with_windows`](crate::List::with_windows)). Ends after the last item, or after an error that
/// [is terminal](Error::is_terminal), which carries the [cursor](Error::cursor) to resume from. Dropping it cancels
/// what is in flight; no task is spawned.
///
/// # Completeness
/// A stream yields every item, or it ends with an error of the kind [`Incomplete`](crate::ErrorKind::Incomplete) that states how
/// many of how many items came. At its end, the number of distinct items is compared with the last `itemsTotal`. When items
/// are missing, the list is read again from its first page, up to 10 times and as long as its pages differ, and only items
/// that were not yielded before are yielded. Invalid records count as read. `pagesTotal` and links matter only where there is
/// no `itemsTotal` that the pages bear out, and where it ends with a full page that they say is followed: then one page more
/// is requested. While a list is read again, the highest `itemsTotal` counts: copies of the service may lag behind others.
///
/// Collections can change while they are read. Items that come again are dropped and counted
/// ([`Progress::duplicates`](crate::Progress::duplicates)). Where the total changes between two pages, the first of
/// them is requested again: when it does not end as it did, items have moved across the boundary, and reading continues from
/// where they were. A list of which items were seen to move, by deletions or by additions before the current page, is
/// read a second time. So a list that does not change costs one request for each page; one that only grows at its end one
/// more request for each change; one whose items move about twice its pages. Without `itemsTotal` each boundary is checked,
/// which doubles the requests of lists of several pages.
///
/// A second reading needs the fingerprints of all items that were read, 8 bytes each, of which a stream keeps up to
/// 131,072 (1 MB, and 2.4 MB once an item came again). A longer list, and one of which more than 4,096 items were yielded
/// before it is resumed, is not read a second time: when items are missing, it ends with the error. What can't be noticed is a deletion
/// and an addition between two responses that hide each other, in a list that shows no other change.
///
/// Events, buckets and timeseries have no identity: they are only counted, and a page whose records are all those of the page
/// before, or of the first page, is dropped as a copy. A list that announces ever more pages ends
/// with an error after 100 pages without a new item; one without identity 1,000 pages after those that its first page
/// announced, and after 11,000 pages in any case; the cursor of that error continues it.
///
/// ```
/// use futures::TryStreamExt;
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
///
/// let mut videos = client.videos().stream();
/// while let Some(video) = videos.try_next().await? {
///     println!("{}", video.id);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct ItemStream<T> {
    transport: Transport,
    plan: Arc<Plan<T>>,
    /// The windows that are read, in ascending order.
    readers: VecDeque<Reader<T>>,
    /// Windows that an earlier stream had begun, and this one has not.
    resumed: VecDeque<Start>,
    ledger: Ledger,
    seen: Seen,
    totals: BTreeMap<u32, u64>,
    counters: Arc<Counters>,
    progress: Progress,
    watch: Option<watch::Sender<Progress>>,
    on_invalid: Option<Box<dyn FnMut(Error) + Send>>,
    /// A page was asked for in this poll.
    asked: bool,
    turn: Turn,
    done: bool,
}

/// A record that leaves its page, and the window that it is of.
pub(super) struct Record<T> {
    pub(super) window: u32,
    pub(super) outcome: Result<T>,
}

impl<T: 'static> ItemStream<T> {
    pub(crate) fn new(transport: &Transport, plan: Plan<T>) -> Self {
        // A stream that is a part of another one counts for that one.
        let counters = transport.counters.clone().unwrap_or_default();
        Self {
            transport: transport.counted_by(Arc::clone(&counters)),
            plan: Arc::new(plan),
            readers: VecDeque::new(),
            resumed: VecDeque::new(),
            ledger: Ledger::default(),
            seen: Seen::default(),
            totals: BTreeMap::new(),
            counters,
            progress: Progress::default(),
            watch: None,
            on_invalid: None,
            asked: false,
            turn: Turn::default(),
            done: false,
        }
    }

    /// Begins with a later page of the first window, before which so many records are taken as read.
    pub(crate) fn beginning_at(mut self, page: u32, read: u64) -> Self {
        if let Some(start) = self.ledger.begin(self.plan.windows) {
            let read = Before {
                position: read,
                read,
                ..start.read
            };
            self.resumed.push_back(Start {
                page,
                read,
                ..start
            });
        }
        self
    }

    /// The client that it reads by.
    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Goes on where another stream stood.
    ///
    /// What that one gave is not given again, what it held and had not given is. To be called before the first poll.
    ///
    /// ```
    /// use apivideo::Video;
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let videos = client.videos();
    /// let mut stream = videos.stream();
    /// let first = stream.try_next().await?;
    /// let rest: Vec<Video> = videos.stream().with_cursor(&stream.cursor())?.try_collect().await?;
    /// assert_eq!(1 + rest.len() as u64, videos.total().await?);
    /// # assert!(!rest.contains(&first.unwrap()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the stream has begun, and when the cursor is of another list, other filters or another page size, or of a release that wrote another form.
    pub fn with_cursor(mut self, cursor: &Cursor) -> Result<Self> {
        if self.ledger.has_begun() {
            return Err(Error::input(
                "the stream has begun already: give it the cursor before its first poll",
            ));
        }
        let (ledger, starts) = Ledger::resume(cursor, &self.plan.target, self.plan.windows)?;
        self.ledger = ledger;
        self.resumed = starts.into();
        Ok(self)
    }

    /// Where the stream stands: what it has given, and what not.
    ///
    /// An item counts as given when it has left the stream: keep what came of it before the cursor.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut videos = client.videos().stream();
    /// while let Some(video) = videos.try_next().await? {
    ///     println!("{}", video.id);
    ///     let saved = serde_json::to_string(&videos.cursor())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.ledger.cursor(&self.plan.target)
    }

    /// A channel that tells how far the stream has come, page by page.
    ///
    /// ```
    /// use futures::TryStreamExt;
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    ///
    /// let mut videos = client.videos().page_size(5.try_into()?).stream();
    /// let progress = videos.progress();
    /// while let Some(video) = videos.try_next().await? {
    ///     println!("{:?} of {:?}", progress.borrow().items, progress.borrow().expected);
    /// }
    /// # assert_eq!(Some(progress.borrow().items), progress.borrow().expected);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&mut self) -> watch::Receiver<Progress> {
        let (progress, counters) = (&self.progress, &self.counters);
        self.watch
            .get_or_insert_with(|| {
                let watch = watch::Sender::new(progress.clone());
                counters.waiting.tell(watch.clone());
                watch
            })
            .subscribe()
    }

    /// How far it has come, but for what its requests count.
    pub(super) fn told(&self) -> &Progress {
        &self.progress
    }

    /// Hands records that can't be understood to `handle` instead of giving them as errors. They are counted in the
    /// [progress](Self::progress) all the same.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// let videos = client.videos().stream().on_invalid(|error| eprintln!("skipped: {error}"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_invalid(mut self, handle: impl FnMut(Error) + Send + 'static) -> Self {
        self.on_invalid = Some(Box::new(handle));
        self
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
    /// let titles: Vec<_> = client.videos().stream().ok_into(&mut error).map(|video| video.title).collect().await;
    /// assert!(error.is_none() && !titles.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ok_into(self, error: &mut Option<Error>) -> OkInto<'_, Self> {
        OkInto::new(self, error)
    }

    /// The next record. It counts as given only when [`given`](Self::given) says so.
    pub(super) fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Record<T>>>> {
        loop {
            if self.done {
                return Poll::Ready(None);
            }
            self.open_windows();
            if self.readers.is_empty() {
                self.finish();
                return Poll::Ready(None);
            }
            self.read_ahead(cx);
            if self.yields(cx) {
                return Poll::Pending;
            }
            // In order, only the first window gives; the others read as far as they may hold.
            let giving = if self.plan.ordered {
                1
            } else {
                self.readers.len()
            };
            let mut ended = None;
            for index in 0..giving {
                match self.poll_window(index, cx) {
                    Poll::Pending => {}
                    Poll::Ready(Some(outcome)) => {
                        if let Err(error) = outcome {
                            let error = error.with_cursor(self.cursor());
                            self.finish();
                            return Poll::Ready(Some(Err(error)));
                        }
                        return Poll::Ready(Some(outcome));
                    }
                    Poll::Ready(None) => {
                        ended = Some(index);
                        break;
                    }
                }
            }
            match ended {
                Some(index) => {
                    self.readers.remove(index);
                }
                None => return Poll::Pending,
            }
        }
    }

    /// What [`poll_record`](Self::poll_record) does where the next record is here, a good one, and of a window alone, which
    /// is nearly always. Ready, it counts as given, and the caller takes it from the first reader: so it is moved once.
    #[inline]
    fn at_hand(&mut self, cx: &mut Context<'_>) -> Option<Poll<()>> {
        // A window is begun whenever one can be, so that one alone is the only one there is to read.
        if self.readers.len() != 1 {
            return None;
        }
        let reader = self.readers.front_mut()?;
        if !reader.has_good() {
            return None;
        }
        if reader.reads_ahead() {
            let more = self.plan.prefetch.saturating_sub(reader.asked());
            self.asked |= reader.read_ahead(more, cx);
        }
        if self.yields(cx) {
            return Some(Poll::Pending);
        }
        let reader = self.readers.front_mut()?;
        self.ledger.given(reader.window());
        Some(Poll::Ready(()))
    }

    /// Whether this poll ends here, since it asked for a page.
    fn yields(&mut self, cx: &mut Context<'_>) -> bool {
        let asked = std::mem::take(&mut self.asked);
        self.turn.is_due(asked, cx)
    }

    /// The oldest record of the window that was polled and not given has left the stream.
    pub(super) fn given(&mut self, window: u32) {
        self.ledger.given(window);
    }

    /// Counts a session that is left out, since its events could not be read.
    pub(super) fn skipped(&mut self) {
        self.progress.skipped += 1;
        self.report();
    }

    /// Lets `on_invalid` have the error of a record, if there is one.
    pub(super) fn pass_invalid(&mut self, error: Error) -> Option<Error> {
        match &mut self.on_invalid {
            Some(handle) => {
                handle(error);
                None
            }
            None => Some(error),
        }
    }

    /// Reads ahead in all windows.
    ///
    /// In order, it is the first window that is waited for. So what all windows together may ask for and hold goes to the
    /// first one, as far as it has pages, then to the one after it, however long each of them is.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        let prefetch = self.plan.prefetch;
        let shares = self.plan.ordered && self.readers.len() > 1 && prefetch > 0;
        let windows = self.plan.concurrency.min(self.plan.windows as usize);
        let sum = |count: fn(&Reader<T>) -> usize| self.readers.iter().map(count).sum::<usize>();
        let (mut running, mut held) = (sum(Reader::running), sum(Reader::holds));
        // Whether the windows before have asked for all that they have.
        let mut is_next = true;
        for (index, reader) in self.readers.iter_mut().enumerate() {
            let (ran, holding) = (reader.running(), reader.holds());
            let others = (running - ran, held - holding);
            let room = |reader: &Reader<T>| {
                let to_ask = windows.saturating_mul(prefetch);
                let to_hold = windows.saturating_mul(prefetch.saturating_add(1));
                let to_ask = to_ask.saturating_sub(others.0 + reader.running());
                to_ask.min(to_hold.saturating_sub(others.1 + reader.holds()))
            };
            if index > 0 && (!shares || reader.asked() > 0 || room(reader) > 0) {
                reader.prepare(cx);
            }
            if reader.reads_ahead() || (index > 0 && reader.has_page()) {
                let more = match (shares, is_next) {
                    (true, true) => room(reader),
                    (true, false) => 0,
                    (false, _) => prefetch.saturating_sub(reader.asked()),
                };
                self.asked |= reader.read_ahead(more, cx);
            }
            is_next &= reader.has_asked_all();
            running = others.0 + reader.running();
            held = others.1 + reader.holds();
        }
    }

    fn open_windows(&mut self) {
        while self.readers.len() < self.plan.concurrency {
            let Some(start) = self
                .resumed
                .pop_front()
                .or_else(|| self.ledger.begin(self.plan.windows))
            else {
                return;
            };
            self.readers
                .push_back(Reader::new(&self.plan, &self.transport, start));
        }
    }

    fn poll_window(
        &mut self,
        index: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Record<T>>>> {
        loop {
            let Some(reader) = self.readers.get_mut(index) else {
                return Poll::Ready(None);
            };
            let window = reader.window();
            if let Poll::Ready(Some(outcome)) = reader.poll_record() {
                return Poll::Ready(Some(Ok(Record { window, outcome })));
            }
            match reader.poll_page(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => {
                    self.ledger.ended(window);
                    return Poll::Ready(None);
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(page))) => {
                    if let Err(error) = self.arrive(index, page) {
                        return Poll::Ready(Some(Err(error)));
                    }
                    // Before anybody works on the page.
                    self.read_ahead(cx);
                    if self.yields(cx) {
                        return Poll::Pending;
                    }
                }
            }
        }
    }

    /// A page came: what is new of it is given, what came again is dropped and counted.
    fn arrive(&mut self, index: usize, page: Fetched<T>) -> Result<()> {
        let Some(reader) = self.readers.get_mut(index) else {
            return Ok(());
        };
        let window = reader.window();
        let rereads = reader.rereads_page();
        let reads_again = reader.reads_again();
        self.progress.rereads += reader.take_rereads();
        let mut prints = Vec::new();
        let mut digest = 0;
        let page = match self.plan.identity {
            Some(identity) => {
                prints.reserve_exact(page.records.len());
                page.records.visit(identity, |record| {
                    prints.push(match record {
                        Ok(id) => fingerprint(id),
                        Err(error) => fingerprint_of_invalid(error, page.number, prints.len()),
                    });
                });
                digest = prints.iter().copied().fold(0, fold);
                let ends = ends(reader, &mut self.seen, page.number, &prints);
                match reader.join(page, ends)? {
                    Some(page) => page,
                    None => return Ok(()),
                }
            }
            None => page,
        };
        let Fetched {
            number,
            mut records,
            repaired,
            status,
            digest: page_digest,
            ..
        } = page;
        if status != StatusCode::NOT_FOUND {
            self.progress.pages += 1;
        }
        let (mut taken, given) = reader.take_given();
        let (len, preceding, mut before) = (records.len(), reader.last(), reader.before());
        let mut new = len as u64;
        let (mut again, mut is_scattered) = (0, false);
        let (first, last) = (prints.first().copied(), prints.last().copied());
        if let Some(identity) = self.plan.identity {
            for fingerprint in &given {
                let recent = !self.seen.insert(*fingerprint);
                reader.known().insert(*fingerprint, recent);
            }
            new = 0;
            // The places on the page of what is not to be given.
            let mut dropped = Vec::new();
            for (place, fingerprint) in prints.iter().enumerate() {
                let recent = !self.seen.insert(*fingerprint);
                let is_new = reader.known().insert(*fingerprint, recent);
                new += u64::from(is_new);
                if !is_new || recent {
                    is_scattered |= place > dropped.len();
                    dropped.push(place);
                }
            }
            taken = dropped.len();
            let yields = (len - taken) as u64;
            // What is not given and is new to the window counts as read already.
            before.read = before.read.saturating_add(new - yields);
            before.exhausted |= reads_again && yields > 0;
            if !dropped.is_empty() {
                let mut is_kept = vec![true; len];
                for place in dropped {
                    is_kept[place] = false;
                }
                let mut keeps = is_kept.iter();
                records.retain(identity, |_| keeps.next().copied().unwrap_or(true));
                let (kept, mut known): (Vec<_>, Vec<_>) = prints
                    .into_iter()
                    .zip(is_kept)
                    .partition(|(_, is_kept)| *is_kept);
                let earlier = known.iter().filter(|(print, _)| given.contains(print));
                again = (taken - earlier.count()) as u64;
                known.extend(kept);
                prints = known.into_iter().map(|(print, _)| print).collect();
            }
            if again > 0 && !rereads {
                self.progress.duplicates += again;
                trace::duplicates(&self.plan.target.path, number, again);
            }
        } else {
            digest = page_digest;
            // A service that does not page returns the same page under each number.
            if reader.is_copy(digest) {
                (taken, new) = (len, 0);
                self.progress.duplicates += len as u64;
                trace::duplicates(&self.plan.target.path, number, len as u64);
            }
            taken = taken.min(len);
            records.by_ref().take(taken).for_each(drop);
        }
        // What was read before was counted then.
        let repaired = if rereads { repaired.min(new) } else { repaired };
        if repaired > 0 {
            self.progress.repaired += repaired;
            trace::repaired(&self.plan.target.path, number, repaired);
        }
        let bad = records
            .errors()
            .inspect(|error| trace::invalid_record(&self.plan.target.path, error))
            .count();
        self.progress.invalid += bad as u64;
        self.progress.items += (records.len() - bad) as u64;
        let contents = Contents {
            first,
            len,
            new,
            digest,
            repeats: again > 0 && !rereads,
            disorder: again > 0 && !rereads && (new == 0 || is_scattered),
            repeats_in_lap: reader.repeats_in_lap(&prints),
            whole: reader.is_whole(),
        };
        let settled = reader.settle(number, last, contents);
        self.progress.moved |= contents.repeats || reader.has_moved();
        match reader.total() {
            Some(total) => self.totals.insert(window, total),
            None => self.totals.remove(&window),
        };
        self.progress.expected = (!self.totals.is_empty()).then(|| self.totals.values().sum());
        let page = OpenPage {
            number,
            records: prints,
            known: taken,
            taken,
            count: taken + records.len(),
            preceding,
            last,
            again: reads_again,
            before,
            after: reader.before(),
        };
        self.ledger.arrived(window, page);
        settled?;
        if reader.is_last() {
            self.ledger.ended(window);
        }
        reader.hold(records);
        self.limit_known(index);
        self.report();
        Ok(())
    }

    /// Keeps the fingerprints of all windows within their limit.
    fn limit_known(&mut self, index: usize) {
        if self.readers.iter().map(Reader::kept).sum::<usize>() > MAX_KNOWN
            && let Some(reader) = self.readers.get_mut(index)
        {
            reader.known().forget();
        }
    }

    fn finish(&mut self) {
        self.done = true;
        self.readers.clear();
        self.report();
    }

    fn report(&mut self) {
        if let Some(watch) = &self.watch {
            self.counters.read_into(&mut self.progress);
            watch.send_replace(self.progress.clone());
        }
    }
}

/// The fingerprint of a record that could not be decoded: by its text where it has an id, and by its place otherwise, since
/// two such records can be the same to the letter.
fn fingerprint_of_invalid(error: &Error, page: u32, index: usize) -> u64 {
    let print = fingerprint(error.raw().unwrap_or_default());
    match error.record_id() {
        Some(_) => print,
        None => fold(fold(print, page.into()), index as u64),
    }
}

/// The ends of a page. Where an earlier stream stopped at an item of the page, all up to it was read by that one.
fn ends<T: 'static>(reader: &mut Reader<T>, seen: &mut Seen, number: u32, prints: &[u64]) -> Ends {
    let anchor = reader.anchor();
    let is_given = |print: &u64| anchor == Some(*print) || reader.given().contains(print);
    let found = match anchor {
        // So is all of the first page, where it comes for another one.
        _ if number > 1 && !reader.is_whole() && reader.is_first_page(prints.first().copied()) => {
            prints.len().checked_sub(1)
        }
        Some(_) => prints.iter().rposition(is_given),
        None => None,
    };
    // Where all items are known, nothing has to be concluded from their order.
    if let Some(found) = found.filter(|_| !reader.is_whole()) {
        for print in &prints[..=found] {
            let recent = !seen.insert(*print);
            reader.known().insert(*print, recent);
        }
    }
    let starts_known = |first: &u64| seen.contains(*first) || reader.known().contains(*first);
    Ends {
        starts_known: prints.first().is_some_and(starts_known),
        last: prints.last().copied(),
        anchored: anchor.is_none() || found.is_some(),
    }
}

/// Nothing of it is pinned in place.
impl<T> Unpin for ItemStream<T> {}

impl<T: 'static> Stream for ItemStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        match this.at_hand(cx) {
            Some(Poll::Ready(())) => {
                if let Some(reader) = this.readers.front_mut() {
                    return reader.poll_record();
                }
            }
            Some(Poll::Pending) => return Poll::Pending,
            None => {}
        }
        loop {
            let record = match this.poll_record(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(record))) => record,
            };
            this.given(record.window);
            match record.outcome {
                Ok(item) => return Poll::Ready(Some(Ok(item))),
                Err(error) => {
                    if let Some(error) = this.pass_invalid(error) {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.done.then_some(0))
    }
}

impl<T: 'static> FusedStream for ItemStream<T> {
    fn is_terminated(&self) -> bool {
        self.done
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream")
            .field("target", &self.plan.target.path)
            .field("progress", &self.progress)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "items/complete.rs"]
mod complete;
#[cfg(test)]
#[path = "items/tests.rs"]
mod tests;
