use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::fault::Injector;
use crate::http::cache::Cache;
use crate::http::gate::Gate;
use crate::http::limiter::Limiter;
use crate::http::log::Log;
use crate::http::server::Server;
use crate::http::service::{FILTERED_SESSIONS, RENDERED_BYTES, Service};
use crate::settings::Secret;
use crate::world::changes::Changes;
use crate::world::{Plan, World};
use crate::{Behaviour, Error, FaultScript, RateLimit, Recording, Simulator, Vintage, time};

/// Options of a simulator, each with a default.
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
#[must_use]
pub struct Builder {
    plan: Plan,
    now: Option<Timestamp>,
    standing: bool,
    rate_limit: RateLimit,
    rate_window: Duration,
    api_key: Option<Secret>,
    token_lifetime: Duration,
    token_uses: Option<u64>,
    behaviour: Behaviour,
    vintage: Vintage,
    recording: Option<Recording>,
    faults: Option<FaultScript>,
    pages_kept: usize,
    port: u16,
}

/// The largest of each: what an id has room for, and what fits in memory comfortably.
const MOST_ASSETS: usize = 10_000;
const MOST_DAYS: u32 = 3_660;
const MOST_SESSIONS: u64 = 100_000_000;
const MOST_CELLS: u64 = 10_000_000;

impl Default for Builder {
    fn default() -> Self {
        Self {
            plan: Plan {
                seed: 1,
                videos: 20,
                live_streams: 5,
                sessions: 5_000,
                days: 30,
                even_days: false,
            },
            now: None,
            standing: false,
            rate_limit: RateLimit::Off,
            rate_window: Duration::from_secs(60),
            api_key: None,
            token_lifetime: Duration::from_secs(3_600),
            token_uses: None,
            behaviour: Behaviour::default(),
            vintage: Vintage::default(),
            recording: None,
            faults: None,
            pages_kept: RENDERED_BYTES,
            port: 0,
        }
    }
}

