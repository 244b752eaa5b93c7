//! `apivideo pull`: downloading sessions and events into a lake.

use std::pin::pin;

use apivideo_lake::{Progress, Report, Stage};
use futures_util::future::{Either, select};
use serde::Serialize;

use super::{lake, list, plan};
use crate::args::Pull;
use crate::clock;
use crate::command_line;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::schema::CellKind::{Exact, Number, Text};
use crate::output::schema::ItemSchema;
use crate::progress::{self, Status, TICK, count};
use crate::stderr::{eprint, print_error, print_warning};
use crate::text::printable;

const REQUESTS: (&str, &str) = ("request", "requests");
const SESSIONS: (&str, &str) = ("session", "sessions");
const RECORDS: (&str, &str) = ("record", "records");

/// The result of a pull.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pulled {
    folder: String,
    complete_until: Option<String>,
    requests: u64,
    sessions: u64,
    sessions_with_events: u64,
    not_sampled: u64,
    unplayed: u64,
    days_written: u64,
    days_unchanged: u64,
    days_derived: u64,
    out_of_period: u64,
    sessions_announced: u64,
    duplicates: u64,
    rereads: u64,
    repaired: u64,
    skipped_sessions: u64,
    skipped_events: u64,
    skipped_assets: u64,
    without_events: u64,
    accepted: u64,
    problems: Vec<String>,
    stopped: bool,
}

pub(super) fn schema() -> ItemSchema {
    ItemSchema::of_result(
        ("pull", "pulls"),
        &[
            ("folder", Text),
            ("completeUntil", Exact),
            ("requests", Number),
            ("sessions", Number),
            ("sessionsWithEvents", Number),
            ("notSampled", Number),
            ("unplayed", Number),
            ("daysWritten", Number),
            ("daysUnchanged", Number),
            ("daysDerived", Number),
            ("outOfPeriod", Number),
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
            ("requests", 1),
            ("sessions", 2),
            ("sessionsWithEvents", 3),
            ("daysWritten", 4),
            ("outOfPeriod", 5),
        ],
    )
}

/// Pulls until the lake is complete or the command is stopped.
pub(crate) async fn run(context: &Context<'_>, arguments: &Pull) -> Result<Exit, Failure> {
    if arguments.dry_run {
        return plan::run(context, &arguments.lake).await;
    }
    if list::print_field_names(context, &schema())? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let location = lake::location(&arguments.lake)?;
    lake::print_staging(context, &location);
    lake::break_lock(&location, &arguments.lock)?;
    let pull = lake::pull(context, &connection, location, &arguments.lake)?;
    let progress = pull.progress();
    let mut reporter = context.reporter();
    let outcome = {
        let mut run = pin!(context.stop.run_until(pull.run()));
        loop {
            match select(run.as_mut(), pin!(clock::sleep(TICK))).await {
                Either::Left((outcome, _)) => break outcome,
                Either::Right(_) => {
                    reporter.show(&status(&progress.get()));
                }
            }
        }
    };
    reporter.finish();
    let has_sessions = progress.get().sessions > 0;
    match outcome {
        Some(Ok(report)) => finish(context, arguments, &report),
        Some(Err(error)) if lake::is_service_error(&error) && has_sessions => {
            print_error(&error);
            print_resume_command();
            Ok(Exit::Partial)
        }
        Some(Err(error)) => Err(error.into()),
        None => {
            print_resume_command();
            Ok(Exit::Interrupted)
        }
    }
}

fn finish(context: &Context<'_>, arguments: &Pull, report: &Report) -> Result<Exit, Failure> {
    let row = Pulled {
        folder: arguments.lake.out.to_string(),
        complete_until: report.complete_until.map(|day| day.to_string()),
        requests: report.requests,
        sessions: report.sessions,
        sessions_with_events: report.sessions_with_events,
        not_sampled: report.not_sampled,
        unplayed: report.unplayed,
        days_written: report.days_written,
        days_unchanged: report.days_unchanged,
        days_derived: report.days_derived,
        out_of_period: report.out_of_period,
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
    };
    for warning in &report.warnings {
        print_warning(warning);
    }
    list::print_items(context, &schema(), &[row])?;
    context.print_note(&summary(report));
    if report.stopped {
        let requests = count(report.requests, REQUESTS);
        context.print_note(&format!("stopped after {requests}"));
        print_resume_command();
        return Ok(Exit::Partial);
    }
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
    if report.accepted > 0 {
        context.print_note(&format!(
            "{} could not be read and were accepted; they are stored in _invalid",
            count(report.accepted, RECORDS)
        ));
    }
    for invalid in &report.invalid {
        eprint(&format!("skipped: {}\n", printable(invalid)));
    }
    for problem in &report.problems {
        eprint(&format!("problem: {}\n", printable(problem)));
    }
    let mut reasons = Vec::new();
    let records = report.skipped_sessions + report.skipped_events + report.skipped_assets;
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
        (0, "") => Ok(Exit::Done),
        (0, skipped) => Err(Failure::new(Exit::Skipped, skipped).with_hint(hint)),
        (problems, skipped) => {
            let problems = count(problems as u64, ("problem", "problems"));
            let mut message = format!("the lake is not complete ({problems}, see above)");
            if !skipped.is_empty() {
                message += &format!("; {skipped}");
            }
            Err(Failure::failed(message).with_hint(match skipped {
                "" => "all other data is stored; the next pull reads the rest again",
                _ => hint,
            }))
        }
    }
}

/// Formats the result in one line.
fn summary(report: &Report) -> String {
    let mut parts = vec![
        count(report.requests, REQUESTS),
        match report.sessions == report.sessions_reported {
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

fn print_resume_command() {
    eprint(&format!(
        "to resume, run the same command again:\n  {}\n",
        command_line::apivideo(&command_line::resume_arguments())
    ));
}

fn status(progress: &Progress) -> Status {
    let (noun, items, expected) = match progress.stage {
        Stage::Assets | Stage::Sessions => (("session", "sessions"), progress.sessions, None),
        _ => (("day", "days"), progress.days, Some(progress.days_total)),
    };
    let details = match progress.stage {
        Stage::Assets => "listing assets".to_owned(),
        Stage::Sessions => format!("list {} of {}", progress.lists, progress.lists_total),
        Stage::Aggregates => "reading aggregates".to_owned(),
        Stage::Derived => "deriving tables".to_owned(),
        _ if progress.sessions_with_events == 0 => "merging sessions".to_owned(),
        _ => format!(
            "events of {}",
            count(progress.sessions_with_events, SESSIONS)
        ),
    };
    let details = match progress.days_committed {
        0 => details,
        days => format!(
            "{details}, {} complete already",
            count(days, ("day", "days"))
        ),
    };
    Status {
        noun,
        items,
        expected,
        details: Some(format!("{details}, {}", count(progress.requests, REQUESTS))),
        retries: progress.retries,
        waits: progress.waits,
        waiting: progress.waiting.map(progress::waiting),
        ..Status::default()
    }
}
