//! Whether other engines read a mirror as it is, and find in it what the command itself lists.
//!
//! DuckDB and Spark come from the package registry of Python, by the exact versions of `.ci/lake/requirements.txt`, into
//! `target/lake`. They run the statements of `docs/sql` and the README, and `.ci/lake/read.py` compares the answers.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// All days of the simulated world, whose clock stands at their end.
const PERIOD: &str = "2021-12-18/2022-01-16";

/// What is tried.
pub struct Trial {
    /// The top of the workspace.
    pub root: PathBuf,
    /// How many sessions there are.
    pub sessions: u64,
}

/// Why it could not be shown.
pub enum Why {
    /// Something is not there that it needs.
    Missing(String),
    /// It was tried, and is not so.
    Failed(String),
}

/// Pulls a simulated account, and lets the engines read it.
pub fn read(trial: &Trial, tell: &mut dyn FnMut(&str)) -> Result<(), Why> {
    let work = trial.root.join("target").join("lake");
    needs(
        Command::new("java").arg("-version"),
        "Java 17 or later is needed by Spark; install it",
    )?;
    needs(
        Command::new("python3").arg("--version"),
        "python3 is not there; install Python 3.11 or later",
    )?;
    let python = install(&trial.root, &work, tell)?;
    let command = build(&trial.root)?;
    let run = work.join("run");
    // What a run before has left.
    let _ = fs::remove_dir_all(&run);
    fs::create_dir_all(&run)
        .map_err(|error| Why::Failed(format!("{} can't be made: {error}", run.display())))?;
    let world = [
        "--simulate",
        "--quiet",
        "--sessions",
        &trial.sessions.to_string(),
    ]
    .map(str::to_owned);

    let pull = [
        "pull",
        "--out",
        "statistics",
        "--period",
        PERIOD,
        "--format",
        "parquet",
    ];
    let said = finish(
        Command::new(&command)
            .args(pull)
            .args(&world)
            .current_dir(&run),
    )?;
    tell(&format!("pulled: {}", said.trim()));
    let said = finish(
        Command::new(&command)
            .args(["verify", "statistics"])
            .current_dir(&run),
    )?;
    tell(&format!("verified: {}", said.trim()));

    let listed = run.join("listed.ndjson");
    let file = File::create(&listed)
        .map_err(|error| Why::Failed(format!("{} can't be written: {error}", listed.display())))?;
    let list = [
        "sessions",
        "--all-videos",
        "--all-live-streams",
        "--period",
        PERIOD,
        "--with-events",
        "--output",
        "ndjson",
    ];
    let status = Command::new(&command)
        .args(list)
        .args(&world)
        .current_dir(&run)
        .stdout(file)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(Why::Failed(
            "the command could not list the sessions; see what it said above".to_owned(),
        ));
    }

    let said = finish(
        Command::new(&python)
            .arg(trial.root.join(".ci/lake/read.py"))
            .arg(&trial.root)
            .arg(&run)
            .arg(&listed)
            .env("PYTHONUNBUFFERED", "1"),
    )?;
    said.lines().for_each(tell);
    Ok(())
}

fn needs(command: &mut Command, otherwise: &str) -> Result<(), Why> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status.is_ok_and(|status| status.success()) {
        true => Ok(()),
        false => Err(Why::Missing(otherwise.to_owned())),
    }
}

/// The Python that has the packages. They are installed once, and again when they change.
fn install(root: &Path, work: &Path, tell: &mut dyn FnMut(&str)) -> Result<PathBuf, Why> {
    let requirements = root.join(".ci/lake/requirements.txt");
    let wanted = fs::read(&requirements).map_err(|error| {
        Why::Failed(format!("{} can't be read: {error}", requirements.display()))
    })?;
    let venv = work.join("venv");
    let python = venv.join("bin").join("python");
    let installed = venv.join("installed.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    tell("installing the engines into target/lake, once: some 500 MB");
    let _ = fs::remove_dir_all(&venv);
    finish(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ];
    finish(Command::new(&python).args(install).arg(&requirements)).map_err(|_| {
        Why::Missing("the packages of .ci/lake/requirements.txt can't be installed".to_owned())
    })?;
    fs::write(&installed, wanted).map_err(|error| {
        Why::Failed(format!("{} can't be written: {error}", installed.display()))
    })?;
    Ok(python)
}

/// The command, with Parquet.
fn build(root: &Path) -> Result<PathBuf, Why> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = [
        "build",
        "--quiet",
        "--package",
        "apivideo-cli",
        "--features",
        "parquet",
        "--target-dir",
        "target",
    ];
    finish(Command::new(cargo).args(build).current_dir(root))?;
    Ok(root.join("target/debug/apivideo"))
}

/// What a program that succeeds says; what it says on stderr is passed on.
fn finish(command: &mut Command) -> Result<String, Why> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Why::Failed(format!("{program} can't be run: {error}")))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(said),
        false => Err(Why::Failed(format!(
            "{program} failed, {}\n{said}",
            output.status
        ))),
    }
}
