use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::builder::SimulatorBuilder;
use crate::error::Error;
use crate::fault::Injector;
use crate::http::auth::TokenScope;
use crate::http::request_log::Request;
use crate::server::Server;
use crate::state::State;
use crate::time;
use crate::world::changes::ListRange;
use crate::world::list_position::ListPosition;
use crate::world::session_key::SessionKey;
use crate::world::{Session, World};

/// A running simulator.
///
/// Dropping it stops the server and closes all connections. It is `Send + Sync`; methods take `&self` and can be called
/// while requests are served.
///
/// ```
/// # async fn example() -> Result<(), apivideo_simulator::Error> {
/// use apivideo_simulator::Simulator;
///
/// let simulator = Simulator::builder().seed(7).start().await?;
/// // The base URL for a client; any non-empty API key is accepted.
/// let url = simulator.base_url();
/// assert!(url.starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
///
/// # Asset identifiers and periods
///
/// Methods that take an `asset` and a `period` expect the identifier of a video or live stream of the
/// [world](Simulator::world), and a period as in requests: a day (`2022-01-01`), an ISO week (`2022-W01`), a month
/// (`2022-01`), a year (`2022`) or a range of days (`2022-01-01/2022-01-15`), in UTC.
pub struct Simulator {
    base_url: String,
    state: Arc<State>,
    _server: Server,
}

impl Simulator {
    /// Returns a builder with the default options.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    #[cfg(test)]
    pub(crate) fn state(&self) -> &Arc<State> {
        &self.state
    }

    pub(crate) fn new(server: Server, state: Arc<State>) -> Self {
        Self {
            base_url: format!("http://127.0.0.1:{}", server.port),
            state,
            _server: server,
        }
    }

    /// Returns the base URL, such as `http://127.0.0.1:49152`, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the requests received so far, oldest first: at most the newest 65,536.
    ///
    /// A request is in the list before its response is sent.
    pub fn requests(&self) -> Vec<Request> {
        self.state.log.requests()
    }

    /// Returns the total number of requests received so far.
    pub fn requests_total(&self) -> u64 {
        self.state.log.count()
    }

    /// Returns the world, for expected results. A simulator that replays a recording has a world, but does not serve
    /// it.
    pub fn world(&self) -> &World {
        &self.state.world
    }

    /// Returns the sessions of a list as they are now, in the order of the service.
    ///
    /// Unlike [`World::sessions`], the result includes inserted sessions and excludes deleted sessions and sessions
    /// that the simulator's clock has not reached.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn sessions_now(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        let range = self.list_range(asset, period)?;
        let now_ms = self.state.clock.now_ms();
        let keys = self.state.changes.list(self.world(), &range, now_ms);
        Ok(self.describe(&keys))
    }

    /// Returns the sessions that a list has contained at all times since the start of the simulator.
    ///
    /// A client that reads the list must return each of them, however the list changed meanwhile.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn sessions_throughout(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        Ok(self.describe(&self.history(asset, period)?.0))
    }

    /// Returns the sessions that a list has contained at any time, ordered by load time.
    ///
    /// A client that reads the list must not return any other session.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn sessions_ever(&self, asset: &str, period: &str) -> Result<Vec<Session>, Error> {
        Ok(self.describe(&self.history(asset, period)?.1))
    }

    /// Inserts new sessions into a list, as [`Rule::insert`](crate::Rule::insert) does, and returns how many were
    /// inserted.
    ///
    /// Fewer sessions are inserted if the list lies in the future of the simulator's clock or outside the days of the
    /// world, and once 16,384 sessions have been inserted in total.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn insert_sessions(
        &self,
        asset: &str,
        period: &str,
        sessions: u32,
        at: ListPosition,
    ) -> Result<u64, Error> {
        let (range, now_ms) = (self.list_range(asset, period)?, self.state.clock.now_ms());
        let changes = &self.state.changes;
        Ok(changes.insert(self.world(), &range, sessions, at, now_ms))
    }

    /// Deletes sessions from a list, as [`Rule::delete`](crate::Rule::delete) does, and returns how many were deleted.
    ///
    /// # Errors
    ///
    /// Returns an error if the asset does not exist or the period is invalid.
    pub fn delete_sessions(
        &self,
        asset: &str,
        period: &str,
        sessions: u32,
        at: ListPosition,
    ) -> Result<u64, Error> {
        let (range, now_ms) = (self.list_range(asset, period)?, self.state.clock.now_ms());
        let changes = &self.state.changes;
        Ok(changes.delete(self.world(), &range, sessions, at, now_ms))
    }

    /// Invalidates the tokens issued so far.
    pub fn expire_tokens(&self, scope: TokenScope) {
        self.state.auth.expire(scope);
    }

    /// Returns the number of requests to which a rule of the fault script was applied.
    pub fn faults_injected(&self) -> u64 {
        self.faults_by_rule().iter().map(|(_, count)| count).sum()
    }

    /// Returns the name of each rule of the fault script, in order, and the number of requests to which it was applied.
    pub fn faults_by_rule(&self) -> Vec<(String, u64)> {
        let faults = self.state.faults.as_ref();
        faults.map(Injector::applied_counts).unwrap_or_default()
    }

    /// Returns the time of the simulator's clock, in milliseconds.
    pub fn now(&self) -> Timestamp {
        time::timestamp(self.state.clock.now_ms())
    }

    /// Advances the simulator's clock: tokens expire, windows of the rate limit end, and sessions happen.
    pub fn advance(&self, by: Duration) {
        self.state.clock.advance(by);
    }
}

impl Simulator {
    fn list_range(&self, asset: &str, period: &str) -> Result<ListRange, Error> {
        let (asset, days) = self.world().list_range(asset, period)?;
        Ok(ListRange { asset, days })
    }

    fn history(
        &self,
        asset: &str,
        period: &str,
    ) -> Result<(Vec<SessionKey>, Vec<SessionKey>), Error> {
        let (range, clock) = (self.list_range(asset, period)?, &self.state.clock);
        let changes = &self.state.changes;
        Ok(changes.history(self.world(), &range, clock.start_ms(), clock.now_ms()))
    }

    fn describe(&self, keys: &[SessionKey]) -> Vec<Session> {
        let world = self.world();
        keys.iter().map(|key| world.describe(*key)).collect()
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_types_can_be_shared_between_threads() {
        fn check<T: Send + Sync + 'static>() {}
        check::<Simulator>();
        check::<SimulatorBuilder>();
        check::<Error>();
        check::<Request>();
        check::<crate::Recording>();
        check::<crate::FaultScript>();
    }
}
