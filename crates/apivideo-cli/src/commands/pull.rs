//! `apivideo pull`: downloading sessions and events into a lake.

mod attempts;
mod metrics;
mod summary;

use apivideo_lake::{Report, RunOutcome};

use super::{lake, list, plan};
use crate::args::Pull;
use crate::command_line;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::count;
use crate::stderr::{Kind, Line, print_line, print_problem, print_resume_command, print_warning};
use attempts::Ended;
pub(super) use summary::schema;
use summary::{ExitReason, Started, Summary, Totals};

const REQUESTS: (&str, &str) = ("request", "requests");
const SESSIONS: (&str, &str) = ("session", "sessions");
const RECORDS: (&str, &str) = ("record", "records");

/// Pulls until the lake is complete or the command is stopped, and reports the outcome: a row on stdout, and the metrics file.
pub(crate) async fn run(context: &Context<'_>, arguments: &Pull) -> Result<Exit, Failure> {
    if arguments.dry_run {
        return plan::run(context, &arguments.lake).await;
    }
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    if let Some(path) = &arguments.metrics_file {
        metrics::check(path)?;
    }
    let started = Started::now();
    let mut totals = Totals::default();
    let ended = attempts::run(context, arguments, &mut totals).await;
    let outcome = Outcome::of(ended, &totals.report);
    let mut summary = Summary::new(
        arguments.lake.out.to_string(),
        started,
        &totals,
        outcome.reason,
        outcome.exit,
    );
    let finished = finish(context, &summary, &totals, outcome);
    if let Some(path) = &arguments.metrics_file {
        summary.exit_code = finished
            .as_ref()
            .map_or_else(Failure::exit, |exit| *exit)
            .code();
        // The outcome of the pull is more important; monitoring sees that the file is old.
        if let Err(failure) = metrics::write(path, &summary) {
            failure.report();
        }
    }
    finished
}

/// The outcome of a command.
struct Outcome {
    reason: ExitReason,
    exit: Exit,
    /// The failure to report.
    failure: Option<Failure>,
    /// Whether the same command resumes what was begun.
    is_resumable: bool,
}

impl Outcome {
    fn of(ended: Ended, report: &Report) -> Self {
        match ended {
            Ended::Report => {
                let failure = match report.stopped {
                    true => None,
                    false => incomplete(report),
                };
                Self {
                    reason: ExitReason::Run(report.outcome()),
                    exit: match (report.stopped, &failure) {
                        (true, _) => Exit::Partial,
                        (false, Some(failure)) => failure.exit(),
                        (false, None) => Exit::Done,
                    },
                    failure,
                    is_resumable: report.stopped,
                }
            }
            Ended::Interrupted => Self {
                reason: ExitReason::Run(RunOutcome::Interrupted),
                exit: Exit::Interrupted,
                failure: None,
                is_resumable: true,
            },
            Ended::Error(error) => {
                let is_resumable = lake::is_service_error(&error) && report.sessions > 0;
                let reason = ExitReason::Run(error.kind().into());
                // Not `Partial`, which schedulers ignore: an outage or a rejected key can last.
                let failure: Failure = error.into();
                Self {
                    reason,
                    exit: failure.exit(),
                    failure: Some(failure),
                    is_resumable,
                }
            }
            Ended::Failure(failure) => Self {
                reason: ExitReason::of_exit(failure.exit()),
                exit: failure.exit(),
                failure: Some(failure),
                is_resumable: false,
            },
        }
    }
}

/// Reports the outcome.
fn finish(
    context: &Context<'_>,
    summary: &Summary,
    totals: &Totals,
    outcome: Outcome,
) -> Result<Exit, Failure> {
    let report = &totals.report;
    for warning in &report.warnings {
        print_warning(warning);
    }
    let printed = list::print_items(context, &schema(), &[summary]);
    match outcome.reason {
        ExitReason::Run(RunOutcome::Complete | RunOutcome::Incomplete) => {
            print_findings(context, totals);
        }
        ExitReason::Run(RunOutcome::Stopped) => {
            context.print_note(&totals_line(totals));
            let requests = count(report.requests, REQUESTS);
            context.print_note(&format!("stopped after {requests}"));
        }
        _ => {}
    }
    if outcome.is_resumable {
        if let Some(failure) = outcome.failure {
            failure.report();
        }
        print_resume_command(
            "to resume, run the same command again",
            &command_line::apivideo(&command_line::resume_arguments()),
        );
        return Ok(outcome.exit);
    }
    // Output that cannot be written, such as to a closed pipe, does not hide a failure of the pull.
    match outcome.failure {
        Some(failure) => Err(failure),
        None if outcome.exit == Exit::Done => printed,
        None => Ok(outcome.exit),
    }
}

