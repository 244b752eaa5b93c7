//! The summary of a pull: a row on stdout, whatever the outcome is.

use std::time::{Duration, Instant};

use apivideo::Timestamp;
use apivideo_lake::{Report, RunOutcome};
use serde::Serialize;

use crate::clock;
use crate::exit::Exit;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;

/// The start of a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started {
    at: Timestamp,
    clock: Instant,
}

impl Started {
    pub(super) fn now() -> Self {
        Self {
            at: clock::timestamp(),
            clock: clock::now(),
        }
    }

    fn elapsed(self) -> Duration {
        clock::now().saturating_duration_since(self.clock)
    }
}

/// What the runs of a command have done together.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// The number of runs that had the lock.
    pub(super) attempts: u64,
    /// The sums of the runs; what was found is that of the last one.
    pub(super) report: Report,
}

impl Totals {
    /// Adds a run that has failed or was stopped, if it got so far.
    pub(super) fn add_partial(&mut self, run: Option<Report>) {
        if let Some(run) = run {
            self.add(run);
        }
    }

    /// Adds a run that follows the others.
    pub(super) fn add(&mut self, run: Report) {
        let before = std::mem::replace(&mut self.report, run);
        let report = &mut self.report;
        self.attempts += 1;
        report.requests += before.requests;
        report.retries += before.retries;
        report.waits += before.waits;
        report.waited_seconds += before.waited_seconds;
        report.sessions_with_events += before.sessions_with_events;
        report.days_written += before.days_written;
        report.days_derived += before.days_derived;
        report.rows_written += before.rows_written;
        report.bytes_written += before.bytes_written;
        report.duplicates += before.duplicates;
        report.rereads += before.rereads;
        report.repaired += before.repaired;
    }
}

/// Why a command has ended: the outcome of the last run, or a failure before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExitReason {
    Run(RunOutcome),
    /// The command failed before a run, such as for a missing API key.
    Failed,
}

impl ExitReason {
    /// The reason of a failure that is not one of the lake.
    pub(super) fn of_exit(exit: Exit) -> Self {
        match exit {
            Exit::Usage => Self::Run(RunOutcome::Input),
            Exit::Locked => Self::Run(RunOutcome::Locked),
            _ => Self::Failed,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Run(outcome) => outcome.as_str(),
            Self::Failed => "failed",
        }
    }
}

/// The result of a pull.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) folder: String,
    exit_reason: &'static str,
    pub(super) exit_code: u8,
    pub(super) started: Timestamp,
    pub(super) ended: Timestamp,
    pub(super) duration_seconds: f64,
    pub(super) attempts: u64,
    pub(super) complete_until: Option<String>,
    pub(super) requests: u64,
    pub(super) retries: u64,
    pub(super) waits: u64,
    pub(super) waited_seconds: u64,
    pub(super) sessions: u64,
    pub(super) sessions_with_events: u64,
    not_sampled: u64,
    unplayed: u64,
    pub(super) days_written: u64,
    days_unchanged: u64,
    days_derived: u64,
    pub(super) rows_written: u64,
    pub(super) bytes_written: u64,
    pub(super) invalid: u64,
    out_of_period: u64,
    forgotten: u64,
    sessions_announced: u64,
    duplicates: u64,
    rereads: u64,
    repaired: u64,
    skipped_sessions: u64,
    skipped_events: u64,
    skipped_assets: u64,
    pub(super) without_events: u64,
    accepted: u64,
    problems: Vec<String>,
    stopped: bool,
}

impl Summary {
    pub(super) fn new(
        folder: String,
        started: Started,
        totals: &Totals,
        reason: ExitReason,
        exit: Exit,
    ) -> Self {
        let report = &totals.report;
        // Milliseconds, as in the lines of a log.
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let elapsed = Duration::from_millis(millis);
        let started = rounded(started.at);
        Self {
            folder,
            exit_reason: reason.as_str(),
            exit_code: exit.code(),
            started,
            ended: started.checked_add(elapsed).unwrap_or(started),
            duration_seconds: elapsed.as_secs_f64(),
            attempts: totals.attempts,
            complete_until: report.complete_until.map(|day| day.to_string()),
            requests: report.requests,
            retries: report.retries,
            waits: report.waits,
            waited_seconds: report.waited_seconds,
            sessions: report.sessions,
            sessions_with_events: report.sessions_with_events,
            not_sampled: report.not_sampled,
            unplayed: report.unplayed,
            days_written: report.days_written,
            days_unchanged: report.days_unchanged,
            days_derived: report.days_derived,
            rows_written: report.rows_written,
            bytes_written: report.bytes_written,
            invalid: report.unreadable(),
            out_of_period: report.out_of_period,
            forgotten: report.forgotten,
            sessions_announced: report.sessions_reported,
            duplicates: report.duplicates,
            rereads: report.rereads,
            repaired: report.repaired,
            skipped_sessions: report.skipped_sessions,
            skipped_events: report.skipped_events,
            skipped_assets: report.skipped_assets,
            without_events: report.without_events,
            accepted: report.accepted,
            problems: report.problems.clone(),
            stopped: report.stopped,
        }
    }
}

fn rounded(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

pub(crate) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("pull", "pulls"),
        &[
            ("folder", Text),
            ("exitReason", Exact),
            ("exitCode", Number),
            ("started", Exact),
            ("ended", Exact),
            ("durationSeconds", Number),
            ("attempts", Number),
            ("completeUntil", Exact),
            ("requests", Number),
            ("retries", Number),
            ("waits", Number),
            ("waitedSeconds", Number),
            ("sessions", Number),
            ("sessionsWithEvents", Number),
            ("notSampled", Number),
            ("unplayed", Number),
            ("daysWritten", Number),
            ("daysUnchanged", Number),
            ("daysDerived", Number),
            ("rowsWritten", Number),
            ("bytesWritten", Number),
            ("invalid", Number),
            ("outOfPeriod", Number),
            ("forgotten", Number),
            ("sessionsAnnounced", Number),
            ("duplicates", Number),
            ("rereads", Number),
            ("repaired", Number),
            ("skippedSessions", Number),
            ("skippedEvents", Number),
            ("skippedAssets", Number),
            ("withoutEvents", Number),
            ("accepted", Number),
            ("problems", Text),
            ("stopped", Exact),
        ],
        &[
            ("completeUntil", 0),
            ("exitReason", 1),
            ("requests", 2),
            ("sessions", 3),
            ("sessionsWithEvents", 4),
            ("daysWritten", 5),
            ("outOfPeriod", 6),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_added_and_findings_are_those_of_the_last_run() {
        let mut first = Report::default();
        (first.requests, first.sessions, first.rows_written) = (10, 3, 7);
        first.problems.push("missing".to_owned());
        let mut second = Report::default();
        (second.requests, second.sessions, second.rows_written) = (5, 4, 1);
        let mut totals = Totals::default();
        totals.add(first);
        totals.add(second);
        let report = &totals.report;
        assert_eq!(totals.attempts, 2);
        assert_eq!((report.requests, report.rows_written), (15, 8));
        assert_eq!(report.sessions, 4);
        assert!(report.problems.is_empty());
    }
}
