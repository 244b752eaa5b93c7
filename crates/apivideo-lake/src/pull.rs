//! Bringing the folder up to date.

pub(crate) mod commit;
mod day;
mod events;
pub(crate) mod probe;
mod sessions;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use apivideo::jiff::civil::{Date, date};
use apivideo::{Client, LiveStreamId, Period, Timestamp, VideoId};
use tokio::sync::watch;

pub(crate) use sessions::is_of;

use crate::aggregates;
use crate::asset::Asset;
use crate::error::{Error, ErrorKind, Result};
use crate::folder::{self, Folder};
use crate::format::{self, Format};
use crate::manifest::{Day, Lake, Part, Settings};
use crate::plan::{self, Plan};
use crate::privacy::Privacy;
use crate::progress::{Progress, Stage};
use crate::requests::{Budget, Chunk, Chunks};
use crate::span::{Partition, Span, closed_until, day_of, subtract};
use crate::staging::{Staging, State};
use crate::table::Table;

/// A day is closed once it ended more than so many days ago, unless told.
const LAG: u32 = 3;

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
    progress: watch::Sender<Progress>,
}

/// Whose sessions are pulled; of all videos and live streams unless told.
///
/// ```
/// use apivideo_lake::Selection;
///
/// let selection = Selection::none().with_all_videos().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
/// # Ok::<(), apivideo::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    all_videos: bool,
    all_live_streams: bool,
    assets: BTreeSet<Asset>,
}

impl Default for Selection {
    fn default() -> Self {
        Self::none().with_all_videos().with_all_live_streams()
    }
}

impl Selection {
    /// Nothing yet.
    ///
    /// ```
    /// assert_ne!(apivideo_lake::Selection::none(), apivideo_lake::Selection::default());
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self {
            all_videos: false,
            all_live_streams: false,
            assets: BTreeSet::new(),
        }
    }

    /// All videos that there are when it is pulled.
    ///
    /// ```
    /// let videos = apivideo_lake::Selection::none().with_all_videos();
    /// ```
    #[must_use]
    pub fn with_all_videos(mut self) -> Self {
        self.all_videos = true;
        self
    }

    /// All live streams that there are when it is pulled.
    ///
    /// ```
    /// let live_streams = apivideo_lake::Selection::none().with_all_live_streams();
    /// ```
    #[must_use]
    pub fn with_all_live_streams(mut self) -> Self {
        self.all_live_streams = true;
        self
    }

    /// A video.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_video("vi4k0jvEUuaTdRAEjQ4Prklg".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_video(mut self, id: VideoId) -> Self {
        self.assets.insert(Asset::Video(id));
        self
    }

    /// A live stream.
    ///
    /// ```
    /// let one = apivideo_lake::Selection::none().with_live_stream("li4k0jvEUuaTdRAEjQ4Jfrgz".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn with_live_stream(mut self, id: LiveStreamId) -> Self {
        self.assets.insert(Asset::LiveStream(id));
        self
    }
}

