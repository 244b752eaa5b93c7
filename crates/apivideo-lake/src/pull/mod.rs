//! Pulling: bringing a lake up to date.

mod aggregates;
mod assets;
pub(crate) mod commit;
mod damage;
mod days;
mod derived;
mod event_log;
mod events;
mod merge;
mod outcome;
mod plan;
mod probe;
mod ranges;
pub(crate) mod recovery;
mod reopen;
mod run;
mod session_index;
mod sessions;
mod size;
mod sort;
mod state;
mod stored_counts;
mod stored_events;
mod yield_once;

use std::collections::BTreeSet;

use apivideo::jiff::civil::Date;
use apivideo::{Client, PageSize, Period, Timestamp};

use crate::budget::Budget;
use crate::delta::{self, OldFiles};
use crate::error::Result;
use crate::folder::{Folder, files};
use crate::format::Format;
use crate::location::Location;
use crate::manifest::{Goal, LakeManifest};
use crate::options::Options;
use crate::plan::Plan;
use crate::privacy::Privacy;
use crate::progress::{Progress, ProgressWatch};
use crate::report::Report;
use crate::runs::RunLog;
use crate::sample::Sample;
use crate::selection::Selection;
use damage::Damage;
use plan::PlanInput;
use state::Run;

/// Downloads sessions and events into a lake; see [the crate](crate) for its contents.
///
/// ```
/// use apivideo_lake::{Format, Pull};
/// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
///
/// let pull = Pull::new(&client, folder).with_period("2022-01".parse()?).with_format(Format::Ndjson);
/// let report = pull.run().await?;
/// println!("{} sessions, complete until {:?}", report.sessions, report.complete_until);
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a pull does nothing until it is run"]
pub struct Pull {
    options: Options,
}

