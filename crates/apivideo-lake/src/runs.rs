//! The record of the last runs of a lake: `_manifest/runs.json`.
//!
//! It is the only file that depends on when and how often a lake was pulled. It is written as far as possible: a failure to
//! write it never hides the outcome of the run.

use std::time::Instant;

use apivideo::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::clock;
use crate::error::Result;
use crate::folder::Folder;
use crate::progress::Progress;
use crate::report::Report;
use crate::run_outcome::RunOutcome;

/// The number of runs that are kept.
const MAX_RUNS: usize = 30;

/// The record of the last runs.
const RUNS: &str = "_manifest/runs.json";

/// The record of a run of a [`Pull`](crate::Pull), in [`Status::runs`](crate::Status::runs).
///
/// ```
/// fn print(run: &apivideo_lake::RunRecord) {
///     println!("{}: {}, {} requests", run.started, run.outcome, run.requests);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RunRecord {
    /// When the run started, by the clock of its machine.
    pub started: Timestamp,
    /// When the run ended; `None` if it has not, or if that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Timestamp>,
    /// How the run ended.
    pub outcome: RunOutcome,
    /// Requests sent, including retries.
    #[serde(default)]
    pub requests: u64,
    /// Requests that were retried.
    #[serde(default)]
    pub retries: u64,
    /// Sessions received.
    #[serde(default)]
    pub sessions: u64,
    /// Days whose files were written.
    #[serde(default)]
    pub days_written: u64,
    /// Rows of the files that were written, of all tables.
    #[serde(default)]
    pub rows_written: u64,
    /// Bytes of the files that were written, of all tables.
    #[serde(default)]
    pub bytes_written: u64,
}

/// Returns the last runs, oldest first. A record that is missing or damaged is treated as empty.
pub(crate) fn load(folder: &Folder) -> Vec<RunRecord> {
    folder.load_json(RUNS).ok().flatten().unwrap_or_default()
}

/// A run that is recorded when it starts, and again when this is dropped.
pub(crate) struct RunLog<'a> {
    folder: &'a Folder,
    /// Has the report of the run when it has ended or was dropped.
    progress: &'a watch::Sender<Progress>,
    runs: Vec<RunRecord>,
    started: Timestamp,
    clock: Instant,
    outcome: RunOutcome,
}

impl<'a> RunLog<'a> {
    /// Records that a run has started. The caller has the lock, so that no other run is running.
    pub(crate) fn start(
        folder: &'a Folder,
        progress: &'a watch::Sender<Progress>,
        started: Timestamp,
    ) -> Self {
        let mut runs = load(folder);
        for run in &mut runs {
            if run.outcome == RunOutcome::Running {
                run.outcome = RunOutcome::Interrupted;
            }
        }
        runs.push(RunRecord {
            started,
            ended: None,
            outcome: RunOutcome::Running,
            requests: 0,
            retries: 0,
            sessions: 0,
            days_written: 0,
            rows_written: 0,
            bytes_written: 0,
        });
        let extra = runs.len().saturating_sub(MAX_RUNS);
        runs.drain(..extra);
        let log = Self {
            folder,
            progress,
            runs,
            started,
            clock: clock::instant(),
            outcome: RunOutcome::Interrupted,
        };
        log.save();
        log
    }

    /// Sets how the run has ended. Otherwise, it is recorded as interrupted.
    pub(crate) fn finish(mut self, outcome: &Result<Report>) {
        self.outcome = match outcome {
            Ok(report) => report.outcome(),
            Err(error) => error.kind().into(),
        };
    }

    /// Errors are ignored: the outcome of the run is more important, and a full disk is reported by it.
    fn save(&self) {
        let _ = self.folder.put_json(RUNS, &self.runs);
    }
}

impl Drop for RunLog<'_> {
    fn drop(&mut self) {
        let elapsed = self.clock.elapsed();
        let report = self.progress.borrow().report.clone().unwrap_or_default();
        // Another process writes to the lake if the lock was removed.
        if self.folder.check_lock().is_err() {
            return;
        }
        let Some(run) = self.runs.last_mut() else {
            return;
        };
        *run = RunRecord {
            started: self.started,
            ended: self.started.checked_add(elapsed).ok(),
            outcome: self.outcome,
            requests: report.requests,
            retries: report.retries,
            sessions: report.sessions,
            days_written: report.days_written,
            rows_written: report.rows_written,
            bytes_written: report.bytes_written,
        };
        self.save();
    }
}
