//! Who is asked: the service, a place of one's own, or a simulator inside this process.

use std::error::Error as _;
use std::path::Path;

use apivideo::{Client, RetryPolicy, Timestamp};
use apivideo_simulator::{FaultScript, Recording, Simulator};

use crate::args::{Auth, World};
use crate::clock;
use crate::config::{API_KEY, Origin};
use crate::context::Context;
use crate::failure::{Failure, because};
use crate::key;
use crate::watcher::Watcher;

/// A client, and the simulator that it asks if there is one.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// Where the key comes from; `None` where a simulator needs none.
    pub(crate) key_from: Option<Origin>,
    /// Answers until it is dropped.
    simulator: Option<Simulator>,
}

impl Connection {
    /// Nothing is asked yet; a simulator is started.
    pub(crate) async fn open(context: &Context<'_>) -> Result<Self, Failure> {
        let (options, settings) = (context.options, &context.settings);
        let mut builder = Client::builder().application("apivideo-cli", env!("CARGO_PKG_VERSION"));
        let mut simulator = None;
        let mut key_from = None;
        if options.simulate {
            let started = simulate(&options.world, 0).await?;
            // A real key has no business here.
            builder = builder.api_key("simulated").base_url(started.base_url());
            simulator = Some(started);
        } else {
            let key = key::read(settings, context.stdin_key.as_deref())?.ok_or_else(no_key)?;
            builder = builder
                .api_key(key.value)
                .environment(settings.environment.value);
            if let Some(url) = &settings.base_url {
                builder = builder.base_url(&url.value);
            }
            key_from = Some(key.origin);
        }
        if settings.auth.value == Auth::Basic {
            builder = builder.basic_authorization();
        }
        if let Some(retries) = &settings.retries {
            // The first attempt is no retry.
            let attempts = retries.value.saturating_add(1);
            builder = builder.with_retry_policy(RetryPolicy::default().with_attempts(attempts));
        }
        builder = builder
            .with_timeout(settings.timeout.value)
            .with_longest_wait(settings.max_retry_after.value);
        if options.debug || options.curl {
            builder = builder.with_observer(Watcher {
                debug: options.debug,
                curl: options.curl,
            });
        }
        Ok(Self {
            client: builder.build()?,
            key_from,
            simulator,
        })
    }

    /// The present time where it is asked: that of the simulator, or of this machine.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.simulator {
            Some(simulator) => simulator.now(),
            None => clock::today(),
        }
    }
}

fn no_key() -> Failure {
    Failure::usage(format!(
        "no API key: set {API_KEY} or give --api-key-file FILE (api.video's dashboard has the key; for a simulator any \
         text will do), or add --simulate, which asks simulated viewers and needs no key"
    ))
}

/// Starts a simulator of this world on this port of the machine itself.
pub(crate) async fn simulate(world: &World, port: u16) -> Result<Simulator, Failure> {
    let mut builder = Simulator::builder().port(port);
    if let Some(seed) = world.seed {
        builder = builder.seed(seed);
    }
    if let Some(videos) = world.videos {
        builder = builder.videos(videos);
    }
    if let Some(live_streams) = world.live_streams {
        builder = builder.live_streams(live_streams);
    }
    if let Some(sessions) = world.sessions {
        builder = builder.sessions(sessions);
    }
    if let Some(days) = world.days {
        builder = builder.days(days);
    }
    if let Some(now) = world.now {
        builder = builder.now(now);
    }
    if let Some(limit) = world.rate_limit {
        builder = builder.rate_limit(limit);
    }
    if let Some(file) = &world.faults {
        builder = builder.faults(FaultScript::open(file).map_err(Failure::usage)?);
    }
    if let Some(directory) = &world.replay {
        builder = builder.replay(recording(directory)?);
    }
    builder.start().await.map_err(|error| match error.source() {
        // The port, not the world.
        Some(_) => Failure::failed(error),
        None => Failure::usage(error),
    })
}

/// The recording in this directory. `tutorial` is built in, and a directory of that name wins over it.
pub(crate) fn recording(directory: &Path) -> Result<Recording, Failure> {
    if directory == Path::new("tutorial") && !directory.exists() {
        return Ok(Recording::tutorial());
    }
    Recording::open(directory).map_err(|error| {
        Failure::usage(because(
            format!("the recording in {} can't be read", directory.display()),
            error,
        ))
    })
}
