use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use crate::behaviour::{Behaviour, ResponseFormat};
use crate::clock::Clock;
use crate::error::Error;
use crate::fault::{FaultScript, Injector};
use crate::http::auth::{Authenticator, Secret};
use crate::http::cache::Cache;
use crate::http::rate_limit::{RateLimit, RateLimiter};
use crate::http::request_log::RequestLog;
use crate::recording::Recording;
use crate::server::Server;
use crate::simulator::Simulator;
use crate::state::{FILTER_CACHE_SESSIONS, PAGE_CACHE_BYTES, State};
use crate::time;
use crate::world::changes::Changes;
use crate::world::{World, WorldConfig};

/// Configures and starts a [`Simulator`]. Every option has a default.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use apivideo_simulator::{RateLimit, Simulator};
///
/// let simulator = Simulator::builder()
///     .seed(7)
///     .videos(20)
///     .live_streams(5)
///     .sessions(5_000)
///     .days(30)
///     .now("2022-01-31T12:00:00Z".parse()?)
///     .rate_limit(RateLimit::PerMinute(500))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `start` is called"]
pub struct SimulatorBuilder {
    config: WorldConfig,
    now: Option<Timestamp>,
    manual_clock: bool,
    rate_limit: RateLimit,
    rate_window: Duration,
    api_key: Option<Secret>,
    token_lifetime: Duration,
    max_token_uses: Option<u64>,
    behaviour: Behaviour,
    response_format: ResponseFormat,
    recording: Option<Recording>,
    faults: Option<FaultScript>,
    page_cache_bytes: usize,
    port: u16,
}

// The bounds of a world: session identifiers have room for this much, and its tables fit in memory.
const MAX_ASSETS: usize = 10_000;
const MAX_DAYS: u32 = 3_660;
const MAX_SESSIONS: u64 = 100_000_000;
const MAX_ASSET_DAYS: u64 = 10_000_000;

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            config: WorldConfig {
                seed: 1,
                videos: 20,
                live_streams: 5,
                sessions: 5_000,
                broadcast_viewers: 0,
                days: 30,
                uniform_days: false,
            },
            now: None,
            manual_clock: false,
            rate_limit: RateLimit::Off,
            rate_window: Duration::from_secs(60),
            api_key: None,
            token_lifetime: Duration::from_secs(3_600),
            max_token_uses: None,
            behaviour: Behaviour::default(),
            response_format: ResponseFormat::default(),
            recording: None,
            faults: None,
            page_cache_bytes: PAGE_CACHE_BYTES,
            port: 0,
        }
    }
}

impl SimulatorBuilder {
    /// Sets the seed of the world. The same seed and options give the same bytes. Defaults to 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// Sets the number of videos, including the one of the tutorial: 1 to 10,000. Defaults to 20.
    pub fn videos(mut self, videos: usize) -> Self {
        self.config.videos = videos;
        self
    }

    /// Sets the number of live streams, including the one of the tutorial: 0 to 10,000. Defaults to 5.
    pub fn live_streams(mut self, live_streams: usize) -> Self {
        self.config.live_streams = live_streams;
        self
    }

    /// Sets the total number of sessions, up to 100 million. Defaults to 5,000.
    ///
    /// At least one is required for the tutorial's video, and another one for its live stream if there are live
    /// streams. Sessions are computed on demand, so that their number has no effect on memory.
    pub fn sessions(mut self, sessions: u64) -> Self {
        self.config.sessions = sessions;
        self
    }

    /// Adds a live event: this many more sessions at the [broadcast](crate::World::broadcasts) of
    /// [`TUTORIAL_LIVE_STREAM`](crate::TUTORIAL_LIVE_STREAM) on 2022-01-01. Defaults to 0.
    ///
    /// They are not part of [`sessions`](Self::sessions); both together are at most 100 million. Requires live streams.
    ///
    /// ```
    /// # async fn example() -> Result<(), apivideo_simulator::Error> {
    /// use apivideo_simulator::{Simulator, TUTORIAL_LIVE_STREAM};
    ///
    /// let simulator = Simulator::builder().broadcast_viewers(5_000).start().await?;
    /// let totals = simulator.world().playback_totals([TUTORIAL_LIVE_STREAM], "2022-01-01")?;
    /// assert!(totals.peak > 2_500);
    /// # Ok(())
    /// # }
    /// ```
    pub fn broadcast_viewers(mut self, sessions: u64) -> Self {
        self.config.broadcast_viewers = sessions;
        self
    }

    /// Sets the number of days (UTC) with sessions: 1 to 3,660. Defaults to 30.
    ///
    /// The days lie around 2022-01-01, the day of the tutorial: half of them, rounded down, follow it. 30 days are
    /// 2021-12-18 to 2022-01-16; a single day is 2022-01-01.
    pub fn days(mut self, days: u32) -> Self {
        self.config.days = days;
        self
    }

    /// Distributes sessions uniformly over the days. By default, the number of sessions varies from day to day.
    pub fn uniform_days(mut self) -> Self {
        self.config.uniform_days = true;
        self
    }

    /// Sets the initial time of the simulator's clock. Defaults to the midnight after the last day of the world.
    ///
    /// Sessions after this time are not listed until the clock reaches them, and sessions in progress have not ended.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Stops the simulator's clock, so that only [`Simulator::advance`] changes it. By default, it runs in real time.
    pub fn manual_clock(mut self) -> Self {
        self.manual_clock = true;
        self
    }

