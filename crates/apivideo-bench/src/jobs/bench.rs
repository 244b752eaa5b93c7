//! Runs programs against a server for several rounds, and collects their costs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::options::Options;
use crate::Result;
use crate::client::Measured;
use crate::serve::{Server, World};
use crate::stats::median;
use crate::table::Row;

/// The options with which jobs are run.
#[derive(Debug)]
pub struct Bench {
    program: PathBuf,
    rounds: usize,
    quick: bool,
    /// The percentage of the work.
    scale: u64,
}

/// A program that is measured.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name in the table.
    pub(super) name: &'static str,
    pub(super) command: Program,
}

/// The command of a program.
#[derive(Debug)]
pub(super) enum Program {
    /// This program, with these arguments after `client`.
    This(Vec<String>),
    /// Another program, with these arguments before the URL.
    Peer(PathBuf, Vec<String>),
}

/// The cost of one run.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) measured: Measured,
    pub(super) server_cpu_s: f64,
}

/// The runs of one program.
#[derive(Debug)]
pub(super) struct Turns {
    pub(super) name: &'static str,
    pub(super) turns: Vec<Turn>,
}

impl Bench {
    /// Creates it from the options of the command line.
    ///
    /// # Errors
    /// Returns an error if the path of this program is unknown.
    pub fn new(options: &Options) -> Result<Self> {
        let program = match &options.program {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let rounds = if options.quick { 1 } else { 5 };
        Ok(Self {
            program,
            rounds: options.rounds.unwrap_or(rounds).max(1),
            quick: options.quick,
            scale: options.scale.unwrap_or(100),
        })
    }

    /// Whether a part of the work is run.
    pub(super) fn is_quick(&self) -> bool {
        self.quick
    }

    /// Whether this is a test of the benchmark itself.
    pub(super) fn is_tiny(&self) -> bool {
        self.scale < 10
    }

    /// The part of `work` to do, at least 1.
    pub(super) fn sized(&self, work: u64) -> u64 {
        (work * self.scale / 100).max(1)
    }

    pub(super) fn serve(&self, world: &World) -> Result<Server> {
        Server::start(&self.program, world)
    }

    /// Runs all entries once to warm up, and then in turn for the configured rounds.
    pub(super) fn compare(&self, server: &mut Server, entries: &[Entry]) -> Result<Vec<Turns>> {
        self.rounds(server, entries, true)
    }

    /// Runs all entries once.
    pub(super) fn once(&self, server: &mut Server, entries: &[Entry]) -> Result<Vec<Turns>> {
        let once = Self {
            rounds: 1,
            program: self.program.clone(),
            ..*self
        };
        once.rounds(server, entries, false)
    }

    /// Runs all entries in turn for the configured rounds, after an unmeasured round with `warm_up`.
    pub(super) fn rounds(
        &self,
        server: &mut Server,
        entries: &[Entry],
        warm_up: bool,
    ) -> Result<Vec<Turns>> {
        let mut all: Vec<Turns> = entries
            .iter()
            .map(|entry| Turns {
                name: entry.name,
                turns: Vec::new(),
            })
            .collect();
        for round in 0..self.rounds + usize::from(warm_up) {
            for (entry, turns) in entries.iter().zip(&mut all) {
                let turn = self.turn(server, &entry.command)?;
                let name = entry.name;
                // Progress; a closed stderr is ignored.
                let _ = writeln!(
                    std::io::stderr(),
                    "{name}: {:.3} s, CPU {:.3} s",
                    turn.measured.wall_s,
                    turn.measured.cpu_s
                );
                if round > 0 || !warm_up {
                    turns.turns.push(turn);
                }
            }
        }
        Ok(all)
    }

    fn turn(&self, server: &mut Server, program: &Program) -> Result<Turn> {
        let before = server.report()?.cpu_s;
        let measured = self.measure(server.url(), program)?;
        Ok(Turn {
            measured,
            server_cpu_s: server.report()?.cpu_s - before,
        })
    }

    fn measure(&self, url: &str, program: &Program) -> Result<Measured> {
        let mut command = match program {
            Program::This(arguments) => {
                let mut command = Command::new(&self.program);
                command
                    .arg("client")
                    .args(arguments)
                    .arg(format!("--url={url}"));
                command
            }
            Program::Peer(path, arguments) => {
                let mut command = Command::new(path);
                command.args(arguments).arg(url);
                command
            }
        };
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("{command:?} failed: {}", output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// The instructions that a program executes, as counted by callgrind.
    pub(super) fn instructions(
        &self,
        valgrind: &Path,
        url: &str,
        arguments: &[String],
    ) -> Result<(Measured, f64)> {
        let output = Command::new(valgrind)
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(&self.program)
            .arg("client")
            .args(arguments)
            .arg(format!("--url={url}"))
            .output()?;
        let output_text = String::from_utf8_lossy(&output.stderr);
        let count = output_text
            .lines()
            .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
        match count {
            Some(count) if output.status.success() => {
                Ok((serde_json::from_slice(&output.stdout)?, count))
            }
            _ => Err(format!("callgrind failed: {}\n{output_text}", output.status).into()),
        }
    }
}

impl Entry {
    pub(super) fn this(name: &'static str, line: &str) -> Self {
        Self {
            name,
            command: Program::This(arguments(line)),
        }
    }
}

/// The arguments of a line.
pub(super) fn arguments(line: &str) -> Vec<String> {
    line.split_whitespace().map(str::to_owned).collect()
}

/// The path of an installed program.
pub(super) fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

impl Turns {
    /// The median of a figure.
    pub(super) fn median(&self, of: impl Fn(&Turn) -> f64) -> f64 {
        median(self.turns.iter().map(of)).unwrap_or(f64::NAN)
    }

    pub(super) fn wall(&self) -> f64 {
        self.median(|turn| turn.measured.wall_s)
    }

    pub(super) fn cpu(&self) -> f64 {
        self.median(|turn| turn.measured.cpu_s)
    }

    /// The largest peak of all runs.
    pub(super) fn peak_kib(&self) -> u64 {
        let peaks = self.turns.iter().map(|turn| turn.measured.peak_kib);
        peaks.max().unwrap_or_default()
    }

    pub(super) fn row(&self, job: &str) -> Row {
        Row {
            job: job.to_owned(),
            what: self.name.to_owned(),
            wall_s: Some(self.wall()),
            cpu_s: Some(self.cpu()),
            peak_kib: Some(self.peak_kib()),
            server_cpu_s: Some(self.median(|turn| turn.server_cpu_s)),
            ..Row::default()
        }
    }
}

/// Fails when two programs did not read the same.
pub(super) fn check_equal(all: &[Turns]) -> Result<()> {
    let mut tallies = all.iter().flat_map(|turns| {
        let name = turns.name;
        turns
            .turns
            .iter()
            .map(move |turn| (name, turn.measured.tally))
    });
    let Some((first, tally)) = tallies.next() else {
        return Ok(());
    };
    match tallies.find(|(_, other)| *other != tally) {
        Some((name, other)) => {
            Err(format!("{first} read {tally:?}, and {name} read {other:?}").into())
        }
        None => Ok(()),
    }
}
