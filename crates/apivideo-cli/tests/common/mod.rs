//! Runs the real binary, with nothing of the caller's environment and within bounded time.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test without its fixtures fails")]

#[cfg(target_os = "linux")]
pub(crate) mod terminal;
pub(crate) mod workspace;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

pub(crate) const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
pub(crate) const LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
pub(crate) const SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

/// The maximum duration of a run.
const LIMIT: Duration = Duration::from_secs(180);
const STEP: Duration = Duration::from_millis(5);

/// The output and exit code of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// The command `apivideo`, to which environment and pipes can be added.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apivideo"));
    command
        .args(arguments)
        .env_clear()
        // Without the user's configuration; checkpoints are written to a temporary folder.
        .env("HOME", home())
        .env("APPDATA", home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A home folder without configuration.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
}

/// Runs the command with these arguments, separated by spaces.
#[track_caller]
pub(crate) fn run(line: &str) -> Outcome {
    finish(command(&line.split_whitespace().collect::<Vec<_>>()))
}

/// Runs a command until it exits.
#[track_caller]
pub(crate) fn finish(mut command: Command) -> Outcome {
    let mut child = command.spawn().unwrap();
    let stdout = child.stdout.take().map(gather);
    let stderr = child.stderr.take().map(gather);
    let code = wait(&mut child);
    let join = |thread: Option<thread::JoinHandle<String>>| {
        thread.map_or_else(String::new, |thread| thread.join().unwrap())
    };
    Outcome {
        stdout: join(stdout),
        stderr: without_times(&join(stderr)),
        code,
    }
}

/// Removes the times that lake commands print before each line.
pub(crate) fn without_times(stderr: &str) -> String {
    let lines = stderr.split_inclusive('\n');
    lines
        .map(|line| match line.split_once(' ') {
            Some((time, rest)) if is_time(time) => rest,
            _ => line,
        })
        .collect()
}

/// Returns whether this is a time of a log, such as `2022-01-10T12:00:00.040Z`.
pub(crate) fn is_time(text: &str) -> bool {
    text.len() == 24 && text.ends_with('Z') && text.parse::<apivideo::Timestamp>().is_ok()
}

/// Reads a pipe in the background, so that it does not fill up.
pub(crate) fn gather(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// Reads until a line contains `text`, and the rest in the background.
pub(crate) fn read_until(
    pipe: impl Read + Send + 'static,
    text: &str,
) -> (String, thread::JoinHandle<String>) {
    let mut reader = BufReader::new(pipe);
    let mut received = String::new();
    while !received.contains(text) {
        let read = reader.read_line(&mut received).unwrap();
        assert!(read > 0, "the output ended without {text:?}: {received}");
    }
    (received, gather(reader))
}

/// Sends SIGINT, as Ctrl-C does.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(killed.success());
}

/// Returns the exit code. A child that runs too long is killed.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> Option<i32> {
    for _ in 0..LIMIT.as_millis() / STEP.as_millis() {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(STEP);
    }
    child.kill().unwrap();
    panic!("the command did not exit in time");
}

/// A simulator in a separate process, killed on drop.
pub(crate) struct Simulator {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Simulator {
    /// Starts `simulate --port 0` with these options.
    pub(crate) fn start(options: &[&str]) -> Self {
        let arguments = [&["simulate", "--port", "0"], options].concat();
        let mut child = command(&arguments).spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim_end().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        Self { child, url }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file to a temporary folder, which is removed when the first value is dropped.
pub(crate) fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

/// Runs a command line against a separate simulator, with an API key.
#[track_caller]
pub(crate) fn run_against(simulator: &Simulator, line: &str) -> Outcome {
    finish(command_for(simulator, line))
}

/// Returns the command for a command line against a separate simulator.
pub(crate) fn command_for(simulator: &Simulator, line: &str) -> Command {
    let line = format!("{line} --base-url {}", simulator.url);
    let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
    command.env("APIVIDEO_API_KEY", "the-secret-key");
    command
}

/// Returns the printed command to resume.
#[track_caller]
pub(crate) fn resume_command(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find_map(|line| line.strip_prefix("  apivideo "))
        .unwrap_or_else(|| panic!("no command to resume: {stderr}"));
    let words = shlex::split(line).unwrap();
    assert!(words.contains(&"--resume".to_owned()), "{line}");
    words
}

/// Parses one JSON value per line.
#[track_caller]
pub(crate) fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A folder of recorded responses of this crate.
pub(crate) fn recording(name: &str) -> String {
    path(&format!("tests/recordings/{name}"))
}

/// The documented examples of the service, in the simulator's crate.
pub(crate) fn tutorial() -> String {
    path("../apivideo-simulator/recordings/tutorial")
}

fn path(relative: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    path.to_str().unwrap().to_owned()
}

/// Compares text with a golden file, or writes the file if `UPDATE_GOLDEN` is set. In golden files, lines end with a line feed and
/// invisible characters are escaped.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let is_visible = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match is_visible(c) {
            true => c.to_string(),
            false => c.escape_default().to_string(),
        })
        .collect();
    let file: PathBuf = path(&format!("tests/golden/{name}")).into();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; set UPDATE_GOLDEN=1 to write it",
            file.display()
        )
    });
    assert!(
        text == expected,
        "{name} has changed; if it should, set UPDATE_GOLDEN=1\n--- expected\n{expected}\n--- found\n{text}"
    );
}
