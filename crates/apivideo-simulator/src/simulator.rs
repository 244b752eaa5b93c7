use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::fault::Injector;
use crate::http::server::Server;
use crate::http::service::Service;
use crate::world::Place;
use crate::world::changes::Span;
use crate::{At, Builder, Error, Expire, Request, Session, World, time};

/// A local api.video that runs until it is dropped.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::Simulator;
///
/// let simulator = Simulator::builder().seed(7).start().await?;
/// // Point a client at it; any key that is not empty will do.
/// let url = simulator.base_url();
/// assert!(url.starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
pub struct Simulator {
    base_url: String,
    service: Arc<Service>,
    _server: Server,
}

impl Simulator {
    /// Options, to be followed by [`start`](Builder::start).
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(server: Server, service: Arc<Service>) -> Self {
        Self {
            base_url: format!("http://127.0.0.1:{}", server.port),
            service,
            _server: server,
        }
    }

    /// Where it listens, such as `http://127.0.0.1:49152`, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The requests that were answered, oldest first: the newest 65,536.
    ///
    /// A request is in the list before its reply goes out.
    pub fn requests(&self) -> Vec<Request> {
        self.service.log.requests()
    }

    /// How many requests were answered altogether.
    pub fn requests_total(&self) -> u64 {
        self.service.log.count()
    }

    /// The truth as the world was made, to compare with. In a replay nothing of it is served.
    pub fn world(&self) -> &World {
        &self.service.world
    }

    /// The sessions that an asset's viewers began in a period, as the list is now: what was inserted is in it, what
    /// was deleted is not, nor what did not happen yet.
    ///
    /// The period is written as for [`World::sessions`].
    pub fn sessions_now(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        let span = self.span(asset, period)?;
        let now_ms = self.service.clock.now_ms();
        let places = self.service.changes.list(self.world(), &span, now_ms);
        Ok(self.describe(&places))
    }

    /// Those of [`sessions_now`](Simulator::sessions_now) that were there ever since the simulator started.
    ///
    /// A client that lost one of these, however the list changed while it was read, did something wrong.
    pub fn sessions_throughout(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        Ok(self.describe(&self.history(asset, period)?.0))
    }

    /// Those of [`sessions_now`](Simulator::sessions_now) and all that were deleted, by their load time.
    ///
    /// A client that has one which is not among these made it up.
    pub fn sessions_ever(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        Ok(self.describe(&self.history(asset, period)?.1))
    }

    /// Puts new sessions into a list, as [`Rule::insert`](crate::Rule::insert) does, and gives how many they were.
    pub fn insert_sessions(
        &self,
        asset: &str,
        period: &str,
        sessions: u32,
        at: At,
    ) -> Result<u64, Error> {
        let (span, now_ms) = (self.span(asset, period)?, self.service.clock.now_ms());
        let changes = &self.service.changes;
        Ok(changes.insert(self.world(), &span, sessions, at, now_ms))
    }

    /// Takes sessions out of a list, as [`Rule::delete`](crate::Rule::delete) does, and gives how many they were.
    pub fn delete_sessions(
        &self,
        asset: &str,
        period: &str,
        sessions: u32,
        at: At,
    ) -> Result<u64, Error> {
        let (span, now_ms) = (self.span(asset, period)?, self.service.clock.now_ms());
        let changes = &self.service.changes;
        Ok(changes.delete(self.world(), &span, sessions, at, now_ms))
    }

    /// Tokens that were handed out stop being valid.
    pub fn expire_tokens(&self, which: Expire) {
        self.service.gate.expire(which);
    }

    /// How many requests the fault script took.
    pub fn faults_injected(&self) -> u64 {
        self.faults_by_rule().iter().map(|(_, taken)| taken).sum()
    }

    /// The names of the fault script's rules, in its order, and how many requests each took.
    pub fn faults_by_rule(&self) -> Vec<(String, u64)> {
        let faults = self.service.faults.as_ref();
        faults.map(Injector::taken).unwrap_or_default()
    }

    /// What the simulator's clock says, to the millisecond.
    pub fn now(&self) -> Timestamp {
        time::timestamp(self.service.clock.now_ms())
    }

    /// Moves the simulator's clock on: tokens grow older, windows of the rate limit end, sessions happen.
    pub fn advance(&self, by: Duration) {
        self.service.clock.advance(by);
    }
}

impl Simulator {
    fn span(&self, asset: &str, period: &str) -> Result<Span, Error> {
        let (asset, days) = self.world().span(asset, period)?;
        Ok(Span { asset, days })
    }

    fn history(&self, asset: &str, period: &str) -> Result<(Vec<Place>, Vec<Place>), Error> {
        let (span, clock) = (self.span(asset, period)?, &self.service.clock);
        let changes = &self.service.changes;
        Ok(changes.history(self.world(), &span, clock.start_ms(), clock.now_ms()))
    }

    fn describe(&self, places: &[Place]) -> Vec<Session> {
        let world = self.world();
        places.iter().map(|place| world.describe(*place)).collect()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
