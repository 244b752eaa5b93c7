//! Checks that query engines read a lake without configuration, and compute the same measures as the library.
//!
//! The engines are installed from PyPI into `target/lake`, in the exact versions of `.ci/lake/requirements*.txt`. They run the
//! statements of `docs/sql` and the README, and read folders of all formats with sessions of unknown days. The programs in
//! `.ci/lake` compare the results with the output of the command and with the measures of the library.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The period of the simulated data, which ends at the simulated time.
const PERIOD: &str = "2021-12-18/2022-01-16";

/// The metadata that identifies the simulated viewers.
const VIEWER_KEY: &str = "metadata.userName";

/// Options of the test.
pub struct Trial {
    /// The workspace root.
    pub root: PathBuf,
    /// The number of sessions.
    pub sessions: u64,
    /// The engines that compute the measures. polars and pyarrow read the lake in any case.
    pub engines: Vec<Engine>,
}

/// A query engine that computes the measures with SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// DuckDB.
    #[value(name = "duckdb")]
    DuckDb,
    /// DataFusion.
    #[value(name = "datafusion")]
    DataFusion,
    /// ClickHouse, as the library chdb.
    #[value(name = "clickhouse")]
    ClickHouse,
    /// Spark as a local cluster of two executors. It needs Java and 500 MB.
    Spark,
    /// Sail, by the client of Spark. It needs 600 MB.
    Sail,
}

impl Engine {
    /// All engines, in the order in which they are compared.
    pub const ALL: [Self; 5] = [
        Self::DuckDb,
        Self::DataFusion,
        Self::ClickHouse,
        Self::Spark,
        Self::Sail,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::DataFusion => "datafusion",
            Self::ClickHouse => "clickhouse",
            Self::Spark => "spark",
            Self::Sail => "sail",
        }
    }
}

/// Values that are easily misread: unknown days, and strings with a special meaning in a format.
const ODD: &str = r#"{"rules": [{"path": "/analytics/videos/*", "page": 1, "replace": {
    "/data/0/session/loadedAt": null,
    "/data/1/session/loadedAt": "soon",
    "/data/2/location/city": "",
    "/data/3/location/city": "a, \"b\"\r\nc\t\u0001 ünïcødé 🎬",
    "/data/4/location/city": "null",
    "/data/0/location/city": "007",
    "/data/2/session/big": 9007199254740993,
    "/data/2/network": {"isp": "é\u0000", "values": [1.5, null, 1e300]},
    "/data/1/session/metadata": [{"key": "a b", "value": "\"\\"}, {"key": "a b", "value": null}]
}}]}"#;

/// The reason why the test failed.
pub enum Why {
    /// A prerequisite is missing.
    Missing(String),
    /// An engine read other data.
    Failed(String),
}

