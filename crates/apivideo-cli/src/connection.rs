//! The client of a command, and the simulator in this process with `--simulate`.

use std::error::Error as _;
use std::path::Path;

use apivideo::retry::RetryPolicy;
use apivideo::{Client, Timestamp};
use apivideo_simulator::{FaultScript, Recording, Simulator};

use crate::args::{Auth, Options, World};
use crate::clock;
use crate::config::{API_KEY, Origin, Settings};
use crate::failure::{Failure, with_cause};
use crate::key;
use crate::wire_log::WireLog;

/// A client, and the simulator that it is connected to, if any.
pub(crate) struct Connection {
    pub(crate) client: Client,
    /// Where the API key was read from; `None` with `--simulate`.
    pub(crate) key_origin: Option<Origin>,
    /// Runs until it is dropped.
    simulator: Option<Simulator>,
}

impl Connection {
    /// Creates a client, and starts a simulator with `--simulate`. No request is sent.
    pub(crate) async fn open(
        options: &Options,
        settings: &Settings,
        stdin_key: Option<&str>,
    ) -> Result<Self, Failure> {
        let mut builder = Client::builder().application("apivideo-cli", env!("CARGO_PKG_VERSION"));
        let mut simulator = None;
        let mut key_origin = None;
        if options.simulate {
            let started = start_simulator(&options.world, 0).await?;
            // The real key is not needed and not read.
            builder = builder.api_key("simulated").base_url(started.base_url());
            simulator = Some(started);
        } else {
            let key = key::read(settings, stdin_key)?.ok_or_else(no_key)?;
            builder = builder
                .api_key(key.value)
                .environment(settings.environment.value);
            if let Some(url) = &settings.base_url {
                builder = builder.base_url(&url.value);
            }
            key_origin = Some(key.origin);
        }
        if settings.auth.value == Auth::Basic {
            builder = builder.with_basic_auth();
        }
        if let Some(retries) = &settings.retries {
            // The first attempt is not a retry.
            let attempts = retries.value.saturating_add(1);
            builder = builder.with_retry_policy(RetryPolicy::default().max_attempts(attempts));
        }
        builder = builder
            .with_timeout(settings.timeout.value)
            .with_max_retry_after(settings.max_retry_after.value);
        if options.requests.debug || options.requests.curl {
            builder = builder.with_observer(WireLog {
                debug: options.requests.debug,
                curl: options.requests.curl,
            });
        }
        Ok(Self {
            client: builder.build()?,
            key_origin,
            simulator,
        })
    }

    /// Returns the current time of the simulator, or of this machine.
    pub(crate) fn now(&self) -> Timestamp {
        match &self.simulator {
            Some(simulator) => simulator.now(),
            None => clock::timestamp(),
        }
    }
}

fn no_key() -> Failure {
    Failure::usage("no API key is set").with_hint(format!(
        "set {API_KEY} or --api-key-file to a key from the api.video dashboard, or add --simulate to use simulated data \
         without a key"
    ))
}

/// Starts a simulator of this world on a port of 127.0.0.1; 0 selects a free one.
pub(crate) async fn start_simulator(world: &World, port: u16) -> Result<Simulator, Failure> {
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
    if let Some(viewers) = world.broadcast_viewers {
        builder = builder.broadcast_viewers(viewers);
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
        builder = builder.replay(open_recording(directory)?);
    }
    builder.start().await.map_err(|error| match error.source() {
        // The port is in use; an invalid world has no cause.
        Some(_) => Failure::failed(error),
        None => Failure::usage(error),
    })
}

/// Opens the recording in this folder. `tutorial` is built in; a folder of that name takes precedence.
pub(crate) fn open_recording(directory: &Path) -> Result<Recording, Failure> {
    if directory == Path::new("tutorial") && !directory.exists() {
        return Ok(Recording::tutorial());
    }
    Recording::open(directory).map_err(|error| {
        Failure::usage(with_cause(
            format!("cannot read the recording in {}", directory.display()),
            error,
        ))
    })
}
