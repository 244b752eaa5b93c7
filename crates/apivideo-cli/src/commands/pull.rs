//! Bringing a mirror up to date.

use std::pin::pin;

use apivideo_lake::{Progress, Report, Stage};
use futures_util::future::{Either, select};
use serde::Serialize;

use super::{list, mirror, plan};
use crate::again;
use crate::args::Pull;
use crate::clock;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, say, tell, warn};
use crate::output::record::{Column, Kind, Shape};
use crate::progress::{self, Status, TICK, count};
use crate::text::printable;

const REQUESTS: (&str, &str) = ("request", "requests");
const SESSIONS: (&str, &str) = ("session", "sessions");
const RECORDS: (&str, &str) = ("record", "records");

/// What was done.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    folder: String,
    complete_until: Option<String>,
    requests: u64,
    sessions: u64,
    sessions_asked: u64,
    days_written: u64,
    days_unchanged: u64,
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

const DONE: Kind = Kind {
    noun: ("pull", "pulls"),
    fields: &[
        "folder",
        "completeUntil",
        "requests",
        "sessions",
        "sessionsAsked",
        "daysWritten",
        "daysUnchanged",
        "outOfPeriod",
        "sessionsAnnounced",
        "duplicates",
        "rereads",
        "repaired",
        "skippedSessions",
        "skippedEvents",
        "skippedAssets",
        "withoutEvents",
        "accepted",
        "problems",
        "stopped",
    ],
    columns: &[
        Column {
            field: "completeUntil",
            shape: Shape::Whole,
            rank: 0,
        },
        Column {
            field: "requests",
            shape: Shape::Number,
            rank: 1,
        },
        Column {
            field: "sessions",
            shape: Shape::Number,
            rank: 2,
        },
        Column {
            field: "sessionsAsked",
            shape: Shape::Number,
            rank: 3,
        },
        Column {
            field: "daysWritten",
            shape: Shape::Number,
            rank: 4,
        },
        Column {
            field: "outOfPeriod",
            shape: Shape::Number,
            rank: 5,
        },
    ],
};

/// Pulls until it is whole, or is to stop.
pub(crate) async fn run(context: &Context<'_>, arguments: &Pull) -> Result<Exit, Failure> {
    if arguments.dry_run {
        return plan::run(context, &arguments.mirror).await;
    }
    if list::shows_fields(context, &DONE)? {
        return Ok(Exit::Done);
    }
    let connection = context.connect().await?;
    let pull = mirror::pull(context, &connection, &arguments.mirror)?;
    let mut progress = pull.progress();
    let mut reporter = context.reporter();
    let outcome = {
        let mut run = pin!(context.stop.or(pull.run()));
        loop {
            match select(run.as_mut(), pin!(clock::sleep(TICK))).await {
                Either::Left((outcome, _)) => break outcome,
                Either::Right(_) => {
                    reporter.show(&status(&progress.borrow_and_update()));
                }
            }
        }
    };
    reporter.finish();
    let has_begun = progress.borrow().sessions > 0;
    match outcome {
        Some(Ok(report)) => finish(context, arguments, &report),
        Some(Err(error)) if mirror::is_of_service(&error) && has_begun => {
            tell(&error);
            go_on();
            Ok(Exit::Partial)
        }
        Some(Err(error)) => Err(error.into()),
        None => {
            go_on();
            Ok(Exit::Interrupted)
        }
    }
}

fn finish(context: &Context<'_>, arguments: &Pull, report: &Report) -> Result<Exit, Failure> {
    let done = Done {
        folder: arguments.mirror.out.display().to_string(),
        complete_until: report.complete_until.map(|day| day.to_string()),
        requests: report.requests,
        sessions: report.sessions,
        sessions_asked: report.sessions_asked,
        days_written: report.days_written,
        days_unchanged: report.days_unchanged,
        out_of_period: report.out_of_period,
        sessions_announced: report.sessions_announced,
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
        warn(warning);
    }
    list::all(context, &DONE, &[done])?;
    context.remark(&summary(report));
    if report.stopped {
        let requests = count(report.requests, REQUESTS);
        context.remark(&format!("stopped after {requests}"));
        go_on();
        return Ok(Exit::Partial);
    }
    context.remark(&match report.complete_until {
        Some(day) => format!("complete until {day}"),
        None => "no day is final yet".to_owned(),
    });
    if report.out_of_period > 0 {
        context.remark(&format!(
            "{} came with another period than that of their day; each is kept once, and the manifest names it",
            count(report.out_of_period, SESSIONS)
        ));
    }
    if report.accepted > 0 {
        context.remark(&format!(
            "{} could not be read and were accepted; they are in _invalid",
            count(report.accepted, RECORDS)
        ));
    }
    for invalid in &report.invalid {
        say(&format!("skipped: {}\n", printable(invalid)));
    }
    for problem in &report.problems {
        say(&format!("problem: {}\n", printable(problem)));
    }
    let mut skipped = Vec::new();
    let records = report.skipped_sessions + report.skipped_events + report.skipped_assets;
    if records > 0 {
        skipped.push(format!("{} could not be decoded", count(records, RECORDS)));
    }
    if report.without_events > 0 {
        skipped.push(format!(
            "the events of {} could not be read",
            count(report.without_events, SESSIONS)
        ));
    }
    let skipped = match skipped.is_empty() {
        true => String::new(),
        false => format!(
            "{}: see _invalid in the folder; the next pull reads them again, and --accept-invalid makes their days final \
             without them",
            skipped.join(", and ")
        ),
    };
    match (report.problems.as_slice(), skipped.as_str()) {
        ([], "") => Ok(Exit::Done),
        ([], skipped) => Err(Failure::new(Exit::Skipped, skipped)),
        (problems, skipped) => {
            let mut message = format!(
                "the lake is not complete: see {} above; all else is in the folder, and the next pull reads the rest again",
                count(problems.len() as u64, ("problem", "problems"))
            );
            if !skipped.is_empty() {
                message += &format!("; besides, {skipped}");
            }
            Err(Failure::failed(message))
        }
    }
}

/// What came, in one line.
fn summary(report: &Report) -> String {
    let mut parts = vec![
        count(report.requests, REQUESTS),
        match report.sessions == report.sessions_announced {
            true => count(report.sessions, SESSIONS),
            false => format!(
                "{} of {} announced",
                count(report.sessions, SESSIONS),
                report.sessions_announced
            ),
        },
    ];
    if report.duplicates > 0 {
        parts.push(format!(
            "{} dropped",
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

fn go_on() {
    say(&format!(
        "what was read is kept; the same command goes on from there:\n  {}\n",
        again::command(&again::arguments())
    ));
}

fn status(progress: &Progress) -> Status {
    let (noun, items, expected) = match progress.stage {
        Stage::Assets | Stage::Sessions => (("session", "sessions"), progress.sessions, None),
        _ => (("day", "days"), progress.days, Some(progress.days_total)),
    };
    let remark = match progress.stage {
        Stage::Assets => "asking for the assets".to_owned(),
        Stage::Sessions => format!("list {} of {}", progress.lists, progress.lists_total),
        Stage::Aggregates => "asking for aggregates".to_owned(),
        _ => format!(
            "events of {}",
            count(progress.sessions_with_events, SESSIONS)
        ),
    };
    Status {
        noun,
        items,
        expected,
        remark: Some(format!("{remark}, {}", count(progress.requests, REQUESTS))),
        retries: progress.retries,
        waits: progress.waits,
        waiting: progress.waiting.map(progress::waiting),
        ..Status::default()
    }
}