/// Prints what a pull that ran to its end has found.
fn print_findings(context: &Context<'_>, totals: &Totals) {
    let report = &totals.report;
    context.print_note(&totals_line(totals));
    context.print_note(&match report.complete_until {
        Some(day) => format!("complete until {day}"),
        None => "no day is final yet".to_owned(),
    });
    let omitted = [
        (report.not_sampled, "they are not in the sample"),
        (report.unplayed, "they ended when they were loaded"),
    ];
    for (sessions, why) in omitted.into_iter().filter(|(sessions, _)| *sessions > 0) {
        let sessions = count(sessions, SESSIONS);
        context.print_note(&format!(
            "the events of {sessions} were not requested: {why}"
        ));
    }
    if report.out_of_period > 0 {
        context.print_note(&format!(
            "{} of another period than requested; each is stored once, under its own day, and listed in the manifest",
            count(report.out_of_period, SESSIONS)
        ));
    }
    if report.forgotten > 0 {
        context.print_note(&format!(
            "{} were received and not stored: they are forgotten",
            count(report.forgotten, SESSIONS)
        ));
    }
    if report.accepted > 0 {
        context.print_note(&format!(
            "{} could not be read and were accepted; they are stored in _invalid",
            count(report.accepted, RECORDS)
        ));
    }
    for invalid in &report.invalid {
        print_line(&Line::new(Kind::Skipped, invalid));
    }
    for problem in &report.problems {
        print_problem(problem);
    }
}

/// Returns the failure for records and lists that could not be read, if there are any.
fn incomplete(report: &Report) -> Option<Failure> {
    let mut reasons = Vec::new();
    let records = report.unreadable();
    if records > 0 {
        reasons.push(format!("{} could not be decoded", count(records, RECORDS)));
    }
    if report.without_events > 0 {
        reasons.push(format!(
            "the events of {} could not be read",
            count(report.without_events, SESSIONS)
        ));
    }
    let skipped = reasons.join(", and ");
    let hint = "the next pull reads unreadable records again; they are stored in _invalid, and --accept-invalid makes their days \
                final without them";
    match (report.problems.len(), skipped.as_str()) {
        (0, "") => None,
        (0, skipped) => Some(Failure::new(Exit::Skipped, skipped).with_hint(hint)),
        (problems, skipped) => {
            let problems = count(problems as u64, ("problem", "problems"));
            let mut message = format!("the lake is not complete ({problems}, see above)");
            if !skipped.is_empty() {
                message += &format!("; {skipped}");
            }
            Some(Failure::failed(message).with_hint(match skipped {
                "" => "all other data is stored; the next pull reads the rest again",
                _ => hint,
            }))
        }
    }
}

/// Formats the result in one line.
fn totals_line(totals: &Totals) -> String {
    let report = &totals.report;
    // The lists that an earlier attempt completed are not read again.
    let is_whole = report.sessions == report.sessions_reported || totals.attempts > 1;
    let mut parts = vec![
        count(report.requests, REQUESTS),
        match is_whole {
            true => count(report.sessions, SESSIONS),
            false => format!(
                "{} of {} announced",
                count(report.sessions, SESSIONS),
                report.sessions_reported
            ),
        },
    ];
    if report.duplicates > 0 {
        parts.push(format!(
            "{} removed",
            count(report.duplicates, ("duplicate", "duplicates"))
        ));
    }
    if report.rereads > 0 {
        let pages = count(report.rereads, ("page", "pages"));
        parts.push(format!("{pages} read again"));
    }
    if report.repaired > 0 {
        parts.push(format!("{} repaired", count(report.repaired, RECORDS)));
    }
    parts.join(", ")
}
