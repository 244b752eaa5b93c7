//! Runs the real binary, with nothing of the caller's environment and within bounded time.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

pub(crate) const VIDEO: &str = "vi4k0jvEUuaTdRAEjQ4Prklg";
pub(crate) const LIVE_STREAM: &str = "vi4k0jvEUuaTdRAEjQ4Jfrgz";
pub(crate) const SESSION: &str = "psEmFwGQUAXR2lFHj5nDOpy";

/// Longer than any run takes, shorter than anybody waits.
const LIMIT: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(5);

/// What a run left behind.
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
        // Nobody's configuration, and checkpoints where they disturb nobody.
        .env("HOME", home())
        .env("APPDATA", home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A home in which nothing is set.
pub(crate) fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
}

/// Runs it with these arguments, split at spaces.
#[track_caller]
pub(crate) fn run(line: &str) -> Outcome {
    finish(command(&line.split_whitespace().collect::<Vec<_>>()))
}

/// Runs it to its end.
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
        stderr: join(stderr),
        code,
    }
}

/// Reads along, so that no pipe fills up.
pub(crate) fn gather(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// Reads until this comes, then all that follows by itself.
pub(crate) fn read_until(
    pipe: impl Read + Send + 'static,
    text: &str,
) -> (String, thread::JoinHandle<String>) {
    let mut reader = BufReader::new(pipe);
    let mut come = String::new();
    while !come.contains(text) {
        let read = reader.read_line(&mut come).unwrap();
        assert!(read > 0, "it ended without {text:?}: {come}");
    }
    (come, gather(reader))
}

/// Ctrl-C.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(killed.success());
}

/// The exit code; a child that takes too long is ended.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> Option<i32> {
    for _ in 0..LIMIT.as_millis() / STEP.as_millis() {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(STEP);
    }
    child.kill().unwrap();
    panic!("it does not end");
}

/// A simulator in a process of its own, ended with this value.
pub(crate) struct Simulator {
    pub(crate) child: Child,
    pub(crate) url: String,
}

impl Simulator {
    /// With these options besides `simulate --port 0`.
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

/// A file with this text, in a folder that goes with the first value.
pub(crate) fn file(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

/// Runs a line against a simulator of its own, with a key.
#[track_caller]
pub(crate) fn ask(simulator: &Simulator, line: &str) -> Outcome {
    finish(asking(simulator, line))
}

/// The command that asks a simulator of its own.
pub(crate) fn asking(simulator: &Simulator, line: &str) -> Command {
    let line = format!("{line} --base-url {}", simulator.url);
    let mut command = command(&line.split_whitespace().collect::<Vec<_>>());
    command.env("APIVIDEO_API_KEY", "the-secret-key");
    command
}

/// The command that is printed to go on, as it is printed.
#[track_caller]
pub(crate) fn resume_command(stderr: &str) -> Vec<String> {
    let line = stderr
        .lines()
        .find_map(|line| line.strip_prefix("  apivideo "))
        .unwrap_or_else(|| panic!("no command to resume by: {stderr}"));
    let words = shlex::split(line).unwrap();
    assert!(words.contains(&"--resume".to_owned()), "{line}");
    words
}

/// A value per line.
#[track_caller]
pub(crate) fn json_lines(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A directory of recorded replies of this crate.
pub(crate) fn recording(name: &str) -> String {
    path(&format!("tests/recordings/{name}"))
}

/// The service's documented examples, as the simulator's crate has them.
pub(crate) fn tutorial() -> String {
    path("../apivideo-simulator/recordings/tutorial")
}

fn path(relative: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    path.to_str().unwrap().to_owned()
}

/// Compares with a golden file, or writes it where `UPDATE_GOLDEN` is set. Golden files have line feeds at the ends of
/// their lines, and what can't be seen is written as its escape.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let is_seen = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
    let text: String = text
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match is_seen(c) {
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
