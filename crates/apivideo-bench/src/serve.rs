//! The simulator in a separate process, and the handle of the process that started it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use apivideo_simulator::{Behaviour, FaultScript, RateLimit, Rule, Simulator};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{Result, machine};

/// Rendered pages are cached up to this size, so that they are rendered once for all programs.
const PAGE_CACHE_BYTES: usize = 512 * 1024 * 1024;

/// The content of the server: one video with sessions, evenly spread over some days around 2022-01-01.
#[derive(Args, Clone, Debug)]
pub struct World {
    /// Sessions of the video
    #[arg(long, default_value_t = 200_000)]
    pub sessions: u64,
    /// Days of the sessions
    #[arg(long, default_value_t = 1)]
    pub days: u32,
    /// Latency of each response to a GET, in milliseconds
    #[arg(long, default_value_t = 0)]
    pub latency_ms: u64,
    /// Requests per window of the rate limit; 0 for no limit
    #[arg(long, default_value_t = 0)]
    pub limit: u32,
    /// Length of a window of the rate limit, in seconds
    #[arg(long, default_value_t = 60)]
    pub window_s: u64,
    /// Port; 0 for any free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Compress responses on request
    #[arg(long)]
    pub compression: bool,
}

impl Default for World {
    fn default() -> Self {
        Self {
            sessions: 200_000,
            days: 1,
            latency_ms: 0,
            limit: 0,
            window_s: 60,
            port: 0,
            compression: false,
        }
    }
}

impl World {
    fn arguments(&self) -> Vec<String> {
        [
            ("sessions", self.sessions),
            ("days", self.days.into()),
            ("latency-ms", self.latency_ms),
            ("limit", self.limit.into()),
            ("window-s", self.window_s),
            ("port", self.port.into()),
        ]
        .into_iter()
        .map(|(name, value)| format!("--{name}={value}"))
        .chain(self.compression.then(|| "--compression".to_owned()))
        .collect()
    }

    async fn start(&self) -> Result<Simulator> {
        let mut behaviour = Behaviour::default();
        behaviour.compression = self.compression;
        let mut builder = Simulator::builder()
            .videos(1)
            .live_streams(0)
            .sessions(self.sessions)
            .days(self.days)
            .uniform_days()
            .page_cache_bytes(PAGE_CACHE_BYTES)
            .rate_window(Duration::from_secs(self.window_s))
            .behaviour(behaviour)
            .port(self.port);
        if self.limit > 0 {
            builder = builder.rate_limit(RateLimit::PerMinute(self.limit));
        }
        if self.latency_ms > 0 {
            let late = Rule::new()
                .method("GET")
                .latency(Duration::from_millis(self.latency_ms));
            builder = builder.faults(FaultScript::new().rule(late));
        }
        Ok(builder.start().await?)
    }
}

/// The server's report.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// Its CPU time so far, in seconds.
    pub cpu_s: f64,
    /// The number of requests.
    pub requests: u64,
    /// For each past window of the rate limit: the number of allowed and of refused requests.
    pub windows: Vec<(u32, u32)>,
}

/// Runs the server until stdin ends. Prints its URL, and a [`Report`] for each line of input.
///
/// # Errors
/// Returns an error if the simulator cannot be started, or stdout is closed.
pub fn run(world: &World) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let simulator = Arc::new(world.start().await?);
        print_line(simulator.base_url())?;
        let windows = Arc::new(Mutex::new(Vec::new()));
        let window = Duration::from_secs(world.window_s);
        if world.limit > 0 {
            tokio::spawn(count(Arc::clone(&simulator), window, Arc::clone(&windows)));
        }
        let (ended, end) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            for _ in std::io::stdin()
                .lock()
                .lines()
                .map_while(std::io::Result::ok)
            {
                let report = Report {
                    cpu_s: machine::cpu().as_secs_f64(),
                    requests: simulator.requests_total(),
                    windows: windows
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone(),
                };
                if print_line(&serde_json::to_string(&report).unwrap_or_default()).is_err() {
                    break;
                }
            }
            let _ = ended.send(());
        });
        let _ = end.await;
        Ok(())
    })
}

fn print_line(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Counts responses at the end of each window; the first window began with the simulator.
async fn count(simulator: Arc<Simulator>, window: Duration, windows: Arc<Mutex<Vec<(u32, u32)>>>) {
    let mut timer = tokio::time::interval(window);
    timer.tick().await;
    let mut seen = 0;
    loop {
        timer.tick().await;
        let requests = simulator.requests();
        let of = |status| {
            let matching = requests[seen..].iter().filter(|request| {
                request.status() == status && !request.path().starts_with("/auth/")
            });
            u32::try_from(matching.count()).unwrap_or(u32::MAX)
        };
        let counts = (of(200), of(429));
        seen = requests.len();
        windows
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(counts);
    }
}

/// A running server, which dropping this ends.
#[derive(Debug)]
pub struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    url: String,
}

impl Server {
    /// Starts `program`, which accepts the arguments of this one.
    ///
    /// # Errors
    /// Returns an error if the program cannot be started or does not print its URL.
    pub fn start(program: &std::path::Path, world: &World) -> Result<Self> {
        let mut child = Command::new(program)
            .arg("serve")
            .args(world.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().ok_or("the server has no stdout")?;
        let mut server = Self {
            child,
            stdin,
            stdout: BufReader::new(stdout),
            url: String::new(),
        };
        server.url = server.line()?;
        Ok(server)
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Requests a report.
    ///
    /// # Errors
    /// Returns an error if the server has ended.
    pub fn report(&mut self) -> Result<Report> {
        let stdin = self.stdin.as_mut().ok_or("the server has no stdin")?;
        stdin.write_all(b"report\n")?;
        stdin.flush()?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line)? == 0 {
            return Err("the server ended unexpectedly".into());
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The server ends with its stdin.
        self.stdin = None;
        let _ = self.child.wait();
    }
}