impl Pull {
    /// Creates a pull into a folder, which is created if it does not exist, or into a [URL](Location).
    ///
    /// A folder that is not a lake has to be empty. Format, events and privacy rules of a lake are fixed by its first pull.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn new(client: &Client, location: impl Into<Location>) -> Self {
        Self {
            options: Options::new(client.clone(), location.into()),
        }
    }

    /// Sets the time that the pull treats as the current time. Defaults to the current time.
    ///
    /// Days after it are not pulled. An instant in the future does not make days final that are not final now.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.as_of("2024-06-01T00:00:00Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn as_of(mut self, instant: Timestamp) -> Self {
        self.options.as_of = Some(instant);
        self
    }

    /// Sets the period: only sessions that were loaded in it are pulled, up to the current day.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_period("2024".parse()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_period(mut self, period: Period) -> Self {
        self.options.period = Some(period);
        self
    }

    /// Sets the first day. Defaults to the first day of the lake; a new lake needs a period or a first day.
    ///
    /// ```
    /// use apivideo::jiff::civil::date;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_since(date(2024, 5, 1));
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_since(mut self, day: Date) -> Self {
        self.options.since = Some(day);
        self
    }

    /// Sets the videos and live streams whose sessions are pulled. Defaults to all.
    ///
    /// ```
    /// use apivideo_lake::Selection;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_selection(Selection::none().with_all_videos());
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.options.selection = selection;
        self
    }

    /// Sets the format of the files. Defaults to that of the lake, and to Parquet for a new one.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_format(apivideo_lake::Format::Csv);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_format(mut self, format: Format) -> Self {
        self.options.format = Some(format);
        self
    }

    /// Also writes [Delta Lake](https://delta.io) transaction logs, so that readers see each table as of one version, and another
    /// writer is detected. Defaults to the setting of an existing lake; a new lake has none.
    ///
    /// Each table is a Delta table, for example `sessions`, with a new version for each pull that changes it. The format has to
    /// be Parquet. Files are named by their contents, and stay for 7 days after they were replaced, so a table is read through
    /// its log, not by the names of its files. The protocol has reader version 1 and writer version 2.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_delta();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_delta(mut self) -> Self {
        self.options.delta = Some(true);
        self
    }

    /// Sets the number of days after the end of a day until the day is final. Defaults to 3.
    ///
    /// Sessions can last for days, and a final day is not read again.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_lag(7);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_lag(mut self, days: u32) -> Self {
        self.options.lag = days;
        self
    }

    /// Pulls sessions without their events, which needs about 1 % of the requests. Defaults to the setting of an existing
    /// lake; a new lake includes events.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.without_events();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn without_events(mut self) -> Self {
        self.options.events = Some(false);
        self
    }

    /// Requests the events of a sample of the sessions only. Defaults to the setting of an existing lake, and to all sessions
    /// for a new one.
    ///
    /// The service accepts a limited number of requests per minute, and events need one for each session. All sessions are
    /// stored. Events and derived tables have those of the sample: counts and durations are estimated for all sessions by the
    /// [factor](Sample::factor) of the sample, which is recorded in the manifest, and as `apivideo.sample` in the metadata of
    /// Parquet files.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_sample("10%".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_sample(mut self, sample: Sample) -> Self {
        self.options.sample = Some(sample);
        self
    }

    /// Does not request the events of sessions that ended when they were loaded, and treats them as sessions without events.
    /// Defaults to the setting of an existing lake; a new lake requests them.
    ///
    /// A session ends with its last event, so these sessions have played nothing. In trials, they were 12 % of the sessions.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_skip_unplayed();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_skip_unplayed(mut self) -> Self {
        self.options.skip_unplayed = Some(true);
        self
    }

    /// Sets the maximum number of requests; the next run resumes. Retries can exceed it. Defaults to no maximum.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_max_requests(10_000);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_max_requests(mut self, requests: u64) -> Self {
        self.options.max_requests = Some(requests);
        self
    }

    /// Sets the fields that are dropped or hashed before anything is written. Defaults to none.
    ///
    /// ```
    /// use apivideo_lake::Privacy;
    ///
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_privacy(Privacy::new().drop("city")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_privacy(mut self, privacy: Privacy) -> Self {
        self.options.privacy = privacy;
        self
    }

    /// Pulls the aggregates of each day as well. The service keeps them for 30 days.
    ///
    /// For each asset that was played on a day: plays by country, device, operating system, browser and referrer, and by hour.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_aggregates();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_aggregates(mut self) -> Self {
        self.options.aggregates = true;
        self
    }

    /// Reads final days of the period again.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_period("2022-01-03".parse()?).with_reread();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_reread(mut self) -> Self {
        self.options.reread = true;
        self
    }

    /// Makes days final in spite of records that could not be decoded, sessions whose events could not be read, and videos or
    /// live streams that were not found.
    ///
    /// By default each pull reads these days again, and [`verify`](crate::verify) reports them. A list that ended before all
    /// reported sessions were received is never final.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_accept_invalid();
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_accept_invalid(mut self) -> Self {
        self.options.accept_invalid = true;
        self
    }

    /// Sets the number of items per page. Defaults to 100, the maximum of the service.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_page_size(25.try_into()?);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_page_size(mut self, size: PageSize) -> Self {
        self.options.page_size = size;
        self
    }

    /// Sets the current time of this machine. Defaults to the instant of [`as_of`](Self::as_of) if that is set, and to the
    /// system clock otherwise.
    ///
    /// It is compared with the service's clock: a day that is not final by the service's clock is not made final.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_clock("2024-06-01T00:00:00Z".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_clock(mut self, now: Timestamp) -> Self {
        self.options.clock = Some(now);
        self
    }

    /// Sets the command line of this pull. [`verify`](crate::verify) shows it if the pull is not complete.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// let pull = pull.with_command("apivideo pull --out statistics");
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    pub fn with_command(mut self, command: impl Into<String>) -> Self {
        self.options.command = Some(command.into());
        self
    }

    /// Returns a watch of the progress of this pull, which stays valid while it runs.
    ///
    /// ```
    /// # let client = apivideo::Client::builder().api_key("key").build()?;
    /// # let pull = apivideo_lake::Pull::new(&client, "statistics");
    /// assert_eq!(pull.progress().get().requests, 0);
    /// # Ok::<(), apivideo::Error>(())
    /// ```
    #[must_use]
    pub fn progress(&self) -> ProgressWatch {
        ProgressWatch::new(&self.options.progress)
    }

    /// Estimates the requests and files of a run. It requests the assets, the total and first session of each list, and the last
    /// session of the 20 longest lists, and writes nothing.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
    /// # let folder = tempfile::tempdir()?;
    /// # let pull = apivideo_lake::Pull::new(&client, folder.path());
    /// # let pull = pull.with_format(apivideo_lake::Format::Ndjson);
    /// let plan = pull.with_period("2022-01".parse()?).without_events().plan().await?;
    /// println!("{} requests for {} sessions", plan.requests(), plan.sessions);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the options do not fit the folder, another process writes to it, or a request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the requests in flight.
    pub async fn plan(&self) -> Result<Plan> {
        let options = self.options.start(self.options.location.open()?);
        let _lock = options.folder.lock_shared()?;
        let mut lake = LakeManifest::load(&options.folder)?;
        let settings = options.settings(lake.as_ref())?;
        let period = options.date_range(lake.as_ref())?;
        let budget = Budget::new(None);
        let Some(listed) = assets::list(&options, &budget).await? else {
            unreachable!("a budget without a limit has requests left")
        };
        let assets = listed.assets;
        let again = match &mut lake {
            Some(lake) => {
                lake.reopen_after(options.claimable_until(lake.lag));
                Damage::find(&options.folder, lake)?.days_to_list()
            }
            None => BTreeSet::new(),
        };
        let ranges = ranges::required(&options, lake.as_ref(), &assets, period, &again);
        let aggregate_requests = match options.aggregates {
            true => {
                let read = lake.as_ref().map_or(&[][..], |lake| &lake.aggregates);
                aggregates::max_requests(&options, &settings, read, assets.len(), period)
            }
            false => 0,
        };
        let input = PlanInput {
            settings,
            assets: assets.len(),
            asset_requests: budget.used(),
            aggregate_requests,
            ranges,
        };
        plan::make(&options, input).await
    }

    /// Brings the lake up to date.
    ///
    /// If it is interrupted, even by a kill or a power failure, another run with the same options resumes: data that was read
    /// is kept, and every file is complete.
    ///
    /// ```
    /// # apivideo_simulator::doctest! { Simulator::builder().sessions(50) => |client|
    /// # let folder = tempfile::tempdir()?;
    /// # let pull = apivideo_lake::Pull::new(&client, folder.path());
    /// # let pull = pull.with_format(apivideo_lake::Format::Ndjson).with_period("2022-01".parse()?);
    /// let first = pull.run().await?;
    /// let second = pull.run().await?;
    /// assert!(second.requests < first.requests && second.days_written == 0);
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the folder is in use, the options do not match those of the lake, a request fails, or a file
    /// cannot be written or was changed. Data that was read before the error is kept.
    ///
    /// # Cancel safety
    /// Dropping the future stops the pull; the next run resumes it.
    pub async fn run(&self) -> Result<Report> {
        self.options.progress.send_replace(Progress::default());
        self.run_in(self.options.location.open_to_pull()?).await
    }

    async fn run_in(&self, folder: Folder) -> Result<Report> {
        let started = self.options.started();
        let options = self.options.start(folder);
        let before = LakeManifest::load(&options.folder)?;
        let settings = options.settings(before.as_ref())?;
        options.date_range(before.as_ref())?;
        let lock = options.folder.lock(options.machine_time())?;
        // The process that held the lock before may have changed the manifest.
        let lake = match LakeManifest::load(&options.folder)? {
            Some(lake) => {
                lake.check(&settings, &options.folder)?;
                lake
            }
            None => {
                // What is staged was read for another lake that was here before.
                files::remove_dir(&options.folder.staging())?;
                LakeManifest::new(settings)
            }
        };
        let goal = Goal {
            period: options.date_range(Some(&lake))?,
            selection: options.selection.clone(),
            command: options.command.clone(),
        };
        let is_default = options.events.is_none();
        let at_end = options.clone();
        let mut run = Run::new(options, lake, goal)?;
        if is_default && !run.lake.settings.events {
            run.warn(
                "this lake has no events: only sessions are pulled, as in its first pull"
                    .to_owned(),
            );
        }
        if let Some(folder) = &lock.unlocked {
            let path = folder.display();
            run.warn(format!(
                "the file system of {path} does not support locks: make sure that no other process writes to it"
            ));
        }
        let runs = RunLog::start(&at_end.folder, &self.options.progress, started);
        let mut outcome = run.run().await;
        // Days that were committed before a failure are published as well.
        if !matches!(&outcome, Ok(report) if !report.stopped) {
            let published = delta::publish(&at_end.folder, at_end.now(), OldFiles::Keep);
            if let (Ok(_), Err(error)) = (&outcome, published) {
                outcome = Err(error);
            }
        }
        runs.finish(&outcome);
        outcome
    }
}

#[cfg(test)]
#[cfg(feature = "object-store")]
mod tests;
