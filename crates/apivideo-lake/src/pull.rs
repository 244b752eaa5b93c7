//! Bringing the folder up to date.

pub(crate) mod commit;
mod damage;
mod day;
mod events;
pub(crate) mod probe;
mod report;
mod run;
mod selection;
mod sessions;

use std::collections::BTreeMap;
use std::path::PathBuf;

use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::{Date, date};
use apivideo::{Client, PageSize, Period, Timestamp};
use tokio::sync::watch;

use damage::Again;
pub use report::Report;
use run::Run;
pub use selection::Selection;
pub(crate) use sessions::is_of;

use crate::aggregates;
use crate::asset::Asset;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::Folder;
use crate::format::Format;
use crate::invalid::Invalid;
use crate::manifest::{Goal, Lake, Part, Settings};
use crate::plan::{self, Plan};
use crate::privacy::Privacy;
use crate::progress::Progress;
use crate::requests::{Budget, Chunk, Chunks};
use crate::span::{Partition, Span, closed_until, day_of, subtract};

/// A day is closed once it ended more than so many days ago, unless told.
const LAG: u32 = 3;

/// Clocks that differ by less are taken for the same: requests take time, and the service's clock counts seconds.
const LEAST_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Brings a folder up to date with what the service has; see [the crate](crate) for what is in it.
///
/// ```
/// use apivideo_lake::{Format, Pull};
/// # use apivideo_simulator::Simulator;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = Simulator::builder().sessions(50).start().await?;
/// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
/// # let folder = tempfile::tempdir()?;
/// # let (folder, now) = (folder.path(), simulator.now());
///
/// let pull = Pull::new(&client, folder, now).with_period("2022-01".parse()?).with_format(Format::Ndjson);
/// let report = pull.run().await?;
/// println!("{} sessions, complete until {:?}", report.sessions, report.complete_until);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a pull does nothing until it is run"]
pub struct Pull {
    pub(crate) client: Client,
    pub(crate) folder: Folder,
    pub(crate) as_of: Timestamp,
    since: Option<Date>,
    period: Option<Period>,
    selection: Selection,
    format: Option<Format>,
    lag: u32,
    events: Option<bool>,
    max_requests: Option<u64>,
    privacy: Option<Privacy>,
    aggregates: bool,
    reread: bool,
    pub(crate) accept_invalid: bool,
    pub(crate) page_size: PageSize,
    clock: Option<Timestamp>,
    command: Option<String>,
    progress: watch::Sender<Progress>,
}

impl Pull {
    /// A pull into a folder, as of an instant: the present one, unless it is to be as if it were another.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::now());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn new(client: &Client, folder: impl Into<PathBuf>, as_of: Timestamp) -> Self {
        Self {
            client: client.clone(),
            folder: Folder::new(folder),
            as_of,
            since: None,
            period: None,
            selection: Selection::default(),
            format: None,
            lag: LAG,
            events: None,
            max_requests: None,
            privacy: None,
            aggregates: false,
            reread: false,
            accept_invalid: false,
            page_size: PageSize::default(),
            clock: None,
            command: None,
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// Only sessions that were loaded in this period; of it, only what is not in the future.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_period("2024".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// From this day up to the present; where the folder began the last time, unless told.
    ///
    /// ```
    /// use apivideo::jiff::civil::date;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_since(date(2024, 5, 1));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_since(mut self, day: Date) -> Self {
        self.since = Some(day);
        self
    }