/// Pulls a simulated account into a lake and reads it with the engines.
pub fn read(trial: &Trial, print_line: &mut dyn FnMut(&str)) -> Result<(), Why> {
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => trial.root.join(target),
        None => trial.root.join("target"),
    };
    let work = target.join("lake");
    let has = |engine| trial.engines.contains(&engine);
    if has(Engine::Spark) {
        needs(
            Command::new("java").arg("-version"),
            "Spark requires Java 17 or later; install it",
        )?;
    }
    needs(
        Command::new("python3").arg("--version"),
        "python3 is missing; install Python 3.11 or later",
    )?;
    let mut lists = vec!["requirements.txt"];
    if has(Engine::Spark) {
        lists.push("requirements-spark.txt");
    }
    let python = install(&trial.root, &work.join("venv"), &lists, print_line)?;
    // The client of Sail and Spark have the same modules.
    let python_of_sail = match has(Engine::Sail) {
        true => Some(install(
            &trial.root,
            &work.join("venv-sail"),
            &["requirements-sail.txt"],
            print_line,
        )?),
        false => None,
    };
    let (command, audience) = build(&trial.root, &target)?;
    let run = work.join("run");
    // Remove the output of an earlier run.
    let _ = fs::remove_dir_all(&run);
    fs::create_dir_all(&run)
        .map_err(|error| Why::Failed(format!("{} cannot be created: {error}", run.display())))?;
    let sessions = trial.sessions.to_string();
    let world = ["--simulate", "--quiet", "--sessions", &sessions];

    let odd = run.join("odd.json");
    fs::write(&odd, ODD)
        .map_err(|error| Why::Failed(format!("{} cannot be written: {error}", odd.display())))?;
    for format in ["parquet", "ndjson", "csv"] {
        let folder = format!("odd-{format}");
        let pull = [
            "pull",
            "--out",
            &folder,
            "--format",
            format,
            "--period",
            PERIOD,
            "--no-events",
            "--simulate",
            "--quiet",
            "--sessions",
            "300",
            "--faults",
            "odd.json",
        ];
        finish(Command::new(&command).args(pull).current_dir(&run))?;
    }

    let pull = [
        "pull",
        "--out",
        "statistics",
        "--period",
        PERIOD,
        "--format",
        "parquet",
    ];
    let stdout = finish(
        Command::new(&command)
            .args(pull)
            .args(world)
            .current_dir(&run),
    )?;
    print_line(&format!("pulled: {}", stdout.trim()));
    let rebuild = [
        "lake",
        "rebuild",
        "statistics",
        "--viewer-key",
        VIEWER_KEY,
        "--quiet",
    ];
    let stdout = finish(Command::new(&command).args(rebuild).current_dir(&run))?;
    print_line(&format!("rebuilt: {}", stdout.trim()));
    let stdout = finish(
        Command::new(&command)
            .args(["verify", "statistics"])
            .current_dir(&run),
    )?;
    print_line(&format!("verified: {}", stdout.trim()));

    let listed = run.join("listed.ndjson");
    let file = File::create(&listed)
        .map_err(|error| Why::Failed(format!("{} cannot be written: {error}", listed.display())))?;
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
        .args(world)
        .current_dir(&run)
        .stdout(file)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(Why::Failed(
            "the command failed to list the sessions; see its output above".to_owned(),
        ));
    }

    let report = run.join("report.json");
    let stdout = finish(
        Command::new(&audience)
            .args(["statistics", VIEWER_KEY])
            .current_dir(&run),
    )?;
    fs::write(&report, stdout)
        .map_err(|error| Why::Failed(format!("{} cannot be written: {error}", report.display())))?;

    let mut program = |python: &Path, name: &str, engines: &[&str]| {
        let stdout = finish(
            Command::new(python)
                .arg(trial.root.join(".ci/lake").join(name))
                .arg(&trial.root)
                .arg(&run)
                .args(engines)
                .env("PYTHONUNBUFFERED", "1"),
        )?;
        stdout.lines().for_each(&mut *print_line);
        Ok(())
    };
    let mut readers = vec!["polars", "pyarrow"];
    readers.extend(
        [Engine::DuckDb, Engine::Spark]
            .into_iter()
            .filter(|engine| has(*engine))
            .map(Engine::name),
    );
    program(&python, "read.py", &readers)?;
    for &engine in &trial.engines {
        let python = match (engine, &python_of_sail) {
            (Engine::Sail, Some(python)) => python,
            _ => &python,
        };
        program(python, "measures.py", &[engine.name()])?;
    }
    let engines: Vec<&str> = trial.engines.iter().map(|engine| engine.name()).collect();
    program(&python, "compare.py", &engines)
}

fn needs(command: &mut Command, otherwise: &str) -> Result<(), Why> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    match status.is_ok_and(|status| status.success()) {
        true => Ok(()),
        false => Err(Why::Missing(otherwise.to_owned())),
    }
}

/// Returns the Python interpreter of a virtual environment with the packages, which are installed when the requirements change.
fn install(
    root: &Path,
    venv: &Path,
    lists: &[&str],
    print_line: &mut dyn FnMut(&str),
) -> Result<PathBuf, Why> {
    let python = venv.join("bin").join("python");
    for name in lists {
        let list = root.join(".ci/lake").join(name);
        let wanted = fs::read(&list)
            .map_err(|error| Why::Failed(format!("{} can't be read: {error}", list.display())))?;
        let installed = venv.join(name);
        if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
            continue;
        }
        print_line(&format!(
            "installing {} into target/lake, once",
            list.display()
        ));
        if !python.exists() {
            finish(Command::new("python3").args(["-m", "venv"]).arg(venv))?;
        }
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ];
        finish(Command::new(&python).args(install).arg(&list)).map_err(|_| {
            Why::Missing(format!(
                "the packages of {} cannot be installed",
                list.display()
            ))
        })?;
        fs::write(&installed, wanted).map_err(|error| {
            Why::Failed(format!(
                "{} cannot be written: {error}",
                installed.display()
            ))
        })?;
    }
    Ok(python)
}

/// Builds the command and the example `audience` of the lake, with Parquet support, and returns their paths.
fn build(root: &Path, target: &Path) -> Result<(PathBuf, PathBuf), Why> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let parts = [
        ["apivideo-cli", "--bin", "apivideo"],
        ["apivideo-lake", "--example", "audience"],
    ];
    for part in parts {
        finish(
            Command::new(&cargo)
                .args(["build", "--quiet", "--package"])
                .args(part)
                .args(["--features", "parquet", "--target-dir"])
                .arg(target)
                .current_dir(root),
        )?;
    }
    let debug = target.join("debug");
    Ok((debug.join("apivideo"), debug.join("examples/audience")))
}

/// Returns the stdout of a successful program. Its stderr is passed through.
fn finish(command: &mut Command) -> Result<String, Why> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Why::Failed(format!("{program} cannot be run: {error}")))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.success() {
        true => Ok(stdout),
        false => Err(Why::Failed(format!(
            "{program} failed, {}\n{stdout}",
            output.status
        ))),
    }
}