    /// Sets the number of requests accepted per window. Defaults to [`RateLimit::Off`].
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = limit;
        self
    }

    /// Sets the length of a window of the rate limit, at least 1 ms. Windows are consecutive. Defaults to 60 seconds.
    pub fn rate_window(mut self, window: Duration) -> Self {
        self.rate_window = window;
        self
    }

    /// Sets the only valid API key, which must not be empty. By default, any non-empty key is valid.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Secret(key.into()));
        self
    }

    /// Sets the lifetime of access tokens. Responses report it in whole seconds. Defaults to one hour.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Sets the number of requests after which an access token expires, regardless of its lifetime. Unlimited by
    /// default.
    pub fn max_token_uses(mut self, uses: u64) -> Self {
        self.max_token_uses = Some(uses);
        self
    }

    /// Sets the behaviour where the service is undocumented. Defaults to [`Behaviour::default`].
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Sets the year whose formats the raw statistics use. Defaults to [`ResponseFormat::Y2023`].
    pub fn response_format(mut self, format: ResponseFormat) -> Self {
        self.response_format = format;
        self
    }

    /// Serves recorded responses instead of the world. Authentication and the rate limit are unaffected.
    pub fn replay(mut self, recording: Recording) -> Self {
        self.recording = Some(recording);
        self
    }

    /// Sets the fault script. None by default.
    ///
    /// Latency, slow bodies and truncated bodies require a tokio runtime with time enabled.
    pub fn faults(mut self, script: FaultScript) -> Self {
        self.faults = Some(script);
        self
    }

    /// Sets the size of the cache of rendered pages, in bytes; 0 disables it. Defaults to 32 MiB.
    ///
    /// The cache affects speed only.
    pub fn page_cache_bytes(mut self, bytes: usize) -> Self {
        self.page_cache_bytes = bytes;
        self
    }

    /// Sets the port on 127.0.0.1. Defaults to 0, any free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Generates the world and starts the server on the current tokio runtime. It serves requests until the simulator
    /// is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if an option is out of bounds, the fault script is invalid or names an unknown asset, or the port is in
    /// use.
    ///
    /// # Panics
    ///
    /// Panics when polled outside a tokio runtime with I/O enabled.
    pub async fn start(self) -> Result<Simulator, Error> {
        self.validate()?;
        let world = World::new(&self.config);
        let mut behaviour = self.behaviour;
        if let Some(script) = &self.faults {
            behaviour.live_stream_metadata |= script.live_stream_metadata;
        }
        let faults = self
            .faults
            .map(|script| Injector::new(script, &world))
            .transpose()?;
        let now = self.now.unwrap_or_else(|| time::timestamp(world.end_ms()));
        let clock = if self.manual_clock {
            Clock::manual(now)
        } else {
            Clock::running(now)
        };
        let state = Arc::new(State {
            world,
            behaviour,
            response_format: self.response_format,
            clock,
            auth: Authenticator::new(
                self.config.seed,
                self.api_key,
                self.token_lifetime,
                self.max_token_uses,
            ),
            limiter: RateLimiter::new(self.rate_limit, self.rate_window),
            log: RequestLog::default(),
            recording: self.recording,
            faults,
            changes: Changes::default(),
            rendered: Cache::new(self.page_cache_bytes),
            filtered: Cache::new(FILTER_CACHE_SESSIONS),
            port: OnceLock::new(),
        });
        let server = Server::start(self.port, Arc::clone(&state)).await?;
        Ok(Simulator::new(server, state))
    }

    fn validate(&self) -> Result<(), Error> {
        let config = &self.config;
        let in_bounds = |what: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(Error::new(format!(
                "invalid number of {what} {value}: must be {low} to {high}"
            )))
        };
        let max_assets = MAX_ASSETS as u64;
        in_bounds("videos", config.videos as u64, 1, max_assets)?;
        in_bounds("live streams", config.live_streams as u64, 0, max_assets)?;
        in_bounds("days", u64::from(config.days), 1, u64::from(MAX_DAYS))?;
        let tutorial = 1 + u64::from(config.live_streams > 0);
        in_bounds("sessions", config.sessions, tutorial, MAX_SESSIONS)?;
        let most = MAX_SESSIONS - config.sessions;
        in_bounds(
            "viewers of the broadcast",
            config.broadcast_viewers,
            0,
            most,
        )?;
        if config.broadcast_viewers > 0 && config.live_streams == 0 {
            return Err(Error::new(
                "invalid number of viewers of the broadcast: the world has no live streams",
            ));
        }
        let assets = config.videos + config.live_streams;
        if assets as u64 * u64::from(config.days) > MAX_ASSET_DAYS {
            return Err(Error::new(format!(
                "too many videos and live streams ({assets}) for {} days: their product must be at most {MAX_ASSET_DAYS}",
                config.days
            )));
        }
        if self.rate_limit == RateLimit::PerMinute(0) {
            return Err(Error::new(
                "invalid rate limit 0: must be at least 1 request per window",
            ));
        }
        if self.rate_window.as_millis() == 0 {
            return Err(Error::new(format!(
                "invalid rate limit window {:?}: must be at least 1 ms",
                self.rate_window
            )));
        }
        let changes_sessions = self
            .faults
            .as_ref()
            .is_some_and(FaultScript::changes_sessions);
        if changes_sessions && self.recording.is_some() {
            return Err(Error::new(
                "invalid fault script: a recording has no sessions to insert or delete",
            ));
        }
        if self.api_key.as_ref().is_some_and(|key| key.0.is_empty()) {
            return Err(Error::new("invalid API key: must not be empty"));
        }
        if !matches!(self.behaviour.invalid_key_status, 400..=499) {
            return Err(Error::new(format!(
                "invalid status {} for an invalid API key: must be 400 to 499",
                self.behaviour.invalid_key_status
            )));
        }
        Ok(())
    }
}
