use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::http::server::Server;
use crate::http::service::Service;
use crate::{Builder, Request, World, time};

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

    /// The truth, to compare with. In a replay nothing of it is served.
    pub fn world(&self) -> &World {
        &self.service.world
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

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