/// What a pull did.
///
/// ```
/// fn tell(report: &apivideo_lake::Report) {
///     println!("{} requests, {} days written", report.requests, report.days_written);
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Requests that were made, repeated ones included; those for tokens are not.
    pub requests: u64,
    /// Sessions that came.
    pub sessions: u64,
    /// Sessions whose events were asked for.
    pub sessions_asked: u64,
    /// Days whose files were written.
    pub days_written: u64,
    /// Days that were looked at, and whose files already held the same.
    pub days_unchanged: u64,
    /// Sessions that came with a period that they are not of; they are kept under their own day, and named in the
    /// manifest.
    pub out_of_period: u64,
    /// Sessions that could not be understood, and are not in the files.
    pub skipped_sessions: u64,
    /// Events that could not be understood, and are not in the files.
    pub skipped_events: u64,
    /// Sessions whose events the service did not have.
    pub without_events: u64,
    /// Whether it stopped at the number of requests that it was given: another run goes on from there.
    pub stopped: bool,
    /// Up to this day, all that was pulled is there and final.
    pub complete_until: Option<Date>,
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
        let lake = Lake::load(&self.folder)?;
        let settings = self.settings(lake.as_ref())?;
        let span = self.span(lake.as_ref())?;
        let budget = Budget::new(None);
        let Some(assets) = self.assets(&budget).await? else {
            unreachable!("a budget without a limit never ends")
        };
        let parts = self.parts(lake.as_ref(), &assets, span);
        plan::make(self, &settings, assets.len(), budget.used(), parts).await
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
        let _lock = self.folder.lock()?;
        // Whoever had the lock before may have changed it.
        let lake = match Lake::load(&self.folder)? {
            Some(lake) => {
                lake.check(&settings, &self.folder)?;
                lake
            }
            None => Lake::new(settings),
        };
        lake.save(&self.folder)?;
        Run::new(self, lake)?.run().await
    }

    pub(crate) fn has_aggregates(&self) -> bool {
        self.aggregates
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
    async fn assets(&self, budget: &Budget) -> Result<Option<Vec<Asset>>> {
        let mut assets = self.selection.assets.clone();
        let prefetch = usize::from(!budget.is_limited());
        if self.selection.all_videos {
            let videos = self.client.videos().with_prefetch(prefetch);
            let Some(videos) = all(Chunks::new(videos.stream()), budget).await? else {
                return Ok(None);
            };
            assets.extend(videos.into_iter().map(|video| Asset::Video(video.id)));
        }
        if self.selection.all_live_streams {
            let streams = self.client.live_streams().with_prefetch(prefetch);
            let Some(streams) = all(Chunks::new(streams.stream()), budget).await? else {
                return Ok(None);
            };
            assets.extend(
                streams
                    .into_iter()
                    .map(|stream| Asset::LiveStream(stream.id)),
            );
        }
        Ok(Some(assets.into_iter().collect()))
    }

    /// What has to be read: closed time in the longest stretches, open days one by one.
    pub(crate) fn parts(&self, lake: Option<&Lake>, assets: &[Asset], span: Span) -> Vec<Part> {
        let closed_until = closed_until(self.as_of, self.lag);
        let closed = closed_until.and_then(|last| span.within(Span::new(Date::MIN, last)));
        let open: Vec<Date> = span
            .days()
            .filter(|day| closed_until.is_none_or(|last| *day > last))
            .collect();
        let known = match (self.reread, lake) {
            (false, Some(lake)) => lake.closed(),
            _ => BTreeMap::new(),
        };
        let nothing = Vec::new();
        let mut parts = Vec::new();
        for asset in assets {
            let known = known.get(asset).unwrap_or(&nothing);
            let missing = closed
                .map(|closed| subtract(closed, known))
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
        parts
    }
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
            skipped: 0,
        }
    }
}

/// All items of a list; `None` where the requests do not suffice.
pub(crate) async fn all<T: Send + 'static>(
    mut chunks: Chunks<T>,
    budget: &Budget,
) -> Result<Option<Vec<T>>> {
    let mut all = Vec::new();
    loop {
        match chunks.next(budget).await.map_err(service)? {
            Chunk::Items(items, 0) => all.extend(items),
            Chunk::Items(_, bad) => {
                return Err(Error::new(
                    ErrorKind::Service,
                    format!(
                        "{bad} records of a list could not be understood, so that not all is known"
                    ),
                ));
            }
            Chunk::End => return Ok(Some(all)),
            Chunk::Stop => return Ok(None),
        }
    }
}

/// How many sessions of an asset are in the files of these days.
fn count(folder: &Folder, format: Format, asset: &Asset, period: Span) -> Result<u64> {
    let mut count = 0;
    for partition in Day::all(folder)? {
        if !matches!(partition, Partition::Day(date) if period.contains(date)) {
            continue;
        }
        let day = Day::load(folder, partition)?;
        let Some(entry) = day.as_ref().and_then(|day| day.file(Table::Sessions)) else {
            continue;
        };
        for row in format::read(format, Table::Sessions, &folder.resolve(&entry.path))? {
            let key = row?.key();
            count += u64::from(key.asset_kind == asset.kind() && key.asset_id == asset.id());
        }
    }
    Ok(count)
}

/// The service could not be asked.
pub(crate) fn service(error: apivideo::Error) -> Error {
    Error::new(
        ErrorKind::Service,
        "the service could not be asked; what came before is kept, and the same command goes on from there",
    )
    .with_source(error)
}

/// A pull that runs.
struct Run<'a> {
    pull: &'a Pull,
    lake: Lake,
    span: Span,
    privacy: Privacy,
    budget: Budget,
    report: Report,
    staging: Staging,
}

impl<'a> Run<'a> {
    fn new(pull: &'a Pull, lake: Lake) -> Result<Self> {
        let span = pull.span(Some(&lake))?;
        pull.progress.send_replace(Progress::default());
        commit::recover(&pull.folder)?;
        // What can't be understood is said before anything is asked.
        for day in Day::all(&pull.folder)? {
            Day::load(&pull.folder, day)?;
        }
        Ok(Self {
            pull,
            span,
            privacy: pull.privacy.clone().unwrap_or_default(),
            budget: Budget::new(pull.max_requests),
            report: Report::default(),
            staging: Staging::open(&pull.folder)?,
            lake,
        })
    }

