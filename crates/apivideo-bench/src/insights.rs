//! Measures of all videos of a lake: the library, DuckDB with the queries of `docs/sql`, and pandas, each a separate process.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use apivideo_insights::{Audience, Dimension};
use apivideo_lake::LakeReader;
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{Result, machine};

/// Options of the comparison.
#[derive(Args)]
pub struct Comparison {
    /// The folder of a Parquet lake, as written by `apivideo pull --format parquet`
    lake: PathBuf,
    /// Python with DuckDB, pandas and pyarrow [default: that of `.ci/lake/run`]
    #[arg(
        long,
        value_name = "FILE",
        default_value = "target/lake/venv/bin/python"
    )]
    python: PathBuf,
    /// Number of rounds, in each of which every program runs once
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// Measure the lake in this process once, and print the totals
    #[arg(long, hide = true)]
    once: bool,
}

/// Totals that all programs have to agree on.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Totals {
    sessions: u64,
    plays: u64,
    watch_seconds: f64,
    peak: u64,
}

struct Program {
    name: &'static str,
    command: Command,
    seconds: Vec<f64>,
    peak_mib: f64,
}

/// Runs the programs in turn and prints a table with their ratios.
///
/// # Errors
/// Returns an error if a program fails, or two programs do not agree.
pub fn run(comparison: &Comparison) -> Result<()> {
    if comparison.once {
        return measure(&comparison.lake);
    }
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = |peer: &str| {
        let mut command = Command::new(&comparison.python);
        command.arg(peers.join(peer)).arg(&comparison.lake);
        command
    };
    let mut library = Command::new(std::env::current_exe()?);
    library.args(["insights", "--once"]).arg(&comparison.lake);
    let mut duckdb = python("insights_duckdb.py");
    duckdb.arg(root);
    let mut programs: Vec<Program> = [
        ("apivideo-lake and apivideo-insights", library),
        ("DuckDB, docs/sql", duckdb),
        ("pandas and pyarrow", python("insights_pandas.py")),
    ]
    .map(|(name, command)| Program {
        name,
        command,
        seconds: Vec::new(),
        peak_mib: 0.0,
    })
    .into();
    let mut expected: Option<Totals> = None;
    for _ in 0..comparison.rounds.max(1) {
        for program in &mut programs {
            let totals = program.run()?;
            match &expected {
                Some(expected) if *expected != totals => {
                    return Err(
                        format!("{}: {totals:?}, expected {expected:?}", program.name).into(),
                    );
                }
                _ => expected = Some(totals),
            }
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "| program | seconds | ratio | peak memory |")?;
    writeln!(out, "|---|---|---|---|")?;
    let library = programs[0].median();
    for program in &programs {
        let (seconds, ratio) = (program.median(), program.median() / library);
        let (name, peak) = (program.name, program.peak_mib);
        writeln!(
            out,
            "| {name} | {seconds:.2} | {ratio:.2} | {peak:.0} MiB |"
        )?;
    }
    if let Some(totals) = expected {
        writeln!(out, "{}", serde_json::to_string(&totals)?)?;
    }
    Ok(())
}

/// Prints the totals of all measures of all videos and live streams, and the memory of this process.
fn measure(lake: &Path) -> Result<()> {
    let audience = LakeReader::new(lake).audience(Audience::new().by(Dimension::Asset))?;
    let report = audience.finish();
    let measures = &report.measures;
    let totals = Totals {
        sessions: measures.quality.sessions,
        plays: measures.plays,
        watch_seconds: (measures.watch_seconds * 1e3).round() / 1e3,
        peak: measures.concurrency.playing.peak,
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&totals)?)?;
    Ok(())
}

impl Program {
    fn run(&mut self) -> Result<Totals> {
        let began = machine::now();
        let child = self.command.stdout(std::process::Stdio::piped()).spawn()?;
        let pid = child.id();
        // The kernel removes the figure with the process: it is read while the process runs.
        let sampler = std::thread::spawn(move || {
            let mut peak = 0.0_f64;
            while let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) {
                let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                match line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()) {
                    Some(kib) => peak = peak.max(kib / 1024.0),
                    None => break,
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            peak
        });
        let output = child.wait_with_output()?;
        self.seconds.push(began.elapsed().as_secs_f64());
        self.peak_mib = self.peak_mib.max(sampler.join().unwrap_or_default());
        if !output.status.success() {
            return Err(format!("{} failed, {}", self.name, output.status).into());
        }
        let line = String::from_utf8_lossy(&output.stdout);
        Ok(serde_json::from_str(line.trim())?)
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or_default()
    }
}