    /// Whose sessions are pulled.
    ///
    /// ```
    /// use apivideo_lake::Selection;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_selection(Selection::none().with_all_videos());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// How files are written: Parquet unless told, or as the folder has it.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_format(apivideo_lake::Format::Csv);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_format(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// How many days after its end a day is closed: 3 unless told. Sessions can last for days, and a day that is
    /// closed is not read again.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_lag(7);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_lag(mut self, days: u32) -> Self {
        self.lag = days;
        self
    }

    /// Sessions alone: a hundredth of the requests.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.without_events();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn without_events(mut self) -> Self {
        self.events = Some(false);
        self
    }

    /// Stops after so many requests; another run goes on. Requests that fail and are repeated can go beyond.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_max_requests(10_000);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_max_requests(mut self, requests: u64) -> Self {
        self.max_requests = Some(requests);
        self
    }

    /// What is left out or hashed before anything is written.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_privacy(Privacy::new().drop("city")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_privacy(mut self, privacy: Privacy) -> Self {
        self.privacy = Some(privacy);
        self
    }

    /// The aggregates of each day as well, before the service forgets them: it keeps 30 days.
    ///
    /// For each asset that was played on a day: plays by country, device, operating system, browser and referrer, and
    /// by the hour.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_aggregates();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_aggregates(mut self) -> Self {
        self.aggregates = true;
        self
    }

    /// Reads closed days of the period again.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_period("2022-01-03".parse()?).with_reread();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_reread(mut self) -> Self {
        self.reread = true;
        self
    }

    /// Makes days final in spite of records that could not be decoded, sessions whose events could not be read, and
    /// videos or live streams that the service does not have.
    ///
    /// Without it these days are read again by each pull, and [`verify`](crate::verify) reports them. A list that ended
    /// before all announced sessions came is never final.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_accept_invalid();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_accept_invalid(mut self) -> Self {
        self.accept_invalid = true;
        self
    }

    /// Sets how many items are requested at a time. Defaults to 100, the most that the service allows.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_page_size(25.try_into()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_page_size(mut self, size: PageSize) -> Self {
        self.page_size = size;
        self
    }

    /// Sets what this machine's clock says, where the pull is as of another instant. Defaults to that instant.
    ///
    /// It is compared with the service's clock: no day is made final that is not by the service's clock.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_clock(apivideo::Timestamp::now());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_clock(mut self, now: Timestamp) -> Self {
        self.clock = Some(now);
        self
    }

    /// Sets the command line that runs this pull again. It is kept in the folder until the pull has reached its end, so
    /// that [`verify`](crate::verify) can print it; it must not contain secrets.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let pull = pull.with_command("nightly-pull --out statistics");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_command(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// A channel that tells how far it has come while it runs.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics", apivideo::Timestamp::UNIX_EPOCH);
    /// let progress = pull.progress();
    /// assert_eq!(progress.borrow().requests, 0);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// What a run would ask for. It asks for the assets and for totals, and reads and writes nothing else.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().sessions(50).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// # let folder = tempfile::tempdir()?;
    /// # let pull = apivideo_lake::Pull::new(&client, folder.path(), simulator.now());
    /// # let pull = pull.with_format(apivideo_lake::Format::Ndjson);
    /// let plan = pull.with_period("2022-01".parse()?).without_events().plan().await?;
    /// println!("{} requests for {} sessions", plan.requests(), plan.sessions);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the folder is not one that can be pulled into with these options, or the service can't be asked.
    pub async fn plan(&self) -> Result<Plan> {
        let _lock = self.folder.lock_to_read()?;
        let mut lake = Lake::load(&self.folder)?;
        let settings = self.settings(lake.as_ref())?;
        let span = self.span(lake.as_ref())?;
        let budget = Budget::new(None);
        let Some(listed) = self.assets(&budget).await? else {
            unreachable!("a budget without a limit never ends")
        };
        let assets = listed.assets;
        let again = match &mut lake {
            Some(lake) => {
                lake.reopen_after(self.claimable_until(lake.lag));
                damage::look(&self.folder, lake)?.again()
            }
            None => Again::default(),
        };
        let parts = self.parts(lake.as_ref(), &assets, span, &again);
        let aggregates = match self.aggregates {
            true => {
                let read = lake.as_ref().map_or(&[][..], |lake| &lake.aggregates);
                aggregates::most(self, &settings, read, assets.len(), span)
            }
            false => 0,
        };
        plan::make(
            self,
            &settings,
            assets.len(),
            budget.used(),
            aggregates,
            parts,
        )
        .await
    }

    /// Brings the folder up to date.
    ///
    /// Wherever it is stopped, also by a kill, another run with the same options goes on: what was read is kept, and
    /// files are there as they were or as they are to be, whole.
    ///
    /// ```
    /// # use apivideo_simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let simulator = Simulator::builder().sessions(50).start().await?;
    /// # let client = apivideo::Client::builder().api_key("key").base_url(simulator.base_url()).build()?;
    /// # let folder = tempfile::tempdir()?;
    /// # let pull = apivideo_lake::Pull::new(&client, folder.path(), simulator.now());
    /// # let pull = pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?);
    /// let first = pull.run().await?;
    /// let second = pull.run().await?;
    /// assert!(second.requests < first.requests && second.days_written == 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the folder is in use or not one that can be pulled into with these options, when the service can't be asked,
    /// and when a file can't be written or is not what was written. What was read until then is kept.
    pub async fn run(&self) -> Result<Report> {
        let before = Lake::load(&self.folder)?;
        let settings = self.settings(before.as_ref())?;
        self.span(before.as_ref())?;
        let lock = self.folder.lock()?;
        // Whoever had the lock before may have changed it.
        let lake = match Lake::load(&self.folder)? {
            Some(lake) => {
                lake.check(&settings, &self.folder)?;
                lake
            }
            None => Lake::new(settings),
        };
        let goal = Goal {
            period: self.span(Some(&lake))?,
            selection: self.selection.clone(),
            command: self.command.clone(),
        };
        let mut run = Run::new(self, lake, goal)?;
        if !lock.is_held {
            run.warn(format!(
                "the file system of {} has no locks: make sure that no other process writes to it",
                self.folder.path().display()
            ));
        }
        run.run().await
    }

    /// The present time of the service as far as it is known, or this machine's.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.clock.unwrap_or(self.as_of);
        self.skew()
            .and_then(|skew| now.checked_sub(skew).ok())
            .unwrap_or(now)
    }

    /// This machine's clock minus the service's, where it is more than what a request takes.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        self.client
            .clock_skew()
            .filter(|skew| skew.abs() > LEAST_SKEW)
    }

    /// The last day that is final: by the instant of the pull, and by the service's clock where that is behind.
    pub(crate) fn closed_until(&self) -> Option<Date> {
        closed_until(self.as_of.min(self.now()), self.lag)
    }

    /// The last day that the folder can claim to be final.
    pub(crate) fn claimable_until(&self, lag: Option<u32>) -> Option<Date> {
        let now = match self.client.clock_skew() {
            Some(_) => self.now(),
            None => self.as_of,
        };
        closed_until(now, lag.map_or(self.lag, |lag| lag.min(self.lag)))
    }

    pub(crate) fn lag(&self) -> u32 {
        self.lag
    }

    fn settings(&self, lake: Option<&Lake>) -> Result<Settings> {
        let known = lake.map(|lake| &lake.settings);
        let format = self
            .format
            .or(known.map(|known| known.format))
            .unwrap_or_default();
        format.check()?;
        let events = self
            .events
            .or(known.map(|known| known.events))
            .unwrap_or(true);
        let privacy = self.privacy.clone().unwrap_or_default();
        let settings = Settings::new(format, events, &privacy);
        if let Some(lake) = lake {
            lake.check(&settings, &self.folder)?;
        }
        Ok(settings)
    }

    /// The days that are asked for.
    fn span(&self, lake: Option<&Lake>) -> Result<Span> {
        let today = day_of(self.as_of);
        let span = match (self.period, self.since) {
            (Some(period), None) => Span::from(period),
            (Some(period), Some(since)) => {
                Span::new(since.max(period.first_day()), period.last_day())
            }
            (None, Some(since)) => Span::new(since, today),
            (None, None) => match lake.and_then(|lake| lake.since) {
                Some(Partition::Day(since)) => Span::new(since, today),
                _ if lake.is_some() => {
                    return Err(Error::input(
                        "from when on? The first pull of this mirror is not finished: give the same period or first day as then",
                    ));
                }
                _ => {
                    return Err(Error::input(
                        "from when on? A new mirror needs a period (2024, 2024-05, …) or a first day",
                    ));
                }
            },
        };
        // The service's periods have years from 0.
        span.within(Span::new(date(0, 1, 1), today)).ok_or_else(|| {
            Error::input(format!(
                "there is nothing to pull yet: {} is later than today, {today}",
                span.first
            ))
        })
    }

    /// The assets of the selection, in order; `None` where the requests do not suffice to list them.
    async fn assets(&self, budget: &Budget) -> Result<Option<Listed>> {
        let mut listed = Listed {
            assets: Vec::new(),
            invalid: BTreeMap::new(),
        };
        let mut assets = self.selection.assets.clone();
        let prefetch = usize::from(!budget.is_limited());
        let privacy = self.privacy.clone().unwrap_or_default();
        let mut invalid = |kind: &str, errors: Vec<apivideo::Error>| {
            let records = errors
                .iter()
                .map(|error| Invalid::new(kind, None, None, error, &privacy))
                .collect();
            listed.invalid.insert(kind.to_owned(), records);
        };
        if self.selection.all_videos {
            let videos = self.client.videos().page_size(self.page_size);
            let chunks = Chunks::new(videos.with_prefetch(prefetch).stream());
            let Some((videos, errors)) = all(chunks, budget).await.map_err(service)? else {
                return Ok(None);
            };
            assets.extend(videos.into_iter().map(|video| Asset::Video(video.id)));
            invalid(Asset::VIDEO, errors);
        }
        if self.selection.all_live_streams {
            let streams = self.client.live_streams().page_size(self.page_size);
            let chunks = Chunks::new(streams.with_prefetch(prefetch).stream());
            let Some((streams, errors)) = all(chunks, budget).await.map_err(service)? else {
                return Ok(None);
            };
            assets.extend(
                streams
                    .into_iter()
                    .map(|stream| Asset::LiveStream(stream.id)),
            );
            invalid(Asset::LIVE_STREAM, errors);
        }
        listed.assets = assets.into_iter().collect();
        Ok(Some(listed))
    }

    /// What has to be read: closed time in the longest stretches, open days one by one, and days that were damaged.
    pub(crate) fn parts(
        &self,
        lake: Option<&Lake>,
        assets: &[Asset],
        span: Span,
        again: &Again,
    ) -> Vec<Part> {
        let closed_until = self.closed_until();
        let closed = closed_until.and_then(|last| span.within(Span::new(Date::MIN, last)));
        let open: Vec<Date> = span
            .days()
            .filter(|day| closed_until.is_none_or(|last| *day > last))
            .collect();
        let known = match (self.reread, lake) {
            (false, Some(lake)) => lake.closed(),
            _ => BTreeMap::new(),
        };
        let again: Vec<Span> = again.days.iter().map(|day| Span::day(*day)).collect();
        let mut parts = Vec::new();
        for asset in assets {
            let known: Vec<Span> = known
                .get(asset)
                .into_iter()
                .flatten()
                .flat_map(|span| subtract(*span, &again))
                .collect();
            let missing = closed
                .map(|closed| subtract(closed, &known))
                .unwrap_or_default();
            parts.extend(
                missing
                    .into_iter()
                    .map(|period| Part::new(asset.clone(), period, true)),
            );
            let open = open
                .iter()
                .filter(|day| !known.iter().any(|span| span.contains(**day)));
            parts.extend(open.map(|day| Part::new(asset.clone(), Span::day(*day), false)));
        }
        // Days that were damaged are read again for all that were there, also outside of what is asked for.
        let lake_parts = lake.map_or(&[][..], |lake| &lake.parts);
        for day in &again {
            let mut there: Vec<&Asset> = lake_parts
                .iter()
                .filter(|part| part.period.covers(*day))
                .map(|part| &part.asset)
                .collect();
            there.dedup();
            for asset in there {
                let is_read = parts
                    .iter()
                    .any(|part| part.asset == *asset && part.period.overlaps(*day));
                if !is_read {
                    let closed = closed_until.is_some_and(|last| day.last <= last);
                    parts.push(Part::new(asset.clone(), *day, closed));
                }
            }
        }
        parts.sort_by(|one, other| (&one.asset, one.period).cmp(&(&other.asset, other.period)));
        parts
    }
}

