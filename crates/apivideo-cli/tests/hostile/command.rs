//! Runs the command.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// The maximum duration of a run.
const LIMIT: Duration = Duration::from_secs(180);
const STEP: Duration = Duration::from_millis(3);

/// The output and exit code of a run.
pub(crate) struct Run {
    /// `None` after a signal or a timeout.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the command with these arguments and this home folder.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: &[S], home: &Path) -> Result<Run, String> {
    run_for(arguments, home, None)
}

/// Runs the command, and kills it after this many milliseconds.
pub(crate) fn run_for<S: AsRef<OsStr>>(
    arguments: &[S],
    home: &Path,
    milliseconds: Option<u64>,
) -> Result<Run, String> {
    let limit = milliseconds.map_or(LIMIT, Duration::from_millis);
    let mut child = Command::new(env!("CARGO_BIN_EXE_apivideo"))
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("APPDATA", home)
        .env("APIVIDEO_API_KEY", "the-secret-key")
        .current_dir(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the command does not start: {error}"))?;
    let stdout = child.stdout.take().map(gather);
    let stderr = child.stderr.take().map(gather);
    let mut code = None;
    for waited in 0..=limit.as_millis() / STEP.as_millis() {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            code = status.code();
            break;
        }
        if waited == limit.as_millis() / STEP.as_millis() {
            let _ = child.kill();
            let _ = child.wait();
        }
        thread::sleep(STEP);
    }
    let text = |reader: Option<thread::JoinHandle<String>>| {
        reader
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default()
    };
    Ok(Run {
        code,
        stdout: text(stdout),
        stderr: without_times(&text(stderr)),
    })
}

/// Removes the times that lake commands print before each line.
fn without_times(stderr: &str) -> String {
    let lines = stderr.split_inclusive('\n').map(|line| {
        let (time, rest) = line.split_once(' ').unwrap_or_default();
        let is_time = time.len() == 24 && time.parse::<apivideo::Timestamp>().is_ok();
        if is_time { rest } else { line }
    });
    lines.collect()
}

fn gather(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

impl Run {
    /// Returns the printed command to resume.
    pub(crate) fn printed_command(&self) -> Option<Vec<String>> {
        let lines = self.stderr.lines();
        let line = lines
            .filter_map(|line| line.strip_prefix("  apivideo "))
            .next_back()?;
        shlex::split(line)
    }
}

/// All runs of a case, until a further run would not change the result.
#[derive(Default)]
pub(crate) struct Chain {
    pub(crate) codes: Vec<Option<i32>>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The stderr of the last run.
    pub(crate) last_stderr: String,
}

impl Chain {
    pub(crate) fn add(&mut self, run: &Run) {
        self.codes.push(run.code);
        self.stdout.push_str(&run.stdout);
        self.stderr.push_str(&run.stderr);
        self.last_stderr.clone_from(&run.stderr);
    }

    /// Returns the exit code of the last run, or an error for one that is not allowed.
    pub(crate) fn code(&self) -> Result<i32, String> {
        if self.stderr.contains("panicked") {
            return Err("it panicked".to_owned());
        }
        match self.codes.last().copied().flatten() {
            None => Err("it did not end, or was ended by a signal".to_owned()),
            Some(2) if self.was_killed_at_its_end() => Ok(0),
            Some(2) => Err("exit 2: the command was refused".to_owned()),
            Some(code) => Ok(code),
        }
    }

    /// Whether a kill came after the work was complete and before the process ended: the file is complete, and the next run does
    /// not overwrite it.
    pub(crate) fn was_killed_at_its_end(&self) -> bool {
        self.codes.ends_with(&[None, Some(2)])
            && self
                .last_stderr
                .contains("there is no checkpoint to continue it")
    }

    /// Returns the end of stderr, for a report.
    pub(crate) fn tail(&self) -> String {
        let lines: Vec<&str> = self.stderr.lines().collect();
        let tail = &lines[lines.len().saturating_sub(14)..];
        let codes: Vec<String> = self
            .codes
            .iter()
            .map(|code| code.map_or("-".to_owned(), |code| code.to_string()))
            .collect();
        let lines: Vec<String> = tail
            .iter()
            .map(|line| format!("    | {}", line.chars().take(300).collect::<String>()))
            .collect();
        format!("    exit codes {}\n{}", codes.join(" "), lines.join("\n"))
    }
}

/// The maximum number of runs of a case, which no case comes close to.
pub(crate) const MAX_RUNS: usize = 400;