impl Builder {
    /// The seed of the world. The same seed gives the same bytes. Default: 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.plan.seed = seed;
        self
    }

    /// How many videos there are, the tutorial's among them: 1 to 10,000. Default: 20.
    pub fn videos(mut self, videos: usize) -> Self {
        self.plan.videos = videos;
        self
    }

    /// How many live streams there are, the tutorial's among them: 0 to 10,000. Default: 5.
    pub fn live_streams(mut self, live_streams: usize) -> Self {
        self.plan.live_streams = live_streams;
        self
    }

    /// How many sessions there are altogether, the tutorial's among them: up to 100 million. Default: 5,000.
    ///
    /// None of them is kept in memory. There is one for the tutorial's video at least, and one for its live stream if
    /// there are live streams.
    pub fn sessions(mut self, sessions: u64) -> Self {
        self.plan.sessions = sessions;
        self
    }

    /// For how many days (UTC) there are sessions: 1 to 3,660. Default: 30.
    ///
    /// The days lie around 2022-01-01, the tutorial's: half of them, rounded down, come after it. 30 days are
    /// 2021-12-18 to 2022-01-16, and a single one is 2022-01-01 itself.
    pub fn days(mut self, days: u32) -> Self {
        self.plan.days = days;
        self
    }

    /// All days are equally busy. Default: no two days are alike.
    pub fn even_days(mut self) -> Self {
        self.plan.even_days = true;
        self
    }

    /// When the simulator's clock starts. Default: at the midnight that ends the world's last day.
    ///
    /// Earlier, what comes later has not happened yet: later sessions are not there and some still run.
    pub fn now(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The clock stands still but for [`Simulator::advance`]. Default: it runs as fast as real time.
    pub fn standing_clock(mut self) -> Self {
        self.standing = true;
        self
    }

    /// How many requests are answered per window. Default: [`RateLimit::Off`].
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = limit;
        self
    }

    /// How long a window of the rate limit is. Windows follow each other from the start. Default: 60 seconds.
    pub fn rate_window(mut self, window: Duration) -> Self {
        self.rate_window = window;
        self
    }

    /// The one key that is let in. Default: any that is not empty.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(Secret(key.into()));
        self
    }

    /// How long an access token is valid. Default: an hour. The service tells it in whole seconds.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// An access token is refused after so many requests, whatever its lifetime. Default: no bound.
    pub fn token_uses(mut self, uses: u64) -> Self {
        self.token_uses = Some(uses);
        self
    }

    /// What nobody knows of the service. Default: [`Behaviour::default`].
    pub fn behaviour(mut self, behaviour: Behaviour) -> Self {
        self.behaviour = behaviour;
        self
    }

    /// Which years' replies the raw statistics resemble. Default: [`Vintage::Y2023`].
    pub fn vintage(mut self, vintage: Vintage) -> Self {
        self.vintage = vintage;
        self
    }

    /// Serves recorded replies; nothing of the world is served then.
    pub fn replay(mut self, recording: Recording) -> Self {
        self.recording = Some(recording);
        self
    }

    /// What is to go wrong, and when. Default: nothing.
    ///
    /// A script that makes replies late or slow, or cuts them, needs a runtime with its time driver enabled.
    pub fn faults(mut self, script: FaultScript) -> Self {
        self.faults = Some(script);
        self
    }

    /// How many bytes of pages of sessions and events are kept once they were rendered. Default: 32 MiB.
    ///
    /// It is only a matter of speed: what is asked for again is not made again.
    pub fn pages_kept(mut self, bytes: usize) -> Self {
        self.pages_kept = bytes;
        self
    }

    /// The port on 127.0.0.1. Default: 0, any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Makes the world, opens the port and answers from then on, until the simulator is dropped.
    ///
    /// Fails if an option is out of bounds or the port is taken. It must be called inside a tokio runtime.
    pub async fn start(self) -> Result<Simulator, Error> {
        self.check()?;
        let world = World::new(&self.plan);
        let mut behaviour = self.behaviour;
        if let Some(script) = &self.faults {
            behaviour.live_stream_metadata |= script.live_stream_metadata;
        }
        let faults = self
            .faults
            .map(|script| Injector::new(script, &world))
            .transpose()?;
        let now = self.now.unwrap_or_else(|| time::timestamp(world.end_ms()));
        let clock = if self.standing {
            Clock::standing(now)
        } else {
            Clock::running(now)
        };
        let service = Arc::new(Service {
            world,
            behaviour,
            vintage: self.vintage,
            clock,
            gate: Gate::new(
                self.plan.seed,
                self.api_key,
                self.token_lifetime,
                self.token_uses,
            ),
            limiter: Limiter::new(self.rate_limit, self.rate_window),
            log: Log::default(),
            recording: self.recording,
            faults,
            changes: Changes::default(),
            rendered: Cache::new(self.pages_kept),
            filtered: Cache::new(FILTERED_SESSIONS),
        });
        let server = Server::start(self.port, Arc::clone(&service)).await?;
        Ok(Simulator::new(server, service))
    }

    fn check(&self) -> Result<(), Error> {
        let plan = &self.plan;
        let bounds = |what: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(Error::new(format!(
                "a world can't have {value} {what}: {low} to {high} are possible"
            )))
        };
        bounds("videos", plan.videos as u64, 1, MOST_ASSETS as u64)?;
        bounds(
            "live streams",
            plan.live_streams as u64,
            0,
            MOST_ASSETS as u64,
        )?;
        bounds("days", u64::from(plan.days), 1, u64::from(MOST_DAYS))?;
        let tutorial = 1 + u64::from(plan.live_streams > 0);
        bounds("sessions", plan.sessions, tutorial, MOST_SESSIONS)?;
        let cells = (plan.videos + plan.live_streams) as u64 * u64::from(plan.days);
        if cells > MOST_CELLS {
            return Err(Error::new(format!(
                "{} videos and live streams over {} days are too many: their product may be {MOST_CELLS} at most",
                plan.videos + plan.live_streams,
                plan.days
            )));
        }
        if self.rate_limit == RateLimit::PerMinute(0) {
            return Err(Error::new(
                "a rate limit of 0 requests would answer nothing",
            ));
        }
        if self.rate_window.as_millis() == 0 {
            return Err(Error::new(
                "the window of the rate limit must be a millisecond or longer",
            ));
        }
        let changes = self
            .faults
            .as_ref()
            .is_some_and(FaultScript::changes_sessions);
        if changes && self.recording.is_some() {
            return Err(Error::new(
                "a recording has no sessions that a fault script could insert or delete",
            ));
        }
        if self.api_key.as_ref().is_some_and(|key| key.0.is_empty()) {
            return Err(Error::new("the key that is let in must not be empty"));
        }
        if !matches!(self.behaviour.refused_key_status, 400..=499) {
            return Err(Error::new(format!(
                "a refused key can't have the status {}: 400 to 499 are possible",
                self.behaviour.refused_key_status
            )));
        }
        Ok(())
    }
}