/// The assets of a selection, and the records of their lists that have no usable id, by kind.
struct Listed {
    assets: Vec<Asset>,
    invalid: BTreeMap<String, Vec<Invalid>>,
}

impl Part {
    pub(crate) fn new(asset: Asset, period: Span, closed: bool) -> Self {
        Self {
            asset,
            period,
            closed,
            items_total: None,
            sessions: 0,
            out_of_period: 0,
            invalid: 0,
            repaired: 0,
            failed: None,
            accepted: false,
        }
    }
}

/// All items of a list and the errors of those that could not be decoded; `None` where the requests do not suffice.
pub(crate) async fn all<T: Send + 'static>(
    mut chunks: Chunks<T>,
    budget: &Budget,
) -> apivideo::Result<Option<(Vec<T>, Vec<apivideo::Error>)>> {
    let (mut all, mut invalid) = (Vec::new(), Vec::new());
    loop {
        match chunks.next(budget).await? {
            Chunk::Items(items, errors) => {
                all.extend(items);
                invalid.extend(errors);
            }
            Chunk::End => return Ok(Some((all, invalid))),
            Chunk::Stop => return Ok(None),
        }
    }
}

/// Whether an error concerns the sessions of one asset or the events of one session, and no repetition now helps: the others
/// go on.
pub(crate) fn is_of_one_list(error: &apivideo::Error) -> bool {
    is_of_one_asset(error) || error.kind() == apivideo::ErrorKind::Rejected
}

/// Whether an error concerns what was read alone: it is not there, not complete, or can't be decoded.
pub(crate) fn is_of_one_asset(error: &apivideo::Error) -> bool {
    !error.is_retryable()
        && !error.is_auth()
        && !error.is_removed()
        && (error.is_not_found() || error.is_incomplete() || error.is_decode())
}

/// The service could not be asked.
pub(crate) fn service(error: apivideo::Error) -> Error {
    Error::new(
        ErrorKind::Service,
        "the service could not be asked; what came before is kept, and the same command goes on from there",
    )
    .with_source(error)
}