    async fn run(mut self) -> Result<Report> {
        let Some(assets) = self.pull.assets(&self.budget).await? else {
            return Ok(self.stop());
        };
        self.choose(&assets)?;
        self.tell(|progress| progress.stage = Stage::Sessions);
        if !self.read_sessions().await? {
            return Ok(self.stop());
        }
        let days = self.days()?;
        let total = days.len() as u64;
        self.tell(|progress| {
            progress.stage = Stage::Days;
            progress.days_total = total;
        });
        for day in days {
            if !self.day(day).await? {
                return Ok(self.stop());
            }
            self.tell(|progress| progress.days += 1);
        }
        self.conclude(&assets)?;
        if self.pull.aggregates {
            self.tell(|progress| progress.stage = Stage::Aggregates);
            if !aggregates::read(
                self.pull,
                &mut self.lake,
                &assets,
                self.span,
                &self.budget,
                &mut self.report,
            )
            .await?
            {
                return Ok(self.stop());
            }
        }
        // All of it is in its place.
        folder::remove_all(&self.pull.folder.staging())?;
        self.report.requests = self.budget.used();
        self.tell(|progress| progress.stage = Stage::Done);
        Ok(self.report)
    }

    /// Takes over what a pull before has left, as far as it is wanted, and begins the rest.
    fn choose(&mut self, assets: &[Asset]) -> Result<()> {
        let mut wanted: BTreeMap<Asset, Vec<Part>> = BTreeMap::new();
        for part in self.pull.parts(Some(&self.lake), assets, self.span) {
            wanted.entry(part.asset.clone()).or_default().push(part);
        }
        let mut kept: BTreeMap<Asset, Vec<Span>> = BTreeMap::new();
        let found: Vec<(u32, Part)> = self
            .staging
            .parts()
            .map(|(number, staged)| (number, staged.part.clone()))
            .collect();
        for (number, part) in found {
            let kept = kept.entry(part.asset.clone()).or_default();
            let is_wanted = part.closed
                && wanted
                    .get(&part.asset)
                    .into_iter()
                    .flatten()
                    .any(|wanted| wanted.closed && wanted.period.covers(part.period))
                && !kept.iter().any(|span| span.overlaps(part.period));
            if is_wanted {
                kept.push(part.period);
            } else {
                self.staging.leave(number);
            }
        }
        let mut next = self.staging.next_number()?;
        for part in wanted.into_values().flatten() {
            let rest = match (part.closed, kept.get(&part.asset)) {
                (true, Some(kept)) => subtract(part.period, kept),
                _ => vec![part.period],
            };
            for period in rest {
                let part = Part::new(part.asset.clone(), period, part.closed);
                next = self.staging.begin(part, next) + 1;
            }
        }
        Ok(())
    }

    /// The days whose files can have to change.
    fn days(&self) -> Result<BTreeSet<Partition>> {
        let parts: Vec<Span> = self
            .staging
            .parts()
            .map(|(_, staged)| staged.part.period)
            .collect();
        let mut days: BTreeSet<Partition> = self.staging.days().collect();
        for day in Day::all(&self.pull.folder)? {
            let is_touched = match day {
                Partition::Day(date) => parts.iter().any(|period| period.contains(date)),
                Partition::Unknown => !parts.is_empty(),
            };
            if is_touched {
                days.insert(day);
            }
        }
        Ok(days)
    }

    /// Takes note that everything is in its place.
    fn conclude(&mut self, assets: &[Asset]) -> Result<()> {
        let parts: Vec<Part> = self
            .staging
            .parts()
            .map(|(_, staged)| staged.part.clone())
            .collect();
        debug_assert!(
            self.staging
                .parts()
                .all(|(_, staged)| staged.state == State::Done)
        );
        let (folder, format) = (&self.pull.folder, self.lake.settings.format);
        self.lake
            .add(parts, |asset, period| count(folder, format, asset, period))?;
        let since = match self.lake.since {
            Some(Partition::Day(since)) => since.min(self.span.first),
            _ => self.span.first,
        };
        self.lake.since = Some(Partition::Day(since));
        let until = self.lake.complete_until(assets, since);
        self.lake.complete_until = until.map(Partition::Day);
        self.report.complete_until = until;
        self.lake.save(&self.pull.folder)
    }

    fn stop(mut self) -> Report {
        self.report.stopped = true;
        self.report.requests = self.budget.used();
        self.report.complete_until = match self.lake.complete_until {
            Some(Partition::Day(day)) => Some(day),
            _ => None,
        };
        self.report
    }

    fn tell(&self, change: impl FnOnce(&mut Progress)) {
        self.tell_with(&self.budget, change);
    }

    /// Where the budget is lent to those who ask.
    fn tell_with(&self, budget: &Budget, change: impl FnOnce(&mut Progress)) {
        self.pull.progress.send_modify(|progress| {
            // One that is lent leaves an empty one behind.
            progress.requests = progress.requests.max(budget.used());
            let (retries, waits) = budget.retries_and_waits();
            progress.retries = progress.retries.max(retries);
            progress.waits = progress.waits.max(waits);
            change(progress);
        });
    }
}
