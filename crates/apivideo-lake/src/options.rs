//! The options of a pull, and what follows from them: its period, its settings, and which days are final.

use apivideo::jiff::SignedDuration;
use apivideo::jiff::civil::{Date, date};
use apivideo::{Client, PageSize, Period, Timestamp};
use tokio::sync::watch;

use crate::date_range::{DateRange, day_of, final_until};
use crate::error::{Error, Result};
use crate::event_scope::EventScope;
use crate::folder::Folder;
use crate::format::Format;
use crate::location::Location;
use crate::manifest::{LakeManifest, Settings};
use crate::partition::Partition;
use crate::privacy::Privacy;
use crate::progress::Progress;
use crate::sample::Sample;
use crate::selection::Selection;

/// The default number of days after its end until a day is final.
const DEFAULT_LAG: u32 = 3;

/// Smaller differences of clocks are ignored: requests take time, and the service's clock has a resolution of a second.
const MIN_SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The options of a pull.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) client: Client,
    pub(crate) location: Location,
    pub(crate) as_of: Option<Timestamp>,
    pub(crate) clock: Option<Timestamp>,
    pub(crate) since: Option<Date>,
    pub(crate) period: Option<Period>,
    pub(crate) selection: Selection,
    pub(crate) format: Option<Format>,
    pub(crate) delta: Option<bool>,
    pub(crate) lag: u32,
    pub(crate) events: Option<bool>,
    pub(crate) sample: Option<Sample>,
    pub(crate) skip_unplayed: Option<bool>,
    pub(crate) max_requests: Option<u64>,
    pub(crate) privacy: Privacy,
    pub(crate) aggregates: bool,
    pub(crate) reread: bool,
    pub(crate) accept_invalid: bool,
    pub(crate) page_size: PageSize,
    pub(crate) command: Option<String>,
    pub(crate) progress: watch::Sender<Progress>,
}

/// The options of one run, with its instants.
#[derive(Clone, Debug)]
pub(crate) struct RunOptions {
    pub(crate) options: Options,
    pub(crate) folder: Folder,
    /// The instant as of which data is read.
    pub(crate) as_of: Timestamp,
    /// The time of this machine's clock.
    clock: Timestamp,
}

impl std::ops::Deref for RunOptions {
    type Target = Options;

    fn deref(&self) -> &Options {
        &self.options
    }
}

impl Options {
    pub(crate) fn new(client: Client, location: Location) -> Self {
        Self {
            client,
            location,
            as_of: None,
            clock: None,
            since: None,
            period: None,
            selection: Selection::default(),
            format: None,
            delta: None,
            lag: DEFAULT_LAG,
            events: None,
            sample: None,
            skip_unplayed: None,
            max_requests: None,
            privacy: Privacy::default(),
            aggregates: false,
            reread: false,
            accept_invalid: false,
            page_size: PageSize::default(),
            command: None,
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// Returns the time at which a run starts: that of the injected clock, or else of this machine.
    pub(crate) fn started(&self) -> Timestamp {
        self.clock.unwrap_or_else(system_time)
    }

    /// Returns the options of a run that starts now.
    pub(crate) fn start(&self, folder: Folder) -> RunOptions {
        let clock = self.clock.or(self.as_of).unwrap_or_else(system_time);
        RunOptions {
            options: self.clone(),
            folder,
            as_of: self.as_of.unwrap_or(clock),
            clock,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the default where no clock is injected"
)]
pub(crate) fn system_time() -> Timestamp {
    Timestamp::now()
}
impl RunOptions {
    /// Returns the current time of the service if it is known, or else of this machine.
    pub(crate) fn now(&self) -> Timestamp {
        self.skew()
            .and_then(|skew| self.clock.checked_sub(skew).ok())
            .unwrap_or(self.clock)
    }

    /// Returns the current time of this machine.
    pub(crate) fn machine_time(&self) -> Timestamp {
        self.clock
    }

    /// Returns this machine's clock minus the service's, if they differ.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        self.client
            .clock_skew()
            .filter(|skew| skew.abs() > MIN_SKEW)
    }

    /// Returns whether the pull is as of an instant in the future.
    pub(crate) fn is_in_future(&self) -> bool {
        self.as_of.duration_since(self.now()) > MIN_SKEW
    }

    /// Returns the last final day: by the instant of the pull, or by the service's clock if that is earlier.
    pub(crate) fn final_until(&self) -> Option<Date> {
        final_until(self.as_of.min(self.now()), self.lag)
    }

    /// Returns the last day that a lake made final with this lag can claim to be final.
    pub(crate) fn claimable_until(&self, lag: Option<u32>) -> Option<Date> {
        let now = match self.client.clock_skew() {
            Some(_) => self.now(),
            None => self.as_of,
        };
        final_until(now, lag.map_or(self.lag, |lag| lag.min(self.lag)))
    }

    /// Returns the settings of the pull: its options, or else those of the lake.
    pub(crate) fn settings(&self, lake: Option<&LakeManifest>) -> Result<Settings> {
        let known = lake.map(|lake| &lake.settings);
        let format = self
            .format
            .or(known.map(|known| known.format))
            .unwrap_or_default();
        format.check_available()?;
        let events = self
            .events
            .or(known.map(|known| known.events))
            .unwrap_or(true);
        let known_scope = known.map(|known| known.scope).unwrap_or_default();
        let scope = EventScope {
            sample: self
                .sample
                .or(known_scope.sample)
                .filter(|sample| !sample.is_all()),
            skip_unplayed: self.skip_unplayed.unwrap_or(known_scope.skip_unplayed),
        };
        let delta = self
            .delta
            .or(known.map(|known| known.delta))
            .unwrap_or(false);
        if delta && format != Format::Parquet {
            return Err(Error::input(format!(
                "invalid format {format} with Delta logs: they need parquet"
            )));
        }
        let settings = Settings::new(format, events, scope, &self.privacy).with_delta(delta);
        if let Some(lake) = lake {
            lake.check(&settings, &self.folder)?;
        }
        Ok(settings)
    }

    /// Returns the days to pull, up to the present one.
    pub(crate) fn date_range(&self, lake: Option<&LakeManifest>) -> Result<DateRange> {
        let today = day_of(self.as_of);
        let range = match (self.period, self.since) {
            (Some(period), None) => DateRange::from(period),
            (Some(period), Some(since)) => {
                DateRange::new(since.max(period.first_day()), period.last_day())
            }
            (None, Some(since)) => DateRange::new(since, today),
            (None, None) => match lake.and_then(|lake| lake.since) {
                Some(Partition::Day(since)) => DateRange::new(since, today),
                _ if lake.is_some() => {
                    return Err(Error::input(
                        "missing period: the first pull of this lake is not complete; use its period or first day",
                    ));
                }
                _ => {
                    return Err(Error::input(
                        "missing period: a new lake needs a period (2024, 2024-05, …) or a first day",
                    ));
                }
            },
        };
        // Periods of the service have years from 0.
        range
            .intersection(DateRange::new(date(0, 1, 1), today))
            .ok_or_else(|| {
                Error::input(format!(
                    "invalid period: it starts on {}, after today, {today}",
                    range.first
                ))
            })
    }
}
